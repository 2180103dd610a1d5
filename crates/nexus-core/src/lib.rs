//! One registration behind every door.
//!
//! A [`Registry`] holds what can be called: the operations of mounted models, workflows and
//! handlers. A [`Dispatch`] is the one way to call it, with the same readiness, deadline and metrics
//! whoever asks. A [`Channel`] is a door: it turns its protocol into calls of the dispatch and
//! never adds an operation of its own.
//!
//! ```text
//! Source ─ nodes ─┐
//! Workflow ───────┼→ Registry ─→ Dispatch ←─ Channel: HTTP, MCP, command line
//! handler ────────┘
//! ```

mod channel;
mod dispatch;
mod operation;
mod registry;

pub use channel::Channel;
pub use dispatch::Dispatch;
pub use operation::Operation;
pub use registry::Registry;

pub use dataflow_core::{Error, Result};
