//! How long to wait before asking again.

use std::hash::{BuildHasher, RandomState};
use std::time::Duration;

const SHORTEST: Duration = Duration::from_millis(50);
const LONGEST: Duration = Duration::from_millis(500);

/// Pauses that grow, each of random length, so that programs which started together do not ask
/// together.
pub(crate) struct Pause(Duration);

impl Default for Pause {
    fn default() -> Self {
        Self(SHORTEST)
    }
}

impl Pause {
    /// Half to all of the next pause.
    pub(crate) fn next(&mut self) -> Duration {
        let random = RandomState::new().hash_one(0) % 512;
        let share = u32::try_from(random + 512).expect("it is below 1024");
        let pause = self.0 * share / 1024;
        self.0 = (self.0 * 2).min(LONGEST);
        pause
    }
}
