//! A database of models.

use std::fmt;
use std::sync::{Arc, OnceLock};

use dataflow_core::ddl::{Migrate, Migrations, Outcome, Recall, SchemaReady};
use dataflow_core::error::{Kind, closest};
use dataflow_core::feed::Position;
use dataflow_core::node::{BoxFuture, ChangeStream, Node, Scope, Source};
use dataflow_core::{Endpoint, Error, Model, ModelSchema, Result, SchemaSet};
use dataflow_ddl_sync::{Migrator, SyncDDLExecutor, Whereabouts, synchronize_on};
use futures_util::future::join;

use crate::access::Access;
use crate::builder::DataFlowBuilder;
use crate::cache::{Cache, Others, TableCache};
use crate::changes::{Feed, Follower, Reader};
use crate::crud;
use crate::metrics::Meter;
use crate::pool::Pool;
use crate::repository::Repository;
use crate::settings::Settings;
use crate::sql::Sql;
use crate::statements::{Shapes, Statements};
use crate::table::{Family, Member, Table, Tenant};

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
    tenant: Tenant,
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

    pub(crate) fn new(settings: Settings, schema_set: SchemaSet) -> Self {
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
            let model = Arc::new(model.clone());
            let statements = Statements::new(model.clone(), dialect, shapes.clone());
            Member::new(model, statements, cache, meter)
        };
        let family = Arc::new(Family::of(schema_set.models().map(member)));
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
            tables,
        };
        Self {
            inner: Arc::new(inner),
            tenant: Tenant::Unknown,
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

    pub(crate) fn table<M: Model>(&self) -> Result<Arc<Table>> {
        let wanted = M::schema();
        match self
            .inner
            .tables
            .iter()
            .find(|table| table.model().name == wanted.name)
        {
            Some(table) if **table.model() == *wanted => Ok(match &self.tenant {
                Tenant::Unknown => table.clone(),
                tenant => Arc::new(table.of(tenant.clone())),
            }),
            Some(_) => Err(Error::new(
                Kind::NotFound,
                format!("model {:?} is registered with other fields", wanted.name),
            )
            .with_help("two structs share the name; register the one that is asked for")),
            None => Err(Error::new(
                Kind::NotFound,
                format!("model {:?} is not registered", wanted.name),
            )
            .with_help(format!("add .model::<{}>() to the builder", wanted.name))),
        }
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

    pub(crate) fn pool(&self) -> &Pool {
        &self.inner.pool
    }

    /// A statement in one's own words, whose parameters are `$1`, `$2` and so on.
    pub fn sql(&self, text: impl Into<String>) -> Sql {
        self.sql_over(&Access::Pool(self.inner.pool.clone()), text.into())
    }

    /// The statement, reached in some way: what it writes is noted for each table that is.
    pub(crate) fn sql_over(&self, access: &Access, text: String) -> Sql {
        let tables = self.inner.tables.iter();
        let tables = tables.map(|table| Arc::new(table.over(access.clone())));
        let dialect = self.inner.settings.dialect();
        Sql::new(access.clone(), dialect, tables.collect(), text)
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
        let Inner { nodes, tables, .. } = &*self.inner;
        nodes.get_or_init(|| tables.iter().flat_map(crud::nodes).collect())
    }

    /// The models, each after those it points at.
    pub fn schema_set(&self) -> &SchemaSet {
        &self.inner.schema_set
    }

    /// How the database came to hold what the models need; none before it was synchronized.
    pub fn schema_ready(&self) -> Option<&SchemaReady> {
        self.inner.ready.get()
    }

    /// Brings the tables to what the models need, and lets operations through. Blocks, with or
    /// without a runtime. Once it has succeeded, it does nothing more.
    ///
    /// # Errors
    ///
    /// [`Kind::Schema`] when the tables cannot or may not become what the models need,
    /// [`Kind::Unavailable`] when the database cannot be reached.
    pub fn synchronize(&self) -> Result<&SchemaReady> {
        if let Some(ready) = self.inner.ready.get() {
            return Ok(ready);
        }
        Ok(self.admit(self.synchronized()?))
    }

    /// Lets operations through.
    fn admit(&self, ready: SchemaReady) -> &SchemaReady {
        self.inner.pool.admit(ready.clone());
        for finding in ready.findings() {
            tracing::warn!(database = ready.database(), "{finding}");
        }
        self.inner.ready.get_or_init(|| ready)
    }

    /// Opens the pool's first connection and, where that tells that the tables are as they were
    /// left, lets operations through: a schema check would open one connection more to ask the
    /// same. While the database lets the connection in, the question is put together.
    async fn recall(&self) -> Result<Option<&SchemaReady>> {
        let Inner {
            settings,
            schema_set,
            pool,
            ..
        } = &*self.inner;
        let question = async { Recall::of(schema_set, settings.dialect(), &settings.sync) };
        let (connected, recall) = join(pool.connect(), question).await;
        connected?;
        let Some(recall) = recall else {
            return Ok(None);
        };
        let recorded = pool.recorded(&recall).await?;
        let receipt = recorded.and_then(|state| recall.receipt(self.name(), &state));
        Ok(receipt.map(|ready| self.admit(ready)))
    }

    /// What a start report says of the tables.
    fn summary(&self, ready: &SchemaReady) -> String {
        let models = match self.inner.tables.len() {
            1 => "1 model".to_owned(),
            count => format!("{count} models"),
        };
        let outcome = match ready.outcome() {
            Outcome::Unchanged => "unchanged".to_owned(),
            Outcome::Applied { steps } => format!("{steps} changes made"),
            Outcome::Drifted => format!("differs in {} ways", ready.findings().len()),
            Outcome::Unchecked => "not checked".to_owned(),
        };
        format!("{models}, {outcome}")
    }

    fn synchronized(&self) -> Result<SchemaReady> {
        let Settings {
            ddl_endpoint, sync, ..
        } = &self.inner.settings;
        // SQLite is reached through the connection that writes: a database in memory lives in it,
        // and a file's schema need not be read by one connection more.
        if let Endpoint::Sqlite(endpoint) = &self.inner.settings.endpoint
            && ddl_endpoint == &self.inner.settings.endpoint
        {
            let (endpoint, schema_set, sync) = (
                endpoint.clone(),
                self.inner.schema_set.clone(),
                sync.clone(),
            );
            return self.inner.pool.on_sqlite(move |connection| {
                synchronize_on(connection, &endpoint, &schema_set, &sync)
            })?;
        }
        let executor = match sync.migrate {
            Migrate::Skip => self.executor(ddl_endpoint)?,
            Migrate::Apply | Migrate::Verify | Migrate::Warn => self.ddl_executor()?,
        };
        executor.synchronize(&self.inner.schema_set, sync)
    }

    /// What changes the schema, by the address for that. A receipt of another database would let
    /// operations through to tables that nobody made, so it is seen that it leads to the same.
    fn ddl_executor(&self) -> Result<SyncDDLExecutor> {
        let Settings {
            endpoint: main,
            ddl_endpoint,
            ..
        } = &self.inner.settings;
        let ddl = self.executor(ddl_endpoint)?;
        if ddl_endpoint != main
            && let (Some(there), Some(here)) =
                (ddl.whereabouts()?, self.executor(main)?.whereabouts()?)
        {
            Whereabouts::agree(&there, &here)?;
        }
        Ok(ddl)
    }

    fn executor(&self, endpoint: &Endpoint) -> Result<SyncDDLExecutor> {
        let Settings {
            pool, lock_timeout, ..
        } = &self.inner.settings;
        let endpoint = match (endpoint.clone(), &pool.credentials) {
            (Endpoint::Postgres(postgres), Some(credentials)) => {
                Endpoint::Postgres(credentials.log_into(postgres)?)
            }
            (endpoint, _) => endpoint,
        };
        Ok(SyncDDLExecutor::new(endpoint)
            .connect_timeout(pool.connect_timeout)
            .statement_timeout(pool.statement_timeout)
            .lock_timeout(*lock_timeout))
    }
}

impl DataFlow {
    /// The same database on behalf of one tenant: its repositories, queries and transactions reach
    /// the rows of that tenant alone, and new rows are its own.
    ///
    /// Rows have a tenant where a field is declared `#[model(tenant)]`; the library fills it in,
    /// whatever a struct holds. Without one, such rows are out of reach. Nodes take theirs from the
    /// [`Context`](crate::node::Context) of each call, and
    /// [statements in one's own words](Self::sql) mind none.
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
        Self {
            inner: self.inner.clone(),
            tenant: Tenant::One(tenant.into()),
        }
    }

    /// The same database on behalf of nobody in particular, for work that administers it: its
    /// repositories, queries and transactions reach the rows of every tenant, and a struct says
    /// itself whose row it is. Nothing then keeps tenants apart, nor their rows from pointing at
    /// each other.
    #[must_use]
    pub fn without_tenant_isolation(&self) -> Self {
        Self {
            inner: self.inner.clone(),
            tenant: Tenant::All,
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

impl Source for DataFlow {
    fn name(&self) -> String {
        self.inner.settings.endpoint.to_string()
    }

    fn nodes(&self) -> Vec<Arc<dyn Node>> {
        Self::nodes(self).to_vec()
    }

    fn synchronize(&self) -> Result<String> {
        Ok(self.summary(Self::synchronize(self)?))
    }

    fn connect(&self) -> BoxFuture<'_, Result<Option<String>>> {
        Box::pin(async { Ok(self.recall().await?.map(|ready| self.summary(ready))) })
    }

    fn check(&self) -> BoxFuture<'_, Result<()>> {
        Box::pin(async {
            if self.inner.ready.get().is_none() {
                let message = format!(
                    "the schema of {} is not ready",
                    self.inner.settings.endpoint
                );
                return Err(Error::new(Kind::Unavailable, message));
            }
            self.inner.pool.check().await
        })
    }

    fn begin(&self) -> BoxFuture<'_, Result<Arc<dyn Scope>>> {
        Box::pin(self.begin_scope())
    }

    fn followed_models(&self) -> Vec<String> {
        let models = self
            .inner
            .feed
            .iter()
            .flat_map(|feed| feed.models_at_doors());
        models.map(|model| model.name.to_string()).collect()
    }

    fn changes<'a>(
        &'a self,
        models: &'a [String],
        after: Option<Position>,
    ) -> BoxFuture<'a, Result<Box<dyn ChangeStream>>> {
        Box::pin(async move {
            let feed = self.feed()?;
            let models = feed.named_at_doors(models)?;
            let reader = Reader::begin(feed, models, after).await?;
            Ok(Box::new(reader) as Box<dyn ChangeStream>)
        })
    }

    fn migrations(&self) -> Result<Box<dyn Migrations>> {
        Ok(Box::new(Migrator::new(
            self.ddl_executor()?,
            self.inner.schema_set.clone(),
            self.inner.settings.sync.clone(),
        )))
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        Box::pin(self.inner.pool.close())
    }
}
