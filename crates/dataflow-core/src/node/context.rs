//! On whose behalf a node is called, and in which form the answer is wanted.

use std::sync::Arc;
use std::time::Instant;

use super::Scope;

/// What travels with a call from its door to the database.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct Context {
    /// The form that the caller will use the answer in.
    pub form: Form,
    /// When the caller stops waiting. What a database still does for the call by then, it is told to
    /// stop, and it has no effect.
    pub deadline: Option<Instant>,
    /// The name of this call in logs and in problem documents.
    pub request_id: Option<String>,
    /// On behalf of which tenant; see [`ModelSchema::tenant`](crate::ModelSchema::tenant). Without
    /// one, rows that have an owner are out of reach.
    pub tenant: Option<Arc<str>>,
    /// Who calls, for what is written down of changes.
    pub caller: Option<Arc<str>>,
    /// The transaction that the call belongs to; without one, it is a transaction of its own.
    pub scope: Option<Arc<dyn Scope>>,
}

impl Context {
    /// A call without a deadline, whose answer is wanted in the given form.
    pub fn new(form: Form) -> Self {
        Self {
            form,
            ..Self::default()
        }
    }
}

/// The form that an answer is wanted in, so that it is made once and never parsed again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Form {
    /// JSON text, for a door that sends it on.
    #[default]
    Bytes,
    /// A JSON value, for a caller that looks inside.
    Value,
}
