//! A typed query: which rows, in which portions.

use std::fmt;
use std::sync::Arc;

use dataflow_core::error::Kind;
use dataflow_core::query::{Aggregate, Columns, Filter, FilterOf, Measures, Order, Sort, WholeRow};
use dataflow_core::{Error, Model, Result};
use futures_util::stream::{self, Stream, StreamExt as _};

use super::portions::portions;
use super::{Groups, Loading, Page, Related, Repository};
use crate::collect::{Selected, Total};
use crate::table::{Beginning, Selection, Table};

/// How many rows a list gives unless it is asked for another number.
pub(crate) const DEFAULT_LIMIT: usize = 100;

/// Which rows of a model are asked for: every one, unless something is added. Made by
/// [`Repository::query`]; nothing happens before one of its last methods is awaited.
///
/// ```
/// # use dataflow::{DataFlow, Model};
/// # #[derive(Debug, Clone, PartialEq, Model)]
/// # struct User {
/// #     #[model(primary_key)]
/// #     id: String,
/// #     email: String,
/// #     age: Option<i32>,
/// # }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> dataflow::Result<()> {
/// # let db = DataFlow::builder("sqlite::memory:").model::<User>().open()?;
/// let users = db.repository::<User>()?;
/// # let ann = User { id: "a".to_owned(), email: "ann@example.org".to_owned(), age: Some(30) };
/// # users.create(&ann).await?;
/// let adults = users
///     .query()
///     .filter(User::AGE.gte(18).and(!User::EMAIL.ends_with("@example.com")))
///     .order_by(User::AGE.desc())
///     .limit(10)
///     .list()
///     .await?;
/// assert_eq!(adults.rows, [ann]);
///
/// let addresses = users.query().select((User::EMAIL, User::AGE)).list().await?;
/// assert_eq!(addresses.rows, [("ann@example.org".to_owned(), Some(30))]);
/// # Ok(())
/// # }
/// ```
#[must_use = "a query does nothing until one of its last methods is awaited"]
pub struct Query<M, S = WholeRow<M>> {
    pub(super) repository: Repository<M>,
    columns: S,
    /// An error of the filter is told when the query runs.
    filter: Result<Filter>,
    order: Vec<Order>,
    is_distinct: bool,
    from: Beginning,
    pub(super) limit: Option<usize>,
}

impl<M: Model> Query<M> {
    pub(super) fn new(repository: Repository<M>) -> Self {
        Self {
            repository,
            columns: WholeRow::default(),
            filter: Ok(Filter::all()),
            order: Vec::new(),
            is_distinct: false,
            from: Beginning::FirstRow,
            limit: None,
        }
    }

    /// Only some columns: one, a tuple of up to twelve, or those of a struct that derives
    /// [`FromRow`](dataflow_core::FromRow). A row is then the value, a tuple of the values, or the
    /// struct. A value inside a document is one as well: `User::NOTE.at("city").as_text()`.
    ///
    /// ```
    /// # use dataflow::DataFlow;
    /// use dataflow::{FromRow, Model};
    ///
    /// #[derive(Debug, Clone, PartialEq, Model)]
    /// struct User {
    ///     #[model(primary_key)]
    ///     id: String,
    ///     email: String,
    ///     age: Option<i32>,
    /// }
    ///
    /// #[derive(Debug, PartialEq, FromRow)]
    /// #[model(of = User)]
    /// struct Contact {
    ///     email: String,
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> dataflow::Result<()> {
    /// # let db = DataFlow::builder("sqlite::memory:").model::<User>().open()?;
    /// # let users = db.repository::<User>()?;
    /// # let ann = User { id: "a".to_owned(), email: "ann@example.org".to_owned(), age: Some(30) };
    /// # users.create(&ann).await?;
    /// let contacts = users.query().select(Contact::COLUMNS).list().await?;
    /// assert_eq!(contacts.rows, [Contact { email: "ann@example.org".to_owned() }]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn select<S: Columns<M>>(self, columns: S) -> Query<M, S> {
        Query {
            repository: self.repository,
            columns,
            filter: self.filter,
            order: self.order,
            is_distinct: self.is_distinct,
            from: self.from,
            limit: self.limit,
        }
    }
}

