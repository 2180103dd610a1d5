//! Many rows, all or none.

use dataflow_core::query::{Change, Columns};
use dataflow_core::schema::{Changeable, KeyValue as _};
use dataflow_core::{Model, Result};

use super::{Repository, Upserted};
use crate::collect::{Typed, UpsertedRows};
use crate::table::Changes;

/// An error names the row at fault by its position, from 0, and then nothing has happened.
impl<M: Model> Repository<M> {
    /// Inserts rows, and gives them as they are stored, in the same order.
    ///
    /// # Errors
    ///
    /// As [`create`](Self::create).
    pub async fn bulk_create(&self, rows: &[M]) -> Result<Vec<M>> {
        let given = self.new_rows(rows);
        self.table.bulk_create(given, Typed::new()).await
    }

    /// Inserts rows, and says how many: the fastest way in, because none is given back.
    ///
    /// # Errors
    ///
    /// As [`create`](Self::create).
    pub async fn bulk_load(&self, rows: &[M]) -> Result<u64> {
        let given = self.new_rows(rows);
        self.table.bulk_load(given).await
    }
}

/// The same for rows that may be changed.
impl<M: Changeable> Repository<M> {
    /// Changes rows, and gives them as they are stored, in the same order.
    ///
    /// # Errors
    ///
    /// As [`update`](Self::update); every row that does not exist, or not in its struct's version,
    /// is named.
    pub async fn bulk_update(&self, rows: &[M]) -> Result<Vec<M>> {
        let changes = rows.iter().map(|row| self.change(row));
        self.table
            .bulk_update(changes.collect(), Typed::new())
            .await
    }

    /// Removes the rows of keys, and says how many there were. Keys without a row are passed over.
    ///
    /// # Errors
    ///
    /// [`Kind::ForeignKey`](dataflow_core::error::Kind::ForeignKey) when other rows point at one.
    pub async fn bulk_delete(&self, keys: &[M::Key]) -> Result<u64> {
        let keys = keys.iter().map(M::Key::to_values).collect();
        self.table.bulk_delete(keys).await
    }

    /// Inserts rows or changes those that exist, and gives them as they are stored, in the same
    /// order, each with whether it is new.
    ///
    /// # Errors
    ///
    /// As [`upsert`](Self::upsert).
    pub async fn bulk_upsert(
        &self,
        rows: &[M],
        conflict_on: impl Columns<M>,
    ) -> Result<Vec<Upserted<M>>> {
        let conflict = self.table.conflict(conflict_on.columns())?;
        let (given, into) = (self.new_rows(rows).collect(), UpsertedRows::new());
        self.table.bulk_upsert(given, &conflict, into).await
    }

    /// Inserts rows; each that has the same values in the columns of `conflict_on` as one that is there
    /// changes that one as `change` says of it, and not to its own values. Gives the rows as they are
    /// stored, in the same order, each with whether it is new; all are written, or none.
    ///
    /// A statement is run for each row, in one transaction.
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
    /// let seen = ["/", "/a", "/"].map(|path| Page { path: path.to_owned(), visits: 1 });
    /// let add = |page: &Page| [Page::VISITS.add(page.visits)];
    /// let pages = pages.bulk_create_or_update(&seen, add, Page::PATH).await?;
    /// assert_eq!(pages.iter().map(|page| page.visits).collect::<Vec<_>>(), [1, 1, 2]);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// As [`upsert`](Self::upsert) and [`update_fields`](Self::update_fields).
    pub async fn bulk_create_or_update<C: IntoIterator<Item = Change<M>>>(
        &self,
        rows: &[M],
        change: impl Fn(&M) -> C,
        conflict_on: impl Columns<M>,
    ) -> Result<Vec<Upserted<M>>> {
        let conflict = self.table.conflict(conflict_on.columns())?;
        let changes = rows.iter().map(|row| self.changes(change(row)));
        let changes: Vec<Changes> = changes.collect::<Result<_>>()?;
        let (given, into) = (self.new_rows(rows).zip(changes), UpsertedRows::new());
        let written = self
            .table
            .bulk_create_or_update(given.collect(), &conflict, into);
        written.await
    }
}
