//! One migration of a PostgreSQL schema at a time.
//!
//! The lock is asked for again and again, never waited for: a statement that waits holds a snapshot,
//! for which `CREATE INDEX CONCURRENTLY` waits in turn, and the two deadlock. It belongs to the
//! transaction, so it cannot outlive it, and a connection pooler in between does not mind.

use std::hash::{BuildHasher, RandomState};
use std::thread;
use std::time::{Duration, Instant};

use dataflow_core::ddl::Executor;
use dataflow_core::error::{Error, Kind, Result};
use postgres::SimpleQueryRow;

use crate::backend::postgres::Session;

/// The first half of the key, so that no other program's advisory locks are met by chance.
const CLASS: i32 = 0x6466_6464;

/// The second half: one lock for each schema. Advisory locks of two databases never meet.
const OBJECT: &str = "hashtext(current_schema())";

const SHORTEST_PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_millis(500);

/// Begins a transaction that holds the lock, waiting for at most `wait`.
pub(crate) fn acquire(session: &mut Session, wait: Duration) -> Result<()> {
    let deadline = Instant::now() + wait;
    let mut pause = SHORTEST_PAUSE;
    loop {
        let is_held = attempt(session);
        if let Ok(true) = is_held {
            return Ok(());
        }
        session.rollback();
        is_held?;
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            let holders = session.rows(&holders())?;
            return Err(held(wait, holders.first()));
        }
        thread::sleep(jittered(pause).min(left));
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

/// Begins a transaction, and says whether it holds the lock.
fn attempt(session: &mut Session) -> Result<bool> {
    let rows = session.begin(&format!(
        "SELECT pg_try_advisory_xact_lock({CLASS}, {OBJECT})"
    ))?;
    match rows.first().and_then(|row| row.get(0)) {
        Some(answer) => Ok(answer == "t"),
        None => Err(no_schema()),
    }
}

/// Half to all of a pause, so that programs which started together do not ask together.
fn jittered(pause: Duration) -> Duration {
    let random = RandomState::new().hash_one(0) % 512;
    let share = u32::try_from(random + 512).expect("it is below 1024");
    pause * share / 1024
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