/// What can be added to a query.
impl<M: Model, S: Columns<M> + 'static> Query<M, S> {
    /// With the rows that relations lead to: one relation, or a tuple of up to twelve. A row then
    /// comes in a tuple with an `Option` or a `Vec` of these, or with a tuple of them.
    ///
    /// ```
    /// # use dataflow::{DataFlow, Model};
    /// #[derive(Debug, Clone, PartialEq, Model)]
    /// #[model(has_many(posts = Post.author_id))]
    /// struct User {
    ///     #[model(primary_key)]
    ///     id: String,
    /// }
    ///
    /// #[derive(Debug, Clone, PartialEq, Model)]
    /// struct Post {
    ///     #[model(primary_key)]
    ///     id: i64,
    ///     #[model(belongs_to = User, index)]
    ///     author_id: String,
    ///     title: String,
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> dataflow::Result<()> {
    /// # let db = DataFlow::builder("sqlite::memory:").model::<User>().model::<Post>().open()?;
    /// # let (users, posts) = (db.repository::<User>()?, db.repository::<Post>()?);
    /// # let ann = users.create(&User { id: "ann".to_owned() }).await?;
    /// # let post = Post { id: 0, author_id: "ann".to_owned(), title: "Rust".to_owned() };
    /// # let post = posts.create(&post).await?;
    /// let page = users.query().with(User::POSTS).list().await?; // two statements, not one per user
    /// assert_eq!(page.rows, [(ann.clone(), vec![post.clone()])]);
    ///
    /// let latest = User::POSTS.order_by(Post::ID.desc()).limit(3).with(Post::AUTHOR);
    /// let page = users.query().with(latest).list().await?;
    /// assert_eq!(page.rows, [(ann.clone(), vec![(post.clone(), Some(ann))])]);
    ///
    /// let ids = users.query().select(User::ID).with(User::POSTS).list().await?;
    /// assert_eq!(ids.rows, [("ann".to_owned(), vec![post])]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn with<R: Related<M>>(self, related: R) -> Loading<M, R, S> {
        Loading::new(self, related)
    }

    /// Only rows that a filter lets through, and every filter that was added before.
    pub fn filter(mut self, filter: impl FilterOf<M>) -> Self {
        let filter = filter.into_filter();
        self.filter = self.filter.and_then(|before| before.and(filter));
        self
    }

    /// In the order of a column, within the order that was asked for before. Rows that are alike in
    /// all of it come in the order of their keys, as they do where no order is asked for.
    pub fn order_by(mut self, sort: Sort<M>) -> Self {
        self.order.push(sort.into_order());
        self
    }

    /// Rows that are alike in the selected columns once. Of whole rows no two are alike.
    pub fn distinct(mut self) -> Self {
        self.is_distinct = true;
        self
    }

    /// At most so many rows: 100 unless set.
    pub fn limit(mut self, limit: usize) -> Self {
        self.limit = Some(limit);
        self
    }

    /// Only rows after the cursor that came with the page before. A page costs the same however
    /// deep it lies, where an index has the order.
    pub fn after(mut self, cursor: impl Into<String>) -> Self {
        self.from = Beginning::Cursor(cursor.into());
        self
    }

    /// Only rows after so many of them, each of which the database reads to pass it over: prefer
    /// [`after`](Self::after).
    pub fn offset(mut self, rows: usize) -> Self {
        self.from = Beginning::Offset(rows);
        self
    }

    /// The rows, and where the next page begins.
    ///
    /// # Errors
    ///
    /// [`Kind::Malformed`](dataflow_core::error::Kind::Malformed) for a cursor that is none of this
    /// model and order, and for a filter that was made for another model;
    /// [`Kind::Unsupported`](dataflow_core::error::Kind::Unsupported) for a comparison or an order
    /// that the database cannot make.
    pub async fn list(self) -> Result<Page<S::Row>> {
        let (table, selection) = self.selection(Vec::new())?;
        let (rows, next) = table.list(selection, Selected::<M, S>::new()).await?;
        Ok(Page { rows, next })
    }

    /// The rows one after the other, without a limit unless one is set. They are read in portions,
    /// each of which begins where the one before ended, so that memory stays the same and no
    /// connection is held in between; a row that is written meanwhile is met if it comes later in
    /// the order.
    ///
    /// ```
    /// # use dataflow::{DataFlow, Model};
    /// # #[derive(Debug, Clone, PartialEq, Model)]
    /// # struct User {
    /// #     #[model(primary_key)]
    /// #     id: String,
    /// # }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> dataflow::Result<()> {
    /// use futures_util::TryStreamExt;
    ///
    /// # let db = DataFlow::builder("sqlite::memory:").model::<User>().open()?;
    /// # let users = db.repository::<User>()?;
    /// # users.create(&User { id: "ann".to_owned() }).await?;
    /// let mut ids = std::pin::pin!(users.query().select(User::ID).stream());
    /// while let Some(id) = ids.try_next().await? {
    ///     assert_eq!(id, "ann");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn stream(self) -> impl Stream<Item = Result<S::Row>> + Send {
        let limit = self.limit;
        match self.selection(Vec::new()) {
            Ok((table, selection)) => {
                let read = async |table: Arc<Table>, selection| {
                    table.list(selection, Selected::<M, S>::new()).await
                };
                portions(table, selection, limit, read).left_stream()
            }
            Err(error) => stream::iter([Err(error)]).right_stream(),
        }
    }

    /// What rows come to, in one row: a measure, or a tuple of up to twelve.
    ///
    /// # Errors
    ///
    /// As [`list`](Self::list).
    pub async fn aggregate<V: Measures<M> + 'static>(self, measures: V) -> Result<V::Values> {
        let (table, mut selection) = self.selection(measures.aggregates())?;
        selection.fields = None;
        let (total, _) = table.list(selection, Total::<M, V>::new()).await?;
        total.ok_or_else(|| Error::new(Kind::Internal, "an aggregate gave no row"))
    }

    /// What rows come to, for each group of rows that are alike in the selected columns.
    ///
    /// ```
    /// # use dataflow::{DataFlow, Model};
    /// use dataflow::query::count;
    /// # #[derive(Debug, Clone, PartialEq, Model)]
    /// # struct User {
    /// #     #[model(primary_key)]
    /// #     id: String,
    /// #     city: String,
    /// #     age: i32,
    /// # }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> dataflow::Result<()> {
    /// # let db = DataFlow::builder("sqlite::memory:").model::<User>().open()?;
    /// # let users = db.repository::<User>()?;
    /// # let ann = User { id: "ann".to_owned(), city: "Rome".to_owned(), age: 30 };
    /// # users.create(&ann).await?;
    /// let cities = users.query().select(User::CITY).groups((count(), User::AGE.max())).await?;
    /// assert_eq!(cities.rows, [("Rome".to_owned(), (1, Some(30)))]);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// As [`list`](Self::list), and [`Kind::Malformed`] for an order by another column and where no
    /// columns are selected; told when they are awaited.
    pub fn groups<V: Measures<M> + 'static>(self, measures: V) -> Groups<M, S, V> {
        Groups::new(self, measures)
    }

    /// The first row, if there is one.
    ///
    /// # Errors
    ///
    /// As [`list`](Self::list).
    pub async fn first(self) -> Result<Option<S::Row>> {
        Ok(self.limit(1).list().await?.rows.pop())
    }

    pub(super) fn selection(self, aggregates: Vec<Aggregate>) -> Result<(Arc<Table>, Selection)> {
        let limit = self.limit.unwrap_or(DEFAULT_LIMIT);
        let selection = Selection {
            order: self.order,
            fields: self.columns.columns(),
            is_distinct: self.is_distinct,
            aggregates,
            from: self.from,
            ..Selection::of(self.filter?, limit)
        };
        Ok((self.repository.table, selection))
    }

    /// How many rows the filters let through, without regard to pages.
    ///
    /// # Errors
    ///
    /// As [`list`](Self::list).
    pub async fn count(self) -> Result<u64> {
        self.repository.table.count(self.filter?).await
    }
}

impl<M, S> fmt::Debug for Query<M, S> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Query")
            .field("repository", &self.repository)
            .field("order", &self.order)
            .field("from", &self.from)
            .field("limit", &self.limit)
            .finish_non_exhaustive()
    }
}
