//! Connections to either database behind one seam.
//!
//! A statement goes in with its values; the rows it yields are collected where they are read, by a
//! [`Rows`] that is compiled once per database. Whoever calls knows neither driver nor runtime.
//! What stands in the statements is the business of repositories.

mod failure;
mod flow;
mod member;
mod members;
mod postgres;
pub(crate) mod refusal;
mod replicas;
mod rows;
mod said;
mod settings;
mod sqlite;
mod statement;
mod stats;
mod terms;
mod transaction;
mod wake;

pub(crate) use flow::Flow;
pub(crate) use members::Members;
pub(crate) use rows::Rows;
pub(crate) use settings::PoolSettings;
pub(crate) use statement::{Bulk, Statement};
pub(crate) use stats::PoolStats;
pub(crate) use transaction::Transaction;
pub use transaction::{Isolation, TransactionOptions};
pub(crate) use wake::Wake;

#[cfg(test)]
mod tests;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use dataflow_core::ddl::{Recall, Recorded, SchemaReady};
use dataflow_core::error::Kind;
use dataflow_core::{Endpoint, Error, Result, Value};

use flow::Cursor;
use postgres::{Postgres, Write};
use replicas::Replicas;
use sqlite::Sqlite;
use terms::Terms;
use transaction::Connection;

/// The connections of one database, shared by its clones.
#[derive(Clone)]
pub(crate) struct Pool {
    inner: Arc<Inner>,
    terms: Terms,
}

struct Inner {
    connections: Connections,
    replicas: Option<Arc<Replicas>>,
    wake: Option<Arc<Wake>>,
    ready: OnceLock<SchemaReady>,
    is_closed: AtomicBool,
    /// How long something waits for its turn.
    patience: Duration,
    /// How long a statement may run where nothing else is said.
    statement_timeout: Duration,
}

enum Connections {
    Postgres(Postgres),
    Sqlite(Box<Sqlite>),
}

impl Pool {
    /// A pool without a connection: nothing is opened before it is asked for.
    pub(crate) fn new(endpoint: Endpoint, settings: PoolSettings) -> Self {
        let replicas = Replicas::new(&settings.read_endpoints, &settings);
        let wake = settings.wake.clone();
        let patience = settings.acquire_timeout;
        let statement_timeout = settings.statement_timeout;
        let connections = match endpoint {
            Endpoint::Postgres(postgres) => {
                Connections::Postgres(Postgres::new(postgres, settings))
            }
            Endpoint::Sqlite(sqlite) => {
                Connections::Sqlite(Box::new(Sqlite::new(sqlite, settings)))
            }
        };
        let inner = Inner {
            connections,
            replicas,
            wake,
            ready: OnceLock::new(),
            is_closed: AtomicBool::new(false),
            patience,
            statement_timeout,
        };
        Self {
            inner: Arc::new(inner),
            terms: Terms::default(),
        }
    }

    /// Lets statements through: the database holds what the models need.
    pub(crate) fn admit(&self, ready: SchemaReady) {
        self.inner.ready.get_or_init(|| ready);
    }

    /// Opens the first connection, and no other. It may run beside the schema check.
    ///
    /// # Errors
    ///
    /// [`Kind::Unavailable`] when the database cannot be reached or refuses the login,
    /// [`Kind::Timeout`] when it takes longer than `connect_timeout`.
    pub(crate) async fn connect(&self) -> Result<()> {
        self.open()?;
        match &self.inner.connections {
            Connections::Postgres(postgres) => postgres.connect().await,
            Connections::Sqlite(sqlite) => sqlite.connect().await,
        }
    }

    /// Opens the first connection, and asks on it what was recorded when the tables were last
    /// brought to what an application's models need; nothing where it cannot be told.
    ///
    /// # Errors
    ///
    /// As [`connect`](Pool::connect).
    pub(crate) async fn recorded(&self, recall: &Recall) -> Result<Option<Recorded>> {
        self.open()?;
        match &self.inner.connections {
            Connections::Postgres(postgres) => postgres.recorded(recall).await,
            Connections::Sqlite(sqlite) => sqlite.recorded(recall).await,
        }
    }

