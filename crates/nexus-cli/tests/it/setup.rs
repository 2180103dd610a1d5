//! An empty database of one's own, and the command as a process.

use std::path::Path;
use std::process::{Command, Output};

use dataflow_ddl_sync::SyncDDLExecutor;
use private_postgres::{Database, test_database_url};
use tempfile::TempDir;

/// An empty database, gone with the value.
pub(crate) struct Setup {
    folder: TempDir,
    url: String,
    postgres: Option<Database>,
}

impl Setup {
    /// One of each kind.
    pub(crate) fn both() -> [Self; 2] {
        [Self::sqlite(), Self::postgres()]
    }

    pub(crate) fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("app.db").display());
        Self {
            folder,
            url,
            postgres: None,
        }
    }

    pub(crate) fn postgres() -> Self {
        let database = Database::create(&test_database_url());
        Self {
            url: database.url().to_owned(),
            postgres: Some(database),
            ..Self::sqlite()
        }
    }

    pub(crate) fn is_postgres(&self) -> bool {
        self.postgres.is_some()
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn executor(&self) -> SyncDDLExecutor {
        SyncDDLExecutor::new(self.url.parse().unwrap())
    }

    /// Runs statements past the command.
    pub(crate) fn execute(&self, sql: &str) {
        self.executor().execute_batch(&[sql]).unwrap();
    }

    /// The first value of a query, past the command.
    pub(crate) fn ask(&self, sql: &str) -> Option<String> {
        let rows = self.executor().run(|executor| executor.query(sql)).unwrap();
        rows.into_iter().next()?.into_iter().next()?
    }

    /// Runs the command on this database.
    pub(crate) fn nexus(&self, arguments: &[&str]) -> Ended {
        Ended::of(self.command(arguments).output().unwrap())
    }

    /// The command on this database, to be run.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_nexus"));
        command
            .args(arguments)
            .env_clear()
            .env("DATABASE_URL", &self.url)
            .current_dir(self.folder());
        command
    }
}

/// What a command left.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Ended {
    fn of(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// Sees that it ended with a code.
    #[track_caller]
    pub(crate) fn expect(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{}\n{}", self.stdout, self.stderr);
        self
    }

    /// The hash in what `plan` printed.
    pub(crate) fn hash(&self) -> String {
        let line = self
            .stdout
            .lines()
            .find_map(|line| line.strip_prefix("plan "));
        line.unwrap().to_owned()
    }
}
