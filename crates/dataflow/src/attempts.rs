//! How often work is done again that another transaction was in the way of.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::pin::Pin;
use std::time::Duration;

use dataflow_core::{Error, Result};
use tokio::time::Sleep;

/// The most times that work is done again.
const MOST: u32 = 10;

/// The longest pause before the first repetition; it doubles each time.
const FIRST: Duration = Duration::from_millis(2);

/// No pause is longer.
const LONGEST: Duration = Duration::from_millis(250);

/// How often work was done again.
#[derive(Debug, Default)]
pub(crate) struct Attempts(u32);

impl Attempts {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// The pause after which work with this outcome is to be done again: another transaction was in
    /// its way, and it was not done too often.
    ///
    /// It is boxed because hardly any work needs it, and all of it would carry it along.
    pub(crate) fn again_after<T>(&mut self, outcome: &Result<T>) -> Option<Pin<Box<Sleep>>> {
        let is_contention = outcome.as_ref().is_err_and(Error::is_contention);
        let pause = is_contention.then(|| self.next_pause()).flatten()?;
        Some(Box::pin(tokio::time::sleep(pause)))
    }

    /// The pause before the next attempt; none when there have been enough.
    fn next_pause(&mut self) -> Option<Duration> {
        let pause = (self.0 < MOST).then(|| pause(self.0));
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
    use super::*;

    #[test]
    fn pauses_grow_are_bounded_and_come_to_an_end() {
        let mut attempts = Attempts::new();
        for attempt in 0..MOST {
            let bound = FIRST.saturating_mul(1 << attempt).min(LONGEST);
            assert!(attempts.next_pause().is_some_and(|pause| pause <= bound));
        }
        assert_eq!(attempts.next_pause(), None);
    }
}
