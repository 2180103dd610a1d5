//! PostgreSQL, over single connections of sqlx.
//!
//! ```text
//! acquire ──→ a permit ──→ the connection used last, or a new one ──→ statement ──→ back
//!                                                                        └─ left ─→ recover
//! ```
//!
//! Nothing is asked of a connection when it is taken or given back. What was used last is used
//! next, so that its prepared statements and the server's caches stay warm.

mod bind;
mod copy;
mod detail;
mod error;
mod lease;
mod many;
mod numeric;
mod options;
mod recall;
mod recover;
mod row;
mod row_security;
mod run;
mod session;
mod shared;

use std::sync::Arc;

use dataflow_core::ddl::{Recall, Recorded};
use dataflow_core::endpoint::PostgresEndpoint;
use dataflow_core::{Result, Value};

use super::members::Stretch;
use super::terms::Terms;
use super::{Bulk, PoolSettings, PoolStats, Rows, Statement, TransactionOptions};
pub(super) use lease::Lease;
use shared::Shared;

use crate::attempts::{Attempts, rest};

/// One PostgreSQL database and the connections to it. Clones share them.
#[derive(Clone)]
pub(super) struct Postgres(Arc<Shared>);

/// What is written as a transaction of its own.
#[derive(Clone, Copy)]
pub(super) enum Write<'a> {
    /// What a statement does with some values.
    One(&'a Statement, &'a [Value]),
    /// Many members, all of them or none.
    Many(&'a Bulk, Stretch<'a>),
}

impl Postgres {
    pub(super) fn new(endpoint: PostgresEndpoint, settings: PoolSettings) -> Self {
        Self(Arc::new(Shared::new(endpoint, settings)))
    }

    /// Opens a connection unless there is one.
    pub(super) async fn connect(&self) -> Result<()> {
        Lease::acquire_first(&self.0).await?.give_back();
        Ok(())
    }

    /// Opens a connection unless there is one, and asks what was recorded. A refusal, such as of a
    /// role that may not read the record, is no answer; the schema check will put it into words.
    pub(super) async fn recorded(&self, recall: &Recall) -> Result<Option<Recorded>> {
        let mut lease = Lease::acquire_first(&self.0).await?;
        match lease.recorded(recall).await {
            Err(failure) if !failure.is_lost => {
                lease.give_back();
                Ok(None)
            }
            outcome => lease.settle(outcome),
        }
    }

    pub(super) async fn check(&self) -> Result<()> {
        let statement = Statement::new("SELECT 1", Vec::new());
        self.read(&Terms::default(), &statement, &[], ()).await
    }

    /// Runs a statement, once more if the connection that waited for it turns out to be dead.
    pub(super) async fn read<C: Rows>(
        &self,
        terms: &Terms,
        statement: &Statement,
        values: &[Value],
        mut rows: C,
    ) -> Result<C::Output> {
        self.collect(terms, statement, values, &mut rows).await?;
        Ok(rows.finish(0))
    }

    /// Runs a statement as [`read`](Self::read) does, for a caller who keeps what collects.
    pub(super) async fn collect<C: Rows>(
        &self,
        terms: &Terms,
        statement: &Statement,
        values: &[Value],
        rows: &mut C,
    ) -> Result<()> {
        let mut is_again = false;
        loop {
            let mut lease = self.lease(terms).await?;
            let outcome = lease.collect(statement, values, rows).await;
            let is_lost = outcome.as_ref().is_err_and(|failure| failure.is_lost);
            if is_again || !is_lost || lease.is_new() {
                return lease.settle(outcome).map(drop);
            }
            lease.discard();
            rows.restart();
            is_again = true;
        }
    }

    /// Writes as a transaction of its own: once more where another one was in the way, for nothing
    /// of it has taken effect then.
    pub(super) async fn write<C: Rows>(
        &self,
        terms: &Terms,
        write: Write<'_>,
        mut rows: C,
    ) -> Result<C::Output> {
        let mut attempts = Attempts::new();
        loop {
            let mut lease = self.lease(terms).await?;
            let outcome = match write {
                Write::One(statement, values) => lease.collect(statement, values, &mut rows).await,
                // Its future is large, and one row has no need of it.
                Write::Many(bulk, members) => {
                    Box::pin(lease.collect_many(bulk, members, &mut rows)).await
                }
            };
            let outcome = lease.settle(outcome);
            let Some(pause) = attempts.pause_after(&outcome) else {
                return outcome.map(|written| rows.finish(written));
            };
            rest(pause).await;
            rows.restart();
        }
    }

    /// A connection on which a transaction has begun.
    pub(super) async fn begin(&self, options: TransactionOptions, terms: &Terms) -> Result<Lease> {
        let mut lease = self.lease(terms).await?;
        let mut begun = lease.begin(&options.begin_on_postgres()).await;
        if begun.as_ref().is_err_and(|failure| failure.is_lost) && !lease.is_new() {
            lease.discard();
            lease = self.lease(terms).await?;
            begun = lease.begin(&options.begin_on_postgres()).await;
        }
        match begun {
            Ok(()) => Ok(lease),
            Err(failure) => lease.settle(Err(failure)),
        }
    }

    /// A lease for an operation.
    async fn lease(&self, terms: &Terms) -> Result<Lease> {
        let lease = Lease::acquire(&self.0).await;
        let lease = lease.map(|lease| lease.under(terms));
        lease.map_err(|error| error::of_connecting_for_a_caller(error, &self.0.endpoint))
    }

    pub(super) async fn close(&self) {
        self.0.close().await;
    }

    pub(super) fn stats(&self) -> PoolStats {
        self.0.stats()
    }
}
