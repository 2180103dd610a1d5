//! Over a connection that somebody else has open and lends.

use std::time::Duration;

use dataflow_core::SchemaSet;
use dataflow_core::ddl::{self, Executor as _, Probe, Recorded, SchemaReady, SyncOptions};
use dataflow_core::endpoint::SqliteEndpoint;
use dataflow_core::error::Result;
use rusqlite::Connection;

use super::Session;
use crate::timeouts::Timeouts;

/// Synchronizes over a connection that is open already: the one that the pool writes through. A
/// database in memory lives nowhere else, and a file's schema is read once less.
///
/// Where SQLite does not roll back what failed, the connection is left in its transaction and
/// without foreign keys. Whoever lends it MUST close it then.
///
/// # Errors
///
/// As [`ddl::synchronize`].
pub fn synchronize_on(
    connection: &mut Connection,
    endpoint: &SqliteEndpoint,
    schema_set: &SchemaSet,
    options: &SyncOptions,
    migration_timeout: Duration,
) -> Result<SchemaReady> {
    let mut session = Session::new(endpoint, connection, migration_timeout);
    ddl::synchronize(&mut session, schema_set, options)
}

/// What was recorded for an application, read over a connection that is open already.
///
/// # Errors
///
/// When the database does not answer.
pub fn recorded_on(
    connection: &mut Connection,
    endpoint: &SqliteEndpoint,
    application: &str,
    probe: Option<Probe>,
) -> Result<Option<Recorded>> {
    let mut session = Session::new(endpoint, connection, Timeouts::default().migration);
    session.recorded(application, probe)
}
