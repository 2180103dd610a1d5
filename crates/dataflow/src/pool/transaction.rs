//! Statements that take effect together or not at all.
//!
//! A transaction has one connection for itself. Whoever runs a statement takes the connection out
//! of its place and puts it back: a future that is dropped in between takes the connection with it,
//! and so ends the transaction, because nobody knows how far its statement came.

mod operation;
mod options;
mod state;
mod turn;

pub use options::{Isolation, TransactionOptions};

use std::borrow::Cow;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use dataflow_core::error::Kind;
use dataflow_core::{Error, Result, Value};
use parking_lot::Mutex;
use tokio::sync::Notify;

use super::failure::Failure;
use super::flow::{Cursor, Flow};
use super::replicas::Replicas;
use super::{Bulk, Members, Rows, Statement, Wake, postgres, sqlite};
use crate::tenant::Tenant;
use operation::{Owner, Savepoint};
use state::{End, Purpose, State, failed, over};
use turn::Turn;

/// An open transaction, or a savepoint in one. Clones share it.
#[derive(Clone)]
pub(crate) struct Transaction {
    open: Arc<Open>,
    /// Which savepoint it is; 0 is the transaction itself.
    savepoint: u32,
    /// For whom statements are run, where the database minds that.
    tenant: Option<Tenant>,
}

struct Open {
    is_read_only: bool,
    /// Whether a statement can rest there between its rows.
    has_cursors: bool,
    /// Empty while a statement runs, and once the transaction is over.
    connection: tokio::sync::Mutex<Option<Connection>>,
    state: Mutex<State>,
    /// Told of each savepoint that ends, and of the end of all.
    ended: Notify,
    /// How long something waits for an operation of the transaction to end.
    patience: Duration,
    replicas: Option<Arc<Replicas>>,
    wake: Option<Arc<Wake>>,
}

/// The connection that a transaction has for itself.
pub(super) enum Connection {
    Postgres(postgres::Lease),
    Sqlite(sqlite::Tenant),
}

impl Transaction {
    pub(super) fn new(
        connection: Connection,
        options: TransactionOptions,
        patience: Duration,
        replicas: Option<Arc<Replicas>>,
        wake: Option<Arc<Wake>>,
    ) -> Self {
        let open = Open {
            is_read_only: options.is_read_only(),
            has_cursors: matches!(connection, Connection::Postgres(_)),
            connection: tokio::sync::Mutex::new(Some(connection)),
            state: Mutex::default(),
            ended: Notify::new(),
            patience,
            replicas,
            wake,
        };
        Self {
            open: Arc::new(open),
            savepoint: 0,
            tenant: None,
        }
    }

