//! A changed row.

use dataflow_core::Result;
use dataflow_core::query;
use dataflow_core::schema::{Changeable, KeyValue as _};

use super::Repository;
use super::read::single;
use crate::collect::Typed;
use crate::table::Change;

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

    /// Gives the row of a key other values in some columns, and gives it as it is stored. The other
    /// columns are left alone, whatever others do to them meanwhile.
    ///
    /// ```
    /// # use dataflow::{DataFlow, Model};
    /// #[derive(Debug, Clone, PartialEq, Model)]
    /// struct Page {
    ///     #[model(primary_key)]
    ///     path: String,
    ///     title: String,
    ///     visits: i64,
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> dataflow::Result<()> {
    /// # let db = DataFlow::builder("sqlite::memory:").model::<Page>().open()?;
    /// let pages = db.repository::<Page>()?;
    /// # let page = Page { path: "/".to_owned(), title: "Home".to_owned(), visits: 0 };
    /// # pages.create(&page).await?;
    /// // Two who do this at once count two visits.
    /// let page = pages.update_fields(&"/".to_owned(), [Page::VISITS.add(1)]).await?;
    /// assert_eq!((&*page.title, page.visits), ("Home", 1));
    ///
    /// let changes = [Page::TITLE.set("Start"), Page::VISITS.set(0)];
    /// let page = pages.update_fields(&page.path, changes).await?;
    /// assert_eq!((&*page.title, page.visits), ("Start", 0));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Kind::NotFound`](dataflow_core::error::Kind::NotFound) when there is no such row; else as
    /// [`update_where`](Self::update_where), which also changes a row of one version alone.
    pub async fn update_fields(
        &self,
        key: &M::Key,
        changes: impl IntoIterator<Item = query::Change<M>>,
    ) -> Result<M> {
        let change = Change::of(key.to_values(), self.changes(changes)?);
        let rows = self.table.update(change, Typed::new()).await?;
        single(self.model(), rows)
    }
}
