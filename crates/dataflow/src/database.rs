//! A database of models.

mod opening;
mod source;

use std::fmt;
use std::sync::{Arc, OnceLock};

use dataflow_core::ddl::SchemaReady;
use dataflow_core::error::{Kind, closest};
use dataflow_core::node::{Node, Source as _};
use dataflow_core::{Error, Model, ModelSchema, Result, SchemaSet};

use crate::access::Access;
use crate::audit::{Retention, tells_of_trail};
use crate::builder::DataFlowBuilder;
use crate::cache::{Cache, Others, TableCache};
use crate::changes::{Feed, Follower};
use crate::crud;
use crate::hooks::ModelHooks;
use crate::metrics::Meter;
use crate::pool::Pool;
use crate::repository::Repository;
use crate::settings::Settings;
use crate::sql::Sql;
use crate::statements::{Shapes, Statements};
use crate::table::{Behalf, Family, Member, Table, Tables};
use crate::tenant::Tenant;

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

    pub(crate) fn new(settings: Settings, schema_set: SchemaSet, hooks: &[ModelHooks]) -> Self {
        let dialect = settings.dialect();
        let pool = Pool::new(settings.endpoint.clone(), settings.pool.clone());
        let access = Access::Pool(pool.clone());
        let shapes = Shapes::new();
        let is_followed = settings.is_cached && settings.changes.is_some();
        let others = is_followed.then(Arc::<Others>::default);
        let cache = settings.is_cached.then(|| Cache::new(others.clone()));
        let longest_write = settings.pool.longest_write();
        let member = |model: &ModelSchema| {
            let cache = cache
                .clone()
                .map(|cache| TableCache::new(cache, longest_write));
            let meter = settings
                .is_measured
                .then(|| Meter::new(&settings.endpoint, &model.name, pool.clone()));
            let hooks = hooks.iter().filter(|hooks| hooks.model.name == model.name);
            let hooks = hooks.map(|hooks| hooks.hooks.clone()).collect();
            let model = Arc::new(model.clone());
            let statements = Statements::new(model.clone(), dialect, shapes.clone());
            Member::new(model, statements, cache, meter, hooks)
        };
        let kept_for = settings.audit_kept_for;
        let retention = kept_for.map(|kept_for| Retention::new(pool.clone(), kept_for));
        let members = schema_set.models().map(member);
        let family = Arc::new(Family::of(dialect, members, retention));
        let tables = Table::all(&family, &access);
        let feed = settings.changes.zip(settings.pool.wake.clone());
        let feed = feed
            .map(|(changes, wake)| Feed::new(pool.clone(), wake, changes, dialect, &schema_set));
        let follower = feed
            .clone()
            .zip(others)
            .map(|(feed, others)| Follower::new(feed, family.caches_by_table(), others));
        let inner = Inner {
            nodes: OnceLock::new(),
            settings,
            schema_set,
            pool,
            ready: OnceLock::new(),
            feed,
            _follower: follower,
            family,
            tables,
        };
        Self {
            inner: Arc::new(inner),
            behalf: Behalf::default(),
        }
    }

    /// The typed operations of a model.
    ///
    /// # Errors
    ///
    /// [`Kind::NotFound`] when the model is not registered, or another one is under its name.
    pub fn repository<M: Model>(&self) -> Result<Repository<M>> {
        self.table::<M>().map(Repository::new)
    }

    fn table<M: Model>(&self) -> Result<Arc<Table>> {
        let position = self.inner.family.position_of_model::<M>()?;
        let table = &self.inner.tables[position];
        Ok(match self.behalf.is_unknown() {
            true => table.clone(),
            false => Arc::new(table.on_behalf_of(self.behalf.clone())),
        })
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

    /// Deletes changes that are past their time now, and says how many those were. That is done from
    /// time to time by itself.
    ///
    /// # Errors
    ///
    /// [`Kind::Unsupported`] where no changes are written down; else when the database refuses.
    pub async fn prune_changes(&self) -> Result<u64> {
        self.feed()?.prune().await
    }

    /// The name that OpenTelemetry has for it.
    pub(crate) fn system_name(&self) -> &'static str {
        self.inner.settings.dialect().system_name()
    }

    pub(crate) fn pool(&self) -> &Pool {
        &self.inner.pool
    }

    /// A statement in one's own words, whose parameters are `$1`, `$2` and so on.
    pub fn sql(&self, text: impl Into<String>) -> Sql {
        let access = Access::Pool(self.inner.pool.clone());
        self.tables().sql(&access, text.into())
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
        Err(match closest(name, names) {
            Some(meant) => error.with_help(format!("did you mean {meant:?}?")),
            None => error,
        })
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

    /// The models, each after those it points at.
    pub fn schema_set(&self) -> &SchemaSet {
        &self.inner.schema_set
    }

    /// How the database came to hold what the models need; none before it was synchronized.
    pub fn schema_ready(&self) -> Option<&SchemaReady> {
        self.inner.ready.get()
    }
}

