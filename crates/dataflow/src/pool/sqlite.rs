//! SQLite, on threads of its own.
//!
//! ```text
//! write ──→ channel ──→ the writer ── commits many at once ──→ answer
//! read  ──→ channel ──→ one of two readers ──────────────────→ answer
//! ```
//!
//! One hop there, one back: a statement runs and its rows are collected on the thread that owns
//! the connection. A database in memory has the writer alone, which is its only connection.

mod bind;
mod documents;
mod error;
mod foreign_key;
mod group;
mod holder;
mod job;
mod newness;
mod open;
mod owner;
mod reader;
mod row;
mod run;
mod tenancy;
mod ticket;
mod watch;
mod worker;

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use dataflow_core::ddl::{Recall, Recorded};
use dataflow_core::endpoint::SqliteEndpoint;
use dataflow_core::{Result, Value};
use dataflow_ddl_sync::recorded_on;
use rusqlite::Connection;
use tokio::sync::oneshot;

use super::flow::Flow;
use super::terms::Terms;
use super::{Bulk, Members, PoolSettings, PoolStats, Rows, Statement, TransactionOptions, refusal};
use holder::Holders;
use job::{Call, Errand, Values, WhenLeft, Work};
pub(super) use reader::Reader;
use reader::Readers;
pub(super) use tenancy::Tenant;
use tenancy::Tenure;
use ticket::{Ticket, Turn};
use worker::Workers;

/// One SQLite database and the threads that own its connections.
pub(super) struct Sqlite {
    endpoint: SqliteEndpoint,
    settings: PoolSettings,
    workers: OnceLock<Workers>,
    /// Who has the writer in a transaction.
    holders: Arc<Holders>,
    /// Who reads more rows than are to be in memory at once.
    readers: Readers,
}

impl Sqlite {
    pub(super) fn new(endpoint: SqliteEndpoint, settings: PoolSettings) -> Self {
        Self {
            endpoint,
            settings,
            workers: OnceLock::new(),
            holders: Arc::default(),
            readers: Readers::new(),
        }
    }

    /// Has a reader open its connection and read the schema, beside whatever the writer does.
    pub(super) async fn connect(&self) -> Result<()> {
        let statement = Arc::new(Statement::new("SELECT 1", Vec::new()));
        let (call, answer) = call(
            &statement,
            Values::Once(Vec::new()),
            (),
            None,
            WhenLeft::Stop,
        );
        self.workers()?.read(call)?;
        self.wait(answer).await
    }

    /// Has a reader open its connection and tell what was recorded: the first request then meets a
    /// reader that knows the schema. A database in memory has nothing recorded.
    pub(super) async fn recorded(&self, recall: &Recall) -> Result<Option<Recorded>> {
        let SqliteEndpoint::File(_) = self.endpoint else {
            return Ok(None);
        };
        let (endpoint, application, probe) = (
            self.endpoint.clone(),
            recall.application().to_owned(),
            recall.probe(),
        );
        let (answer, answered) = oneshot::channel();
        let errand = Errand::new(
            move |connection: &mut Connection| {
                recorded_on(connection, &endpoint, &application, probe)
            },
            move |recorded| {
                // Nobody listens when the start was given up meanwhile.
                let _ = answer.send(recorded);
            },
        );
        self.workers()?.read(Box::new(errand))?;
        answered.await.unwrap_or_else(|_| Err(refusal::closed()))?
    }

    /// Has the writer open its connection and answer.
    pub(super) async fn check(&self) -> Result<()> {
        let statement = Arc::new(Statement::new("SELECT 1", Vec::new()));
        let (call, answer) = call(
            &statement,
            Values::Once(Vec::new()),
            (),
            None,
            WhenLeft::Stop,
        );
        self.workers()?.write(Work::Alone(call))?;
        self.answer(answer).await
    }

    pub(super) async fn read<C: Rows>(
        &self,
        terms: &Terms,
        statement: &Arc<Statement>,
        values: Vec<Value>,
        rows: C,
    ) -> Result<C::Output> {
        if self.endpoint == SqliteEndpoint::Memory {
            self.holders.admit()?;
        }
        let limit = terms.statement_timeout;
        let (call, answer) = call(statement, Values::Once(values), rows, limit, WhenLeft::Stop);
        self.workers()?.read(call)?;
        self.answer(answer).await
    }

    /// Reads rows as they are asked for, beside those who read a few at once. A database in memory
    /// has one connection, and its rows are in memory as it is.
    pub(super) async fn flow<T, C: Rows<Output = Vec<T>> + Default>(
        &self,
        terms: &Terms,
        statement: &Arc<Statement>,
        values: Vec<Value>,
    ) -> Result<Flow<C>> {
        if self.endpoint == SqliteEndpoint::Memory {
            let rows = self.read(terms, statement, values, C::default()).await?;
            return Ok(Flow::Collected(rows));
        }
        let (endpoint, settings) = (&self.endpoint, &self.settings);
        let limit = terms.statement_timeout;
        let reader = self
            .readers
            .start(endpoint, settings, limit, statement, values);
        reader.await.map(Flow::Reader)
    }

