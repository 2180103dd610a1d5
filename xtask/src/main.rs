//! Automation of this workspace, one file per verb.
fn main() {}
