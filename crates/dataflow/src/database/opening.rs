//! How the tables come to what the models need before anything else is let through.

use dataflow_core::ddl::{Migrate, Outcome, Recall, SchemaReady};
use dataflow_core::node::Source as _;
use dataflow_core::{Endpoint, Result};
use dataflow_ddl_sync::{SyncDDLExecutor, Whereabouts, synchronize_on};
use futures_util::future::join;

use super::{DataFlow, Inner};
use crate::settings::Settings;

impl DataFlow {
    /// Brings the tables to what the models need, and lets operations through. Blocks, with or
    /// without a runtime. Once it has succeeded, it does nothing more.
    ///
    /// # Errors
    ///
    /// [`Kind::Schema`](crate::error::Kind::Schema) when the tables cannot or may not become what
    /// the models need, [`Kind::Unavailable`](crate::error::Kind::Unavailable) when the database
    /// cannot be reached.
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
    pub(super) async fn recall(&self) -> Result<Option<&SchemaReady>> {
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
    pub(super) fn summary(&self, ready: &SchemaReady) -> String {
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
            ddl_endpoint,
            sync,
            migration_timeout,
            ..
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
            let migration_timeout = *migration_timeout;
            return self.inner.pool.on_sqlite(move |connection| {
                synchronize_on(connection, &endpoint, &schema_set, &sync, migration_timeout)
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
    pub(super) fn ddl_executor(&self) -> Result<SyncDDLExecutor> {
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
            pool,
            lock_timeout,
            migration_timeout,
            ..
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
            .lock_timeout(*lock_timeout)
            .migration_timeout(*migration_timeout))
    }
}
