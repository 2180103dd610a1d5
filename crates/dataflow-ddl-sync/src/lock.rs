//! One migration of a PostgreSQL schema at a time.
//!
//! The lock is asked for again and again, never waited for: a statement that waits holds a snapshot,
//! for which `CREATE INDEX CONCURRENTLY` waits in turn, and the two deadlock. It belongs to the
//! transaction, so it cannot outlive it, and a connection pooler in between does not mind. Only where
//! something has to be done outside of transactions does it belong to the session.

use std::thread;
use std::time::{Duration, Instant};

use dataflow_core::ddl::Executor;
use dataflow_core::error::{Error, Kind, Result};
use postgres::SimpleQueryRow;

use crate::backend::postgres::Session;
use crate::pause::Pause;

/// The first half of the key, so that no other program's advisory locks are met by chance.
const CLASS: i32 = 0x6466_6464;

/// The second half: one lock for each schema. Advisory locks of two databases never meet.
const OBJECT: &str = "hashtext(current_schema())";

/// Begins a transaction that holds the lock, waiting for at most `wait`.
pub(crate) fn acquire(session: &mut Session, wait: Duration) -> Result<()> {
    poll(session, wait, |session| {
        let lock = format!("SELECT pg_try_advisory_xact_lock({CLASS}, {OBJECT})");
        let is_held = session.begin(&lock).and_then(|rows| answer(&rows));
        if !matches!(is_held, Ok(true)) {
            session.rollback();
        }
        is_held
    })
}

/// Takes the lock for the session, waiting for at most `wait`.
pub(crate) fn keep(session: &mut Session, wait: Duration) -> Result<()> {
    poll(session, wait, |session| {
        let lock = format!("SELECT pg_try_advisory_lock({CLASS}, {OBJECT})");
        answer(&session.rows(&lock)?)
    })
}

/// Lets the session's lock go.
pub(crate) fn release(session: &mut Session) -> Result<()> {
    let unlock = format!("SELECT pg_advisory_unlock({CLASS}, {OBJECT})");
    session.rows(&unlock).map(drop)
}

/// Asks again and again until the answer is yes.
fn poll(
    session: &mut Session,
    wait: Duration,
    attempt: impl Fn(&mut Session) -> Result<bool>,
) -> Result<()> {
    let deadline = Instant::now() + wait;
    let mut pause = Pause::default();
    while !attempt(session)? {
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            let holders = session.rows(&holders())?;
            return Err(held(wait, holders.first()));
        }
        thread::sleep(pause.next().min(left));
    }
    Ok(())
}

fn answer(rows: &[SimpleQueryRow]) -> Result<bool> {
    match rows.first().and_then(|row| row.get(0)) {
        Some(answer) => Ok(answer == "t"),
        None => Err(no_schema()),
    }
}

fn holders() -> String {
    format!(
        "SELECT holder.pid, holder.application_name, \
                coalesce(holder.client_addr::text, 'a local socket'), \
                extract(epoch FROM clock_timestamp() - holder.xact_start)::bigint \
         FROM pg_locks lock JOIN pg_stat_activity holder ON holder.pid = lock.pid \
         WHERE lock.locktype = 'advisory' AND lock.granted AND lock.objsubid = 2 \
         AND lock.database = (SELECT oid FROM pg_database WHERE datname = current_database()) \
         AND lock.classid = {CLASS} AND lock.objid::bigint = {OBJECT}::bigint & 4294967295"
    )
}

fn held(wait: Duration, holder: Option<&SimpleQueryRow>) -> Error {
    let message = format!(
        "lock_timeout has passed: another migration has held the lock for longer than {wait:?}"
    );
    let error = Error::new(Kind::Timeout, message)
        .with_help("wait for it to end, end its session, or raise lock_timeout");
    let Some(holder) = holder else {
        return error;
    };
    let part = |position| holder.get(position).unwrap_or("unknown");
    error.with_details(vec![format!(
        "held by pid {}, application_name {:?}, from {}, for {} s",
        part(0),
        part(1),
        part(2),
        part(3)
    )])
}

fn no_schema() -> Error {
    Error::new(Kind::Schema, "search_path names no schema that exists")
        .with_help("create the schema, or correct options=-c search_path=… in the url")
}
