//! Which database is meant.

use clap::Args;
use nexus::{Error, Kind, Result};

/// A database, named on the command line or by the environment.
#[derive(Debug, Args)]
pub(crate) struct Database {
    /// The database: sqlite://path or postgres://user:password@host/database. The default is the
    /// environment variable DATABASE_URL.
    #[arg(long, global = true, value_name = "URL")]
    database: Option<String>,
}

impl Database {
    /// Its URL.
    ///
    /// # Errors
    ///
    /// When none is given.
    pub(crate) fn url(&self) -> Result<String> {
        let from_environment = || std::env::var("DATABASE_URL").ok();
        self.database
            .clone()
            .or_else(from_environment)
            .ok_or_else(|| {
                Error::new(Kind::Configuration, "no database is named")
                    .with_help("write --database URL, or set DATABASE_URL")
            })
    }
}
