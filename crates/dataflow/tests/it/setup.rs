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
    Nothing,
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

    pub(crate) fn sqlite_memory() -> Self {
        Self {
            url: "sqlite::memory:".to_owned(),
            _guard: Guard::Nothing,
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

    /// Runs a statement past DataFlow, and gives the first value of its first row as text.
    pub(crate) fn sql(&self, statement: &str) -> Option<String> {
        match self.url.strip_prefix("sqlite://") {
            Some(path) => sqlite(path, statement),
            None => self.session(|client| postgres(client, statement)),
        }
    }

    /// Whether SQLite refuses a statement.
    pub(crate) fn is_refused(&self, statement: &str) -> bool {
        let connection = rusqlite::Connection::open(self.path()).unwrap();
        connection.execute_batch(statement).is_err()
    }

    /// Puts a folder in the place of SQLite's file.
    pub(crate) fn break_file(&self) {
        std::fs::remove_file(self.path()).unwrap();
        std::fs::create_dir(self.path()).unwrap();
    }

    fn path(&self) -> &str {
        self.url.strip_prefix("sqlite://").unwrap()
    }

    /// Runs a statement on SQLite past DataFlow, and gives one column of its rows.
    pub(crate) fn sql_rows(&self, statement: &str, column: usize) -> Vec<String> {
        let path = self.url.strip_prefix("sqlite://").unwrap();
        let connection = rusqlite::Connection::open(path).unwrap();
        let mut prepared = connection.prepare(statement).unwrap();
        let mut rows = prepared.raw_query();
        let mut column_of_rows = Vec::new();
        while let Some(row) = rows.next().unwrap() {
            column_of_rows.push(row.get(column).unwrap());
        }
        column_of_rows
    }

    /// Works in a session of PostgreSQL's blocking client, which tolerates no runtime around it.
    pub(crate) fn session<T: Send>(
        &self,
        work: impl FnOnce(&mut postgres::Client) -> T + Send,
    ) -> T {
        let connect_and_work = || {
            let mut client = postgres::Client::connect(&self.url, postgres::NoTls).unwrap();
            work(&mut client)
        };
        std::thread::scope(|scope| scope.spawn(connect_and_work).join().unwrap())
    }

    /// Works while another session has what a statement takes.
    pub(crate) fn holding(&self, statement: &str, work: impl FnOnce() + Send) {
        match self.url.strip_prefix("sqlite://") {
            Some(path) => {
                let holder = rusqlite::Connection::open(path).unwrap();
                holder.execute_batch(statement).unwrap();
                work();
            }
            None => self.session(|holder| {
                holder.batch_execute(statement).unwrap();
                work();
            }),
        }
    }

    pub(crate) fn has_table(&self, table: &'static str) -> bool {
        let executor = dataflow_ddl_sync::SyncDDLExecutor::new(self.url.parse().unwrap());
        executor.table_exists(table).unwrap()
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

fn sqlite(path: &str, statement: &str) -> Option<String> {
    let connection = rusqlite::Connection::open(path).unwrap();
    let mut prepared = connection.prepare(statement).unwrap();
    let mut rows = prepared.query([]).unwrap();
    let value: rusqlite::types::Value = rows.next().unwrap()?.get(0).unwrap();
    match value {
        rusqlite::types::Value::Null => None,
        rusqlite::types::Value::Integer(integer) => Some(integer.to_string()),
        rusqlite::types::Value::Text(text) => Some(text),
        other => panic!("the tests read no {other:?}"),
    }
}

fn postgres(client: &mut postgres::Client, statement: &str) -> Option<String> {
    let messages = client.simple_query(statement).unwrap();
    messages.iter().find_map(|message| match message {
        postgres::SimpleQueryMessage::Row(row) => row.get(0).map(str::to_owned),
        _ => None,
    })
}
