//! How often work is done again that another transaction was in the way of.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::time::Duration;

use super::{Error, Result};

/// The most times that work is done again.
const MOST: u32 = 10;

/// The longest pause before the first repetition; it doubles each time.
const FIRST: Duration = Duration::from_millis(2);

/// No pause is longer.
const LONGEST: Duration = Duration::from_millis(250);

/// How often work was done that another transaction may be in the way of.
///
/// ```
/// use dataflow_core::error::{Attempts, Error, Kind};
///
/// let mut attempts = Attempts::new();
/// let deadlock = Err::<(), _>(Error::new(Kind::Contention, "another transaction was in the way"));
/// assert!(attempts.pause_after(&deadlock).is_some());
/// assert!(attempts.pause_after(&Ok(())).is_none());
/// ```
#[derive(Debug)]
pub struct Attempts(u32);

impl Attempts {
    /// Work that may be done again.
    #[expect(
        clippy::new_without_default,
        reason = "there are two kinds, and neither is usual"
    )]
    pub fn new() -> Self {
        Self(0)
    }

    /// Work that is done once, because it is part of what somebody else does again.
    pub fn once() -> Self {
        Self(MOST)
    }

    /// Whether the work may be done again after this attempt.
    pub fn are_left(&self) -> bool {
        self.0 < MOST
    }

    /// The pause after which work with this outcome is to be done again: another transaction was in
    /// its way, and it was not done too often.
    pub fn pause_after<T>(&mut self, outcome: &Result<T>) -> Option<Duration> {
        let is_contention = outcome.as_ref().is_err_and(Error::is_contention);
        let pause = (is_contention && self.are_left()).then(|| pause(self.0));
        self.0 += 1;
        pause
    }
}

/// Any time up to a bound that doubles: transactions that met once must not meet again.
fn pause(attempt: u32) -> Duration {
    let bound = FIRST.saturating_mul(1 << attempt).min(LONGEST);
    let random = RandomState::new().build_hasher().finish();
    bound / 1_000 * (random % 1_000) as u32
}

#[cfg(test)]
mod tests {
    use super::super::Kind;
    use super::*;

    #[test]
    fn pauses_grow_are_bounded_and_come_to_an_end() {
        let contention = Err::<(), _>(Error::new(Kind::Contention, "in the way"));
        let mut attempts = Attempts::new();
        for attempt in 0..MOST {
            let bound = FIRST.saturating_mul(1 << attempt).min(LONGEST);
            let pause = attempts.pause_after(&contention);
            assert!(pause.is_some_and(|pause| pause <= bound));
        }
        assert_eq!(attempts.pause_after(&contention), None);
        assert_eq!(Attempts::once().pause_after(&contention), None);
    }

    #[test]
    fn nothing_else_is_done_again() {
        let mut attempts = Attempts::new();
        let timeout = Err::<(), _>(Error::new(Kind::Timeout, "too late"));
        assert_eq!(attempts.pause_after(&timeout), None);
        assert_eq!(attempts.pause_after(&Ok(())), None);
    }
}
