//! The REST door: models under `/api`, workflows under `/workflows`, and what operators ask for.
//!
//! ```text
//! Service ─ router ─┬─ model ─────┬─ negotiate, prefer, key, query, body ─→ Dispatch
//! finds the model   ├─ workflow ──┤
//! of a path         ├─ changes    └─ response, with version or fresh    ←─ Answer
//!                   └─ health, metrics, OpenAPI, docs
//! ```
//!
//! Every route comes from one list of [`Endpoint`]s, as does the OpenAPI document.

mod body;
mod changes;
mod channel;
mod docs;
mod endpoint;
mod fresh;
mod health;
mod key;
mod measure;
mod model;
mod negotiate;
mod percent;
mod prefer;
mod query;
mod response;
mod route;
mod router;
mod service;
mod version;
mod workflow;

pub use channel::HttpChannel;
pub use endpoint::path_of_rows;
pub(crate) use endpoint::{Action, Creations, Endpoint, ModelAction};
pub(crate) use key::parameters as key_parameters;
#[cfg(test)]
pub(crate) use query::operators;
pub(crate) use query::{DEFAULT_LIMIT, MOST_PASSED_OVER, MOST_ROWS};
pub use route::{Route, routes};
