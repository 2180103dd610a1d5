//! What a statement runs under, besides its values.

use std::time::Duration;

use crate::tenant::Tenant;

/// What a statement runs under, besides its values.
#[derive(Debug, Clone, Default)]
pub(super) struct Terms {
    /// For whom, where the database minds that.
    pub(super) tenant: Option<Tenant>,
    /// For how long, in the place of the setting.
    pub(super) statement_timeout: Option<Duration>,
}
