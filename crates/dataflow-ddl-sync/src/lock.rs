//! One migration of a PostgreSQL schema at a time.
//!
//! The lock is asked for again and again, never waited for: a statement that waits holds a snapshot,
//! for which `CREATE INDEX CONCURRENTLY` waits in turn, and the two deadlock. It belongs to the
//! transaction, so it cannot outlive it, and a connection pooler in between does not mind. Only where
//! something has to be done outside of transactions does it belong to the session.

use std::fmt;
use std::thread;
use std::time::Duration;

use dataflow_core::ddl::Executor;
use dataflow_core::error::{Error, Kind, Result};
use postgres::SimpleQueryRow;

use crate::backend::postgres::Session;
use crate::pause::Pause;
use crate::wait::Wait;

/// The first half of the key, so that no other program's advisory locks are met by chance.
const CLASS: i32 = 0x6466_6464;

/// The second half: one lock for each schema. Advisory locks of two databases never meet.
const OBJECT: &str = "hashtext(current_schema())";

/// Begins a transaction that holds the lock.
pub(crate) fn acquire(session: &mut Session) -> Result<()> {
    poll(session, |session| {
        let lock = format!("SELECT pg_try_advisory_xact_lock({CLASS}, {OBJECT})");
        let is_held = session.begin(&lock).and_then(|rows| answer(&rows));
        if !matches!(is_held, Ok(true)) {
            session.rollback();
        }
        is_held
    })
}

/// Takes the lock for the session.
pub(crate) fn keep(session: &mut Session) -> Result<()> {
    poll(session, |session| {
        let lock = format!("SELECT pg_try_advisory_lock({CLASS}, {OBJECT})");
        answer(&session.rows(&lock)?)
    })
}

/// Lets the session's lock go.
pub(crate) fn release(session: &mut Session) -> Result<()> {
    let unlock = format!("SELECT pg_advisory_unlock({CLASS}, {OBJECT})");
    session.rows(&unlock).map(drop)
}

/// Asks again and again until the answer is yes. An index of a large table takes hours, and every
/// replica that starts meanwhile comes here: whoever is at work is waited for.
fn poll(session: &mut Session, attempt: impl Fn(&mut Session) -> Result<bool>) -> Result<()> {
    let timeout = session.migration_timeout();
    let mut wait = Wait::begin(timeout);
    let mut pause = Pause::default();
    while !attempt(session)? {
        let (is_over, is_to_be_told) = (wait.is_over(), wait.is_to_be_told());
        let holder = match is_over || is_to_be_told {
            true => Holder::find(session)?,
            false => None,
        };
        // Where there is none, the lock was let go since it was asked for.
        if let Some(holder) = holder {
            if is_over && holder.idle.is_none_or(|idle| idle >= timeout) {
                return Err(held(timeout, &holder));
            }
            if is_to_be_told {
                let database = session.identity();
                tracing::warn!(database, "waiting for another migration, {holder}");
            }
        }
        thread::sleep(pause.next());
    }
    Ok(())
}

fn answer(rows: &[SimpleQueryRow]) -> Result<bool> {
    match rows.first().and_then(|row| row.get(0)) {
        Some(answer) => Ok(answer == "t"),
        None => Err(no_schema()),
    }
}

/// The session that holds the lock.
struct Holder {
    /// Its pid, application name and address; none where it has ended and its prepared transaction
    /// holds on.
    session: Option<[String; 3]>,
    /// For how long it has run no statement; none where the role may not see that.
    idle: Option<Duration>,
}

impl Holder {
    /// A lock of no session is that of a prepared transaction. A session that is not there any more
    /// has ended since its locks were listed.
    fn find(session: &mut Session) -> Result<Option<Self>> {
        let rows = session.rows(&format!(
            "SELECT holder.pid, holder.application_name, \
                    coalesce(holder.client_addr::text, 'a local socket'), \
                    CASE WHEN holder.state LIKE 'idle%' \
                    THEN extract(epoch FROM clock_timestamp() - holder.state_change)::bigint \
                    WHEN holder.state IN ('active', 'fastpath function call') THEN 0 END \
             FROM pg_locks lock LEFT JOIN pg_stat_activity holder ON holder.pid = lock.pid \
             WHERE lock.locktype = 'advisory' AND lock.granted AND lock.objsubid = 2 \
             AND lock.database = (SELECT oid FROM pg_database WHERE datname = current_database()) \
             AND lock.classid = {CLASS} AND lock.objid::bigint = {OBJECT}::bigint & 4294967295 \
             AND (holder.pid IS NOT NULL OR lock.pid IS NULL)"
        ))?;
        Ok(rows.first().map(|row| {
            let text = |at| row.get(at).unwrap_or("unknown").to_owned();
            let idle = row.get(3).and_then(|idle| idle.parse().ok());
            Self {
                session: row.get(0).map(|_| [0, 1, 2].map(text)),
                idle: idle.map(Duration::from_secs),
            }
        }))
    }
}

impl fmt::Display for Holder {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some([pid, application, address]) = &self.session else {
            return formatter.write_str("held by a session that nobody sees");
        };
        write!(
            formatter,
            "held by pid {pid}, application_name {application:?}, from {address}, "
        )?;
        match self.idle {
            Some(Duration::ZERO) => formatter.write_str("which is at work"),
            Some(idle) => write!(formatter, "which has done nothing for {idle:?}"),
            None => formatter.write_str("and this role may not see what it does"),
        }
    }
}

fn held(timeout: Duration, holder: &Holder) -> Error {
    let message = format!(
        "migration_timeout has passed: another migration has held the lock for longer than \
         {timeout:?}, and is not seen at work"
    );
    Error::new(Kind::Timeout, message)
        .with_help("wait for it to end, end its session, or raise migration_timeout")
        .with_details(vec![holder.to_string()])
}

fn no_schema() -> Error {
    Error::new(Kind::Schema, "search_path names no schema that exists")
        .with_help("create the schema, or correct options=-c search_path=… in the url")
}
