//! Streamable HTTP, as rmcp speaks it, with the settings that a local data server needs.

use std::sync::Arc;

use rmcp::transport::streamable_http_server::session::never::NeverSessionManager;
use rmcp::transport::streamable_http_server::{StreamableHttpServerConfig, StreamableHttpService};

use crate::envelope::LONGEST_BODY;
use crate::server::Server;

/// Browser pages that may call: those served from this machine.
const LOOPBACK_ORIGINS: [&str; 6] = [
    "http://localhost:*",
    "http://127.0.0.1:*",
    "http://[::1]:*",
    "https://localhost:*",
    "https://127.0.0.1:*",
    "https://[::1]:*",
];

/// The hosts that a request may name.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) enum Hosts {
    /// `localhost`, `127.0.0.1` and `::1`.
    #[default]
    Loopback,
    /// All.
    Any,
}

/// Without sessions every request is complete in itself, and a one-shot reply is plain JSON instead
/// of an event stream.
pub(crate) fn service(
    server: Server,
    hosts: Hosts,
) -> StreamableHttpService<Server, NeverSessionManager> {
    let config = StreamableHttpServerConfig::default()
        .with_legacy_session_mode(false)
        .with_json_response(true)
        .with_max_request_body_bytes(LONGEST_BODY)
        .enforce_origin_validation()
        .with_allowed_origins(LOOPBACK_ORIGINS);
    let config = match hosts {
        Hosts::Loopback => config,
        Hosts::Any => config.disable_allowed_hosts(),
    };
    let session_manager = Arc::new(NeverSessionManager::default());
    StreamableHttpService::new(move || Ok(server.clone()), session_manager, config)
}
