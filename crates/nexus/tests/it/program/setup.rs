//! A directory and a database for one test.

use std::path::Path;

use private_postgres::{Database, test_database_url};
use tempfile::TempDir;

use super::process::{Launch, Program};

/// Where programs of one test run; it goes with the test.
pub(crate) struct Setup {
    directory: TempDir,
    url: String,
    database: Option<Database>,
}

impl Setup {
    /// An empty directory, and a SQLite file in it that does not exist yet.
    pub(crate) fn sqlite() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let url = "sqlite://app.db".to_owned();
        Self {
            directory,
            url,
            database: None,
        }
    }

    /// An empty directory, and an empty PostgreSQL database.
    pub(crate) fn postgres() -> Self {
        let database = Database::create(&test_database_url());
        Self {
            url: database.url().to_owned(),
            database: Some(database),
            ..Self::sqlite()
        }
    }

    /// Where the programs run.
    pub(crate) fn directory(&self) -> &Path {
        self.directory.path()
    }

    /// The name of the PostgreSQL database.
    pub(crate) fn database_name(&self) -> &str {
        self.database.as_ref().unwrap().name()
    }

    /// An example on free ports and this database.
    pub(crate) fn launch(&self, example: &str) -> Launch {
        Launch::of(example, self.directory())
            .env("NEXUS__API_PORT", "0")
            .env("NEXUS__MCP_PORT", "0")
            .env("DATABASE_URL", &self.url)
    }

    /// The same, started.
    pub(crate) fn start(&self, example: &str) -> Program {
        self.launch(example).start()
    }

    /// Whether nothing was created: no file, no table.
    pub(crate) fn is_untouched(&self) -> bool {
        let is_empty = std::fs::read_dir(self.directory()).unwrap().count() == 0;
        is_empty && self.database.as_ref().is_none_or(has_no_tables)
    }
}

fn has_no_tables(database: &Database) -> bool {
    let count = "select count(*) from pg_tables where schemaname = 'public'";
    ask_postgres(database.url(), count) == 0
}

/// The number that a query gives.
pub(crate) fn ask_postgres(url: &str, query: &str) -> i64 {
    let mut client = ::postgres::Client::connect(url, ::postgres::NoTls).unwrap();
    client.query_one(query, &[]).unwrap().get(0)
}

/// Runs each function on SQLite and on PostgreSQL, as tests of their own.
macro_rules! on_every_database {
    ($($test:ident),* $(,)?) => {
        mod sqlite {
            $(#[test] fn $test() { super::$test(&$crate::program::setup::Setup::sqlite()) })*
        }
        mod postgres {
            $(#[test] fn $test() { super::$test(&$crate::program::setup::Setup::postgres()) })*
        }
    };
}
pub(crate) use on_every_database;
