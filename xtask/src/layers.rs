//! `cargo xtask layers`: the arrows between the crates, and what may not be below them.

mod graph;
mod rule;

use crate::{Result, workspace};

/// Checks every rule over the normal dependencies of the workspace, and reports all that is broken.
pub(crate) fn run() -> Result {
    let graph = graph::Graph::of(&workspace::metadata()?)?;
    let violations = rule::violations(&graph);
    if violations.is_empty() {
        println!("layers: every dependency points down");
        return Ok(());
    }
    Err(format!(
        "{} broken rules\n  {}",
        violations.len(),
        violations.join("\n  ")
    )
    .into())
}
