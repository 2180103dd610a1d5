//! Connections to either database behind one seam.
//!
//! A statement goes in with its values; the rows it yields are collected where they are read, by a
//! [`Rows`] that is compiled once per database. Whoever calls knows neither driver nor runtime.
//! What stands in the statements is the business of repositories.

mod rows;
mod settings;
mod statement;
mod stats;

pub(crate) use rows::Rows;
pub(crate) use settings::PoolSettings;
pub(crate) use statement::Statement;
pub(crate) use stats::PoolStats;

use std::sync::{Arc, OnceLock};

use dataflow_core::ddl::SchemaReady;
use dataflow_core::error::Kind;
use dataflow_core::{Endpoint, Error, Result, Value};

/// The connections of one database, shared by its clones.
#[derive(Clone)]
pub(crate) struct Pool(Arc<Inner>);

struct Inner {
    endpoint: Endpoint,
    settings: PoolSettings,
    ready: OnceLock<SchemaReady>,
}

impl Pool {
    /// A pool without a connection: nothing is opened before it is asked for.
    pub(crate) fn new(endpoint: Endpoint, settings: PoolSettings) -> Self {
        Self(Arc::new(Inner {
            endpoint,
            settings,
            ready: OnceLock::new(),
        }))
    }

    /// Lets statements through: the database holds what the models need.
    pub(crate) fn admit(&self, ready: SchemaReady) {
        self.0.ready.get_or_init(|| ready);
    }

    /// Opens the first connection, and no other. It may run beside the schema check.
    ///
    /// # Errors
    ///
    /// [`Kind::Unavailable`] when the database cannot be reached or refuses the login,
    /// [`Kind::Timeout`] when it takes longer than `connect_timeout`.
    pub(crate) async fn connect(&self) -> Result<()> {
        Err(unbuilt())
    }

    /// Asks the database for an answer now, whether or not its schema is ready.
    ///
    /// # Errors
    ///
    /// As [`connect`](Pool::connect), and [`Kind::Timeout`] for the other timeouts.
    pub(crate) async fn check(&self) -> Result<()> {
        Err(unbuilt())
    }

    /// Runs a statement that changes nothing.
    ///
    /// # Errors
    ///
    /// What the database refuses, in the words of [`Kind`]; a timeout names its setting.
    pub(crate) async fn read<C: Rows>(
        &self,
        _statement: &Arc<Statement>,
        _values: Vec<Value>,
        _rows: C,
    ) -> Result<C::Output> {
        self.ready()?;
        Err(unbuilt())
    }

    /// Runs a statement that is a transaction of its own.
    ///
    /// # Errors
    ///
    /// As [`read`](Pool::read). An error that comes from `rows` does not undo the statement.
    pub(crate) async fn write<C: Rows>(
        &self,
        _statement: &Arc<Statement>,
        _values: Vec<Value>,
        _rows: C,
    ) -> Result<C::Output> {
        self.ready()?;
        Err(unbuilt())
    }

    /// Runs a statement once per member, all in one transaction: all of them or none.
    ///
    /// # Errors
    ///
    /// As [`read`](Pool::read). The faults of a member that is refused point into it: `/3/email`.
    pub(crate) async fn write_each<C: Rows>(
        &self,
        _statement: &Arc<Statement>,
        _members: Vec<Vec<Value>>,
        _rows: C,
    ) -> Result<C::Output> {
        self.ready()?;
        Err(unbuilt())
    }

    /// Refuses further statements, waits for those under way and closes every connection.
    pub(crate) async fn close(&self) {}

    /// How busy it is.
    pub(crate) fn stats(&self) -> PoolStats {
        PoolStats {
            size: self.0.settings.size,
            ..PoolStats::default()
        }
    }

    fn ready(&self) -> Result<&SchemaReady> {
        self.0.ready.get().ok_or_else(|| {
            let message = format!("the schema of {} is not ready yet", self.0.endpoint);
            Error::new(Kind::Unavailable, message)
                .with_help("synchronize the models with the database before using it")
        })
    }
}

fn unbuilt() -> Error {
    Error::new(Kind::Unsupported, "this database has no connections yet")
}
