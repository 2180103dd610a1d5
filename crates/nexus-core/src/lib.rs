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
//!
//! ```
//! use std::sync::Arc;
//!
//! use nexus_core::http::{HostRule, HttpChannel};
//! use nexus_core::workflow::handler;
//! use nexus_core::{Channel, Dispatch, Registry, Result};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<()> {
//! let mut registry = Registry::new();
//! registry.register(Arc::new(handler("ping", async || -> Result<&str> { Ok("pong") })?))?;
//!
//! let dispatch = Dispatch::new(registry);
//! dispatch.open();
//! let ping = dispatch.registry().find("ping").expect("it was registered");
//! let answer = dispatch.call(ping, &Default::default(), Default::default()).await?;
//! assert_eq!(answer.body.into_value(), "pong");
//!
//! // The same behind `POST /workflows/ping/execute`.
//! let router: axum::Router = HttpChannel::new(HostRule::Loopback).router(dispatch);
//! # let _ = router;
//! # Ok(())
//! # }
//! ```

pub mod config;
pub mod discovery;
pub mod http;
pub mod metrics;

mod channel;
mod dispatch;
mod openapi;
mod operation;
mod registry;
mod shutdown;

pub use channel::Channel;
pub use dispatch::{DEFAULT_DEADLINE, Dispatch, Measured};
pub use operation::Operation;
pub use registry::{ModelOperations, Registry};
pub use shutdown::{Shutdown, ShutdownTrigger, asked_to_stop};

pub use dataflow_core::{Error, Result};
/// Workflows and handlers, for whoever registers them.
pub use dataflow_workflow as workflow;
