//! Whether something between here and the server gives every transaction another session.

use std::time::{Duration, Instant};

use dataflow_core::error::{Error, Kind, Result};
use postgres::{Client, SimpleQueryMessage, SimpleQueryRow};

use super::{Session, connect};
use crate::error::postgres::translate;

/// Refuses a way to the server on which a lock of the session would be somebody else's, and never
/// let go.
///
/// A pooler hands on processes of the server that are older than the connection to it. One that has
/// only begun opens its first ones for those who ask, and hands that which was used last to whoever
/// asks next: then a second connection is answered by the process that answers this one, or this one
/// by another than before. Directly connected, none of it is so.
pub(super) fn is_absent(session: &mut Session) -> Result<()> {
    let own = of_session(session)?;
    let begun = Instant::now();
    let mut second = connect::connect(&session.endpoint, session.timeouts.connect)?;
    let other = Process::of(&mut second).map_err(|fault| translate(&session.endpoint, &fault))?;
    let again = of_session(session)?;
    let is_handed_on = own.is_older_than(session.begun) || other.is_older_than(begun);
    match is_handed_on || other.id == own.id || again.id != own.id {
        true => Err(is_there()),
        false => Ok(()),
    }
}

/// The process of the server that answers.
struct Process {
    id: String,
    age: Duration,
}

impl Process {
    const QUERY: &str = "SELECT pid, extract(epoch FROM clock_timestamp() - backend_start) \
                         FROM pg_stat_activity WHERE pid = pg_backend_pid()";

    fn of(client: &mut Client) -> Result<Self, postgres::Error> {
        let messages = client.simple_query(Self::QUERY)?;
        Ok(Self::read(messages.iter().find_map(
            |message| match message {
                SimpleQueryMessage::Row(row) => Some(row),
                _ => None,
            },
        )))
    }

    fn read(row: Option<&SimpleQueryRow>) -> Self {
        let part = |at| row.and_then(|row| row.get(at)).unwrap_or_default();
        let seconds = part(1).parse().unwrap_or_default();
        Self {
            id: part(0).to_owned(),
            age: Duration::try_from_secs_f64(seconds).unwrap_or_default(),
        }
    }

    /// Whether it was there before a connection to it was begun.
    fn is_older_than(&self, begun: Instant) -> bool {
        self.age > begun.elapsed()
    }
}

fn of_session(session: &mut Session) -> Result<Process> {
    let rows = session.rows(Process::QUERY)?;
    Ok(Process::read(rows.first()))
}

fn is_there() -> Error {
    Error::new(
        Kind::Unsupported,
        "a step cannot run in a transaction, and the connection goes through a pooler, which may \
         give each transaction another session",
    )
    .with_help("set ddl_url to an address of the server itself")
}
