//! A transaction on a thread: its connection is one caller's until the transaction ends.

use std::sync::Arc;
use std::time::Duration;

use crossbeam_channel::{Receiver, Sender, unbounded};
use dataflow_core::{Error, Result, Value};
use rusqlite::Connection;
use tokio::sync::oneshot;

use super::holder::{Holders, Lease};
use super::job::{Job, Values, WhenLeft};
use super::run::{commit, say};
use super::ticket::Ticket;
use super::watch::Watch;
use super::{Answer, call};
use crate::pool::failure::Failure;
use crate::pool::{Bulk, Members, Rows, Statement, refusal};

/// The thread's half: begins a transaction and runs what its tenant sends until it ends.
///
/// A tenant that leaves, or sends nothing for too long, is rolled back.
pub(super) struct Tenancy {
    kind: Tenure,
    orders: Receiver<Order>,
    begun: Option<oneshot::Sender<Result<()>>>,
    idle_timeout: Duration,
    ticket: Arc<Ticket>,
}

/// The caller's half.
pub(in crate::pool) struct Tenant {
    orders: Sender<Order>,
    statement_timeout: Option<Duration>,
    /// Where the writer is leased: who has it.
    held: Option<(Arc<Holders>, Lease)>,
}

/// What a transaction has its connection for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tenure {
    /// Reads and writes, on the writer.
    Write,
    /// Only reads, on a reader.
    Read,
    /// Only reads, on the connection of a database that has no other.
    ReadOnWriter,
}

enum Order {
    Run(Box<dyn Job>),
    Say(String, oneshot::Sender<Result<()>>),
    Commit(oneshot::Sender<Result<()>>),
    RollBack(oneshot::Sender<Result<()>>),
}

/// Both halves of a transaction that is to begin.
pub(super) fn let_out(
    kind: Tenure,
    idle_timeout: Duration,
    statement_timeout: Option<Duration>,
    holders: &Arc<Holders>,
) -> (Box<Tenancy>, Tenant, Answer<()>) {
    let (sender, orders) = unbounded();
    let (begun, receiver) = oneshot::channel();
    let ticket = Ticket::new();
    let tenancy = Tenancy {
        kind,
        orders,
        begun: Some(begun),
        idle_timeout,
        ticket: ticket.clone(),
    };
    let tenant = Tenant {
        orders: sender,
        statement_timeout,
        held: (kind != Tenure::Read).then(|| (holders.clone(), holders.lease())),
    };
    (Box::new(tenancy), tenant, Answer::new(receiver, ticket))
}

impl Job for Tenancy {
    fn take(&self) -> bool {
        self.ticket.take()
    }

    fn run(&mut self, connection: &mut Connection, watch: &Watch) {
        let begun = say(connection, self.kind.begin());
        self.tell(begun);
        if !connection.is_autocommit() {
            self.serve(connection, watch);
        }
        if !connection.is_autocommit() {
            // A rollback that fails has nothing left to undo.
            let _ = connection.execute_batch("ROLLBACK");
        }
        if self.kind == Tenure::ReadOnWriter {
            let _ = connection.execute_batch("PRAGMA query_only = OFF");
        }
    }

    fn fail(&mut self, error: Error) {
        self.tell(Err(error));
    }

    fn answer(self: Box<Self>) {}
}

impl Tenancy {
    /// Runs orders until the transaction is over. SQLite ends it by itself where it cannot be kept.
    fn serve(&self, connection: &mut Connection, watch: &Watch) {
        while !connection.is_autocommit() {
            match self.orders.recv_timeout(self.idle_timeout) {
                Ok(Order::Run(mut job)) if job.take() => {
                    job.run(connection, watch);
                    job.answer();
                }
                // Its caller has left, and with it the tenant.
                Ok(Order::Run(_)) => {}
                Ok(Order::Say(sql, answer)) => {
                    let _ = answer.send(say(connection, &sql));
                }
                Ok(Order::Commit(answer)) => {
                    let _ = answer.send(commit(connection, watch));
                    return;
                }
                Ok(Order::RollBack(answer)) => {
                    let _ = answer.send(say(connection, "ROLLBACK"));
                    return;
                }
                Err(_) => return,
            }
        }
    }

    fn tell(&mut self, begun: Result<()>) {
        if let Some(sender) = self.begun.take() {
            // A caller that has left drops its half, which ends the transaction.
            let _ = sender.send(begun);
        }
    }
}

impl Tenure {
    fn begin(self) -> &'static str {
        match self {
            Self::Write => "BEGIN IMMEDIATE",
            Self::Read => "BEGIN",
            Self::ReadOnWriter => "PRAGMA query_only = ON; BEGIN",
        }
    }
}

impl Tenant {
    /// Notes who goes on with the transaction.
    pub(super) fn move_in(&self) {
        if let Some((holders, lease)) = &self.held {
            holders.note(*lease);
        }
    }

    pub(in crate::pool) async fn run<C: Rows>(
        &mut self,
        statement: &Arc<Statement>,
        values: Vec<Value>,
        rows: C,
    ) -> Result<C::Output, Failure> {
        self.call(statement, Values::Once(values), rows).await
    }

    pub(in crate::pool) async fn write_many<C: Rows>(
        &mut self,
        bulk: &Bulk,
        members: Members,
        rows: C,
    ) -> Result<C::Output, Failure> {
        self.call(&bulk.each, Values::Each(members), rows).await
    }

    /// Runs what neither takes nor gives values.
    pub(in crate::pool) async fn say(&mut self, sql: &str) -> Result<(), Failure> {
        let (answer, answered) = oneshot::channel();
        self.order(Order::Say(sql.to_owned(), answer))?;
        settled(answered.await)
    }

    pub(in crate::pool) async fn commit(&mut self) -> Result<(), Failure> {
        let (answer, answered) = oneshot::channel();
        self.order(Order::Commit(answer))?;
        settled(answered.await)
    }

    pub(in crate::pool) async fn roll_back(&mut self) -> Result<(), Failure> {
        let (answer, answered) = oneshot::channel();
        self.order(Order::RollBack(answer))?;
        settled(answered.await)
    }

    async fn call<C: Rows>(
        &mut self,
        statement: &Arc<Statement>,
        values: Values,
        rows: C,
    ) -> Result<C::Output, Failure> {
        let limit = self.statement_timeout;
        let (call, answer) = call(statement, values, rows, limit, WhenLeft::Stop);
        self.order(Order::Run(call))?;
        self.move_in();
        // The turn of the call stands until it has ended: leaving stops its statement.
        let Answer { receiver, turn } = answer;
        let answered = settled(receiver.await);
        drop(turn);
        answered
    }

    fn order(&self, order: Order) -> Result<(), Failure> {
        let sent = self.orders.send(order);
        sent.map_err(|_| Failure::lost(refusal::idle_timeout()))
    }
}

impl Drop for Tenant {
    fn drop(&mut self) {
        if let Some((holders, lease)) = &self.held {
            holders.clear(*lease);
        }
    }
}

/// A thread that does not answer has rolled back, because its tenant was idle for too long.
fn settled<T>(answered: Result<Result<T>, oneshot::error::RecvError>) -> Result<T, Failure> {
    match answered {
        Ok(outcome) => outcome.map_err(Failure::refused),
        Err(_) => Err(Failure::lost(refusal::idle_timeout())),
    }
}
