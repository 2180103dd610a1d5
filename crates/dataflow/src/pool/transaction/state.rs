//! What is known of an open transaction: its savepoints, and how it came to its end.

use dataflow_core::error::Kind;
use dataflow_core::{Error, Result};

use super::operation::{Owner, Savepoint};

/// How a transaction stands.
#[derive(Default)]
pub(super) struct State {
    /// The savepoints that are open, the outermost first.
    pub(super) savepoints: Vec<Savepoint>,
    /// The number of the savepoint begun last.
    pub(super) last_savepoint: u32,
    /// The outermost savepoint that was dropped and is still to be undone.
    pub(super) dropped: Option<u32>,
    /// A statement has failed: all that is left is to roll back.
    pub(super) has_failed: bool,
    pub(super) end: Option<End>,
}

/// How a transaction came to its end.
#[derive(Debug, Clone, Copy)]
pub(super) enum End {
    Committed,
    RolledBack,
    /// The caller of a statement did not wait for it.
    Left,
    Lost,
}

/// What a turn is taken for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    Work,
    RollBack,
}

impl State {
    /// Whether whoever has the transaction or a savepoint of it may go on.
    pub(super) fn allows(&self, savepoint: u32, purpose: Purpose) -> Result<()> {
        if let Some(end) = self.end {
            return Err(over(end));
        }
        if savepoint > 0 && !self.is_open(savepoint) {
            return Err(Error::new(Kind::Unsupported, "the savepoint is over")
                .with_help("go on with what the savepoint lay in"));
        }
        let last = self.savepoints.last();
        if last.is_some_and(|last| last.number > savepoint) {
            return Err(
                Error::new(Kind::Unsupported, "a savepoint of the transaction is open")
                    .with_help("commit the savepoint or roll it back first"),
            );
        }
        if self.has_failed && purpose == Purpose::Work {
            return Err(failed());
        }
        Ok(())
    }

    fn is_open(&self, savepoint: u32) -> bool {
        self.savepoints.iter().any(|open| open.number == savepoint)
    }

    /// The operation that has to end before whoever has the transaction, or a savepoint of it, may go
    /// on.
    pub(super) fn operation_around(&self, savepoint: u32) -> Option<u32> {
        if self.end.is_some() || (savepoint > 0 && !self.is_open(savepoint)) {
            return None;
        }
        let mut above = self
            .savepoints
            .iter()
            .filter(|open| open.number > savepoint);
        let next = above.next().filter(|open| open.owner == Owner::Operation)?;
        Some(next.number)
    }

    pub(super) fn drop_savepoint(&mut self, savepoint: u32) {
        if !self.is_open(savepoint) {
            return;
        }
        self.savepoints.retain(|open| open.number < savepoint);
        self.dropped = Some(self.dropped.map_or(savepoint, |other| other.min(savepoint)));
        self.has_failed = false;
    }
}

pub(super) fn failed() -> Error {
    Error::new(
        Kind::Unsupported,
        "a statement of the transaction has failed, so it can only be rolled back",
    )
    .with_help("begin again, or put what may fail into a savepoint")
}

pub(super) fn over(end: End) -> Error {
    let what = match end {
        End::Committed => "the transaction is over: it was committed",
        End::RolledBack => "the transaction is over: it was rolled back",
        End::Left => "the transaction is over: a statement of it was not waited for",
        End::Lost => "the transaction is over: its connection was lost",
    };
    Error::new(Kind::Unsupported, what).with_help("begin another one")
}