    /// Asks the database for an answer now, whether or not its schema is ready.
    ///
    /// # Errors
    ///
    /// As [`connect`](Pool::connect), and [`Kind::Timeout`] for the other timeouts.
    pub(crate) async fn check(&self) -> Result<()> {
        self.open()?;
        match &self.inner.connections {
            Connections::Postgres(postgres) => postgres.check().await,
            Connections::Sqlite(sqlite) => sqlite.check().await,
        }
    }

    /// Runs a statement that changes nothing.
    ///
    /// # Errors
    ///
    /// What the database refuses, in the words of [`Kind`]; a timeout names its setting.
    pub(crate) async fn read<C: Rows>(
        &self,
        statement: &Arc<Statement>,
        values: Vec<Value>,
        rows: C,
    ) -> Result<C::Output> {
        self.admitted()?;
        match (&self.inner.connections, &self.inner.replicas) {
            (Connections::Postgres(postgres), Some(replicas)) => {
                // Its future holds two reads, and most pools have no replicas.
                let read = replicas.read(postgres, &self.terms, statement, &values, rows);
                Box::pin(read).await
            }
            _ => self.read_newest(statement, values, rows).await,
        }
    }

    /// As [`read`](Pool::read), where writes go and never on a replica.
    ///
    /// # Errors
    ///
    /// As [`read`](Pool::read).
    pub(crate) async fn read_newest<C: Rows>(
        &self,
        statement: &Arc<Statement>,
        values: Vec<Value>,
        rows: C,
    ) -> Result<C::Output> {
        self.admitted()?;
        let terms = &self.terms;
        match &self.inner.connections {
            Connections::Postgres(postgres) => postgres.read(terms, statement, &values, rows).await,
            Connections::Sqlite(sqlite) => sqlite.read(terms, statement, values, rows).await,
        }
    }

    /// The rows of a statement that changes nothing, as they are asked for. They are of the moment at
    /// which it began, and never of a replica.
    ///
    /// # Errors
    ///
    /// As [`read`](Pool::read).
    pub(crate) async fn flow<T, C: Rows<Output = Vec<T>> + Default>(
        &self,
        statement: &Arc<Statement>,
        values: Vec<Value>,
    ) -> Result<Flow<C>> {
        self.admitted()?;
        match &self.inner.connections {
            Connections::Postgres(_) => {
                let read_only = TransactionOptions::new().read_only();
                let transaction = self.begin(read_only).await?;
                let transaction = transaction
                    .acting_for(self.terms.tenant.as_ref())
                    .into_owned();
                let cursor = Cursor::alone(transaction, statement, values).await?;
                Ok(Flow::Cursor(cursor))
            }
            Connections::Sqlite(sqlite) => sqlite.flow(&self.terms, statement, values).await,
        }
    }

    /// Something was written by somebody else: replicas have to catch up with it.
    pub(crate) fn note_write(&self) {
        drop(self.inner.replicas.as_ref().map(Replicas::write));
    }

    /// Runs a statement that is a transaction of its own.
    ///
    /// # Errors
    ///
    /// As [`read`](Pool::read). An error that comes from `rows` does not undo the statement.
    pub(crate) async fn write<C: Rows>(
        &self,
        statement: &Arc<Statement>,
        values: Vec<Value>,
        rows: C,
    ) -> Result<C::Output> {
        self.admitted()?;
        let _writing = self.inner.replicas.as_ref().map(Replicas::write);
        let terms = &self.terms;
        let written = match &self.inner.connections {
            Connections::Postgres(postgres) => {
                let write = Write::One(statement, &values);
                postgres.write(terms, write, rows).await
            }
            Connections::Sqlite(sqlite) => sqlite.write(terms, statement, values, rows).await,
        };
        self.tell();
        written
    }

