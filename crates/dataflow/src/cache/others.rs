//! What is known of the writes of other processes.

use std::fmt;
use std::sync::OnceLock;
use std::time::Instant;

use parking_lot::Mutex;

/// Until when what is stored can be given out: until then, somebody has looked for what others
/// write not too long ago.
#[derive(Default)]
pub(crate) struct Others {
    known_until: Mutex<Option<Instant>>,
    look: OnceLock<Box<dyn Fn() + Send + Sync>>,
}

impl Others {
    /// How to see that somebody looks; it should take no time.
    pub(crate) fn look_by(&self, look: impl Fn() + Send + Sync + 'static) {
        self.look.get_or_init(|| Box::new(look));
    }

    /// All that others had written was heard of, and stands for the time until then.
    pub(crate) fn known_until(&self, until: Instant) {
        *self.known_until.lock() = Some(until);
    }

    /// Whether what is stored can be given out.
    pub(super) fn are_known(&self) -> bool {
        if let Some(look) = self.look.get() {
            look();
        }
        let known_until = *self.known_until.lock();
        known_until.is_some_and(|until| Instant::now() < until)
    }
}

impl fmt::Debug for Others {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Others")
            .field("known_until", &self.known_until)
            .finish_non_exhaustive()
    }
}
