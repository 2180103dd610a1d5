//! `cargo xtask features`: each crate builds alone, whatever subset of features a user picks.

use cargo_metadata::Package;
use xshell::cmd;

use crate::{Result, workspace};

/// Checks each crate alone: without features, with each feature on its own, and with all.
pub(crate) fn run() -> Result {
    let shell = workspace::shell()?;
    let metadata = workspace::metadata()?;
    for package in workspace::crates(&metadata) {
        let name = package.name.as_str();
        for selection in selections(package) {
            cmd!(shell, "cargo check --package {name} {selection...}").run()?;
        }
    }
    Ok(())
}

/// The arguments that select features, one list for each build of `package`.
///
/// Only the last one builds tests and examples too: their dependencies may turn features on, and
/// would hide what is missing in the others.
fn selections(package: &Package) -> Vec<Vec<String>> {
    let words = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
    let alone = package
        .features
        .keys()
        .filter(|feature| *feature != "default");
    let mut selections = vec![words("--no-default-features")];
    selections
        .extend(alone.map(|feature| words(&format!("--no-default-features --features {feature}"))));
    selections.push(words("--all-features --all-targets"));
    selections
}
