//! Statements in one's own words.

use std::fmt;
use std::sync::Arc;

use dataflow_core::dialect::{Dialect, changes_rows};
use dataflow_core::error::Kind;
use dataflow_core::schema::FieldType;
use dataflow_core::{Error, FieldValue, FromRow, Result, Value};
use futures_util::TryFutureExt as _;
use futures_util::stream::{self, Stream, TryStreamExt as _};

use crate::access::Access;
use crate::cache::TableCache;
use crate::collect::{Raw, Written};
use crate::pool::{Flow, Rows, Statement};
use crate::table::Tables;
use crate::tenant::Tenant;
use crate::trace;

/// A statement in one's own words, and the values of its parameters. Made by
/// [`DataFlow::sql`](crate::DataFlow::sql) and [`Transaction::sql`](crate::Transaction::sql).
///
/// Parameters are `$1`, `$2` and so on, on both databases, in the order of
/// [`bind`](Self::bind); values never become part of the text.
/// Rows are read by the names of their columns, as a struct that derives [`FromRow`] or as a model,
/// or by their order, as a tuple of values.
///
/// ```
/// use dataflow::{DataFlow, FromRow, Model};
///
/// #[derive(Debug, PartialEq, FromRow)]
/// struct Size {
///     city: String,
///     is_large: Option<bool>,
/// }
///
/// # #[derive(Debug, Clone, PartialEq, Model)]
/// # struct City {
/// #     #[model(primary_key)]
/// #     name: String,
/// #     people: i64,
/// # }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> dataflow::Result<()> {
/// # let db = DataFlow::builder("sqlite::memory:").model::<City>().open()?;
/// let rome = City { name: "Rome".to_owned(), people: 2_748_109 };
/// db.repository::<City>()?.create(&rome).await?;
///
/// let large = "SELECT name, people FROM cities WHERE people > $1";
/// assert_eq!(db.sql(large).bind(1_000_000_i64).fetch::<City>().await?, [rome]);
/// let names = db.sql("SELECT upper(name) FROM cities").fetch::<(String,)>().await?;
/// assert_eq!(names, [("ROME".to_owned(),)]);
/// let sizes = "SELECT people > 1000000 AS is_large, name AS city FROM cities";
/// let large = Size { city: "Rome".to_owned(), is_large: Some(true) };
/// assert_eq!(db.sql(sizes).fetch::<Size>().await?, [large]);
/// let moved = db.sql("UPDATE cities SET people = people - $1").bind(9_i64).execute().await?;
/// assert_eq!(moved, 1);
/// # Ok(())
/// # }
/// ```
#[must_use = "a statement does nothing until one of its last methods is awaited"]
pub struct Sql {
    access: Access,
    tables: Tables,
    behalf: Option<Tenant>,
    dialect: &'static dyn Dialect,
    /// What is kept of the rows that the statement may write.
    caches: Box<[Arc<TableCache>]>,
    text: String,
    parameters: Vec<FieldType>,
    values: Vec<Value>,
}

impl Sql {
    pub(crate) fn new(
        access: Access,
        tables: Tables,
        dialect: &'static dyn Dialect,
        caches: Box<[Arc<TableCache>]>,
        text: String,
    ) -> Self {
        Self {
            access,
            tables,
            behalf: None,
            dialect,
            caches,
            text,
            parameters: Vec::new(),
            values: Vec::new(),
        }
    }

    /// The same on behalf of a tenant, where the database itself keeps some rows apart.
    pub(crate) fn minding(mut self, tenant: Tenant) -> Self {
        self.behalf = Some(tenant);
        self
    }

    /// The value of the next parameter.
    pub fn bind<V: FieldValue>(mut self, value: V) -> Self {
        self.parameters.push(V::TYPE);
        self.values.push(value.to_value());
        self
    }

    /// The rows of a statement that writes nothing. It may run on a replica, and runs again where a
    /// connection turns out to be dead.
    ///
    /// # Errors
    ///
    /// What the database refuses: of a text that is wrong in itself, what it says is the
    /// [`source`](std::error::Error::source); when the columns are not those of the type that is
    /// read; and when the statement says that it changes rows. What a function of the database
    /// changes is not seen: run such a one by [`execute_returning`](Self::execute_returning).
    pub async fn fetch<T: FromRow>(self) -> Result<Vec<T>> {
        self.reads()?;
        let statement = self.statement();
        let tenant = self.behalf.unwrap_or_default();
        let rows = Raw::default();
        let span = trace::of_database(self.dialect.system_name(), "sql");
        let read = async || {
            let read = self.access.read(&tenant, &statement, self.values, rows);
            read.await
        };
        trace::told(span, read).await
    }

