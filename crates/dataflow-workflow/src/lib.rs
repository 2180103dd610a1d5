//! Workflow: a validated graph of nodes, and the runtime that executes it.
