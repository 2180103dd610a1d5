//! Streamable HTTP, as rmcp speaks it, with the settings that a local data server needs.

use std::sync::Arc;

use rmcp::transport::streamable_http_server::session::never::NeverSessionManager;
use rmcp::transport::streamable_http_server::{StreamableHttpServerConfig, StreamableHttpService};

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

/// Without sessions every request is complete in itself, and a one-shot reply is plain JSON instead
/// of an event stream.
///
/// Hosts are checked before, by the rule that every port of the process has.
pub(crate) fn service(
    server: Server,
    body_limit: usize,
) -> StreamableHttpService<Server, NeverSessionManager> {
    let config = StreamableHttpServerConfig::default()
        .with_legacy_session_mode(false)
        .with_json_response(true)
        .disable_allowed_hosts()
        .with_max_request_body_bytes(body_limit)
        .enforce_origin_validation()
        .with_allowed_origins(LOOPBACK_ORIGINS);
    let session_manager = Arc::new(NeverSessionManager::default());
    StreamableHttpService::new(move || Ok(server.clone()), session_manager, config)
}
