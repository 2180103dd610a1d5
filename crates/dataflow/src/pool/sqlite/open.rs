//! Opening a connection, and what holds for every one of them.

use std::time::{Duration, Instant};

use dataflow_core::endpoint::SqliteEndpoint;
use dataflow_core::error::Kind;
use dataflow_core::{Error, Result};
use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::watch::Watch;
use super::{documents, error, newness};
use crate::pool::PoolSettings;

/// Prepared statements that a connection keeps.
const STATEMENTS: usize = 256;

/// The write-ahead log is cut back to this size after a checkpoint: 64 MiB.
const LOG_BYTES: i64 = 64 << 20;

/// Opens the connection that writes; the file is made when it does not exist.
pub(super) fn writer(
    endpoint: &SqliteEndpoint,
    settings: &PoolSettings,
    watch: &Watch,
) -> Result<Connection> {
    let connection = match endpoint {
        SqliteEndpoint::Memory => Connection::open_in_memory(),
        SqliteEndpoint::File(path) => Connection::open_with_flags(path, FLAGS),
    };
    let connection = connection.map_err(|fault| error::of_opening(&fault, endpoint))?;
    set_up(&connection, settings, watch)
        .and_then(|()| {
            write_ahead(&connection, settings.acquire_timeout)?;
            connection.pragma_update(None, "synchronous", "NORMAL")?;
            connection.pragma_update_and_check(None, "journal_size_limit", LOG_BYTES, |_| Ok(()))
        })
        .map_err(|fault| error::of_opening(&fault, endpoint))?;
    foreign_keys_are_on(&connection)?;
    Ok(connection)
}

/// Opens a connection that can only read, and has it read the schema: the first query need not.
pub(super) fn reader(
    endpoint: &SqliteEndpoint,
    settings: &PoolSettings,
    watch: &Watch,
) -> Result<Connection> {
    let path = endpoint
        .path()
        .expect("a database in memory has no readers");
    let connection = Connection::open_with_flags(path, FLAGS)
        .map_err(|fault| error::of_opening(&fault, endpoint))?;
    set_up(&connection, settings, watch)
        .and_then(|()| connection.pragma_update(None, "query_only", true))
        .and_then(|()| connection.prepare("SELECT 1 FROM sqlite_schema").map(drop))
        .map_err(|fault| error::of_opening(&fault, endpoint))?;
    foreign_keys_are_on(&connection)?;
    Ok(connection)
}

/// Puts a connection right that somebody left otherwise than it was opened: in a transaction, or
/// with foreign keys that are not kept. False where SQLite does not obey.
pub(super) fn is_put_right(connection: &Connection) -> bool {
    if is_as_opened(connection) {
        return true;
    }
    // Inside a transaction SQLite ignores the second and the third in silence; what came of all of
    // them is looked at.
    let _ = connection.execute_batch("ROLLBACK");
    let _ = connection.execute_batch("PRAGMA foreign_keys = ON; PRAGMA legacy_alter_table = OFF");
    is_as_opened(connection)
}

/// Asked after each job, so without a statement.
fn is_as_opened(connection: &Connection) -> bool {
    let has = |setting, value| {
        connection
            .db_config(setting)
            .is_ok_and(|is_on| is_on == value)
    };
    connection.is_autocommit()
        && has(DbConfig::SQLITE_DBCONFIG_ENABLE_FKEY, true)
        && has(DbConfig::SQLITE_DBCONFIG_LEGACY_ALTER_TABLE, false)
}

/// A connection is used only by the thread that opened it, and a path is never read as a URI.
const FLAGS: OpenFlags = OpenFlags::SQLITE_OPEN_READ_WRITE
    .union(OpenFlags::SQLITE_OPEN_CREATE)
    .union(OpenFlags::SQLITE_OPEN_NO_MUTEX);

fn set_up(connection: &Connection, settings: &PoolSettings, watch: &Watch) -> rusqlite::Result<()> {
    connection.busy_timeout(settings.acquire_timeout)?;
    // Without it a bound LIMIT has every list prepared again.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    newness::install(connection)?;
    watch.install(connection);
    documents::install(connection)
}

/// Turns the write-ahead log on. That needs the file for oneself, and SQLite does not wait for it
/// as it does for other locks: the schema check may be at work, or another process may start.
fn write_ahead(connection: &Connection, patience: Duration) -> rusqlite::Result<()> {
    let started = Instant::now();
    loop {
        let turned = connection.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()));
        match turned.as_ref().map_err(rusqlite::Error::sqlite_error_code) {
            Err(Some(ErrorCode::DatabaseBusy)) if started.elapsed() < patience => {
                std::thread::sleep(Duration::from_millis(5));
            }
            _ => return turned,
        }
    }
}

/// The pragma is silently ignored by a SQLite that was built without foreign keys.
fn foreign_keys_are_on(connection: &Connection) -> Result<()> {
    let is_on: bool = connection
        .pragma_query_value(None, "foreign_keys", |row| row.get(0))
        .map_err(|fault| error::of(&fault))?;
    if is_on {
        Ok(())
    } else {
        Err(Error::new(
            Kind::Unsupported,
            "this SQLite was built without foreign keys",
        ))
    }
}
