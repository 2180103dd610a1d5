//! A server that is answering.

use std::net::SocketAddr;

use nexus_core::ShutdownTrigger;
use tokio::task::JoinSet;

use crate::report::Report;
use crate::sources::Sources;

/// A server that is answering. Dropping it stops it without waiting for requests in flight;
/// [`shutdown`](Self::shutdown) waits.
#[derive(Debug)]
pub struct Running {
    pub(crate) report: Report,
    pub(crate) trigger: ShutdownTrigger,
    pub(crate) doors: JoinSet<()>,
    pub(crate) sources: Sources,
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
        self.sources.close().await;
    }
}
