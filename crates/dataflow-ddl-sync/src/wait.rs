//! How long another migration is waited for, and when somebody is told.

use std::time::{Duration, Instant};

/// When a wait is told first, and how often from then on.
const FIRST_TOLD: Duration = Duration::from_secs(1);
const TOLD_EVERY: Duration = Duration::from_mins(1);

/// A wait for another migration.
pub(crate) struct Wait {
    begun: Instant,
    /// Zero means no limit.
    timeout: Duration,
    told_next: Duration,
}

impl Wait {
    pub(crate) fn begin(timeout: Duration) -> Self {
        Self {
            begun: Instant::now(),
            timeout,
            told_next: FIRST_TOLD,
        }
    }

    /// Whether it has lasted as long as it may.
    pub(crate) fn is_over(&self) -> bool {
        !self.timeout.is_zero() && self.begun.elapsed() >= self.timeout
    }

    /// Whether it is time to tell of it; then not again for a while.
    pub(crate) fn is_to_be_told(&mut self) -> bool {
        let waited = self.begun.elapsed();
        let is_due = waited >= self.told_next;
        if is_due {
            self.told_next = waited + TOLD_EVERY;
        }
        is_due
    }
}
