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
        let mut command = Command::new(env!("CARGO_BIN_EXE_starts"));
        command
            .args([&self.url, &version.to_string()])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// Starts a version of the program, which must succeed, and gives what it printed.
    pub(crate) fn start(&self, version: u32) -> String {
        printed(self.program(version).output().unwrap())
    }

    pub(crate) fn execute(&self, sql: &str) {
        match &self.place {
            Place::Sqlite(folder) => rusqlite::Connection::open(folder.path().join("app.db"))
                .unwrap()
                .execute_batch(sql)
                .unwrap(),
            Place::Postgres { .. } => postgres::Client::connect(&self.url, postgres::NoTls)
                .unwrap()
                .batch_execute(sql)
                .unwrap(),
        }
    }

    pub(crate) fn number(&self, sql: &str) -> i64 {
        match &self.place {
            Place::Sqlite(folder) => rusqlite::Connection::open(folder.path().join("app.db"))
                .unwrap()
                .query_row(sql, [], |row| row.get(0))
                .unwrap(),
            Place::Postgres { .. } => postgres::Client::connect(&self.url, postgres::NoTls)
                .unwrap()
                .query_one(sql, &[])
                .unwrap()
                .get(0),
        }
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

/// What a program that succeeded printed.
pub(crate) fn printed(output: Output) -> String {
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}
