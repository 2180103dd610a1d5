//! Where the workspace is, and what is in it.

use std::path::{Path, PathBuf};

use cargo_metadata::{CargoOpt, Metadata, MetadataCommand, Package};
use xshell::Shell;

use crate::Result;

/// The directory of the root `Cargo.toml`.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("xtask lies in the workspace")
}

/// A shell that stands in the workspace's root.
pub(crate) fn shell() -> Result<Shell> {
    let shell = Shell::new()?;
    shell.change_dir(root());
    Ok(shell)
}

/// What cargo knows about the workspace with every feature on.
pub(crate) fn metadata() -> Result<Metadata> {
    let mut command = MetadataCommand::new();
    command
        .manifest_path(root().join("Cargo.toml"))
        .features(CargoOpt::AllFeatures);
    Ok(command.exec()?)
}

/// The packages below `crates/`, the ones this workspace exists for.
pub(crate) fn crates(metadata: &Metadata) -> Vec<&Package> {
    let crates = root().join("crates");
    let mut packages = metadata.workspace_packages();
    packages.retain(|package| package.manifest_path.starts_with(&crates));
    packages.sort_by_key(|package| package.name.to_string());
    packages
}

/// The packages below `fixtures/`, each a workspace of its own.
pub(crate) fn fixtures(root: &Path) -> Result<Vec<PathBuf>> {
    let directory = root.join("fixtures");
    if !directory.exists() {
        return Ok(Vec::new());
    }
    let mut fixtures = Vec::new();
    for entry in directory.read_dir()? {
        let path = entry?.path();
        if path.join("Cargo.toml").is_file() {
            fixtures.push(path);
        }
    }
    fixtures.sort();
    Ok(fixtures)
}
