//! Who wants to know that this process has written something.

use std::fmt;
use std::sync::OnceLock;

use tokio::sync::Notify;
use tokio::sync::futures::Notified;

/// Tells of writes that have ended, after their transactions.
#[derive(Default)]
pub(crate) struct Wake {
    written: Notify,
    also: OnceLock<Box<dyn Fn() + Send + Sync>>,
}

impl Wake {
    /// Ends when something was written after this was called.
    pub(crate) fn written(&self) -> Notified<'_> {
        self.written.notified()
    }

    /// Does something after each write too; it should take no time.
    pub(crate) fn also(&self, also: impl Fn() + Send + Sync + 'static) {
        self.also.get_or_init(|| Box::new(also));
    }

    /// Something was written.
    pub(super) fn tell(&self) {
        self.written.notify_waiters();
        if let Some(also) = self.also.get() {
            also();
        }
    }
}

impl fmt::Debug for Wake {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Wake").finish_non_exhaustive()
    }
}
