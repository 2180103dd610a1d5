//! The channel itself.

use axum::Router;
use axum::http::HeaderName;
use axum::middleware::from_fn_with_state;
use nexus_core::http::{HostRule, Limits, PortRules, guarded};
use nexus_core::{Channel, Dispatch, Shutdown};

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
    body_limit: usize,
    shutdown: Option<Shutdown>,
}

impl McpChannel {
    /// A door that answers to the hosts of a rule, and takes bodies as long as the HTTP door does
    /// by default.
    pub fn new(host_rule: HostRule) -> Self {
        Self {
            rules: host_rule.into(),
            body_limit: Limits::default().body_bytes,
            shutdown: None,
        }
    }

    /// Trusts a header to name the tenant on whose behalf a request calls.
    #[must_use]
    pub fn tenant_header(mut self, header: Option<HeaderName>) -> Self {
        self.rules.tenant_header = header;
        self
    }

    /// Takes bodies of at most so many bytes.
    #[must_use]
    pub fn body_limit(mut self, bytes: usize) -> Self {
        self.body_limit = bytes;
        self
    }

    /// Ends what clients listen to when a shutdown begins.
    #[must_use]
    pub fn shutdown(mut self, shutdown: Shutdown) -> Self {
        self.shutdown = Some(shutdown);
        self
    }
}

impl Channel for McpChannel {
    fn name(&self) -> &'static str {
        "mcp"
    }

    fn router(&self, dispatch: Dispatch) -> Router {
        let service = transport::service(
            Server::new(dispatch, self.shutdown.clone()),
            self.body_limit,
        );
        let router = Router::new()
            .route_service(PATH, service)
            .layer(from_fn_with_state(self.body_limit, envelope::check));
        guarded(router, self.rules.clone())
    }
}
