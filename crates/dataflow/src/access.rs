//! How a table reaches its database: over the pool, or in a transaction.

use std::sync::Arc;

use dataflow_core::{Result, Value};
use parking_lot::Mutex;

use crate::cache::{TableCache, Tail, Writing};
use crate::pool::{self, Bulk, Flow, Members, Pool, Rows, Statement};
use crate::tenant::Tenant;
use crate::trace;

/// How a table reaches its database.
#[derive(Clone)]
pub(crate) enum Access {
    /// Each statement takes effect by itself.
    Pool(Pool),
    /// Statements take effect together.
    Transaction(Arc<Unit>),
}

/// A transaction or a savepoint, and the tables that were written in it.
pub(crate) struct Unit {
    pub(crate) transaction: pool::Transaction,
    is_savepoint: bool,
    written: Arc<Written>,
}

/// Tables whose stored rows are out of date once a transaction takes effect.
type Written = Mutex<Vec<Arc<TableCache>>>;

/// What reads and writes is on the heap: whoever hands the future of an operation on copies it, and
/// that of a transaction is larger than the pool's, which would carry room for it.
impl Access {
    pub(crate) async fn read<C: Rows>(
        &self,
        tenant: &Tenant,
        statement: &Arc<Statement>,
        values: Vec<Value>,
        rows: C,
    ) -> Result<C::Output> {
        trace::statement(statement);
        let tenant = minded(statement, tenant);
        match self {
            Self::Pool(pool) => {
                let pool = pool.acting_for(tenant);
                Box::pin(pool.read(statement, values, rows)).await
            }
            Self::Transaction(unit) => {
                let transaction = unit.transaction.acting_for(tenant);
                Box::pin(transaction.read(statement, values, rows)).await
            }
        }
    }

    pub(crate) async fn flow<T, C: Rows<Output = Vec<T>> + Default>(
        &self,
        tenant: &Tenant,
        statement: &Arc<Statement>,
        values: Vec<Value>,
    ) -> Result<Flow<C>> {
        trace::statement(statement);
        let tenant = minded(statement, tenant);
        match self {
            Self::Pool(pool) => pool.acting_for(tenant).flow(statement, values).await,
            Self::Transaction(unit) => {
                let transaction = unit.transaction.acting_for(tenant);
                transaction.flow(statement, values).await
            }
        }
    }

    pub(crate) async fn write<C: Rows>(
        &self,
        tenant: &Tenant,
        statement: &Arc<Statement>,
        values: Vec<Value>,
        rows: C,
    ) -> Result<C::Output> {
        trace::statement(statement);
        let tenant = minded(statement, tenant);
        match self {
            Self::Pool(pool) => {
                let pool = pool.acting_for(tenant);
                Box::pin(pool.write(statement, values, rows)).await
            }
            Self::Transaction(unit) => {
                let transaction = unit.transaction.acting_for(tenant);
                Box::pin(transaction.write(statement, values, rows)).await
            }
        }
    }

    pub(crate) async fn write_many<C: Rows>(
        &self,
        tenant: &Tenant,
        bulk: &Arc<Bulk>,
        members: Members,
        rows: C,
    ) -> Result<C::Output> {
        trace::bulk(bulk, members.all().len());
        let tenant = minded(&bulk.each, tenant);
        match self {
            Self::Pool(pool) => {
                pool.acting_for(tenant)
                    .write_many(bulk, members, rows)
                    .await
            }
            Self::Transaction(unit) => {
                let transaction = unit.transaction.acting_for(tenant);
                transaction.write_many(bulk, members, rows).await
            }
        }
    }

    /// Tells caches of a write; in a transaction, they are told when that takes effect.
    pub(crate) fn writings<'c>(&self, caches: &'c [Arc<TableCache>]) -> Vec<Writing<'c>> {
        match self {
            Self::Pool(pool) => {
                let limit = pool.statement_timeout();
                caches.iter().map(|cache| cache.write(limit)).collect()
            }
            Self::Transaction(unit) => {
                caches.iter().for_each(|cache| unit.note(cache));
                Vec::new()
            }
        }
    }

    /// What tells caches when a write is over whose caller may have left by then.
    pub(crate) fn tails(&self, caches: &[Arc<TableCache>]) -> Vec<Tail> {
        match self {
            Self::Pool(_) => caches.iter().map(Tail::of).collect(),
            Self::Transaction(_) => Vec::new(),
        }
    }
}

/// The tenant, where the database itself keeps a statement to its rows.
fn minded<'a>(statement: &Statement, tenant: &'a Tenant) -> Option<&'a Tenant> {
    statement.is_secured().then_some(tenant)
}

impl Unit {
    pub(crate) fn new(transaction: pool::Transaction) -> Self {
        Self {
            transaction,
            is_savepoint: false,
            written: Arc::default(),
        }
    }

    pub(crate) async fn savepoint(&self) -> Result<Self> {
        Ok(self.inner(self.transaction.savepoint().await?))
    }

    /// A savepoint for one operation: whatever else is done meanwhile waits for it to end.
    pub(crate) async fn savepoint_of_operation(&self) -> Result<Self> {
        Ok(self.inner(self.transaction.savepoint_of_operation().await?))
    }

    fn inner(&self, savepoint: pool::Transaction) -> Self {
        Self {
            transaction: savepoint,
            is_savepoint: true,
            written: self.written.clone(),
        }
    }

    /// A table is being written.
    fn note(&self, table: &Arc<TableCache>) {
        let mut written = self.written.lock();
        if !written.iter().any(|noted| Arc::ptr_eq(noted, table)) {
            written.push(table.clone());
        }
    }

    /// The tables that a commit changes for others; that of a savepoint changes none.
    pub(crate) fn written_when_committed(&self) -> Vec<Arc<TableCache>> {
        match self.is_savepoint {
            true => Vec::new(),
            false => std::mem::take(&mut self.written.lock()),
        }
    }
}
