//! `cargo xtask layers`: the arrows between the crates, what may not be below them, and whether the
//! map of their rooms is true.

mod graph;
mod rooms;
mod rule;

use crate::{Result, workspace};

/// Checks every rule over the normal dependencies of the workspace, and reports all that is broken.
pub(crate) fn run() -> Result {
    let metadata = workspace::metadata()?;
    let graph = graph::Graph::of(&metadata)?;
    let mut violations = rule::violations(&graph);
    violations.extend(rooms::violations(&metadata)?);
    if violations.is_empty() {
        println!("layers: every dependency points down, and every room is on the map");
        return Ok(());
    }
    Err(format!(
        "{} broken rules\n  {}",
        violations.len(),
        violations.join("\n  ")
    )
    .into())
}
