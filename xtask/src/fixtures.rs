//! Tests of the packages outside the workspace, which depend on our crates as a user would.

use std::path::Path;

use xshell::{Shell, cmd};

use crate::{Result, workspace};

/// Builds and tests each package of `fixtures/`.
pub(crate) fn run(shell: &Shell) -> Result {
    let root = workspace::root();
    for fixture in workspace::fixtures(root)? {
        test(shell, root, &fixture)?;
    }
    Ok(())
}

/// Tests one fixture with the workspace's dependency versions and target directory, so that what
/// the workspace has compiled is not compiled again.
fn test(shell: &Shell, root: &Path, fixture: &Path) -> Result {
    shell.copy_file(root.join("Cargo.lock"), fixture.join("Cargo.lock"))?;
    let manifest = fixture.join("Cargo.toml");
    cmd!(shell, "cargo test --manifest-path {manifest}")
        .env("CARGO_TARGET_DIR", root.join("target"))
        .run()?;
    Ok(())
}
