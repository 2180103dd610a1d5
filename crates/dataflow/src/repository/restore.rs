//! Rows that stay when they are deleted.

use std::sync::Arc;

use dataflow_core::Result;
use dataflow_core::dialect::dml::Deleted;
use dataflow_core::query::Columns;
use dataflow_core::schema::{KeyValue as _, SoftDelete};

use super::read::single;
use super::{Query, Repository};
use crate::collect::Typed;
use crate::table::row_not_found;

/// What can be done with rows that stay when they are deleted.
///
/// ```
/// # use chrono::{DateTime, Utc};
/// # use dataflow::{DataFlow, Filter, Model};
/// #[derive(Debug, Clone, PartialEq, Model)]
/// struct Note {
///     #[model(primary_key)]
///     id: i64,
///     #[model(unique)]
///     title: String,
///     #[model(soft_delete)]
///     deleted_at: Option<DateTime<Utc>>,
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> dataflow::Result<()> {
/// # let db = DataFlow::builder("sqlite::memory:").model::<Note>().open()?;
/// let notes = db.repository::<Note>()?;
/// let note = notes.create(&Note { id: 0, title: "Rust".to_owned(), deleted_at: None }).await?;
/// notes.delete(&note.id).await?;
/// assert_eq!(notes.count(Filter::all()).await?, 0);
/// assert_eq!(notes.query().only_deleted().count().await?, 1);
///
/// assert_eq!(notes.restore(&note.id).await?, note);
/// notes.purge(&note.id).await?;
/// assert_eq!(notes.query().with_deleted().count().await?, 0);
/// # Ok(())
/// # }
/// ```
impl<M: SoftDelete> Repository<M> {
    /// Gives a row back that was deleted.
    ///
    /// # Errors
    ///
    /// [`Kind::NotFound`](dataflow_core::error::Kind::NotFound) when no row of this key was deleted,
    /// [`Kind::Unique`](dataflow_core::error::Kind::Unique) when another row has taken one of its
    /// unique values meanwhile.
    pub async fn restore(&self, key: &M::Key) -> Result<M> {
        let rows = self.table.restore(key.to_values(), Typed::new()).await?;
        single(self.model(), rows)
    }

    /// Removes a row for good, whether it was deleted or not. What its relations declare for a
    /// deletion happens now.
    ///
    /// # Errors
    ///
    /// As [`delete`](Self::delete) of a model whose rows do not stay.
    pub async fn purge(&self, key: &M::Key) -> Result<()> {
        match self.table.purge(key.to_values()).await? {
            true => Ok(()),
            false => Err(row_not_found(self.model())),
        }
    }
}

/// Which rows that were deleted are asked for. Rows beside them, which relations lead to, are those
/// that were not.
impl<M: SoftDelete, S: Columns<M> + 'static> Query<M, S> {
    /// Rows that were deleted as well.
    pub fn with_deleted(self) -> Self {
        self.reaching(Deleted::Included)
    }

    /// Rows that were deleted, and no others.
    pub fn only_deleted(self) -> Self {
        self.reaching(Deleted::Only)
    }

    fn reaching(mut self, deleted: Deleted) -> Self {
        self.repository.table = Arc::new(self.repository.table.reaching(deleted));
        self
    }
}
