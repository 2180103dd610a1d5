//! The HTTP door, and what every HTTP port of the process stands on.
//!
//! ```text
//! Listener ─ serve ─ guarded ─ router ─ endpoints ─ Dispatch
//! └ port: limits,    Host,     axum     path, query, body
//!   deadlines, drain ids                ↔ a node's JSON object
//! ```
//!
//! [`Listener`], [`serve`] and [`guarded`] know no door: the MCP port uses them too. [`HttpChannel`]
//! is the REST door; all its routes, and the OpenAPI document, come from one list of
//! endpoints, which comes from the registry.

mod body;
mod caller;
mod changes;
mod channel;
mod endpoint;
mod fresh;
mod health;
mod host;
mod key;
mod measure;
mod middleware;
mod model;
mod negotiate;
mod percent;
mod port;
mod prefer;
mod problem;
mod query;
mod request_id;
mod response;
mod rest;
mod route;
mod routing;
mod rules;
mod tenant;
mod version;
mod workflow;

pub use caller::Caller;
pub use channel::HttpChannel;
pub use endpoint::path_of_rows;
pub(crate) use endpoint::{Action, Creations, Endpoint, ModelAction};
pub use host::HostRule;
pub(crate) use key::parameters as key_parameters;
pub use middleware::guarded;
pub use port::{Limits, Listener, serve};
pub use problem::Problem;
#[cfg(test)]
pub(crate) use query::operators;
pub(crate) use query::{DEFAULT_LIMIT, MOST_PASSED_OVER, MOST_ROWS};
pub use request_id::RequestId;
pub use route::{Route, routes};
pub use rules::PortRules;
pub use tenant::{Tenant, context_of};
