//! `sqlite://path` and `sqlite::memory:`.

use std::fmt;
use std::path::{Path, PathBuf};

use super::configuration;
use crate::error::Result;

/// A SQLite database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SqliteEndpoint {
    /// A file; it is created when it does not exist.
    File(PathBuf),
    /// A database of this process, gone when the last connection to it closes.
    Memory,
}

impl SqliteEndpoint {
    /// The file, where there is one.
    pub fn path(&self) -> Option<&Path> {
        match self {
            Self::File(path) => Some(path),
            Self::Memory => None,
        }
    }
}

/// Parses what follows `sqlite:`. `sqlite:///a.db` is absolute, `sqlite://a.db` and `sqlite:a.db`
/// are relative to the working directory.
pub(super) fn parse(rest: &str) -> Result<SqliteEndpoint> {
    let rest = rest.strip_prefix("//").unwrap_or(rest);
    let (path, options) = rest.split_once('?').unwrap_or((rest, ""));
    if let Some(option) = options.split('&').find(|option| !option.is_empty()) {
        let name = option.split('=').next().unwrap_or(option);
        return Err(
            configuration(format!("sqlite url option {name:?} is not supported"))
                .with_help("remove it: connections are set up by the library"),
        );
    }
    match path {
        "" | "/" => Err(configuration("the sqlite url names no file")
            .with_help("write sqlite://path/to/file.db or sqlite::memory:")),
        ":memory:" | "/:memory:" => Ok(SqliteEndpoint::Memory),
        path => Ok(SqliteEndpoint::File(path.into())),
    }
}

impl fmt::Display for SqliteEndpoint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => write!(formatter, "sqlite://{}", path.display()),
            Self::Memory => formatter.write_str("sqlite::memory:"),
        }
    }
}
