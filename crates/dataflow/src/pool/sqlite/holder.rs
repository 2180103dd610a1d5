//! Who has the writer for itself.

use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::ThreadId;

use dataflow_core::error::Kind;
use dataflow_core::{Error, Result};
use parking_lot::Mutex;

/// The task that has the writer in a transaction, if one has.
#[derive(Default)]
pub(super) struct Holders {
    held: Mutex<Option<(Lease, Holder)>>,
    leases: AtomicU64,
}

/// One transaction that has the writer, or had it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Lease(u64);

/// A task; what a runtime blocks on is none, and is known by its thread.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Holder {
    Task(tokio::task::Id),
    Thread(ThreadId),
}

impl Holders {
    /// A lease that is like no other.
    pub(super) fn lease(&self) -> Lease {
        Lease(self.leases.fetch_add(1, Ordering::Relaxed))
    }

    /// The current task has the writer by a lease.
    pub(super) fn note(&self, lease: Lease) {
        *self.held.lock() = Some((lease, Holder::current()));
    }

    /// Nobody has it by this lease. Who has it by a later one goes on.
    pub(super) fn clear(&self, lease: Lease) {
        let mut held = self.held.lock();
        if held.is_some_and(|(current, _)| current == lease) {
            *held = None;
        }
    }

    /// Refuses the current task where it has the writer: it would wait for itself.
    pub(super) fn admit(&self) -> Result<()> {
        match *self.held.lock() {
            Some((_, holder)) if holder == Holder::current() => Err(Error::new(
                Kind::Unsupported,
                "this task holds a transaction of the database, and would wait for itself",
            )
            .with_help("go through the transaction, or end it first")),
            _ => Ok(()),
        }
    }
}

impl Holder {
    fn current() -> Self {
        match tokio::task::try_id() {
            Some(task) => Self::Task(task),
            None => Self::Thread(std::thread::current().id()),
        }
    }
}
