//! The face of the crate.

use std::time::Duration;

use dataflow_core::adopt::Adopted;
use dataflow_core::ddl::{
    self, Executor, Fingerprint, Migrate, Registered, SchemaReady, SyncOptions,
};
use dataflow_core::error::Result;
use dataflow_core::plan::{Plan, Policy};
use dataflow_core::schema::TableName;
use dataflow_core::snapshot::Column;
use dataflow_core::{Endpoint, SchemaSet};

use crate::adopt;
use crate::backend::{self, Lazy};
use crate::thread;
use crate::timeouts::Timeouts;
use crate::whereabouts::Whereabouts;

/// Changes the schema of one database, blocking, wherever it is called.
///
/// It holds no connection: each call opens one, works and closes it, on a thread of its own.
#[derive(Debug, Clone)]
pub struct SyncDDLExecutor {
    endpoint: Endpoint,
    timeouts: Timeouts,
}

impl SyncDDLExecutor {
    /// An executor for a database, which is not contacted yet.
    ///
    /// A `connect_timeout` in the URL is the default of [`connect_timeout`](Self::connect_timeout).
    pub fn new(endpoint: Endpoint) -> Self {
        let mut timeouts = Timeouts::default();
        if let Endpoint::Postgres(postgres) = &endpoint {
            timeouts.connect = postgres.connect_timeout.unwrap_or(timeouts.connect);
        }
        Self { endpoint, timeouts }
    }

    /// How long opening a connection may take, with name lookup, TCP, TLS and login: 5 s unless
    /// set; zero means no limit.
    #[must_use]
    pub fn connect_timeout(mut self, connect_timeout: Duration) -> Self {
        self.timeouts.connect = connect_timeout;
        self
    }

    /// How long a statement may wait for a lock that others hold: 2 s unless set; zero means no
    /// limit on PostgreSQL.
    ///
    /// Another migration is waited for by [`migration_timeout`](Self::migration_timeout).
    #[must_use]
    pub fn lock_timeout(mut self, lock_timeout: Duration) -> Self {
        self.timeouts.lock = lock_timeout;
        self
    }

    /// How long to wait for another migration of which nothing is to be seen: 5 minutes unless set;
    /// zero means no limit.
    ///
    /// On PostgreSQL one that is at work is waited for, however long it takes, so that the replicas
    /// of a program can start together while one of them makes an index of a large table. The time
    /// counts where its session does nothing, or where the role may not see what it does.
    #[must_use]
    pub fn migration_timeout(mut self, migration_timeout: Duration) -> Self {
        self.timeouts.migration = migration_timeout;
        self
    }

    /// How long one statement may run: 30 s unless set; zero means no limit. SQLite has no such
    /// limit, nor have steps that read or write whole tables: those that keep nobody waiting, and
    /// those that the policy full or an approval lets be made.
    #[must_use]
    pub fn statement_timeout(mut self, statement_timeout: Duration) -> Self {
        self.timeouts.statement = statement_timeout;
        self
    }

    /// The database that it changes.
    pub fn endpoint(&self) -> &Endpoint {
        &self.endpoint
    }

    /// Brings the database to what a set of models needs, and returns the receipt.
    ///
    /// # Errors
    ///
    /// As [`ddl::synchronize`]; and when the database cannot be reached.
    pub fn synchronize(
        &self,
        schema_set: &SchemaSet,
        options: &SyncOptions,
    ) -> Result<SchemaReady> {
        self.run(|executor| ddl::synchronize(executor, schema_set, options))
    }

