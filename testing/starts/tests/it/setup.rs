//! A database of one's own, and the program that starts on it.

use std::process::{Command, Output, Stdio};

use private_postgres::{Database, test_database_url};
use tempfile::TempDir;

/// An empty database, gone with the value.
pub(crate) struct Setup {
    url: String,
    place: Place,
}

enum Place {
    Sqlite(TempDir),
    Postgres { _database: Database },
}

impl Setup {
    pub(crate) fn sqlite() -> Setup {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("app.db").display());
        let place = Place::Sqlite(folder);
        Setup { url, place }
    }

    pub(crate) fn postgres() -> Setup {
        let database = Database::create(&test_database_url());
        let url = database.url().to_owned();
        let place = Place::Postgres {
            _database: database,
        };
        Setup { url, place }
    }

    /// The program for a version of the models, not started yet.
    pub(crate) fn program(&self, version: u32) -> Command {
        self.program_for(&version.to_string())
    }

    /// The program that makes this database like another one, not started yet.
    pub(crate) fn program_like(&self, target: &Setup) -> Command {
        self.program_for(&target.url)
    }

    fn program_for(&self, aim: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_starts"));
        command
            .args([&self.url, aim])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// Starts a version of the program, which must succeed, and gives what it printed.
    pub(crate) fn start(&self, version: u32) -> String {
        printed(self.program(version).output().unwrap())
    }

    pub(crate) fn execute(&self, sql: &str) {
        self.try_execute(sql).unwrap();
    }

    pub(crate) fn is_refused(&self, sql: &str) -> bool {
        self.try_execute(sql).is_err()
    }

    fn try_execute(&self, sql: &str) -> Result<(), Box<dyn std::error::Error>> {
        match &self.place {
            Place::Sqlite(folder) => sqlite(folder).execute_batch(sql)?,
            Place::Postgres { .. } => self.postgres_client().batch_execute(sql)?,
        }
        Ok(())
    }

    pub(crate) fn number(&self, sql: &str) -> i64 {
        match &self.place {
            Place::Sqlite(folder) => sqlite(folder).query_row(sql, [], |row| row.get(0)).unwrap(),
            Place::Postgres { .. } => self.postgres_client().query_one(sql, &[]).unwrap().get(0),
        }
    }

    pub(crate) fn postgres_client(&self) -> postgres::Client {
        postgres::Client::connect(&self.url, postgres::NoTls).unwrap()
    }

    /// How many indexes nobody can rely on; SQLite knows none.
    pub(crate) fn invalid_indexes(&self) -> i64 {
        match self.place {
            Place::Sqlite(_) => 0,
            Place::Postgres { .. } => {
                self.number("SELECT count(*) FROM pg_index WHERE NOT indisvalid")
            }
        }
    }
}

/// A connection on which rows that point nowhere are refused.
fn sqlite(folder: &TempDir) -> rusqlite::Connection {
    let connection = rusqlite::Connection::open(folder.path().join("app.db")).unwrap();
    connection
        .pragma_update(None, "foreign_keys", true)
        .unwrap();
    connection
}

/// What a program that succeeded printed.
pub(crate) fn printed(output: Output) -> String {
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}
