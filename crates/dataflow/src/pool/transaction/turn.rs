//! The connection of a transaction, in the hands of one statement.

use dataflow_core::Result;
use dataflow_core::error::Kind;
use parking_lot::Mutex;
use tokio::sync::MutexGuard;

use super::Connection;
use super::state::{End, State};
use crate::pool::failure::Failure;

/// The connection of a transaction, in the hands of one statement. Dropped before it is settled,
/// it ends the transaction.
pub(super) struct Turn<'a> {
    place: MutexGuard<'a, Option<Connection>>,
    connection: Option<Connection>,
    state: &'a Mutex<State>,
}

impl<'a> Turn<'a> {
    pub(super) fn new(
        place: MutexGuard<'a, Option<Connection>>,
        connection: Connection,
        state: &'a Mutex<State>,
    ) -> Self {
        Self {
            place,
            connection: Some(connection),
            state,
        }
    }

    pub(super) fn connection(&mut self) -> &mut Connection {
        let connection = self.connection.as_mut();
        connection.expect("a turn has its connection until it ends")
    }

    /// Runs what neither takes nor gives values.
    pub(super) async fn say(&mut self, sql: &str) -> Result<(), Failure> {
        match self.connection() {
            Connection::Postgres(lease) => lease.say(sql).await,
            Connection::Sqlite(tenant) => tenant.say(sql).await,
        }
    }

    /// Undoes what was done since a savepoint, with a statement that says so.
    pub(super) async fn undo(&mut self, sql: &str) -> Result<(), Failure> {
        match self.connection() {
            Connection::Postgres(lease) => lease.undo_to_savepoint(sql).await,
            Connection::Sqlite(tenant) => tenant.say(sql).await,
        }
    }

    /// Puts the connection back, unless it is lost or nobody wants the transaction any more.
    pub(super) fn settle<T>(mut self, outcome: Result<T, Failure>) -> Result<T> {
        let connection = self.connection.take();
        let mut state = self.state.lock();
        match &outcome {
            Err(failure) if failure.is_lost => {
                state.end.get_or_insert(End::Lost);
            }
            Err(failure) => state.has_failed |= failure.error.kind() != Kind::NotFound,
            Ok(_) => {}
        }
        match connection {
            Some(connection) if state.end.is_none() => *self.place = Some(connection),
            Some(Connection::Postgres(lease)) if is_lost(&outcome) => lease.discard(),
            // What is dropped is rolled back.
            _ => {}
        }
        outcome.map_err(|failure| failure.error)
    }

    /// Ends the transaction. It is over whatever the outcome.
    pub(super) async fn end(mut self, end: End) -> Result<()> {
        let outcome = match (self.connection(), end) {
            (Connection::Postgres(lease), End::Committed) => lease.commit().await,
            (Connection::Postgres(lease), _) => lease.roll_back().await,
            (Connection::Sqlite(tenant), End::Committed) => tenant.commit().await,
            (Connection::Sqlite(tenant), _) => tenant.roll_back().await,
        };
        let end = match &outcome {
            Ok(()) => end,
            Err(failure) if failure.is_lost => End::Lost,
            Err(_) => End::RolledBack,
        };
        self.state.lock().end.get_or_insert(end);
        match self.connection.take() {
            Some(Connection::Postgres(lease)) => lease.settle(outcome),
            _ => outcome.map_err(|failure| failure.error),
        }
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        if self.connection.is_some() {
            self.state.lock().end.get_or_insert(End::Left);
        }
    }
}

fn is_lost<T>(outcome: &Result<T, Failure>) -> bool {
    outcome.as_ref().is_err_and(|failure| failure.is_lost)
}
