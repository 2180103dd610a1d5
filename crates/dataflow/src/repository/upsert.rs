//! A row, new or changed.

use std::ops::Deref;

use dataflow_core::Result;
use dataflow_core::query::{Change, Columns};
use dataflow_core::schema::Changeable;

use super::Repository;
use crate::collect::UpsertedRows;
use crate::table::row_not_found;

/// A row as an upsert has stored it, and whether it is new. It reads as the row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Upserted<M> {
    /// The row.
    pub row: M,
    /// Whether it was created; else it was there, and was changed.
    pub is_new: bool,
}

impl<M> Deref for Upserted<M> {
    type Target = M;

    fn deref(&self) -> &M {
        &self.row
    }
}

/// Equal rows, whether new or not.
impl<M: PartialEq> PartialEq<M> for Upserted<M> {
    fn eq(&self, row: &M) -> bool {
        self.row == *row
    }
}

/// What is found by `conflict_on` is said by columns: one, or a tuple of them.
impl<M: Changeable> Repository<M> {
    /// Inserts a row; where one has the same values in the columns of `conflict_on`, that one is
    /// given the struct's other values, and keeps its key. Gives the row as it is stored, and says
    /// whether it is new.
    ///
    /// ```
    /// # use dataflow::{DataFlow, Model};
    /// #[derive(Debug, Clone, PartialEq, Model)]
    /// struct User {
    ///     #[model(primary_key)]
    ///     id: i64,
    ///     #[model(unique)]
    ///     email: String,
    ///     name: String,
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> dataflow::Result<()> {
    /// # let db = DataFlow::builder("sqlite::memory:").model::<User>().open()?;
    /// let users = db.repository::<User>()?;
    /// let user = |name: &str| User { id: 0, email: "ann@example.org".to_owned(), name: name.to_owned() };
    /// let first = users.upsert(&user("Ann"), User::EMAIL).await?;
    /// let second = users.upsert(&user("Anna"), User::EMAIL).await?;
    /// assert_eq!((first.is_new, second.is_new), (true, false));
    /// assert_eq!((second.id, &*second.name), (first.id, "Anna"));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Kind::Invalid`](dataflow_core::error::Kind::Invalid) when `conflict_on` is neither the key
    /// nor the columns of a unique index; else as [`create`](Self::create).
    pub async fn upsert(&self, row: &M, conflict_on: impl Columns<M>) -> Result<Upserted<M>> {
        let conflict = self.table.conflict(conflict_on.columns())?;
        let given = self.new_row(row);
        let rows = UpsertedRows::new();
        let rows = self.table.upsert(given, &conflict, rows).await?;
        self.upserted(rows)
    }

    /// Inserts a row; where one has the same values in the columns of `conflict_on`, that one is
    /// given the other values of `change`, and keeps its key. Gives the row as it is stored, and says
    /// whether it is new.
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
    /// assert_eq!(jobs.create_or_update(&new, &again, Job::NAME).await?, new);
    /// assert_eq!(jobs.create_or_update(&new, &again, Job::NAME).await?, again);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// As [`upsert`](Self::upsert).
    pub async fn create_or_update(
        &self,
        row: &M,
        change: &M,
        conflict_on: impl Columns<M>,
    ) -> Result<Upserted<M>> {
        let conflict = self.table.conflict(conflict_on.columns())?;
        let (given, changes) = (self.new_row(row), self.change(change).changes);
        let rows = self
            .table
            .create_or_update(given, changes, &conflict, UpsertedRows::new())
            .await?;
        self.upserted(rows)
    }

    /// As [`create_or_update`](Self::create_or_update), where the row that is there is changed in some
    /// columns alone: given other values, or added to.
    ///
    /// ```
    /// # use dataflow::{DataFlow, Model};
    /// #[derive(Debug, Clone, PartialEq, Model)]
    /// struct Page {
    ///     #[model(primary_key)]
    ///     path: String,
    ///     visits: i64,
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> dataflow::Result<()> {
    /// # let db = DataFlow::builder("sqlite::memory:").model::<Page>().open()?;
    /// let pages = db.repository::<Page>()?;
    /// let first = Page { path: "/".to_owned(), visits: 1 };
    /// for visits in 1..=3 {
    ///     let once_more = [Page::VISITS.add(1)];
    ///     let page = pages.create_or_update_fields(&first, once_more, Page::PATH).await?;
    ///     assert_eq!(page.visits, visits);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// As [`upsert`](Self::upsert) and [`update_fields`](Self::update_fields).
    pub async fn create_or_update_fields(
        &self,
        row: &M,
        changes: impl IntoIterator<Item = Change<M>>,
        conflict_on: impl Columns<M>,
    ) -> Result<Upserted<M>> {
        let conflict = self.table.conflict(conflict_on.columns())?;
        let (given, changes) = (self.new_row(row), self.changes(changes)?);
        let into = UpsertedRows::new();
        let rows = self.table.create_or_update(given, changes, &conflict, into);
        self.upserted(rows.await?)
    }

    fn upserted(&self, mut rows: Vec<Upserted<M>>) -> Result<Upserted<M>> {
        rows.pop().ok_or_else(|| row_not_found(self.model()))
    }
}
