//! How long each kind of waiting may take.

use std::time::Duration;

/// How long each kind of waiting may take. As with libpq, zero means no limit.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Timeouts {
    /// For opening a connection: name lookup, TCP, TLS and login together.
    pub(crate) connect: Duration,
    /// For a lock of a table or of a database file.
    pub(crate) lock: Duration,
    /// For another migration that cannot be seen at work.
    pub(crate) migration: Duration,
    /// For one statement.
    pub(crate) statement: Duration,
}

/// Enough for a table to be written anew where nobody can see that it is: on SQLite, or where the
/// role may not look at the sessions of others.
const MIGRATION: Duration = Duration::from_mins(5);

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(5),
            lock: Duration::from_secs(2),
            migration: MIGRATION,
            statement: Duration::from_secs(30),
        }
    }
}
