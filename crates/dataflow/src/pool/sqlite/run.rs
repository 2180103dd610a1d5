//! Running statements to their end.

use std::panic::{AssertUnwindSafe, catch_unwind};

use dataflow_core::error::Kind;
use dataflow_core::{Error, Result, Value};
use rusqlite::Connection;

use super::bind::Bound;
use super::row::SqliteRow;
use super::watch::Watch;
use super::{error, foreign_key, newness};
use crate::pool::members::Stretch;
use crate::pool::{Rows, Statement, member};

/// Runs a statement, and answers how many rows it wrote. A foreign key that refuses it is named.
pub(super) fn run<C: Rows>(
    connection: &Connection,
    watch: &Watch,
    statement: &Statement,
    values: &[Value],
    rows: &mut C,
) -> Result<u64> {
    let written = run_once(connection, statement, values, rows);
    written.map_err(|error| match error.is_foreign_key() {
        true => named(connection, watch, statement, values).unwrap_or(error),
        false => error,
    })
}

/// Runs a statement, and answers how many rows it wrote.
///
/// It is stepped to its end even after `rows` has refused one: a statement that is reset early
/// keeps the write-ahead log from ever being checkpointed.
pub(super) fn run_once<C: Rows>(
    connection: &Connection,
    statement: &Statement,
    values: &[Value],
    rows: &mut C,
) -> Result<u64> {
    statement.accepts(values)?;
    newness::begin();
    let (mut kept, mut once);
    let prepared: &mut rusqlite::Statement<'_> = match statement.is_kept() {
        true => {
            kept = connection
                .prepare_cached(statement.sql())
                .map_err(|fault| error::of_preparing(&fault))?;
            &mut kept
        }
        false => {
            once = connection
                .prepare(statement.sql())
                .map_err(|fault| error::of_preparing(&fault))?;
            &mut once
        }
    };
    for (position, value) in values.iter().enumerate() {
        prepared
            .raw_bind_parameter(position + 1, Bound(value))
            .map_err(|fault| error::of(&fault))?;
    }
    let is_read = prepared.readonly();
    let mut cursor = prepared.raw_query();
    let mut refusal = None;
    while let Some(row) = cursor.next().map_err(|fault| error::of(&fault))? {
        if refusal.is_none() {
            refusal = offer(rows, &SqliteRow(row)).err();
        }
    }
    match refusal {
        Some(refusal) => Err(refusal),
        None if is_read => Ok(0),
        None => Ok(connection.changes()),
    }
}

/// The refusal of a statement that breaks a foreign key, with the names of that.
fn named(
    connection: &Connection,
    watch: &Watch,
    statement: &Statement,
    values: &[Value],
) -> Option<Error> {
    let found = foreign_key::broken(connection, statement, values);
    found.or_else(|| {
        let unit = Unit::begin(connection).ok()?;
        let again = || {
            let mut again = connection.prepare(statement.sql())?;
            for (position, value) in values.iter().enumerate() {
                again.raw_bind_parameter(position + 1, Bound(value))?;
            }
            let mut rows = again.raw_query();
            while rows.next()?.is_some() {}
            Ok(())
        };
        let undo = || {
            // What cannot be undone has undone itself.
            let _ = unit.undo(connection);
        };
        foreign_key::done_again(connection, watch, again, undo)
    })
}

/// Commits. Where that is refused, the transaction is still open.
pub(super) fn commit(connection: &Connection, watch: &Watch) -> Result<()> {
    connection.execute_batch("COMMIT").map_err(|fault| {
        let error = error::of(&fault);
        match error.is_foreign_key() {
            true => foreign_key::left_open(connection, watch).unwrap_or(error),
            false => error,
        }
    })
}

/// Runs a statement once for each member: all of them, or none and the error of the first refused.
pub(super) fn each_or_none<C: Rows>(
    connection: &mut Connection,
    watch: &Watch,
    statement: &Statement,
    members: Stretch<'_>,
    rows: &mut C,
) -> Result<u64> {
    let unit = Unit::begin(connection)?;
    let outcome = each(connection, watch, statement, members, rows)
        .and_then(|written| unit.keep(connection, watch).map(|()| written));
    if outcome.is_err() && !connection.is_autocommit() {
        // What has undone itself is not undone again.
        let _ = unit.undo(connection);
    }
    outcome
}

fn each<C: Rows>(
    connection: &Connection,
    watch: &Watch,
    statement: &Statement,
    members: Stretch<'_>,
    rows: &mut C,
) -> Result<u64> {
    let mut written = 0;
    for (position, values) in members.iter().enumerate() {
        written += run(connection, watch, statement, values, rows)
            .map_err(|refusal| member::refused(position, &refusal))?;
        rows.end_member();
    }
    rows.complete()?;
    Ok(written)
}

/// What several statements have begun, to be kept or undone as a whole.
#[derive(Clone, Copy)]
enum Unit {
    Transaction,
    Savepoint,
}

impl Unit {
    /// Begins a transaction, or a savepoint where there is one.
    fn begin(connection: &Connection) -> Result<Self> {
        let (unit, sql) = match connection.is_autocommit() {
            true => (Self::Transaction, "BEGIN IMMEDIATE"),
            false => (Self::Savepoint, "SAVEPOINT dataflow_unit"),
        };
        say(connection, sql).map(|()| unit)
    }

    fn keep(self, connection: &Connection, watch: &Watch) -> Result<()> {
        match self {
            Self::Transaction => commit(connection, watch),
            Self::Savepoint => say(connection, "RELEASE dataflow_unit"),
        }
    }

    fn undo(self, connection: &Connection) -> Result<()> {
        let sql = match self {
            Self::Transaction => "ROLLBACK",
            Self::Savepoint => "ROLLBACK TO dataflow_unit; RELEASE dataflow_unit",
        };
        say(connection, sql)
    }
}

/// Runs what neither takes nor gives values.
pub(super) fn say(connection: &Connection, sql: &str) -> Result<()> {
    let said = connection.execute_batch(sql);
    said.map_err(|fault| error::of(&fault))
}

/// A panic in code that collects must not end the thread that everyone needs.
fn offer<C: Rows>(rows: &mut C, row: &SqliteRow<'_>) -> Result<()> {
    catch_unwind(AssertUnwindSafe(|| rows.row(row))).unwrap_or_else(|_| {
        Err(Error::new(
            Kind::Internal,
            "reading a row panicked; the panic's message is on the standard error",
        ))
    })
}
