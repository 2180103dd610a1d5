//! Who decides what becomes of a job: the thread that takes it, or the caller that leaves.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

const WAITING: u8 = 0;
const TAKEN: u8 = 1;
const LEFT: u8 = 2;

/// The state of a job, shared by its caller and the thread that runs it.
#[derive(Debug)]
pub(super) struct Ticket(AtomicU8);

impl Ticket {
    pub(super) fn new() -> Arc<Self> {
        Arc::new(Self(AtomicU8::new(WAITING)))
    }

    /// Takes the job, unless its caller has left. It may be taken again to run once more.
    pub(super) fn take(&self) -> bool {
        self.change(WAITING, TAKEN)
    }

    /// Whether the caller has left.
    pub(super) fn is_left(&self) -> bool {
        self.0.load(Ordering::Acquire) == LEFT
    }

    fn change(&self, from: u8, to: u8) -> bool {
        self.0
            .compare_exchange(from, to, Ordering::AcqRel, Ordering::Acquire)
            .is_ok()
    }
}

/// The caller's half of a ticket: dropping it leaves.
#[derive(Debug)]
pub(super) struct Turn(Arc<Ticket>);

impl Turn {
    pub(super) fn of(ticket: Arc<Ticket>) -> Self {
        Self(ticket)
    }

    /// Leaves, unless the job is already taken.
    pub(super) fn give_up(&self) -> bool {
        self.0.change(WAITING, LEFT)
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.0.0.store(LEFT, Ordering::Release);
    }
}
