//! An empty database for one start or many.

use std::path::PathBuf;

use private_postgres::Cluster;
use tempfile::TempDir;

use super::Kind;
use crate::Result;

/// A database that is gone with this value.
pub(crate) enum Database {
    /// A file.
    Sqlite {
        /// Holds the file.
        directory: TempDir,
    },
    /// A database of the private server.
    Postgres(private_postgres::Database),
}

impl Database {
    /// A database with no table in it.
    pub(crate) fn empty(kind: Kind, cluster: Option<&Cluster>) -> Result<Self> {
        match (kind, cluster) {
            (Kind::Postgres, Some(cluster)) => Ok(Self::Postgres(
                private_postgres::Database::create(cluster.url()),
            )),
            (Kind::Postgres, None) => Err("no PostgreSQL server was started".into()),
            (Kind::Sqlite, _) => Ok(Self::Sqlite {
                directory: tempfile::tempdir()?,
            }),
        }
    }

    pub(crate) fn url(&self) -> String {
        match self {
            Self::Sqlite { directory } => format!("sqlite://{}", file(directory).display()),
            Self::Postgres(database) => database.url().to_owned(),
        }
    }
}

fn file(directory: &TempDir) -> PathBuf {
    directory.path().join("app.db")
}
