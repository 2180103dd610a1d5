//! A server that is answering.

use std::net::SocketAddr;
use std::sync::Arc;

use dataflow_core::node::Source;
use nexus_core::ShutdownTrigger;
use tokio::task::JoinSet;

use crate::report::Report;

/// A server that is answering. Dropping it stops it without waiting for requests in flight;
/// [`shutdown`](Self::shutdown) waits.
#[derive(Debug)]
pub struct Running {
    pub(crate) report: Report,
    pub(crate) trigger: ShutdownTrigger,
    pub(crate) doors: JoinSet<()>,
    pub(crate) sources: Sources,
}

/// What is closed once the doors are shut.
pub(crate) struct Sources(pub(crate) Vec<Arc<dyn Source>>);

impl std::fmt::Debug for Sources {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let names = self.0.iter().map(|source| source.name());
        formatter.debug_list().entries(names).finish()
    }
}

impl Running {
    /// Where the HTTP door listens.
    pub fn api_address(&self) -> SocketAddr {
        self.report.api
    }

    /// Where the MCP door listens, unless it is turned off.
    pub fn mcp_address(&self) -> Option<SocketAddr> {
        self.report.mcp
    }

    /// What is served, and how long the start took.
    pub fn report(&self) -> &Report {
        &self.report
    }

    /// Takes no further requests, finishes those in flight, then closes every source.
    pub async fn shutdown(mut self) {
        self.trigger.begin();
        while self.doors.join_next().await.is_some() {}
        for source in &self.sources.0 {
            source.close().await;
        }
    }
}
