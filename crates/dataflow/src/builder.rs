//! Settings and models on their way to a [`DataFlow`].

use std::time::Duration;

use dataflow_core::ddl::DriftCheck;
use dataflow_core::error::Kind;
use dataflow_core::plan::Policy;
use dataflow_core::{Error, Model, ModelSchema, Result, SchemaSet};

use crate::audit::with_trail;
use crate::credentials::{CredentialSource, Credentials};
use crate::database::DataFlow;
use crate::hooks::{Hooks, ModelHooks};
use crate::settings::{self, AutoMigrate, Config, Settings};

/// Settings and models of a database.
///
/// Each setting has a default, a method here, and a key of the environment, which has the last
/// word: `DATAFLOW__ENABLE_CACHING=true` turns caching on whatever the program says. A key that is
/// not known, or a value that it does not take, is an error of [`build`](Self::build).
#[derive(Clone)]
#[must_use = "a builder does nothing until it is built or opened"]
pub struct DataFlowBuilder {
    config: Config,
    schema_set: SchemaSet,
    hooks: Vec<ModelHooks>,
    environment: Option<Vec<(String, String)>>,
}

impl DataFlowBuilder {
    /// For the database of a URL.
    pub(crate) fn of_url(url: String) -> Self {
        Self {
            config: Config {
                database_url: Some(url),
                ..Config::default()
            },
            ..Self::of_environment()
        }
    }

    /// For the database that `DATABASE_URL` names.
    pub(crate) fn of_environment() -> Self {
        Self {
            config: Config::default(),
            schema_set: SchemaSet::new(),
            hooks: Vec::new(),
            environment: None,
        }
    }

    /// Adds a model.
    pub fn model<M: Model>(mut self) -> Self {
        self.schema_set = self.schema_set.model::<M>();
        self
    }

    /// Adds every model of a set.
    pub fn models(mut self, schema_set: SchemaSet) -> Self {
        self.schema_set = self.schema_set.and(schema_set);
        self
    }

    /// Adds a model that is known only at run time; it has nodes, and no repository.
    pub fn schema(mut self, model_schema: ModelSchema) -> Self {
        self.schema_set = self.schema_set.schema(model_schema);
        self
    }

    /// Attaches code to a model, which runs before and after its rows are written; see [`Hooks`].
    /// Several of one model run in the order in which they were attached.
    pub fn hooks<M: Model>(mut self, hooks: impl Hooks<M>) -> Self {
        self.hooks.push(ModelHooks::new(hooks));
        self
    }

    /// Whether opening changes the tables: `true` or [`AutoMigrate::On`] unless set.
    pub fn auto_migrate(mut self, auto_migrate: impl Into<AutoMigrate>) -> Self {
        self.config.auto_migrate = Some(auto_migrate.into());
        self
    }

    /// Whether opening does not look at the tables at all, whatever `auto_migrate` says.
    pub fn skip_migration(mut self, is_skipped: bool) -> Self {
        self.config.skip_migration = Some(is_skipped);
        self
    }

    /// Whether the tables `dataflow_model_registry` and `dataflow_migration_history` are neither
    /// made nor read. Each start then compares every table.
    pub fn skip_registry(mut self, is_skipped: bool) -> Self {
        self.config.skip_registry = Some(is_skipped);
        self
    }

    /// Whether the registry keeps the models with their versions: `true` unless set.
    pub fn enable_model_persistence(mut self, is_enabled: bool) -> Self {
        self.config.enable_model_persistence = Some(is_enabled);
        self
    }

    /// Whether operations, connections and the cache are measured, for whatever recorder of the
    /// `metrics` crate is installed before the first operation.
    pub fn enable_metrics(mut self, is_enabled: bool) -> Self {
        self.config.enable_metrics = Some(is_enabled);
        self
    }

    /// Whether rows read once are kept until this process writes to their table. Another process
    /// that writes is not noticed.
    pub fn enable_caching(mut self, is_enabled: bool) -> Self {
        self.config.enable_caching = Some(is_enabled);
        self
    }

    /// Whether what is done to rows is written down in the transaction that does it, whoever does,
    /// for [`DataFlow::changes`] to tell: `false` unless set. It makes writes dearer.
    pub fn enable_changes(mut self, is_enabled: bool) -> Self {
        self.config.enable_changes = Some(is_enabled);
        self
    }

    /// How often a reader that has seen every change looks for another: 500 ms unless set. Writes of
    /// this process wake it, so this is how long those of others can go unnoticed.
    pub fn changes_interval(mut self, interval: Duration) -> Self {
        self.config.changes_interval = Some(interval);
        self
    }

    /// For how long changes are kept: four days unless set.
    pub fn changes_kept_for(mut self, time: Duration) -> Self {
        self.config.changes_kept_for = Some(time);
        self
    }

    /// About how many changes are kept at the most: a million unless set. One that is younger than
    /// ten seconds is kept all the same.
    pub fn changes_kept(mut self, count: usize) -> Self {
        self.config.changes_kept = Some(count);
        self
    }

