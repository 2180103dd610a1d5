//! Every room of every crate has a line in the map, `docs/architecture.md`, and no line is of a room
//! that is gone.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use cargo_metadata::Metadata;

use crate::{Result, workspace};

const MAP: &str = "docs/architecture.md";

/// What the map has too much or too little, each as one line.
pub(super) fn violations(metadata: &Metadata) -> Result<Vec<String>> {
    let map = fs::read_to_string(workspace::root().join(MAP))?;
    let mut violations = Vec::new();
    for package in workspace::crates(metadata) {
        let source = package.manifest_path.with_file_name("src");
        let there = rooms(source.as_std_path())?;
        violations.extend(differences(&package.name, &there, &map));
    }
    Ok(violations)
}

/// The modules at the top of a crate. What generated code needs is no room.
fn rooms(source: &Path) -> Result<BTreeSet<String>> {
    let mut rooms = BTreeSet::new();
    for entry in source.read_dir()? {
        let path = entry?.path();
        let is_module = path.extension().is_some_and(|extension| extension == "rs");
        let name = path.file_stem().and_then(|name| name.to_str());
        let name = name.filter(|name| !["lib", "main", "__private"].contains(name));
        rooms.extend(name.filter(|_| is_module).map(ToOwned::to_owned));
    }
    Ok(rooms)
}

fn differences(package: &str, there: &BTreeSet<String>, map: &str) -> Vec<String> {
    let told = told_of(package, map);
    let untold = there.difference(&told);
    let untold = untold.map(|room| format!("{MAP}: {package} has a room {room}, which is missing"));
    let gone = told.difference(there);
    let gone = gone.map(|room| format!("{MAP}: {package} has no room {room}"));
    untold.chain(gone).collect()
}

/// The rooms that the section of a crate tells of: what stands in code in the first cells of its
/// table.
fn told_of(package: &str, map: &str) -> BTreeSet<String> {
    let heading = format!("### {package}");
    let section = map.lines().skip_while(|line| *line != heading).skip(1);
    let section = section.take_while(|line| !line.starts_with('#'));
    let cells = section.filter_map(|line| line.split('|').nth(1));
    let names = cells.flat_map(|cell| cell.split('`').skip(1).step_by(2));
    names.map(ToOwned::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const DRAWN: &str = "## The rooms\n\n### house\n\n| room | what is in it |\n|---|---|\n\
        | `kitchen`, `pantry` | what `cooks` need |\n\n### hut\n\n| `bed` | sleep |\n";

    #[test]
    fn the_map_tells_of_every_room_and_of_no_other() {
        let cases: [(&[&str], &[&str]); 3] = [
            (&["kitchen", "pantry"], &[]),
            (
                &["cellar", "kitchen", "pantry"],
                &["docs/architecture.md: house has a room cellar, which is missing"],
            ),
            (
                &["pantry"],
                &["docs/architecture.md: house has no room kitchen"],
            ),
        ];
        for (there, expected) in cases {
            let there = there.iter().map(|&room| room.to_owned()).collect();
            assert_eq!(differences("house", &there, DRAWN), expected);
        }
    }
}
