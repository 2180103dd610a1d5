//! How changes are followed, and for how long they are kept.

use std::time::Duration;

use dataflow_core::Error;
use dataflow_core::error::Kind;

use super::Config;

/// How often a reader that has seen everything looks again: an idle one costs two look-ups in an
/// index each second.
const INTERVAL: Duration = Duration::from_millis(500);

/// How long entries are kept: a reader that is down over a long weekend goes on where it was.
const KEPT_FOR: Duration = Duration::from_secs(4 * 24 * 60 * 60);

/// How many entries are kept: about 200 MB.
const KEPT: usize = 1_000_000;

/// How changes are followed, and for how long they are kept.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ChangeSettings {
    /// How often a reader that has seen everything looks again, unless it is woken.
    pub(crate) interval: Duration,
    /// Older entries are deleted.
    pub(crate) kept_for: Duration,
    /// Of more entries, the oldest are deleted.
    pub(crate) kept: usize,
}

impl ChangeSettings {
    pub(super) fn of(config: &Config) -> Option<Self> {
        (config.enable_changes == Some(true)).then(|| Self {
            interval: config.changes_interval.unwrap_or(INTERVAL),
            kept_for: config.changes_kept_for.unwrap_or(KEPT_FOR),
            kept: config.changes_kept.unwrap_or(KEPT),
        })
    }

    /// What is deleted before a reader can have looked for it is lost to all.
    pub(super) fn mistakes(config: &Config) -> Vec<Error> {
        let interval = config.changes_interval.unwrap_or(INTERVAL);
        let kept_for = config.changes_kept_for.unwrap_or(KEPT_FOR);
        let mut mistakes = Vec::new();
        if kept_for < interval.saturating_mul(2) {
            let message = "changes_kept_for is shorter than two times changes_interval";
            mistakes.push(
                Error::new(Kind::Configuration, message)
                    .with_help("keep changes long enough for readers to look twice"),
            );
        }
        if config.changes_kept == Some(0) {
            mistakes.push(
                Error::new(Kind::Configuration, "changes_kept is 0")
                    .with_help("keep one change at the least, or turn enable_changes off"),
            );
        }
        mistakes
    }
}