    /// The same, for statements that the database itself keeps to the rows of a tenant.
    pub(crate) fn acting_for(&self, tenant: Option<&Tenant>) -> Cow<'_, Self> {
        match tenant {
            None => Cow::Borrowed(self),
            Some(tenant) => Cow::Owned(Self {
                open: self.open.clone(),
                savepoint: self.savepoint,
                tenant: Some(tenant.clone()),
            }),
        }
    }

    /// Runs a statement that changes nothing.
    ///
    /// # Errors
    ///
    /// As [`Pool::read`](super::Pool::read). All that can be done after any of them but
    /// [`Kind::NotFound`] is to roll back.
    pub(crate) async fn read<C: Rows>(
        &self,
        statement: &Arc<Statement>,
        values: Vec<Value>,
        rows: C,
    ) -> Result<C::Output> {
        let mut turn = self.turn(Purpose::Work).await?;
        let outcome = match turn.connection() {
            Connection::Postgres(lease) => match lease.act_for(self.tenant.as_ref()).await {
                Ok(()) => lease.run(statement, &values, rows).await,
                Err(failure) => Err(failure),
            },
            Connection::Sqlite(tenant) => tenant.run(statement, values, rows).await,
        };
        turn.settle(outcome)
    }

    /// The rows of a statement that changes nothing, as they are asked for; other statements may run
    /// meanwhile. On SQLite, whose statements do not rest, all of them are read first.
    ///
    /// # Errors
    ///
    /// As [`read`](Self::read).
    pub(crate) async fn flow<T, C: Rows<Output = Vec<T>> + Default>(
        &self,
        statement: &Arc<Statement>,
        values: Vec<Value>,
    ) -> Result<Flow<C>> {
        if self.open.has_cursors {
            let cursor = Cursor::within(self.clone(), statement, values).await?;
            return Ok(Flow::Cursor(cursor));
        }
        let rows = self.read(statement, values, C::default()).await?;
        Ok(Flow::Collected(rows))
    }

    /// Runs a statement that takes effect with the transaction.
    ///
    /// # Errors
    ///
    /// As [`read`](Self::read), and [`Kind::Unsupported`] when the transaction is read-only.
    pub(crate) async fn write<C: Rows>(
        &self,
        statement: &Arc<Statement>,
        values: Vec<Value>,
        rows: C,
    ) -> Result<C::Output> {
        self.may_write()?;
        self.read(statement, values, rows).await
    }

    /// Writes many members, all of them or none.
    ///
    /// # Errors
    ///
    /// As [`write`](Self::write).
    pub(crate) async fn write_many<C: Rows>(
        &self,
        bulk: &Arc<Bulk>,
        members: Members,
        rows: C,
    ) -> Result<C::Output> {
        self.may_write()?;
        let mut turn = self.turn(Purpose::Work).await?;
        let outcome = match turn.connection() {
            Connection::Postgres(lease) => match lease.act_for(self.tenant.as_ref()).await {
                Ok(()) => lease.write_many(bulk, members.all(), rows).await,
                Err(failure) => Err(failure),
            },
            Connection::Sqlite(tenant) => tenant.write_many(bulk, members, rows).await,
        };
        turn.settle(outcome)
    }

    /// Begins a savepoint. What it lies in cannot be used before it has ended.
    pub(crate) async fn savepoint(&self) -> Result<Self> {
        self.begin_savepoint(Owner::Caller).await
    }

    /// Begins a savepoint for one operation, which does its work [within](Self::within). What it lies
    /// in waits until it has ended.
    pub(crate) async fn savepoint_of_operation(&self) -> Result<Self> {
        self.begin_savepoint(Owner::Operation).await
    }

    async fn begin_savepoint(&self, owner: Owner) -> Result<Self> {
        let mut turn = self.turn(Purpose::Work).await?;
        let savepoint = {
            let mut state = self.open.state.lock();
            state.last_savepoint += 1;
            state.last_savepoint
        };
        let outcome = turn.say(&format!("SAVEPOINT {}", name(savepoint))).await;
        // Whoever has the connection next must know of it.
        if outcome.is_ok() {
            self.open.state.lock().savepoints.push(Savepoint {
                number: savepoint,
                owner,
            });
        }
        turn.settle(outcome)?;
        Ok(Self {
            open: self.open.clone(),
            savepoint,
            tenant: None,
        })
    }

    /// Makes what was done take effect: in the database, or in what lies around a savepoint.
    ///
    /// # Errors
    ///
    /// When a statement has failed before: all is rolled back then.
    pub(crate) async fn commit(&self) -> Result<()> {
        if self.open.state.lock().has_failed {
            self.roll_back().await?;
            return Err(failed());
        }
        let mut turn = self.turn(Purpose::Work).await?;
        match self.savepoint {
            0 => {
                let _writing = self.open.replicas.as_ref().map(Replicas::write);
                let committed = turn.end(End::Committed).await;
                self.open.ended.notify_waiters();
                if let Some(wake) = self.open.wake.as_ref().filter(|_| !self.open.is_read_only) {
                    wake.tell();
                }
                committed
            }
            savepoint => {
                let sql = format!("RELEASE SAVEPOINT {}", name(savepoint));
                let outcome = turn.say(&sql).await;
                self.leave(turn, outcome)
            }
        }
    }

    /// Undoes what was done.
    pub(crate) async fn roll_back(&self) -> Result<()> {
        let mut turn = self.turn(Purpose::RollBack).await?;
        match self.savepoint {
            0 => {
                let ended = turn.end(End::RolledBack).await;
                self.open.ended.notify_waiters();
                ended
            }
            savepoint => {
                let outcome = turn.undo(&undo(savepoint)).await;
                self.leave(turn, outcome)
            }
        }
    }

    /// Rolls back as soon as that can be done, without waiting for it. Nothing happens to what is
    /// over already.
    pub(crate) fn abandon(&self) {
        let mut state = self.open.state.lock();
        if self.savepoint > 0 {
            state.drop_savepoint(self.savepoint);
            drop(state);
            self.open.ended.notify_waiters();
            return;
        }
        state.end.get_or_insert(End::RolledBack);
        drop(state);
        self.open.ended.notify_waiters();
        // Where a statement runs, whoever runs it sees the end and lets the connection go.
        if let Ok(mut place) = self.open.connection.try_lock() {
            drop(place.take());
        }
    }

    /// A savepoint has come to its end.
    fn leave(&self, turn: Turn<'_>, outcome: Result<(), Failure>) -> Result<()> {
        let settled = turn.settle(outcome);
        if settled.is_ok() {
            let mut state = self.open.state.lock();
            state.savepoints.retain(|open| open.number < self.savepoint);
            state.has_failed = false;
        }
        self.open.ended.notify_waiters();
        settled
    }

    fn may_write(&self) -> Result<()> {
        if !self.open.is_read_only {
            return Ok(());
        }
        Err(
            Error::new(Kind::Unsupported, "the transaction is read-only")
                .with_help("write in another transaction, or begin one that is not read-only"),
        )
    }

    /// Takes the connection, when those who came before have put it back.
    async fn turn(&self, purpose: Purpose) -> Result<Turn<'_>> {
        let (mut place, dropped) = loop {
            let mut ended = pin!(self.open.ended.notified());
            ended.as_mut().enable();
            let place = self.open.connection.lock().await;
            {
                let mut state = self.open.state.lock();
                let operation = state.operation_around(self.savepoint);
                if operation.is_none_or(|operation| self.is_part_of(operation)) {
                    state.allows(self.savepoint, purpose)?;
                    break (place, state.dropped.take());
                }
            }
            drop(place);
            operation::wait(ended, self.open.patience).await?;
        };
        let connection = place.take().ok_or_else(|| over(End::Lost))?;
        let mut turn = Turn::new(place, connection, &self.open.state);
        let Some(savepoint) = dropped else {
            return Ok(turn);
        };
        match turn.undo(&undo(savepoint)).await {
            Ok(()) => Ok(turn),
            failed => turn.settle(failed).and(Err(over(End::Lost))),
        }
    }
}

fn name(savepoint: u32) -> String {
    format!("dataflow_{savepoint}")
}

fn undo(savepoint: u32) -> String {
    let name = name(savepoint);
    format!("ROLLBACK TO SAVEPOINT {name}; RELEASE SAVEPOINT {name}")
}