    pub(super) async fn write<C: Rows>(
        &self,
        terms: &Terms,
        statement: &Arc<Statement>,
        values: Vec<Value>,
        rows: C,
    ) -> Result<C::Output> {
        self.holders.admit()?;
        let limit = terms.statement_timeout;
        let values = Values::Once(values);
        let (call, answer) = call(statement, values, rows, limit, WhenLeft::Finish);
        self.workers()?.write(Work::Shared(call))?;
        self.answer(answer).await
    }

    pub(super) async fn write_many<C: Rows>(
        &self,
        terms: &Terms,
        bulk: &Bulk,
        members: Members,
        rows: C,
    ) -> Result<C::Output> {
        self.holders.admit()?;
        let limit = terms.statement_timeout;
        let values = Values::Each(members);
        let (call, answer) = call(&bulk.each, values, rows, limit, WhenLeft::Finish);
        self.workers()?.write(Work::Alone(call))?;
        self.answer(answer).await
    }

    /// Leases a connection for a transaction: the writer, or a reader where nothing is written.
    pub(super) async fn begin(&self, options: TransactionOptions, terms: &Terms) -> Result<Tenant> {
        let kind = match (options.is_read_only(), &self.endpoint) {
            (false, _) => Tenure::Write,
            (true, SqliteEndpoint::File(_)) => Tenure::Read,
            (true, SqliteEndpoint::Memory) => Tenure::ReadOnWriter,
        };
        if kind != Tenure::Read {
            self.holders.admit()?;
        }
        let idle_timeout = self.settings.transaction_idle_timeout;
        let (tenancy, tenant, begun) =
            tenancy::let_out(kind, idle_timeout, terms.statement_timeout, &self.holders);
        match kind {
            Tenure::Read => self.workers()?.read(tenancy)?,
            Tenure::Write | Tenure::ReadOnWriter => {
                self.workers()?.write(Work::Alone(tenancy))?;
            }
        }
        self.wait(begun).await?;
        tenant.move_in();
        Ok(tenant)
    }

    /// Lends the writer's connection out, and blocks until it comes back.
    pub(super) fn on_writer<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Connection) -> T + Send + 'static,
    ) -> Result<T> {
        let (answer, answered) = crossbeam_channel::bounded(1);
        let errand = Errand::new(work, move |outcome| {
            let _ = answer.send(outcome);
        });
        self.workers()?.write(Work::Alone(Box::new(errand)))?;
        answered.recv().unwrap_or_else(|_| Err(refusal::closed()))
    }

    pub(super) async fn close(&self) {
        self.readers.close().await;
        if let Some(workers) = self.workers.get() {
            workers.close().await;
        }
    }

    pub(super) fn stats(&self) -> PoolStats {
        match self.workers.get() {
            Some(workers) => workers.stats(),
            None => PoolStats {
                size: worker::count(&self.endpoint),
                ..PoolStats::default()
            },
        }
    }

    /// The threads, started by the first caller. Should two callers be first at once, the threads
    /// of one of them end without having opened anything.
    fn workers(&self) -> Result<&Workers> {
        if let Some(workers) = self.workers.get() {
            return Ok(workers);
        }
        let started = Workers::start(&self.endpoint, &self.settings)?;
        Ok(self.workers.get_or_init(|| started))
    }

    /// Waits for the answer to an operation.
    async fn answer<T>(&self, answer: Answer<T>) -> Result<T> {
        let answered = self.wait(answer).await;
        answered.map_err(|error| error::of_opening_for_a_caller(error, &self.endpoint))
    }

    /// Waits for an answer. Only the time before the call's turn is limited here; the thread that
    /// runs it sees to `statement_timeout`.
    async fn wait<T>(&self, mut answer: Answer<T>) -> Result<T> {
        let patience = self.settings.acquire_timeout;
        let answered = match tokio::time::timeout(patience, &mut answer.receiver).await {
            Ok(answered) => answered,
            Err(_) if answer.turn.give_up() => return Err(refusal::acquire_timeout(patience)),
            Err(_) => answer.receiver.await,
        };
        answered.unwrap_or_else(|_| Err(refusal::closed()))
    }
}

/// What a caller holds while it waits: dropping it leaves.
struct Answer<T> {
    receiver: oneshot::Receiver<Result<T>>,
    turn: Turn,
}

impl<T> Answer<T> {
    fn new(receiver: oneshot::Receiver<Result<T>>, ticket: Arc<Ticket>) -> Self {
        let turn = Turn::of(ticket);
        Self { receiver, turn }
    }
}

fn call<C: Rows>(
    statement: &Arc<Statement>,
    values: Values,
    rows: C,
    statement_timeout: Option<Duration>,
    when_left: WhenLeft,
) -> (Box<Call<C>>, Answer<C::Output>) {
    let (answer, receiver) = oneshot::channel();
    let ticket = Ticket::new();
    let call = Call {
        statement: statement.clone(),
        values,
        rows,
        written: None,
        answer,
        ticket: ticket.clone(),
        statement_timeout,
        when_left,
    };
    (Box::new(call), Answer::new(receiver, ticket))
}
