//! The channel itself.

use axum::Router;
use axum::middleware;
use nexus_core::http::{HostRule, guarded};
use nexus_core::{Channel, Dispatch};

use crate::envelope;
use crate::server::Server;
use crate::transport;

/// The path that every request is posted to.
const PATH: &str = "/mcp";

/// The MCP door: every operation as a tool, at `/mcp`.
///
/// ```
/// use nexus_core::http::HostRule;
/// use nexus_core::{Channel, Dispatch, Registry};
/// use nexus_mcp::McpChannel;
///
/// let dispatch = Dispatch::new(Registry::new());
/// let router: axum::Router = McpChannel::new(HostRule::Loopback).router(dispatch);
/// ```
#[derive(Debug, Clone)]
pub struct McpChannel {
    host_rule: HostRule,
}

impl McpChannel {
    /// A door that answers to the hosts of a rule.
    pub fn new(host_rule: HostRule) -> Self {
        Self { host_rule }
    }
}

impl Channel for McpChannel {
    fn name(&self) -> &'static str {
        "mcp"
    }

    fn router(&self, dispatch: Dispatch) -> Router {
        let service = transport::service(Server::new(dispatch));
        let router = Router::new()
            .route_service(PATH, service)
            .layer(middleware::from_fn(envelope::check));
        guarded(router, self.host_rule)
    }
}
