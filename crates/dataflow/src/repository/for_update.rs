//! Rows that nobody else changes before a transaction ends.

use std::fmt;

use dataflow_core::query::{Columns, IfLocked, WholeRow};
use dataflow_core::{Model, Result};

use super::Query;
use crate::collect::Selected;

/// A query whose rows nobody else changes, or takes so, before the transaction ends. Made by
/// [`Query::for_update`].
#[must_use = "a query does nothing until one of its last methods is awaited"]
pub struct ForUpdate<M, S = WholeRow<M>> {
    query: Query<M, S>,
    if_locked: IfLocked,
}

impl<M: Model, S: Columns<M> + 'static> Query<M, S> {
    /// The rows for oneself until the transaction ends that this is a query of, as
    /// [`read_for_update`](crate::Repository::read_for_update) gives one. With [`IfLocked::Skip`],
    /// rows that others have are left out, and several workers share a queue:
    ///
    /// ```
    /// # use dataflow::{DataFlow, Model};
    /// use dataflow::IfLocked;
    ///
    /// #[derive(Debug, Clone, PartialEq, Model)]
    /// struct Job {
    ///     #[model(primary_key)]
    ///     id: i64,
    ///     done: bool,
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> dataflow::Result<()> {
    /// # let db = DataFlow::builder("sqlite::memory:").model::<Job>().open()?;
    /// # db.repository::<Job>()?.create(&Job { id: 0, done: false }).await?;
    /// let worked_on = db
    ///     .transaction(async |tx| {
    ///         let jobs = tx.repository::<Job>()?;
    ///         let open = jobs.query().filter(Job::DONE.eq(false));
    ///         let Some(job) = open.for_update(IfLocked::Skip).first().await? else {
    ///             return Ok(None);
    ///         };
    ///         // The work; what fails leaves the job to the next who looks.
    ///         jobs.update_fields(&job.id, [Job::DONE.set(true)]).await.map(Some)
    ///     })
    ///     .await?;
    /// assert!(worked_on.is_some());
    /// # Ok(())
    /// # }
    /// ```
    pub fn for_update(self, if_locked: IfLocked) -> ForUpdate<M, S> {
        ForUpdate {
            query: self,
            if_locked,
        }
    }
}

impl<M: Model, S: Columns<M> + 'static> ForUpdate<M, S> {
    /// The rows, as many as the query has for its limit.
    ///
    /// # Errors
    ///
    /// As [`Query::list`]; [`Kind::Unsupported`](crate::error::Kind::Unsupported) outside of a
    /// transaction, in one that only reads, and for a query whose rows are distinct, in the order of
    /// others, or after a cursor; [`Kind::Timeout`](crate::error::Kind::Timeout) for a row that
    /// another transaction has, where that is to be an error or it is waited for too long.
    pub async fn list(self) -> Result<Vec<S::Row>> {
        let (table, mut selection) = self.query.selection(Vec::new())?;
        selection.locked = Some(self.if_locked);
        let (rows, _) = table.list(selection, Selected::<M, S>::new()).await?;
        Ok(rows)
    }

    /// The first row, if there is one.
    ///
    /// # Errors
    ///
    /// As [`list`](Self::list).
    pub async fn first(self) -> Result<Option<S::Row>> {
        let query = self.query.limit(1);
        Ok(Self { query, ..self }.list().await?.pop())
    }
}

impl<M, S> fmt::Debug for ForUpdate<M, S> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("ForUpdate")
            .field("query", &self.query)
            .field("if_locked", &self.if_locked)
            .finish()
    }
}