    /// What has to change in the database for it to hold what the models need, whether or not a
    /// policy allows it. Nothing is changed and no lock is taken.
    ///
    /// ```
    /// # use dataflow_core::{Model, SchemaSet};
    /// # use dataflow_ddl_sync::SyncDDLExecutor;
    /// #[derive(Model)]
    /// struct Note {
    ///     #[model(primary_key)]
    ///     id: i64,
    ///     text: String,
    /// }
    ///
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let url = format!("sqlite://{}", folder.path().join("app.db").display());
    /// let executor = SyncDDLExecutor::new(url.parse()?);
    /// let plan = executor.plan(&SchemaSet::new().model::<Note>().validated()?)?;
    /// assert_eq!(plan.to_string(), "+ create table \"notes\"\n");
    /// assert!(plan.steps[0].is_transactional());
    /// assert!(!executor.table_exists("notes")?);
    /// # Ok::<(), dataflow_core::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When the database cannot be reached or read.
    pub fn plan(&self, schema_set: &SchemaSet) -> Result<Plan> {
        self.plan_for(schema_set, &SyncOptions::default())
    }

    /// The [`plan`](Self::plan) of the application that the options name, whose earlier models the
    /// ledger knows.
    ///
    /// # Errors
    ///
    /// When the database cannot be reached or read.
    pub fn plan_for(&self, schema_set: &SchemaSet, options: &SyncOptions) -> Result<Plan> {
        self.run(|executor| ddl::difference(executor, schema_set, options))
    }

    /// Makes every step of the plan with this [hash](Plan::hash), whatever its class, and nothing
    /// if the plan is another by now.
    ///
    /// ```
    /// # use dataflow_core::ddl::SyncOptions;
    /// # use dataflow_core::{Model, SchemaSet};
    /// # use dataflow_ddl_sync::SyncDDLExecutor;
    /// #[derive(Model)]
    /// #[model(table = "notes", drop_columns("draft"))]
    /// struct Note {
    ///     #[model(primary_key)]
    ///     id: i64,
    /// }
    ///
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let url = format!("sqlite://{}", folder.path().join("app.db").display());
    /// let executor = SyncDDLExecutor::new(url.parse()?);
    /// executor.execute_batch(&[
    ///     "CREATE TABLE notes (id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, draft TEXT) STRICT",
    /// ])?;
    /// let models = SchemaSet::new().model::<Note>().validated()?;
    /// let options = SyncOptions::default();
    /// assert!(executor.synchronize(&models, &options).is_err(), "a column would be lost");
    ///
    /// let plan = executor.plan(&models)?; // somebody reads it, and says that it is right
    /// executor.apply(&models, &options, plan.hash())?;
    /// assert_eq!(executor.table_columns("notes")?.len(), 1);
    /// # Ok::<(), dataflow_core::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`synchronize`](Self::synchronize); and when the plan is not the approved one.
    pub fn apply(
        &self,
        schema_set: &SchemaSet,
        options: &SyncOptions,
        hash: Fingerprint,
    ) -> Result<SchemaReady> {
        let approved = SyncOptions {
            migrate: Migrate::Apply,
            policy: Policy::Approved(hash),
            ..options.clone()
        };
        self.synchronize(schema_set, &approved)
    }

    /// The models that applications registered in the database, in their newest versions; each can
    /// be part of a [`SchemaSet`] of another application.
    ///
    /// # Errors
    ///
    /// When the database cannot be reached or read, or a newer release wrote a definition.
    pub fn registered(&self) -> Result<Vec<Registered>> {
        self.run(ddl::registered)
    }

    /// Models for the tables that are in the database, whoever made them. Synchronizing them changes
    /// nothing; what they do not say comes with them, by name.
    ///
    /// ```
    /// # use dataflow_core::ddl::{Outcome, SyncOptions};
    /// # use dataflow_ddl_sync::SyncDDLExecutor;
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let url = format!("sqlite://{}", folder.path().join("app.db").display());
    /// let executor = SyncDDLExecutor::new(url.parse()?);
    /// executor.execute_batch(&[
    ///     "CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT NOT NULL)",
    ///     "CREATE VIEW short_notes AS SELECT * FROM notes WHERE length(text) < 80",
    /// ])?;
    /// let adopted = executor.adopt()?;
    /// assert!(adopted.schema_set.find("Note").is_some());
    /// assert_eq!(adopted.unsaid[0].to_string(), "view \"short_notes\"");
    ///
    /// let ready = executor.synchronize(&adopted.schema_set, &SyncOptions::default())?;
    /// assert_eq!(ready.outcome(), Outcome::Unchanged);
    /// # Ok::<(), dataflow_core::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When the database cannot be reached or read.
    pub fn adopt(&self) -> Result<Adopted> {
        self.adopt_schemas(&[])
    }

