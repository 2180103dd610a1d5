//! One row.

use dataflow_core::query::IfLocked;
use dataflow_core::schema::KeyValue as _;
use dataflow_core::{Model, ModelSchema, Result};

use super::Repository;
use crate::collect::Typed;
use crate::table::row_not_found;

impl<M: Model> Repository<M> {
    /// The row of a key.
    ///
    /// # Errors
    ///
    /// [`Kind::NotFound`](dataflow_core::error::Kind::NotFound) when there is none.
    pub async fn read(&self, key: &M::Key) -> Result<M> {
        let rows = self.table.read(key.to_values(), Typed::new()).await?;
        single(self.model(), rows)
    }

    /// The row of a key, which nobody else changes before the transaction ends that this is a
    /// repository of: `SELECT … FOR UPDATE`. Whoever wants it too, for that or to write it, waits.
    ///
    /// On SQLite a transaction has the one connection that writes to itself, so that nothing more is
    /// needed.
    ///
    /// ```
    /// # use dataflow::{DataFlow, Model};
    /// # #[derive(Debug, Clone, PartialEq, Model)]
    /// # struct Account {
    /// #     #[model(primary_key)]
    /// #     id: String,
    /// #     cents: i64,
    /// # }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> dataflow::Result<()> {
    /// # let db = DataFlow::builder("sqlite::memory:").model::<Account>().open()?;
    /// # let ann = Account { id: "ann".to_owned(), cents: 500 };
    /// # db.repository::<Account>()?.create(&ann).await?;
    /// db.transaction(async |tx| {
    ///     let accounts = tx.repository::<Account>()?;
    ///     let mut ann = accounts.read_for_update(&"ann".to_owned()).await?;
    ///     ann.cents -= 200;
    ///     accounts.update(&ann).await
    /// })
    /// .await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Kind::NotFound`](dataflow_core::error::Kind::NotFound) when there is none,
    /// [`Kind::Unsupported`](dataflow_core::error::Kind::Unsupported) outside of a transaction.
    pub async fn read_for_update(&self, key: &M::Key) -> Result<M> {
        let rows = self
            .table
            .read_for_update(key.to_values(), IfLocked::Wait, Typed::new())
            .await?;
        single(self.model(), rows)
    }

    /// As [`read_for_update`](Self::read_for_update), if there is such a row, and for callers who do
    /// not wait: a row that another transaction has is none, or an error, as is said. Several rows,
    /// chosen by a filter, are those of a query [for update](crate::Query::for_update).
    ///
    /// # Errors
    ///
    /// [`Kind::Timeout`](dataflow_core::error::Kind::Timeout) for a row that another transaction has,
    /// where that is to be one; else as [`read_for_update`](Self::read_for_update).
    pub async fn find_for_update(&self, key: &M::Key, if_locked: IfLocked) -> Result<Option<M>> {
        let rows = self
            .table
            .read_for_update(key.to_values(), if_locked, Typed::new());
        Ok(rows.await?.pop())
    }

    /// The row of a key, if there is one.
    ///
    /// # Errors
    ///
    /// When the database does not answer.
    pub async fn find(&self, key: &M::Key) -> Result<Option<M>> {
        let mut rows = self.table.read(key.to_values(), Typed::new()).await?;
        Ok(rows.pop())
    }
}

/// The only row, or the error that there is none.
pub(super) fn single<M: Model>(model: &ModelSchema, mut rows: Vec<M>) -> Result<M> {
    rows.pop().ok_or_else(|| row_not_found(model))
}
