//! Running statements to their end.

use std::panic::{AssertUnwindSafe, catch_unwind};

use dataflow_core::error::Kind;
use dataflow_core::{Error, Result, Value};
use rusqlite::Connection;

use super::bind::Bound;
use super::row::SqliteRow;
use super::{error, foreign_key, newness};
use crate::pool::members::Stretch;
use crate::pool::{Rows, Statement, member};

/// Runs a statement, and answers how many rows it wrote.
///
/// It is stepped to its end even after `rows` has refused one: a statement that is reset early
/// keeps the write-ahead log from ever being checkpointed.
pub(super) fn run<C: Rows>(
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
    while let Some(row) = cursor
        .next()
        .map_err(|fault| refused(connection, statement, values, &fault))?
    {
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

fn refused(
    connection: &Connection,
    statement: &Statement,
    values: &[Value],
    fault: &rusqlite::Error,
) -> Error {
    let error = error::of(fault);
    match error.is_foreign_key() {
        true => foreign_key::broken(connection, statement, values).unwrap_or(error),
        false => error,
    }
}

/// Runs a statement once for each member: all of them, or none and the error of the first refused.
pub(super) fn each_or_none<C: Rows>(
    connection: &mut Connection,
    statement: &Statement,
    members: Stretch<'_>,
    rows: &mut C,
) -> Result<u64> {
    let unit = Unit::of(connection);
    let say = |sql| {
        connection
            .execute_batch(sql)
            .map_err(|fault| error::of(&fault))
    };
    say(unit.begin)?;
    let outcome = each(connection, statement, members, rows)
        .and_then(|written| say(unit.keep).map(|()| written));
    if outcome.is_err() && !connection.is_autocommit() {
        // What has undone itself is not undone again.
        let _ = say(unit.undo);
    }
    outcome
}

fn each<C: Rows>(
    connection: &Connection,
    statement: &Statement,
    members: Stretch<'_>,
    rows: &mut C,
) -> Result<u64> {
    let mut written = 0;
    for (position, values) in members.iter().enumerate() {
        written += run(connection, statement, values, rows)
            .map_err(|refusal| member::refused(position, &refusal))?;
        rows.end_member();
    }
    rows.complete()?;
    Ok(written)
}

/// What begins, keeps and undoes several statements as a whole.
struct Unit {
    begin: &'static str,
    keep: &'static str,
    undo: &'static str,
}

impl Unit {
    /// A transaction, or a savepoint where there is one.
    fn of(connection: &Connection) -> Self {
        if connection.is_autocommit() {
            return Self {
                begin: "BEGIN IMMEDIATE",
                keep: "COMMIT",
                undo: "ROLLBACK",
            };
        }
        Self {
            begin: "SAVEPOINT dataflow_unit",
            keep: "RELEASE dataflow_unit",
            undo: "ROLLBACK TO dataflow_unit; RELEASE dataflow_unit",
        }
    }
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
