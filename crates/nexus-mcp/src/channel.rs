//! The channel itself.

use axum::Router;
use axum::middleware::from_fn_with_state;
use nexus_core::http::{PortRules, guarded};
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
    rules: PortRules,
}

impl McpChannel {
    /// A door that keeps to some rules, or to that of its hosts alone.
    pub fn new(rules: impl Into<PortRules>) -> Self {
        Self {
            rules: rules.into(),
        }
    }
}

impl Channel for McpChannel {
    fn name(&self) -> &'static str {
        "mcp"
    }

    fn router(&self, dispatch: Dispatch) -> Router {
        let rules = self.rules.clone();
        let server = Server::new(dispatch, rules.shutdown.clone());
        let router = Router::new()
            .route_service(PATH, transport::service(server, rules.body_bytes))
            .layer(from_fn_with_state(rules.body_bytes, envelope::check));
        guarded(router, rules)
    }
}
