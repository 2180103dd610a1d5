//! Whether something between here and the server gives every transaction another session.

use std::time::{Duration, Instant};

use dataflow_core::error::{Error, Kind, Result};
use postgres::{Client, SimpleQueryMessage, SimpleQueryRow};

use super::{Session, connect};
use crate::error::postgres::translate;

/// How often a fresh connection is asked where the session alone looks as if it were handed on.
const LOOKS: usize = 4;

/// Refuses a way to the server on which a lock of the session would be somebody else's, and never
/// let go.
///
/// A pooler hands on processes of the server that are older than the connection to it. One that has
/// only begun opens its first ones for those who ask, and hands that which was used last to whoever
/// asks next: then a second connection is answered by the process that answers this one, or this one
/// by another than before. Directly connected, none of it is so.
pub(super) fn is_absent(session: &mut Session) -> Result<()> {
    let mut looks = Vec::new();
    loop {
        match judged(&looks) {
            Verdict::Direct => return Ok(()),
            Verdict::Pooler => return Err(is_there()),
            Verdict::LookAgain => looks.push(Look::take(session)?),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Direct,
    Pooler,
    LookAgain,
}

/// What was seen tells of. Which process answers is exact; how old it is is told by the clock of the
/// server, which somebody may set meanwhile. So a session that looks old is reason to look again, and
/// a fresh connection is handed on where its process began before it both by how long that has been
/// there and by what the server's clock said before: no step of a clock, to either side, does both.
fn judged(looks: &[Look]) -> Verdict {
    let Some(first) = looks.first() else {
        return Verdict::LookAgain;
    };
    let own = &first.before;
    let tells = |look: &Look| {
        let is_moved = look.before.process != own.process || look.after.process != own.process;
        is_moved || look.fresh.process == own.process || look.is_handed_on()
    };
    match looks.iter().any(tells) {
        true => Verdict::Pooler,
        false if own.is_older_than_its_connection() && looks.len() < LOOKS => Verdict::LookAgain,
        false => Verdict::Direct,
    }
}

/// A fresh connection, and the session before and after it.
#[derive(Debug, Clone)]
struct Look {
    before: Answer,
    fresh: Answer,
    after: Answer,
}

impl Look {
    fn take(session: &mut Session) -> Result<Self> {
        let before = Answer::of_session(session)?;
        let begun = Instant::now();
        let mut fresh = connect::connect(&session.endpoint, session.timeouts.connect)?;
        let fresh =
            Answer::of(&mut fresh, begun).map_err(|fault| translate(&session.endpoint, &fault))?;
        let after = Answer::of_session(session)?;
        Ok(Self {
            before,
            fresh,
            after,
        })
    }

    fn is_handed_on(&self) -> bool {
        self.fresh.is_older_than_its_connection() && self.fresh.began() < self.before.clock
    }
}

/// The process of the server that answers over a connection.
#[derive(Debug, Clone)]
struct Answer {
    process: String,
    /// What the server's clock says, in seconds.
    clock: f64,
    /// For how long the process has been there by that clock, in seconds.
    age: f64,
    /// For how long the connection has, by our clock, which nobody sets.
    connected: Duration,
}

impl Answer {
    const QUERY: &str = "SELECT pid, extract(epoch FROM clock_timestamp()), \
                                extract(epoch FROM clock_timestamp() - backend_start) \
                         FROM pg_stat_activity WHERE pid = pg_backend_pid()";

    fn of(client: &mut Client, begun: Instant) -> Result<Self, postgres::Error> {
        let messages = client.simple_query(Self::QUERY)?;
        let row = messages.iter().find_map(|message| match message {
            SimpleQueryMessage::Row(row) => Some(row),
            _ => None,
        });
        Ok(Self::read(row, begun))
    }

    fn of_session(session: &mut Session) -> Result<Self> {
        let rows = session.rows(Self::QUERY)?;
        Ok(Self::read(rows.first(), session.begun))
    }

    fn read(row: Option<&SimpleQueryRow>, begun: Instant) -> Self {
        let part = |at| row.and_then(|row| row.get(at)).unwrap_or_default();
        Self {
            process: part(0).to_owned(),
            clock: part(1).parse().unwrap_or_default(),
            age: part(2).parse().unwrap_or_default(),
            connected: begun.elapsed(),
        }
    }

    fn is_older_than_its_connection(&self) -> bool {
        self.age > self.connected.as_secs_f64()
    }

    /// When the process began, by the server's clock.
    fn began(&self) -> f64 {
        self.clock - self.age
    }
}

fn is_there() -> Error {
    Error::new(
        Kind::Unsupported,
        "a step cannot run in a transaction, and the connection goes through a pooler, which may \
         give each transaction another session",
    )
    .with_help("set ddl_url to an address of the server itself")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// When the connection of the session was begun.
    const BEGUN: f64 = 1_000_000.0;

    fn answer(process: &str, clock: f64, age: f64, connected: f64) -> Answer {
        Answer {
            process: process.to_owned(),
            clock,
            age,
            connected: Duration::from_secs_f64(connected),
        }
    }

    /// A session that has been there for a second, and a connection that takes 10 ms.
    fn direct() -> Look {
        Look {
            before: answer("1", BEGUN + 1.0, 0.995, 1.0),
            fresh: answer("2", BEGUN + 1.01, 0.005, 0.01),
            after: answer("1", BEGUN + 1.02, 1.015, 1.02),
        }
    }

    /// The same, where the processes have been there for longer by so much.
    fn older(session: f64, fresh: f64) -> Look {
        let mut look = direct();
        look.before.age += session;
        look.after.age += session;
        look.fresh.age += fresh;
        look
    }

    fn answered_by(fresh: &str, after: &str) -> Look {
        let mut look = direct();
        look.fresh.process = fresh.to_owned();
        look.after.process = after.to_owned();
        look
    }

    /// The server's clock is set by so much between the question and the fresh connection.
    fn set_before_fresh(step: f64) -> Look {
        let mut look = direct();
        look.fresh.clock += step;
        look.after.clock += step;
        look.after.age += step;
        look
    }

    /// The server's clock is set by so much between the fresh connection and its answer.
    fn set_within_fresh(step: f64) -> Look {
        let mut look = set_before_fresh(step);
        look.fresh.age += step;
        look
    }

    #[test]
    fn a_step_of_the_clock_makes_no_direct_connection_one_of_a_pooler() {
        let seen_often = |look: Look| vec![look; LOOKS];
        let moved = Look {
            before: answer("3", BEGUN + 1.1, 1.095, 1.1),
            ..direct()
        };
        let cases = [
            ("nothing seen", vec![], Verdict::LookAgain),
            ("direct", vec![direct()], Verdict::Direct),
            (
                "clock set forward",
                vec![older(2.0, 0.0)],
                Verdict::LookAgain,
            ),
            (
                "and seen often",
                seen_often(older(2.0, 0.0)),
                Verdict::Direct,
            ),
            (
                "forward at a look",
                vec![set_before_fresh(2.0)],
                Verdict::Direct,
            ),
            (
                "back at a look",
                vec![set_before_fresh(-2.0)],
                Verdict::Direct,
            ),
            (
                "forward within",
                vec![set_within_fresh(2.0)],
                Verdict::Direct,
            ),
            ("back within", vec![set_within_fresh(-2.0)], Verdict::Direct),
            ("old processes", vec![older(60.0, 50.0)], Verdict::Pooler),
            ("an old fresh one", vec![older(0.0, 50.0)], Verdict::Pooler),
            ("one of a moment", vec![older(0.0, 0.1)], Verdict::Pooler),
            (
                "an old one, and later another",
                vec![older(60.0, 0.0), older(60.0, 50.0)],
                Verdict::Pooler,
            ),
            (
                "the same process",
                vec![answered_by("1", "1")],
                Verdict::Pooler,
            ),
            (
                "another process",
                vec![answered_by("2", "3")],
                Verdict::Pooler,
            ),
            (
                "another at a later look",
                vec![direct(), moved],
                Verdict::Pooler,
            ),
        ];
        for (name, looks, expected) in cases {
            assert_eq!(judged(&looks), expected, "{name}");
        }
    }
}