    /// Whether doors show what was done to rows of audited models, as operations that only read:
    /// `audit_entry_list`, `audit_entry_read` and `audit_entry_count`, at `/api/audit_entries`. `false`
    /// unless set: whoever may call them sees former values of every field that is not masked.
    ///
    /// A call on behalf of a tenant is shown the entries of its rows, and one of nobody those of rows
    /// that belong to nobody.
    pub fn audit_at_doors(mut self, are_shown: bool) -> Self {
        self.config.audit_at_doors = Some(are_shown);
        self
    }

    /// For how long audit entries are kept: for ever unless set. Older ones are deleted in the
    /// background, from the first audited write of the process on.
    pub fn audit_kept_for(mut self, time: Duration) -> Self {
        self.config.audit_kept_for = Some(time);
        self
    }

    /// The most connections to PostgreSQL: four for each core, from 8 to 16, unless set. SQLite has
    /// a writer and two readers, whatever is set.
    pub fn connection_pool_size(mut self, size: usize) -> Self {
        self.config.connection_pool_size = Some(size);
        self
    }

    /// Which changes opening makes without asking: [`Policy::Safe`] unless set.
    pub fn migration_policy(mut self, policy: Policy) -> Self {
        self.config.migration_policy = Some(policy);
        self
    }

    /// How an unchanged schema is recognized: [`DriftCheck::Probe`] unless set.
    pub fn drift_check(mut self, drift_check: DriftCheck) -> Self {
        self.config.drift_check = Some(drift_check);
        self
    }

    /// The direct address of the same PostgreSQL database, for schema changes, where the main one
    /// goes through a connection pooler.
    pub fn ddl_url(mut self, url: impl Into<String>) -> Self {
        self.config.ddl_url = Some(url.into());
        self
    }

    /// The name of this application in the registry, and for PostgreSQL in its list of sessions.
    /// Applications that share a database keep their models apart by it.
    pub fn application_name(mut self, name: impl Into<String>) -> Self {
        self.config.application_name = Some(name.into());
        self
    }

