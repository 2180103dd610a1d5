//! Stops a statement that runs too long, or for nobody.

use std::cell::Cell;
use std::sync::Arc;
use std::time::{Duration, Instant};

use parking_lot::Mutex;
use rusqlite::Connection;

use super::ticket::Ticket;

/// How many instructions of SQLite's machine pass between two looks at the clock.
const INSTRUCTIONS: i32 = 10_000;

/// The clock of one connection.
pub(super) struct Watch {
    statement_timeout: Duration,
    role: Role,
    is_leased: Cell<bool>,
    current: Arc<Mutex<Current>>,
}

/// What a connection is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// A statement ends early when its caller leaves.
    Reader,
    /// A statement is finished even when its caller leaves, as it may share its transaction with
    /// others; unless the connection is leased.
    Writer,
}

/// The statement that runs.
#[derive(Default)]
struct Current {
    deadline: Option<Instant>,
    ticket: Option<Arc<Ticket>>,
}

impl Watch {
    pub(super) fn new(role: Role, statement_timeout: Duration) -> Self {
        Self {
            statement_timeout,
            role,
            is_leased: Cell::new(false),
            current: Arc::default(),
        }
    }

    /// Interrupts the statements of a connection from now on.
    pub(super) fn install(&self, connection: &Connection) {
        let current = self.current.clone();
        let is_over = move || current.lock().is_over();
        // Some versions of rusqlite answer here, others do not.
        let _ = connection.progress_handler(INSTRUCTIONS, Some(is_over));
    }

    /// Starts the clock.
    pub(super) fn start(&self, ticket: &Arc<Ticket>) {
        *self.current.lock() = Current {
            deadline: Instant::now().checked_add(self.statement_timeout),
            ticket: self.ends_early().then(|| ticket.clone()),
        };
    }

    /// Does the work of a transaction, whose statements share it with nobody else's.
    pub(super) fn while_leased(&self, work: impl FnOnce()) {
        self.is_leased.set(true);
        work();
        self.is_leased.set(false);
    }

    /// Whether a statement ends when its caller leaves.
    fn ends_early(&self) -> bool {
        self.role == Role::Reader || self.is_leased.get()
    }

    /// Stops the clock.
    pub(super) fn stop(&self) {
        *self.current.lock() = Current::default();
    }
}

impl Current {
    fn is_over(&self) -> bool {
        let is_late = self
            .deadline
            .is_some_and(|deadline| Instant::now() >= deadline);
        is_late || self.ticket.as_ref().is_some_and(|ticket| ticket.is_left())
    }
}
