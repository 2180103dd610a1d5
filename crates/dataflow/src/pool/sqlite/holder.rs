//! Who has the writer for itself.

use std::thread::ThreadId;

use dataflow_core::error::Kind;
use dataflow_core::{Error, Result};
use parking_lot::Mutex;

/// The task that has the writer in a transaction, if one has.
#[derive(Default)]
pub(super) struct Holders(Mutex<Option<Holder>>);

/// A task; what a runtime blocks on is none, and is known by its thread.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Holder {
    Task(tokio::task::Id),
    Thread(ThreadId),
}

impl Holders {
    /// The current task has the writer.
    pub(super) fn note(&self) {
        *self.0.lock() = Some(Holder::current());
    }

    /// Nobody has it.
    pub(super) fn clear(&self) {
        *self.0.lock() = None;
    }

    /// Refuses the current task where it has the writer: it would wait for itself.
    pub(super) fn admit(&self) -> Result<()> {
        match *self.0.lock() {
            Some(holder) if holder == Holder::current() => Err(Error::new(
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
