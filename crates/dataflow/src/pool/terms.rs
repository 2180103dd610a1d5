//! What a statement runs under, besides its values.

use std::borrow::Cow;
use std::time::{Duration, Instant};

use super::Pool;
use crate::tenant::Tenant;

/// What a statement runs under, besides its values.
#[derive(Debug, Clone, Default)]
pub(super) struct Terms {
    /// For whom, where the database minds that.
    pub(super) tenant: Option<Tenant>,
    /// For how long, in the place of the setting.
    pub(super) statement_timeout: Option<Duration>,
}

impl Pool {
    /// The same connections, for statements that may run for another time than the setting says.
    pub(crate) fn limited_to(&self, statement_timeout: Duration) -> Self {
        let mut limited = self.clone();
        limited.terms.statement_timeout = Some(statement_timeout);
        limited
    }

    /// The same connections, for statements that are to end by a moment, where that comes before the
    /// setting would stop them.
    pub(crate) fn until(&self, moment: Instant) -> Option<Self> {
        let left = moment.saturating_duration_since(Instant::now());
        let is_sooner = left < self.inner.statement_timeout;
        is_sooner.then(|| self.limited_to(left))
    }

    /// How long a statement may run, where that is not the setting.
    pub(crate) fn statement_timeout(&self) -> Option<Duration> {
        self.terms.statement_timeout
    }

    /// The same connections, for statements that the database itself keeps to the rows of a tenant.
    /// A connection that nobody was named to shows those of none.
    pub(crate) fn acting_for(&self, tenant: Option<&Tenant>) -> Cow<'_, Self> {
        match tenant {
            None | Some(Tenant::Unknown) => Cow::Borrowed(self),
            Some(tenant) => {
                let mut acting = self.clone();
                acting.terms.tenant = Some(tenant.clone());
                Cow::Owned(acting)
            }
        }
    }
}
