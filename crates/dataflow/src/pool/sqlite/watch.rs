//! Stops a statement that runs too long, or for nobody.

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
    current: Arc<Mutex<Current>>,
}

/// The statement that runs.
#[derive(Default)]
struct Current {
    deadline: Option<Instant>,
    ticket: Option<Arc<Ticket>>,
}

impl Watch {
    pub(super) fn new(statement_timeout: Duration) -> Self {
        Self {
            statement_timeout,
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

    /// Starts the clock of a statement, which may have a time of its own. Where there is a ticket, it
    /// ends when that is left.
    pub(super) fn start(&self, statement_timeout: Option<Duration>, ticket: Option<&Arc<Ticket>>) {
        let limit = statement_timeout.unwrap_or(self.statement_timeout);
        *self.current.lock() = Current {
            deadline: Instant::now().checked_add(limit),
            ticket: ticket.cloned(),
        };
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
