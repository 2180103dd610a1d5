use dataflow::{DataFlow, DataFlowBuilder};
use private_postgres::{Database, test_database_url};
use tempfile::TempDir;

use crate::models::{Author, Book, Country};

/// An empty database, gone when the value is.
pub(crate) struct Setup {
    url: String,
    _guard: Guard,
}

enum Guard {
    Folder { _folder: TempDir },
    Database { _database: Database },
}

impl Setup {
    pub(crate) fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self {
            url: format!("sqlite://{}", folder.path().join("test.db").display()),
            _guard: Guard::Folder { _folder: folder },
        }
    }

    pub(crate) fn postgres() -> Self {
        let database = Database::create(&test_database_url());
        Self {
            url: database.url().to_owned(),
            _guard: Guard::Database {
                _database: database,
            },
        }
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    pub(crate) fn is_sqlite(&self) -> bool {
        self.url.starts_with("sqlite")
    }

    /// A builder that the environment of the tests does not reach.
    pub(crate) fn builder(&self) -> DataFlowBuilder {
        DataFlow::builder(&self.url).environment([("", ""); 0])
    }

    /// The shared models.
    pub(crate) fn library(&self) -> DataFlowBuilder {
        self.builder()
            .model::<Country>()
            .model::<Author>()
            .model::<Book>()
    }

    pub(crate) fn open(&self) -> DataFlow {
        self.library().open().unwrap()
    }
}