    /// Writes many members in one transaction: all of them or none.
    ///
    /// # Errors
    ///
    /// As [`read`](Pool::read). The faults of a member that is refused point into it: `/3/email`.
    pub(crate) async fn write_many<C: Rows>(
        &self,
        bulk: &Arc<Bulk>,
        members: Members,
        rows: C,
    ) -> Result<C::Output> {
        self.admitted()?;
        let _writing = self.inner.replicas.as_ref().map(Replicas::write);
        let terms = &self.terms;
        let written = match &self.inner.connections {
            Connections::Postgres(postgres) => {
                let write = Write::Many(bulk, members.all());
                postgres.write(terms, write, rows).await
            }
            Connections::Sqlite(sqlite) => sqlite.write_many(terms, bulk, members, rows).await,
        };
        self.tell();
        written
    }

    /// Begins a transaction, which has a connection for itself until it ends.
    ///
    /// # Errors
    ///
    /// As [`read`](Pool::read).
    pub(crate) async fn begin(&self, options: TransactionOptions) -> Result<Transaction> {
        self.admitted()?;
        let terms = &self.terms;
        let connection = match &self.inner.connections {
            Connections::Postgres(postgres) => {
                Connection::Postgres(postgres.begin(options, terms).await?)
            }
            Connections::Sqlite(sqlite) => Connection::Sqlite(sqlite.begin(options, terms).await?),
        };
        Ok(Transaction::new(
            connection,
            options,
            self.inner.patience,
            self.inner.replicas.clone(),
            self.inner.wake.clone(),
        ))
    }

    /// Refuses further statements, waits for those under way and closes every connection.
    pub(crate) async fn close(&self) {
        self.inner.is_closed.store(true, Ordering::Release);
        if let Some(replicas) = &self.inner.replicas {
            replicas.close().await;
        }
        match &self.inner.connections {
            Connections::Postgres(postgres) => postgres.close().await,
            Connections::Sqlite(sqlite) => sqlite.close().await,
        }
    }

    /// How busy it is.
    pub(crate) fn stats(&self) -> PoolStats {
        match &self.inner.connections {
            Connections::Postgres(postgres) => postgres.stats(),
            Connections::Sqlite(sqlite) => sqlite.stats(),
        }
    }

    /// Lends the connection that writes a SQLite database to the schema check: a database in memory
    /// cannot be reached otherwise, and reading the schema of a file once is enough. Blocks until
    /// the work is done.
    ///
    /// The work MUST leave the connection without a transaction and with its settings as they were.
    ///
    /// # Errors
    ///
    /// [`Kind::Unsupported`] for any other database, which the schema check reaches by its URL.
    pub(crate) fn on_sqlite<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut rusqlite::Connection) -> T + Send + 'static,
    ) -> Result<T> {
        match &self.inner.connections {
            Connections::Sqlite(sqlite) => sqlite.on_writer(work),
            Connections::Postgres(_) => Err(Error::new(
                Kind::Unsupported,
                "only a SQLite database lends its connection",
            )),
        }
    }

    fn tell(&self) {
        if let Some(wake) = &self.inner.wake {
            wake.tell();
        }
    }

    /// Whether other transactions that write are open beside one, and may be in its way.
    pub(crate) fn meets_others(&self) -> bool {
        matches!(self.inner.connections, Connections::Postgres(_))
    }

    /// Whether it was closed.
    pub(crate) fn is_closed(&self) -> bool {
        self.inner.is_closed.load(Ordering::Acquire)
    }

    fn open(&self) -> Result<()> {
        if self.is_closed() {
            return Err(refusal::closed());
        }
        Ok(())
    }

    fn admitted(&self) -> Result<()> {
        self.open()?;
        if self.inner.ready.get().is_some() {
            return Ok(());
        }
        Err(
            Error::new(Kind::Unavailable, "the schema of the database is not ready")
                .with_help("synchronize the models with the database before using it"),
        )
    }
}
