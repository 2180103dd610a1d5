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
mod detail;
mod error;
mod lease;
mod options;
mod recover;
mod row;
mod run;
mod session;
mod shared;

use std::future::Future;
use std::sync::Arc;

use dataflow_core::endpoint::PostgresEndpoint;
use dataflow_core::{Result, Value};

use super::{PoolSettings, PoolStats, Rows, Statement, member};
use error::Failure;
use lease::Lease;
use shared::Shared;

/// One PostgreSQL database and the connections to it.
pub(super) struct Postgres(Arc<Shared>);

impl Postgres {
    pub(super) fn new(endpoint: PostgresEndpoint, settings: PoolSettings) -> Self {
        Self(Arc::new(Shared::new(endpoint, settings)))
    }

    /// Opens a connection unless there is one.
    pub(super) async fn connect(&self) -> Result<()> {
        Lease::acquire(&self.0).await?.give_back();
        Ok(())
    }

    pub(super) async fn check(&self) -> Result<()> {
        let statement = Statement::new("SELECT 1", Vec::new());
        self.read(&statement, &[], ()).await
    }

    /// Runs a statement, once more if the connection that waited for it turns out to be dead.
    pub(super) async fn read<C: Rows>(
        &self,
        statement: &Statement,
        values: &[Value],
        mut rows: C,
    ) -> Result<C::Output> {
        let mut lease = self.lease().await?;
        let mut outcome = self.run(&mut lease, statement, values, &mut rows).await;
        if outcome.as_ref().is_err_and(|failure| failure.is_lost) && !lease.is_new() {
            lease.discard();
            rows.restart();
            lease = self.lease().await?;
            outcome = self.run(&mut lease, statement, values, &mut rows).await;
        }
        lease.settle(outcome)?;
        Ok(rows.finish(0))
    }

    pub(super) async fn write<C: Rows>(
        &self,
        statement: &Statement,
        values: &[Value],
        mut rows: C,
    ) -> Result<C::Output> {
        let mut lease = self.lease().await?;
        let outcome = self.run(&mut lease, statement, values, &mut rows).await;
        let written = lease.settle(outcome)?;
        Ok(rows.finish(written))
    }

    pub(super) async fn write_each<C: Rows>(
        &self,
        statement: &Statement,
        members: &[Vec<Value>],
        mut rows: C,
    ) -> Result<C::Output> {
        let mut lease = self.lease().await?;
        let outcome = self.each(&mut lease, statement, members, &mut rows).await;
        let written = lease.settle(outcome)?;
        Ok(rows.finish(written))
    }

    /// A lease for an operation.
    async fn lease(&self) -> Result<Lease> {
        let lease = Lease::acquire(&self.0).await;
        lease.map_err(|error| error::of_connecting_for_a_caller(error, &self.0.endpoint))
    }

    async fn each<C: Rows>(
        &self,
        lease: &mut Lease,
        statement: &Statement,
        members: &[Vec<Value>],
        rows: &mut C,
    ) -> Result<u64, Failure> {
        self.bounded(lease.begin()).await?;
        let mut written = 0;
        for (position, values) in members.iter().enumerate() {
            let member = self.run(lease, statement, values, rows).await;
            let ended = member.and_then(|count| match rows.end_member() {
                Ok(()) => Ok(count),
                Err(refusal) => Err(Failure::refused(refusal)),
            });
            match ended {
                Ok(count) => written += count,
                Err(failure) if failure.is_lost => return Err(failure),
                Err(failure) => {
                    self.bounded(lease.roll_back()).await?;
                    return Err(Failure::refused(member::refused(position, &failure.error)));
                }
            }
        }
        self.bounded(lease.commit()).await?;
        Ok(written)
    }

    async fn run<C: Rows>(
        &self,
        lease: &mut Lease,
        statement: &Statement,
        values: &[Value],
        rows: &mut C,
    ) -> Result<u64, Failure> {
        self.bounded(run::run(lease.connection(), statement, values, rows))
            .await
    }

    /// The server keeps `statement_timeout`; this is for a server that is not there any more.
    async fn bounded<T>(
        &self,
        work: impl Future<Output = Result<T, Failure>>,
    ) -> Result<T, Failure> {
        let patience = self.0.patience();
        let outcome = tokio::time::timeout(patience, work).await;
        outcome.unwrap_or_else(|_| Err(Failure::silence()))
    }

    pub(super) async fn close(&self) {
        self.0.close().await;
    }

    pub(super) fn stats(&self) -> PoolStats {
        self.0.stats()
    }
}
