//! What cannot be part of the shared transaction.

use std::ops::Range;
use std::thread;
use std::time::Duration;

use dataflow_core::ddl::Batches;
use dataflow_core::dialect::{literal, table_identifier};
use dataflow_core::error::Result;
use dataflow_core::plan::{Run, Statement};
use dataflow_core::schema::TableName;
use postgres::SimpleQueryMessage;

use super::tables::is_waiting_over;
use super::{LITERALS, SPELLING, Session};
use crate::error::postgres::translate;
use crate::pause::Pause;

/// How often a statement is tried.
const ATTEMPTS: usize = 5;

/// How many pages of a table one batch fills in: some ten thousand rows.
const PAGES: u64 = 256;

/// How long an index that is made beside writers may wait for transactions that are older. Nobody
/// waits behind it.
const PATIENCE: Duration = Duration::from_secs(30);

/// Runs a statement in the way that it asks for. None has a limit for how long it may run: each
/// reads a whole table while others go on.
pub(super) fn execute(
    session: &mut Session,
    statement: &Statement,
    watch: &mut dyn FnMut(Batches),
) -> Result<()> {
    match &statement.run {
        Run::Outside { undo } => outside(session, &statement.sql, undo.as_deref()),
        Run::InBatches { table } => in_batches(session, table, &statement.sql, watch),
        Run::Ahead | Run::Alone | Run::Together | Run::Before { .. } | Run::Check { .. } => {
            alone(session, &statement.sql).map(drop)
        }
    }
}

/// Statements that are sent together are one transaction. Gives how many rows it changed.
fn alone(session: &mut Session, sql: &str) -> Result<u64> {
    let lock = session.timeouts.lock.as_millis();
    let sql = format!(
        "SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = {lock}; {LITERALS} {SPELLING} {sql}"
    );
    again_and_again(session, &sql, None)
}

fn outside(session: &mut Session, sql: &str, undo: Option<&str>) -> Result<()> {
    let patience = PATIENCE.max(session.timeouts.lock).as_millis();
    session.rows(&format!(
        "SET statement_timeout = 0; SET lock_timeout = {patience}"
    ))?;
    let outcome = again_and_again(session, sql, undo);
    session.rows("RESET statement_timeout; RESET lock_timeout")?;
    outcome.map(drop)
}

/// A batch is the rows that stand on some pages: each page is read once, however many batches there
/// are. What a batch changes moves behind the last page, and needs nothing any more.
///
/// What others change moves too, perhaps past the batch that would have come to it. Most of it
/// stands on pages that are new; the last statement knows no pages and follows a row wherever it
/// goes.
fn in_batches(
    session: &mut Session,
    table: &TableName,
    sql: &str,
    watch: &mut dyn FnMut(Batches),
) -> Result<()> {
    let mut batches = Batches::default();
    let there = pages(session, table)?;
    on_pages(session, 0..there, sql, &mut batches, watch)?;
    let now = pages(session, table)?;
    on_pages(session, there..now, sql, &mut batches, watch)?;
    alone(session, sql).map(drop)
}

fn on_pages(
    session: &mut Session,
    pages: Range<u64>,
    sql: &str,
    batches: &mut Batches,
    watch: &mut dyn FnMut(Batches),
) -> Result<()> {
    let end = pages.end;
    batches.count += end.saturating_sub(pages.start).div_ceil(PAGES);
    for first in pages.step_by(PAGES as usize) {
        let next = end.min(first + PAGES);
        let batch = format!("{sql} AND ctid >= '({first},0)'::tid AND ctid < '({next},0)'::tid");
        batches.rows += alone(session, &batch)?;
        batches.done += 1;
        watch(*batches);
    }
    Ok(())
}

fn pages(session: &mut Session, table: &TableName) -> Result<u64> {
    let oid = literal(&table_identifier(table));
    let size = session.rows(&format!(
        "SELECT pg_relation_size({oid}::regclass) / current_setting('block_size')::bigint"
    ))?;
    let pages = size.first().and_then(|row| row.get(0)?.parse().ok());
    Ok(pages.unwrap_or(0))
}

fn again_and_again(session: &mut Session, sql: &str, undo: Option<&str>) -> Result<u64> {
    let mut pause = Pause::default();
    let mut attempt = 1;
    loop {
        let fault = match session.client.simple_query(sql) {
            Ok(messages) => return Ok(messages.iter().map(rows_changed).sum()),
            Err(fault) => fault,
        };
        if let Some(undo) = undo {
            // What it leaves where even this fails, the next start removes.
            let _ = session.send(undo);
        }
        if !is_waiting_over(&fault) || attempt == ATTEMPTS {
            return Err(translate(&session.endpoint, &fault));
        }
        thread::sleep(pause.next());
        attempt += 1;
    }
}

fn rows_changed(message: &SimpleQueryMessage) -> u64 {
    match message {
        SimpleQueryMessage::CommandComplete(rows) => *rows,
        _ => 0,
    }
}