    /// The first row of a statement that writes nothing, if there is one.
    ///
    /// # Errors
    ///
    /// As [`fetch`](Self::fetch).
    pub async fn fetch_first<T: FromRow>(self) -> Result<Option<T>> {
        Ok(self.fetch().await?.into_iter().next())
    }

    /// The rows of a statement that writes nothing, one after the other, however many there are: so
    /// many at a time that memory stays the same, all of them as they were when the first was read.
    ///
    /// The stream has a connection for itself until its end. Dropped before, it stops what runs and
    /// gives the connection back. `statement_timeout` is kept by each portion, and nothing limits
    /// how long the caller takes over the rows; in a [`Transaction`](crate::Transaction), that is
    /// `transaction_idle_timeout`, and the transaction can be used meanwhile.
    ///
    /// SQLite reads all rows before it gives the first in a transaction, and of a database in
    /// memory.
    ///
    /// ```
    /// # use dataflow::{DataFlow, Model};
    /// # #[derive(Debug, Clone, PartialEq, Model)]
    /// # struct City {
    /// #     #[model(primary_key)]
    /// #     name: String,
    /// #     people: i64,
    /// # }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> dataflow::Result<()> {
    /// use futures_util::TryStreamExt;
    ///
    /// # let db = DataFlow::builder("sqlite::memory:").model::<City>().open()?;
    /// # let rome = City { name: "Rome".to_owned(), people: 2_748_109 };
    /// # db.repository::<City>()?.create(&rome).await?;
    /// let large = db.sql("SELECT name FROM cities WHERE people > $1").bind(1_000_000_i64);
    /// let mut names = std::pin::pin!(large.stream::<(String,)>());
    /// while let Some((name,)) = names.try_next().await? {
    ///     assert_eq!(name, "Rome");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// As [`fetch`](Self::fetch), in the stream, which then ends.
    pub fn stream<T: FromRow>(self) -> impl Stream<Item = Result<T>> + Send + use<T> {
        let opened = async move {
            self.reads()?;
            let statement = self.statement();
            let tenant = self.behalf.unwrap_or_default();
            let span = trace::of_database(self.dialect.system_name(), "sql");
            let flow = async || self.access.flow(&tenant, &statement, self.values).await;
            let flow: Flow<Raw<T>> = trace::told(span, flow).await?;
            let portions = stream::try_unfold(flow, async |mut flow| {
                let rows = flow.next().await?;
                let rows = (!rows.is_empty()).then(|| stream::iter(rows.into_iter().map(Ok)));
                Ok::<_, Error>(rows.map(|rows| (rows, flow)))
            });
            Ok(portions.try_flatten())
        };
        opened.try_flatten_stream()
    }

    /// Runs a statement that writes, and says how many rows it wrote. What is kept of any model's
    /// rows is forgotten: nobody knows what the statement changed.
    ///
    /// # Errors
    ///
    /// What the database refuses.
    pub async fn execute(self) -> Result<u64> {
        self.write(Written).await
    }

    /// The rows that a statement which writes gives back, as `RETURNING` asks for.
    ///
    /// # Errors
    ///
    /// As [`fetch`](Self::fetch).
    pub async fn execute_returning<T: FromRow>(self) -> Result<Vec<T>> {
        self.write(Raw::default()).await
    }

    /// Refuses a statement that says that it writes: nobody would hear of it.
    fn reads(&self) -> Result<()> {
        match changes_rows(&self.text) {
            false => Ok(()),
            true => Err(Error::new(
                Kind::Unsupported,
                "the statement changes rows, and is run by what only reads",
            )
            .with_help("run it by execute, or by execute_returning for its rows")),
        }
    }

    async fn write<C: Rows>(self, rows: C) -> Result<C::Output> {
        let statement = self.statement();
        let writings = self.access.writings(&self.caches);
        let tenant = self.behalf.unwrap_or_default();
        let span = trace::of_database(self.dialect.system_name(), "sql");
        let write = async || {
            let write = self.access.write(&tenant, &statement, self.values, rows);
            write.await
        };
        let written = trace::told(span, write).await;
        for writing in writings {
            writing.end_with(&written);
        }
        written.map_err(|error| self.tables.with_names(error))
    }

    fn statement(&self) -> Arc<Statement> {
        let text = self.dialect.written(&self.text, &self.parameters);
        let statement = Statement::new(text, self.parameters.clone());
        Arc::new(statement.secured(self.behalf.is_some()))
    }
}

impl fmt::Debug for Sql {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Sql")
            .field("text", &self.text)
            .field("parameters", &self.parameters)
            .finish_non_exhaustive()
    }
}
