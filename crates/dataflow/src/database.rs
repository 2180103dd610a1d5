//! A database of models.

mod behalf;
mod build;
mod opening;
mod source;

use std::fmt;
use std::sync::{Arc, OnceLock};

use dataflow_core::ddl::SchemaReady;
use dataflow_core::error::Kind;
use dataflow_core::node::{Node, Source as _};
use dataflow_core::{Error, Model, Result, SchemaSet};

use crate::access::Access;
use crate::audit::tells_of_trail;
use crate::builder::DataFlowBuilder;
use crate::changes::{Feed, Follower};
use crate::crud;
use crate::pool::Pool;
use crate::repository::Repository;
use crate::settings::Settings;
use crate::sql::Sql;
use crate::table::{Behalf, Family, Table, Tables};

/// A database of models: their tables, their typed repositories and their nodes. Clones share one.
///
/// ```
/// use dataflow::{DataFlow, Model};
///
/// #[derive(Debug, Clone, PartialEq, Model)]
/// struct User {
///     #[model(primary_key)]
///     id: String,
///     #[model(unique)]
///     email: String,
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> dataflow::Result<()> {
/// let db = DataFlow::builder("sqlite::memory:").model::<User>().open()?;
/// let users = db.repository::<User>()?;
///
/// let ann = User { id: "ann".to_owned(), email: "ann@example.org".to_owned() };
/// users.create(&ann).await?;
/// assert_eq!(users.read(&ann.id).await?, ann);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct DataFlow {
    inner: Arc<Inner>,
    behalf: Behalf,
    /// The connections of `inner`, perhaps with another time for statements.
    pool: Pool,
}

struct Inner {
    settings: Settings,
    schema_set: SchemaSet,
    pool: Pool,
    ready: OnceLock<SchemaReady>,
    /// None where changes are not written down.
    feed: Option<Arc<Feed>>,
    /// Keeps the cache from what others write.
    _follower: Option<Arc<Follower>>,
    family: Arc<Family>,
    tables: Vec<Arc<Table>>,
    /// Made when they are first asked for: a server asks while the database lets it in.
    nodes: OnceLock<Vec<Arc<dyn Node>>>,
}

impl DataFlow {
    /// Settings and models for the database of a URL: `sqlite://path`, `sqlite::memory:`, or
    /// `postgres://user:password@host:port/database`.
    pub fn builder(url: impl Into<String>) -> DataFlowBuilder {
        DataFlowBuilder::of_url(url.into())
    }

    /// Settings and models for the database that the environment names: `DATABASE_URL`, or
    /// `DATAFLOW__DATABASE_URL`, which goes first.
    pub fn from_env() -> DataFlowBuilder {
        DataFlowBuilder::of_environment()
    }

    /// The typed operations of a model.
    ///
    /// # Errors
    ///
    /// [`Kind::NotFound`] when the model is not registered, or another one is under its name.
    pub fn repository<M: Model>(&self) -> Result<Repository<M>> {
        self.table::<M>().map(Repository::new)
    }

    /// A statement in one's own words, whose parameters are `$1`, `$2` and so on.
    pub fn sql(&self, text: impl Into<String>) -> Sql {
        let access = Access::Pool(self.pool.clone());
        self.tables().sql(access, text.into())
    }

    /// The node of a name, such as `user_create`.
    ///
    /// # Errors
    ///
    /// [`Kind::NotFound`] when there is none, with the closest name.
    pub fn node(&self, name: &str) -> Result<Arc<dyn Node>> {
        let nodes = self.nodes();
        if let Some(node) = nodes.iter().find(|node| node.descriptor().name() == name) {
            return Ok(node.clone());
        }
        let error = Error::new(Kind::NotFound, format!("no node is called {name:?}"));
        let names = nodes.iter().map(|node| node.descriptor().name());
        Err(error.with_closest(name, names))
    }

    /// The models, each after those it points at.
    pub fn schema_set(&self) -> &SchemaSet {
        &self.inner.schema_set
    }

    /// How the database came to hold what the models need; none before it was synchronized.
    pub fn schema_ready(&self) -> Option<&SchemaReady> {
        self.inner.ready.get()
    }

    fn table<M: Model>(&self) -> Result<Arc<Table>> {
        let position = self.inner.family.position_of_model::<M>()?;
        let table = &self.inner.tables[position];
        if self.behalf.is_unknown() && self.pool.statement_timeout().is_none() {
            return Ok(table.clone());
        }
        let table = table.over(Access::Pool(self.pool.clone()));
        Ok(Arc::new(table.on_behalf_of(self.behalf.clone())))
    }

    /// The tables, on behalf of whom this is.
    pub(crate) fn tables(&self) -> Tables {
        Tables::new(self.inner.family.clone(), self.behalf.clone())
    }

    /// The outbox, which has to be written to.
    pub(crate) fn feed(&self) -> Result<Arc<Feed>> {
        self.inner.feed.clone().ok_or_else(|| {
            let message = format!("{} writes no changes down", self.inner.settings.endpoint);
            Error::new(Kind::Unsupported, message).with_help("turn enable_changes on")
        })
    }

    /// The name that OpenTelemetry has for it.
    pub(crate) fn system_name(&self) -> &'static str {
        self.inner.settings.dialect().system_name()
    }

    pub(crate) fn pool(&self) -> &Pool {
        &self.pool
    }

    fn nodes(&self) -> &[Arc<dyn Node>] {
        let Inner {
            nodes,
            tables,
            settings,
            ..
        } = &*self.inner;
        // Who may read what was done is for the program to say.
        let is_shown = |node: &Arc<dyn Node>| settings.shows_audit || !tells_of_trail(node);
        let shown = || tables.iter().flat_map(crud::nodes).filter(is_shown);
        nodes.get_or_init(|| shown().collect())
    }
}

impl fmt::Debug for DataFlow {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("DataFlow")
            .field("database", &self.name())
            .field("ready", &self.inner.ready.get())
            .finish_non_exhaustive()
    }
}