impl DataFlow {
    /// The same database on behalf of one tenant: its repositories, queries and transactions reach
    /// the rows of that tenant alone, and new rows are its own.
    ///
    /// Rows have a tenant where a field is declared `#[model(tenant)]`; the library fills it in,
    /// whatever a struct holds. Without one, such rows are out of reach. Nodes take theirs from the
    /// [`Context`](crate::node::Context) of each call, and
    /// [statements in one's own words](Self::sql) mind one only where PostgreSQL itself does, for
    /// models that are declared `#[model(row_level_security)]`.
    ///
    /// ```
    /// # use dataflow::{DataFlow, Filter, Model};
    /// #[derive(Debug, Clone, PartialEq, Model)]
    /// struct Note {
    ///     #[model(primary_key)]
    ///     id: i64,
    ///     #[model(tenant)]
    ///     team: String,
    ///     text: String,
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> dataflow::Result<()> {
    /// # let db = DataFlow::builder("sqlite::memory:").model::<Note>().open()?;
    /// let (ours, theirs) = (db.tenant("ours"), db.tenant("theirs"));
    /// let note = Note { id: 0, team: String::new(), text: "secret".to_owned() };
    /// let note = ours.repository::<Note>()?.create(&note).await?;
    /// assert_eq!(note.team, "ours");
    ///
    /// assert!(theirs.repository::<Note>()?.read(&note.id).await.is_err());
    /// let error = db.repository::<Note>()?.read(&note.id).await.unwrap_err();
    /// assert_eq!(error.code().to_string(), "DF-305");
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn tenant(&self, tenant: impl Into<Arc<str>>) -> Self {
        self.on_behalf_of(Behalf {
            tenant: Tenant::One(tenant.into()),
            ..self.behalf.clone()
        })
    }

    /// The same database on behalf of nobody in particular, for work that administers it: its
    /// repositories, queries and transactions reach the rows of every tenant, and a struct says
    /// itself whose row it is. Nothing then keeps tenants apart, nor their rows from pointing at
    /// each other. Where the database keeps rows apart itself, it refuses this to a role that it
    /// does not let past.
    #[must_use]
    pub fn without_tenant_isolation(&self) -> Self {
        self.on_behalf_of(Behalf {
            tenant: Tenant::All,
            ..self.behalf.clone()
        })
    }

    /// The same database on behalf of a caller, whom the [trail](Self::audit) of audited models then
    /// names. Nodes take theirs from the [`Context`](crate::node::Context) of each call.
    #[must_use]
    pub fn caller(&self, caller: impl Into<Arc<str>>) -> Self {
        self.on_behalf_of(Behalf {
            caller: Some(caller.into()),
            ..self.behalf.clone()
        })
    }

    fn on_behalf_of(&self, behalf: Behalf) -> Self {
        Self {
            inner: self.inner.clone(),
            behalf,
        }
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
