//! Nexus: one registration, served over HTTP, MCP and the command line; the face users import.
//!
//! ```no_run
//! use nexus::Nexus;
//!
//! async fn ping() -> nexus::Result<&'static str> {
//!     Ok("pong")
//! }
//!
//! fn main() -> nexus::Result<()> {
//!     Nexus::builder()
//!         .api_port(8002)
//!         .mcp_port(3001)
//!         .handler("ping", ping)
//!         .run()
//! }
//! ```
//!
//! `mount` adds every model of a `DataFlow`, `register` a workflow. Databases are brought up to date
//! before the first request is answered; [`start`](NexusBuilder::start) says in which order.

/// The programs in the README compile.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
struct Readme;

/// Those in the guide run.
#[cfg(doctest)]
#[doc = include_str!("../../../docs/guide.md")]
struct Guide;

mod assembly;
mod builder;
#[cfg(feature = "cli")]
mod cli;
mod draft;
#[cfg(feature = "cli")]
pub mod migrate;
mod report;
mod running;
mod sources;
mod start;

pub use builder::NexusBuilder;
pub use report::{Phases, Report, SchemaLine, Served};
pub use running::Running;

pub use dataflow_core::error::{Error, Kind, Result};
pub use dataflow_core::node::{self, Node, Source};
pub use nexus_core::workflow::{Workflow, WorkflowBuilder, handler};

/// The server of an application: [`Nexus::builder`] is the way in.
#[derive(Debug)]
pub struct Nexus;

impl Nexus {
    /// Starts to tell what an application serves.
    pub fn builder() -> NexusBuilder {
        NexusBuilder::default()
    }
}
