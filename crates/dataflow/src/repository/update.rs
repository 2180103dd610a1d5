//! A changed row.

use dataflow_core::Result;
use dataflow_core::schema::Changeable;

use super::Repository;
use super::read::single;
use crate::collect::Typed;

impl<M: Changeable> Repository<M> {
    /// Gives the row of the struct's key the struct's other values, and gives it as it is stored.
    /// Stamps are made, whatever the struct holds.
    ///
    /// A struct with a version changes the row that has this version, and the row gets the next one:
    ///
    /// ```
    /// # use dataflow::{DataFlow, Model};
    /// #[derive(Debug, Clone, Model)]
    /// struct Page {
    ///     #[model(primary_key)]
    ///     path: String,
    ///     text: String,
    ///     #[model(version)]
    ///     version: i64,
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> dataflow::Result<()> {
    /// # let db = DataFlow::builder("sqlite::memory:").model::<Page>().open()?;
    /// let pages = db.repository::<Page>()?;
    /// let page = Page { path: "/".to_owned(), text: "a".to_owned(), version: 0 };
    /// let first = pages.create(&page).await?;
    /// let second = pages.update(&Page { text: "b".to_owned(), ..first.clone() }).await?;
    /// assert_eq!((first.version, second.version), (1, 2));
    ///
    /// let late = pages.update(&Page { text: "c".to_owned(), ..first }).await;
    /// assert!(late.unwrap_err().is_stale());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Kind::Precondition`](dataflow_core::error::Kind::Precondition) when the row has another
    /// version than the struct;
    /// [`Kind::NotFound`](dataflow_core::error::Kind::NotFound) when there is no such row; else as
    /// [`create`](Self::create).
    pub async fn update(&self, row: &M) -> Result<M> {
        let rows = self.table.update(self.change(row), Typed::new()).await?;
        single(self.model(), rows)
    }
}
