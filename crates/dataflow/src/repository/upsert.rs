//! A row, new or changed.

use dataflow_core::Result;
use dataflow_core::schema::Changeable;

use super::Repository;
use super::read::single;
use crate::collect::Typed;

impl<M: Changeable> Repository<M> {
    /// Inserts a row; where one has the same values in the fields of `conflict_on`, that one is
    /// given the struct's other values, and keeps its key. Gives the row as it is stored.
    ///
    /// # Errors
    ///
    /// [`Kind::Invalid`](dataflow_core::error::Kind::Invalid) when `conflict_on` is neither the key
    /// nor the fields of a unique index; else as [`create`](Self::create).
    pub async fn upsert(&self, row: &M, conflict_on: &[&str]) -> Result<M> {
        let conflict = self.table.conflict(conflict_on)?;
        let given = self.new_row(row);
        let rows = self.table.upsert(given, &conflict, Typed::new()).await?;
        single(self.model(), rows)
    }

    /// Inserts a row; where one has the same values in the fields of `conflict_on`, that one is
    /// given the other values of `change`, and keeps its key. Gives the row as it is stored.
    ///
    /// ```
    /// # use dataflow::{DataFlow, Model};
    /// #[derive(Debug, Clone, PartialEq, Model)]
    /// struct Job {
    ///     #[model(primary_key)]
    ///     name: String,
    ///     state: String,
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> dataflow::Result<()> {
    /// # let db = DataFlow::builder("sqlite::memory:").model::<Job>().open()?;
    /// let jobs = db.repository::<Job>()?;
    /// let new = Job { name: "clean".to_owned(), state: "new".to_owned() };
    /// let again = Job { state: "again".to_owned(), ..new.clone() };
    /// assert_eq!(jobs.create_or_update(&new, &again, &["name"]).await?, new);
    /// assert_eq!(jobs.create_or_update(&new, &again, &["name"]).await?, again);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// As [`upsert`](Self::upsert).
    pub async fn create_or_update(&self, row: &M, change: &M, conflict_on: &[&str]) -> Result<M> {
        let conflict = self.table.conflict(conflict_on)?;
        let (given, change) = (self.new_row(row), self.change(change).changes);
        let rows = self
            .table
            .create_or_update(given, change, &conflict, Typed::new())
            .await?;
        single(self.model(), rows)
    }
}
