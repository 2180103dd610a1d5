//! What is to be served, put together and checked, before anything starts.

use axum::Router;
use nexus_core::config::Settings;
use nexus_core::discovery::Discovery;
use nexus_core::http::{HttpChannel, PortRules};
use nexus_core::metrics::Recorder;
use nexus_core::{Channel, Dispatch, Shutdown};
use nexus_mcp::McpChannel;

/// What is to be served, put together and checked.
pub(crate) struct Assembly {
    pub(crate) settings: Settings,
    pub(crate) dispatch: Dispatch,
    pub(crate) recorder: Option<Recorder>,
    /// The routes that the application adds to the HTTP door.
    pub(crate) own_routes: Option<Router>,
    pub(crate) discovery: Discovery,
}

impl Assembly {
    /// What answers on the HTTP port.
    pub(crate) fn api_router(&self, shutdown: Option<Shutdown>) -> Router {
        let mut channel = HttpChannel::new(self.rules(shutdown));
        if let Some(recorder) = &self.recorder {
            channel = channel.recorder(recorder.clone());
        }
        if let Some(own_routes) = &self.own_routes {
            channel = channel.merge(own_routes.clone());
        }
        channel.router(self.dispatch.clone())
    }

    /// What answers on the MCP port.
    pub(crate) fn mcp_router(&self, shutdown: Shutdown) -> Router {
        McpChannel::new(self.rules(Some(shutdown))).router(self.dispatch.clone())
    }

    /// What both ports keep to.
    fn rules(&self, shutdown: Option<Shutdown>) -> PortRules {
        PortRules {
            host: self.settings.host_rule,
            tenant_header: self.settings.tenant_header.clone(),
            body_bytes: self.settings.limits.body_bytes,
            shutdown,
        }
    }
}
