//! Work in the background.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::runtime::Handle;

/// One task at a time. It ends with the runtime that it was started in, and is started again by
/// whoever needs it next.
#[derive(Debug, Default)]
pub(crate) struct Task(Arc<AtomicBool>);

struct Running(Arc<AtomicBool>);

impl Task {
    /// Starts it in the runtime of the caller, unless it runs; outside of a runtime, nothing does.
    pub(crate) fn start<F>(&self, work: impl FnOnce() -> F)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        if self.0.load(Ordering::Relaxed) {
            return;
        }
        let Ok(runtime) = Handle::try_current() else {
            return;
        };
        if self.0.swap(true, Ordering::AcqRel) {
            return;
        }
        let running = Running(self.0.clone());
        let work = work();
        runtime.spawn(async move {
            let _running = running;
            work.await;
        });
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Release);
    }
}
