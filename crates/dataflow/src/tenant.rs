//! On whose behalf rows are reached that belong to somebody.

use std::sync::Arc;

/// Whose rows are reached.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) enum Tenant {
    /// Nobody has said: rows that have an owner are out of reach.
    #[default]
    Unknown,
    /// Of one.
    One(Arc<str>),
    /// Of all at once, as whoever administers the database wants it.
    All,
}
