//! `cargo xtask ci`: what the server runs, at the desk.

use xshell::cmd;

use crate::{Result, docs, layers, test, workspace};

/// Runs every check, the quick ones first, and ends at the first that fails.
pub(crate) fn run() -> Result {
    let shell = workspace::shell()?;
    cmd!(shell, "cargo fmt --all --check").run()?;
    cmd!(
        shell,
        "cargo clippy --workspace --all-targets -- -D warnings"
    )
    .run()?;
    cmd!(shell, "cargo doc --workspace --no-deps")
        .env("RUSTDOCFLAGS", "-D warnings")
        .run()?;
    layers::run()?;
    docs::run()?;
    test::run(&test::Arguments::everything_installed())
}
