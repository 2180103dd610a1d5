//! An empty database of one's own, SQLite or PostgreSQL, and a second way to look into it.

use std::time::Duration;

use dataflow_core::ddl::{Outcome, SchemaReady, SyncOptions};
use dataflow_core::{Endpoint, Error, ModelSchema};
use dataflow_ddl_sync::SyncDDLExecutor;
use private_postgres::{Database, test_database_url};
use tempfile::TempDir;

use crate::models::set;

/// How long a test that shares its connection waits for a migration; none is there.
pub(crate) const WAIT: Duration = Duration::from_secs(30);

/// An empty database, gone with the value.
pub(crate) struct Setup {
    url: String,
    place: Place,
}

enum Place {
    Sqlite { _folder: TempDir },
    Postgres { _database: Option<Database> },
}

impl Setup {
    /// One of each kind.
    pub(crate) fn both() -> [Setup; 2] {
        [Setup::sqlite(), Setup::postgres()]
    }

    pub(crate) fn sqlite() -> Setup {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("app.db").display());
        let place = Place::Sqlite { _folder: folder };
        Setup { url, place }
    }

    pub(crate) fn postgres() -> Setup {
        let database = Database::create(&test_database_url());
        let url = database.url().to_owned();
        let place = Place::Postgres {
            _database: Some(database),
        };
        Setup { url, place }
    }

    /// A database of PostgreSQL that belongs to somebody else.
    pub(crate) fn at_postgres(url: &str) -> Setup {
        let place = Place::Postgres { _database: None };
        Setup {
            url: url.to_owned(),
            place,
        }
    }

    pub(crate) fn is_postgres(&self) -> bool {
        matches!(self.place, Place::Postgres { .. })
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    pub(crate) fn endpoint(&self) -> Endpoint {
        self.url.parse().unwrap()
    }

    pub(crate) fn executor(&self) -> SyncDDLExecutor {
        SyncDDLExecutor::new(self.endpoint())
    }

    /// Synchronizes with the default options.
    pub(crate) fn synchronize(
        &self,
        models: impl IntoIterator<Item = ModelSchema>,
    ) -> Result<SchemaReady, Error> {
        self.executor()
            .synchronize(&set(models), &SyncOptions::default())
    }

    /// Synchronizes with the default options, which must succeed.
    pub(crate) fn outcome(&self, models: impl IntoIterator<Item = ModelSchema>) -> Outcome {
        self.synchronize(models)
            .unwrap_or_else(|error| panic!("{}: {error:?}", self.url))
            .outcome()
    }

    /// Runs statements past the executor.
    pub(crate) fn execute(&self, sql: &str) {
        self.try_execute(sql).unwrap();
    }

    /// Runs statements past the executor, which the database may refuse.
    pub(crate) fn try_execute(&self, sql: &str) -> Result<(), Box<dyn std::error::Error>> {
        match self.place {
            Place::Sqlite { .. } => self.sqlite_connection().execute_batch(sql)?,
            Place::Postgres { .. } => self.postgres_client().batch_execute(sql)?,
        }
        Ok(())
    }

    /// Reads one number past the executor.
    pub(crate) fn number(&self, sql: &str) -> i64 {
        match self.place {
            Place::Sqlite { .. } => self
                .sqlite_connection()
                .query_row(sql, [], |row| row.get(0))
                .unwrap(),
            Place::Postgres { .. } => self.postgres_client().query_one(sql, &[]).unwrap().get(0),
        }
    }

    /// Reads one column of texts past the executor.
    pub(crate) fn texts(&self, sql: &str) -> Vec<Option<String>> {
        match self.place {
            Place::Sqlite { .. } => {
                let connection = self.sqlite_connection();
                let mut statement = connection.prepare(sql).unwrap();
                let rows = statement.query_map([], |row| row.get(0)).unwrap();
                rows.map(Result::unwrap).collect()
            }
            Place::Postgres { .. } => {
                let rows = self.postgres_client().query(sql, &[]).unwrap();
                rows.iter().map(|row| row.get(0)).collect()
            }
        }
    }

    /// How many migrations the ledger holds.
    pub(crate) fn migrations(&self) -> i64 {
        self.number("SELECT count(*) FROM dataflow_migration_history")
    }

    pub(crate) fn postgres_client(&self) -> postgres::Client {
        postgres::Client::connect(&self.url, postgres::NoTls).unwrap()
    }

    pub(crate) fn sqlite_connection(&self) -> rusqlite::Connection {
        rusqlite::Connection::open(self.url.strip_prefix("sqlite://").unwrap()).unwrap()
    }
}