    /// How long opening a connection may take: 5 s unless set.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.config.connect_timeout = Some(timeout);
        self
    }

    /// How long an operation may wait for a connection: 5 s unless set.
    pub fn acquire_timeout(mut self, timeout: Duration) -> Self {
        self.config.acquire_timeout = Some(timeout);
        self
    }

    /// How long one statement may run: 30 s unless set.
    pub fn statement_timeout(mut self, timeout: Duration) -> Self {
        self.config.statement_timeout = Some(timeout);
        self
    }

    /// How long a transaction may do nothing before it is rolled back: 10 s unless set.
    pub fn transaction_idle_timeout(mut self, timeout: Duration) -> Self {
        self.config.transaction_idle_timeout = Some(timeout);
        self
    }

    /// Whether PgBouncer, or another pooler, stands before the database and gives each transaction
    /// another session: `false` unless set. Every statement is then a transaction of its own and
    /// leaves nothing prepared, whatever the pooler's version, at the cost of three round trips
    /// more; schema changes should go past the pooler, to `ddl_url`.
    pub fn transaction_pooling(mut self, is_pooled: bool) -> Self {
        self.config.transaction_pooling = Some(is_pooled);
        self
    }

    /// Adds a replica of the database, which reads can go to. One that has not yet caught up with
    /// what this process wrote is not read from, so that everybody reads their own writes;
    /// transactions read where they write.
    pub fn read_url(mut self, url: impl Into<String>) -> Self {
        self.config
            .read_urls
            .get_or_insert_default()
            .push(url.into());
        self
    }

    /// Asks for user and password before each connection to PostgreSQL, in the place of those of
    /// the url, for passwords that live only for a while. The function may block; together with
    /// `connect_timeout`, it should be quick.
    ///
    /// ```
    /// use dataflow::{Credentials, DataFlow};
    ///
    /// let builder = DataFlow::builder("postgres://db.example.org/app").credentials(|| {
    ///     let token = std::env::var("DATABASE_TOKEN").unwrap_or_default();
    ///     Ok(Credentials::new("app", token))
    /// });
    /// # drop(builder);
    /// ```
    pub fn credentials(
        mut self,
        source: impl Fn() -> Result<Credentials> + Send + Sync + 'static,
    ) -> Self {
        self.config.credentials = Some(CredentialSource::new(source));
        self
    }

    /// About how long a connection to PostgreSQL lives before another takes its place, so that load
    /// moves to new servers and the memory of old ones is freed: 30 minutes unless set.
    pub fn max_lifetime(mut self, lifetime: Duration) -> Self {
        self.config.max_lifetime = Some(lifetime);
        self
    }

    /// How long a connection to PostgreSQL may rest before it is closed: 10 minutes unless set. What
    /// was used last is used next, so that those beyond what the load needs come to rest. It is seen
    /// to when another connection is given back.
    pub fn idle_timeout(mut self, timeout: Duration) -> Self {
        self.config.idle_timeout = Some(timeout);
        self
    }

    /// How long a statement of a schema change may wait for a lock that others hold: 2 s unless set.
    /// For another migration as a whole there is [`migration_timeout`](Self::migration_timeout).
    pub fn lock_timeout(mut self, timeout: Duration) -> Self {
        self.config.lock_timeout = Some(timeout);
        self
    }

    /// How long a start waits for another program's migration of which nothing is to be seen: 5
    /// minutes unless set.
    ///
    /// On PostgreSQL one that is at work is waited for, however long it takes: the replicas of a
    /// program can be replaced all at once while one of them makes an index of a large table. The
    /// time counts where its session does nothing, or where this role may not see what it does.
    /// SQLite does not tell who writes, so there it always counts.
    pub fn migration_timeout(mut self, timeout: Duration) -> Self {
        self.config.migration_timeout = Some(timeout);
        self
    }

    /// Takes these variables for the environment, in the place of the process's own.
    pub fn environment<K: Into<String>, V: Into<String>>(
        mut self,
        variables: impl IntoIterator<Item = (K, V)>,
    ) -> Self {
        let owned = |(key, value): (K, V)| (key.into(), value.into());
        self.environment = Some(variables.into_iter().map(owned).collect());
        self
    }

    /// Checks the settings and models. No file is opened and no server contacted.
    ///
    /// # Errors
    ///
    /// [`Kind::Configuration`] that lists every mistake.
    pub fn build(mut self) -> Result<DataFlow> {
        let hooks = std::mem::take(&mut self.hooks);
        let (settings, schema_set) = self.check(&hooks).map_err(all)?;
        Ok(DataFlow::new(settings, schema_set, &hooks))
    }

    /// Builds, and brings the tables to what the models need. Blocks, with or without a runtime.
    /// Connections are opened when they are first used.
    ///
    /// # Errors
    ///
    /// As [`build`](Self::build) and [`DataFlow::synchronize`].
    pub fn open(self) -> Result<DataFlow> {
        let database = self.build()?;
        database.synchronize()?;
        Ok(database)
    }

    /// What [`open`](Self::open) does, without blocking the runtime it is awaited in.
    ///
    /// # Errors
    ///
    /// As [`open`](Self::open).
    pub async fn open_async(self) -> Result<DataFlow> {
        let opened = tokio::task::spawn_blocking(|| self.open()).await;
        opened.unwrap_or_else(|failure| match failure.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            Err(_) => Err(Error::new(
                Kind::Unavailable,
                "the runtime shut down while the database was opened",
            )),
        })
    }

    fn check(mut self, hooks: &[ModelHooks]) -> Result<(Settings, SchemaSet), Vec<Error>> {
        let (environment, mut mistakes) = match self.environment.take() {
            Some(environment) => (environment, Vec::new()),
            None => settings::read_environment(std::env::vars_os()),
        };
        if self.config.database_url.is_none() {
            let url = environment.iter().find(|(key, _)| key == "DATABASE_URL");
            self.config.database_url = url.map(|(_, url)| url.clone());
        }
        mistakes.extend(settings::apply_environment(&mut self.config, environment));
        let settings = settings::resolve(&self.config)
            .map_err(|more| mistakes.extend(more))
            .ok();
        let is_followed = self.config.enable_changes == Some(true);
        let schema_set = with_trail(self.schema_set).change_feed(is_followed);
        let schema_set = schema_set.validated();
        let schema_set = schema_set.map_err(|mistake| mistakes.push(mistake)).ok();
        if let Some(schema_set) = &schema_set {
            mistakes.extend(hooks_without_model(hooks, schema_set));
        }
        match (settings, schema_set) {
            (Some(settings), Some(schema_set)) if mistakes.is_empty() => Ok((settings, schema_set)),
            _ => Err(mistakes),
        }
    }
}

fn hooks_without_model(
    hooks: &[ModelHooks],
    schema_set: &SchemaSet,
) -> impl Iterator<Item = Error> {
    let has_model = |hooks: &&ModelHooks| schema_set.models().any(|model| model == hooks.model);
    let without = hooks.iter().filter(move |hooks| !has_model(hooks));
    without.map(|hooks| {
        let name = &hooks.model.name;
        let message = format!("hooks are attached to model {name:?}, which is not registered");
        Error::new(Kind::Configuration, message)
            .with_help(format!("add .model::<{name}>() to the builder"))
    })
}

/// One error for all mistakes.
fn all(mut mistakes: Vec<Error>) -> Error {
    if mistakes.len() == 1 {
        return mistakes.remove(0);
    }
    let summary = format!("{} mistakes in the settings", mistakes.len());
    let lines = mistakes.iter().flat_map(|mistake| {
        let line = match mistake.help() {
            Some(help) => format!("{mistake}; {help}"),
            None => mistake.to_string(),
        };
        std::iter::once(line).chain(mistake.details().to_vec())
    });
    let lines = lines.collect();
    Error::new(Kind::Configuration, summary).with_details(lines)
}