    /// As [`adopt`](Self::adopt), of the schemas of these names together; without a name, of the one
    /// that new tables are made in.
    ///
    /// # Errors
    ///
    /// When the database cannot be reached or read, or holds no such schema.
    pub fn adopt_schemas(&self, schemas: &[&str]) -> Result<Adopted> {
        self.run(|executor| adopt::adopt(executor, schemas))
    }

    /// Which database and schema the endpoint leads to, asked of the server; none for SQLite, whose
    /// path says it.
    ///
    /// # Errors
    ///
    /// When the database cannot be reached.
    pub fn whereabouts(&self) -> Result<Option<Whereabouts>> {
        thread::run(|| backend::whereabouts(&self.endpoint, &self.timeouts))
    }

    /// Runs statements in order, all or none, while no migration runs.
    ///
    /// ```
    /// # use dataflow_ddl_sync::SyncDDLExecutor;
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let url = format!("sqlite://{}", folder.path().join("app.db").display());
    /// let executor = SyncDDLExecutor::new(url.parse()?);
    /// let refused = executor.execute_batch(&["CREATE TABLE a (id integer)", "CREATE TABLE"]);
    /// assert!(refused.is_err());
    /// assert!(!executor.table_exists("a")?);
    /// # Ok::<(), dataflow_core::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When one is refused; then none has an effect. A statement that cannot run in a transaction,
    /// such as PostgreSQL's `CREATE INDEX CONCURRENTLY`, is refused too.
    pub fn execute_batch(&self, statements: &[&str]) -> Result<()> {
        self.run(|executor| {
            executor.lock()?;
            for statement in statements {
                if let Err(error) = executor.execute(statement) {
                    executor.rollback();
                    return Err(error);
                }
            }
            executor.commit()
        })
    }

    /// Runs one statement, whatever migrations run beside it: for what concerns no table of theirs,
    /// such as making a schema.
    ///
    /// # Errors
    ///
    /// When the database cannot be reached, or refuses it.
    pub fn execute(&self, statement: &str) -> Result<()> {
        self.run(|executor| executor.execute(statement))
    }

    /// Whether a table exists; on PostgreSQL, in the schema that it names or else that new tables would
    /// be made in.
    ///
    /// # Errors
    ///
    /// When the database cannot be reached or read.
    pub fn table_exists(&self, table: impl Into<TableName>) -> Result<bool> {
        let table = table.into();
        self.run(|executor| Ok(!executor.inspect(&[table])?.tables.is_empty()))
    }

    /// The columns of a table in their order, as the catalogue spells them; none when the table
    /// does not exist.
    ///
    /// ```
    /// # use dataflow_ddl_sync::SyncDDLExecutor;
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let url = format!("sqlite://{}", folder.path().join("app.db").display());
    /// let executor = SyncDDLExecutor::new(url.parse()?);
    /// executor.execute_batch(&["CREATE TABLE tags (id integer NOT NULL, name text)"])?;
    /// let columns = executor.table_columns("tags")?;
    /// assert_eq!((&*columns[1].name, columns[1].nullable), ("name", true));
    /// assert!(executor.table_columns("missing")?.is_empty());
    /// # Ok::<(), dataflow_core::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When the database cannot be reached or read.
    pub fn table_columns(&self, table: impl Into<TableName>) -> Result<Vec<Column>> {
        let table = table.into();
        self.run(|executor| {
            let found = executor.inspect(&[table])?.tables.pop();
            Ok(found.map_or_else(Vec::new, |table| table.columns))
        })
    }

    /// Runs work over one session, for tests that stand in between.
    #[doc(hidden)]
    pub fn run<T: Send>(
        &self,
        work: impl FnOnce(&mut dyn Executor) -> Result<T> + Send,
    ) -> Result<T> {
        thread::run(|| work(&mut Lazy::new(&self.endpoint, &self.timeouts)))
    }
}
