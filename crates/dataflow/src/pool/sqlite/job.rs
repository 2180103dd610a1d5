//! What the threads are asked to do.

use std::sync::Arc;
use std::time::Duration;

use dataflow_core::{Error, Result, Value};
use rusqlite::Connection;
use tokio::sync::oneshot;

use super::run::{each_or_none, run};
use super::ticket::Ticket;
use super::watch::Watch;
use crate::pool::{Members, Rows, Statement};

/// Work for a thread that owns a connection: run, perhaps more than once, then answered once.
pub(super) trait Job: Send {
    /// Takes the job from its caller; false when the caller has left.
    fn take(&self) -> bool;

    /// Runs it, and keeps what it yields for [`answer`](Job::answer). What an earlier run yielded
    /// is forgotten.
    fn run(&mut self, connection: &mut Connection, watch: &Watch);

    /// Puts an error in the place of what it yields.
    fn fail(&mut self, error: Error);

    /// Tells the caller.
    fn answer(self: Box<Self>);
}

/// Work for the writer.
pub(super) enum Work {
    /// A statement that may share a transaction with others.
    Shared(Box<dyn Job>),
    /// What needs the connection for itself.
    Alone(Box<dyn Job>),
}

/// The values of a statement.
pub(super) enum Values {
    /// It runs once.
    Once(Vec<Value>),
    /// It runs once for each member: for all of them, or for none.
    Each(Members),
}

/// A statement that somebody waits for.
pub(super) struct Call<C: Rows> {
    pub(super) statement: Arc<Statement>,
    pub(super) values: Values,
    pub(super) rows: C,
    /// How many rows the last run wrote, once there was one.
    pub(super) written: Option<Result<u64>>,
    pub(super) answer: oneshot::Sender<Result<C::Output>>,
    pub(super) ticket: Arc<Ticket>,
    /// How long it may run, in the place of the setting.
    pub(super) statement_timeout: Option<Duration>,
    pub(super) when_left: WhenLeft,
}

/// What becomes of a statement whose caller has left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum WhenLeft {
    /// It is stopped.
    Stop,
    /// It is finished: it may share its transaction with others.
    Finish,
}

impl<C: Rows> Job for Call<C> {
    fn take(&self) -> bool {
        self.ticket.take()
    }

    fn run(&mut self, connection: &mut Connection, watch: &Watch) {
        if self.written.is_some() {
            self.rows.restart();
        }
        let rows = &mut self.rows;
        let is_stopped = self.when_left == WhenLeft::Stop;
        watch.start(self.statement_timeout, is_stopped.then_some(&self.ticket));
        self.written = Some(match &self.values {
            Values::Once(values) => run(connection, watch, &self.statement, values, rows),
            Values::Each(members) => {
                each_or_none(connection, watch, &self.statement, members.all(), rows)
            }
        });
        watch.stop();
    }

    fn fail(&mut self, error: Error) {
        self.written = Some(Err(error));
    }

    fn answer(self: Box<Self>) {
        let Self {
            rows,
            written,
            answer,
            ..
        } = *self;
        let outcome = written.unwrap_or(Ok(0)).map(|written| rows.finish(written));
        // Nobody listens when the caller has left meanwhile.
        let _ = answer.send(outcome);
    }
}

/// Something else that needs the connection.
pub(super) struct Errand<F, T, A> {
    work: Option<F>,
    outcome: Option<Result<T>>,
    answer: A,
}

impl<F, T, A> Errand<F, T, A>
where
    F: FnOnce(&mut Connection) -> T + Send,
    T: Send,
    A: FnOnce(Result<T>) + Send,
{
    pub(super) fn new(work: F, answer: A) -> Self {
        Self {
            work: Some(work),
            outcome: None,
            answer,
        }
    }
}

impl<F, T, A> Job for Errand<F, T, A>
where
    F: FnOnce(&mut Connection) -> T + Send,
    T: Send,
    A: FnOnce(Result<T>) + Send,
{
    fn take(&self) -> bool {
        true
    }

    fn run(&mut self, connection: &mut Connection, _: &Watch) {
        let work = self.work.take();
        self.outcome = work.map(|work| Ok(work(connection)));
    }

    fn fail(&mut self, error: Error) {
        self.outcome = Some(Err(error));
    }

    fn answer(self: Box<Self>) {
        if let Some(outcome) = self.outcome {
            (self.answer)(outcome);
        }
    }
}
