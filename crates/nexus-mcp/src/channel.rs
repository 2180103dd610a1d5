//! The channel itself.

use axum::Router;
use axum::middleware;
use nexus_core::{Channel, Dispatch};

use crate::envelope;
use crate::server::Server;
use crate::transport::{self, Hosts};

/// The path that every request is posted to.
const PATH: &str = "/mcp";

/// The MCP door: every operation as a tool, at `/mcp`.
///
/// ```
/// use nexus_core::{Channel, Dispatch, Registry};
/// use nexus_mcp::McpChannel;
///
/// let dispatch = Dispatch::new(Registry::new());
/// let router: axum::Router = McpChannel::new().router(dispatch);
/// ```
#[derive(Debug, Clone, Default)]
pub struct McpChannel {
    hosts: Hosts,
}

impl McpChannel {
    /// A channel that answers requests for loopback names only, which is what stops a web page from
    /// reaching it through a DNS name that it points at this machine.
    pub fn new() -> Self {
        Self::default()
    }

    /// Answers requests whatever host they name, for a server that binds more than loopback.
    #[must_use]
    pub fn any_host(mut self) -> Self {
        self.hosts = Hosts::Any;
        self
    }
}

impl Channel for McpChannel {
    fn name(&self) -> &'static str {
        "mcp"
    }

    fn router(&self, dispatch: Dispatch) -> Router {
        let service = transport::service(Server::new(dispatch), self.hosts);
        Router::new()
            .route_service(PATH, service)
            .layer(middleware::from_fn(envelope::check))
    }
}
