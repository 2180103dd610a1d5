//! The HTTP door, and what every HTTP port of the process stands on.
//!
//! ```text
//! Listener ─ serve ─────── guarded ──────────── HttpChannel ─→ Dispatch
//! └ port: limits,          └ guard: Host rule,  └ rest: path, query, body
//!   deadlines, drain         tenant, wait, ids    ↔ a node's JSON object
//! ```
//!
//! [`Listener`], [`serve`] and [`guarded`] know no door: the MCP port uses them too. All of them
//! refuse in the same words, a [`Problem`].

mod guard;
mod port;
mod preference;
mod problem;
mod rest;

pub use guard::{Caller, HostRule, PortRules, RequestId, Tenant, context_of, guarded};
pub use port::{Limits, Listener, serve};
pub use problem::Problem;
#[cfg(test)]
pub(crate) use rest::operators;
pub(crate) use rest::{
    Action, Creations, DEFAULT_LIMIT, Endpoint, MOST_PASSED_OVER, MOST_ROWS, ModelAction,
    key_parameters,
};
pub use rest::{HttpChannel, Route, path_of_rows, routes};
