//! What a statement runs under, besides its values.

use std::time::Duration;

use crate::tenant::Tenant;

/// What a statement runs under, besides its values.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Terms<'a> {
    /// For whom, where the database minds that.
    pub(super) tenant: Option<&'a Tenant>,
    /// For how long, in the place of the setting.
    pub(super) statement_timeout: Option<Duration>,
}

impl From<Option<Duration>> for Terms<'_> {
    fn from(statement_timeout: Option<Duration>) -> Self {
        Self {
            tenant: None,
            statement_timeout,
        }
    }
}
