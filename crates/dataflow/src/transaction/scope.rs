//! A transaction as the nodes of every door see it.

use std::any::Any;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use dataflow_core::error::Kind;
use dataflow_core::node::{BoxFuture, Scope};
use dataflow_core::{Error, Result};

use crate::access::{Access, Unit};
use crate::cache::Writing;
use crate::pool::{Pool, TransactionOptions};
use crate::table::{Table, Tables};

/// What a [`Transaction`](super::Transaction) and the scopes made of it share. The last one who
/// drops it rolls back.
pub(super) struct Open {
    pub(super) tables: Tables,
    pub(super) unit: Arc<Unit>,
    /// How long a statement may run, where that is not the setting.
    statement_timeout: Option<Duration>,
}

impl Open {
    pub(super) async fn begin(
        tables: Tables,
        pool: &Pool,
        options: TransactionOptions,
    ) -> Result<Self> {
        let transaction = pool.begin(options).await?;
        Ok(Self {
            tables,
            unit: Arc::new(Unit::new(transaction)),
            statement_timeout: pool.statement_timeout(),
        })
    }

    /// A transaction, or a savepoint of the one that a table is reached in.
    pub(super) async fn around(table: &Table) -> Result<Self> {
        match table.access() {
            Access::Pool(pool) => {
                Self::begin(table.tables(), pool, TransactionOptions::new()).await
            }
            Access::Transaction(unit) => Ok(Self {
                tables: table.tables(),
                unit: Arc::new(unit.savepoint_of_operation().await?),
                statement_timeout: None,
            }),
        }
    }

    pub(super) async fn savepoint(&self) -> Result<Self> {
        Ok(Self {
            tables: self.tables.clone(),
            unit: Arc::new(self.unit.savepoint().await?),
            statement_timeout: self.statement_timeout,
        })
    }

    /// Rows that other readers have stored are out of date from the moment the commit takes effect.
    pub(super) async fn commit(&self) -> Result<()> {
        let tables = self.unit.written_when_committed();
        let writings: Vec<Writing<'_>> = tables
            .iter()
            .map(|table| table.write(self.statement_timeout))
            .collect();
        let committed = self.unit.transaction.commit().await;
        for writing in writings {
            writing.end_with(&committed);
        }
        committed.map_err(|error| self.tables.with_names(error))
    }

    pub(super) async fn roll_back(&self) -> Result<()> {
        self.unit.transaction.roll_back().await
    }

    pub(super) fn abandon(&self) {
        self.unit.transaction.abandon();
    }
}

impl Scope for Open {
    fn commit(&self) -> BoxFuture<'_, Result<()>> {
        Box::pin(self.commit())
    }

    fn roll_back(&self) -> BoxFuture<'_, ()> {
        Box::pin(async {
            // What could not be rolled back has ended with its connection.
            let _ = self.roll_back().await;
        })
    }
}

impl fmt::Debug for Open {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Transaction")
            .finish_non_exhaustive()
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.abandon();
    }
}

impl Table {
    /// The table inside a scope.
    ///
    /// # Errors
    ///
    /// [`Kind::Unsupported`] when the scope is of another database.
    pub(crate) fn within(&self, scope: &Arc<dyn Scope>) -> Result<Self> {
        let scope: &dyn Any = &**scope;
        match scope.downcast_ref::<Open>() {
            Some(open) if open.tables.contain(self) => {
                Ok(self.over(Access::Transaction(open.unit.clone())))
            }
            _ => Err(Error::new(
                Kind::Unsupported,
                format!(
                    "model {:?} is not of the database whose transaction the call belongs to",
                    self.model().name
                ),
            )
            .with_help("call it outside of the transaction")),
        }
    }
}
