//! What users of workflows rely on.

/// Files in three formats tell workflows, and mistakes in them have lines.
mod files;
/// Functions are nodes, with schemas that every client reads and errors of the right kind.
mod handlers;
/// Every mistake is named when the workflow is built, all of them at once.
mod mistakes;
/// Nodes that the tests join.
mod nodes;
/// Every node runs once, after those that feed it.
mod order;
/// What a run does with values, failures, time and cancellation.
mod running;
/// All nodes of a source take effect together, where that is asked for.
mod transactional;
