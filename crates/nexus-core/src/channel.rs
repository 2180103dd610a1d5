//! What a door is.

use crate::Dispatch;

/// A door over HTTP: the REST API, MCP.
///
/// An implementation MUST derive all it offers from the registry behind the dispatch, and MUST call
/// operations through the dispatch only; else two doors give two answers.
pub trait Channel: Send + Sync {
    /// The name in start-up reports, logs and settings: `http`, `mcp`.
    fn name(&self) -> &'static str;

    /// Every route of the door.
    fn router(&self, dispatch: Dispatch) -> axum::Router;
}
