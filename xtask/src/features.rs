//! `cargo xtask features`: each crate builds and passes its tests alone, whatever features a user
//! picks.

use clap::Args;
use xshell::{Shell, cmd};

use crate::postgres::{self, Missing};
use crate::{Result, workspace};

#[derive(Args)]
pub(crate) struct Arguments {
    /// Installs PostgreSQL with the system's package manager if the machine has none
    #[arg(long)]
    install_postgres: bool,
}

/// Builds and tests every crate with each selection of its features.
pub(crate) fn run(arguments: &Arguments) -> Result {
    let server = postgres::provide(Missing::install_if(arguments.install_postgres))?;
    let shell = workspace::shell()?;
    shell.set_var("TEST_DATABASE_URL", server.url());
    test(&shell)
}

/// The same, against the server the shell's environment names.
pub(crate) fn test(shell: &Shell) -> Result {
    let metadata = workspace::metadata()?;
    for package in workspace::crates(&metadata) {
        let name = package.name.as_str();
        for selection in &selections(package.features.keys().map(String::as_str)) {
            // Tests may have dependencies that turn features on, and so would hide a crate that
            // does not build without them.
            cmd!(shell, "cargo check --package {name} {selection...}").run()?;
            cmd!(shell, "cargo test --package {name} {selection...}").run()?;
        }
    }
    Ok(())
}

/// The arguments that select features, one list for each build: none, each feature alone, and all.
fn selections<'a>(features: impl Iterator<Item = &'a str>) -> Vec<Vec<&'a str>> {
    let features: Vec<_> = features.filter(|feature| *feature != "default").collect();
    let mut selections = vec![vec!["--no-default-features"]];
    selections.extend(
        features
            .iter()
            .map(|feature| vec!["--no-default-features", "--features", *feature]),
    );
    if features.len() > 1 {
        selections.push(vec!["--all-features"]);
    }
    selections
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn none_each_and_all_without_building_twice_what_is_the_same() {
        let cases = [
            ("", "--no-default-features"),
            (
                "cli default",
                "--no-default-features; --no-default-features --features cli",
            ),
            (
                "chrono default uuid",
                "--no-default-features; --no-default-features --features chrono; \
                 --no-default-features --features uuid; --all-features",
            ),
        ];
        for (features, expected) in cases {
            let selections: Vec<_> = selections(features.split_whitespace())
                .iter()
                .map(|selection| selection.join(" "))
                .collect();
            assert_eq!(selections.join("; "), expected, "{features}");
        }
    }
}
