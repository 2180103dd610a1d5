//! A database URL, parsed once.
//!
//! No driver sees the raw text: both wings are given the same [`Endpoint`], so that a URL means the
//! same to both, and an option that one of them does not know is refused here, by name.

mod postgres;
mod secret;
mod sqlite;

pub use postgres::{PostgresEndpoint, SslMode};
pub use secret::Secret;
pub use sqlite::SqliteEndpoint;

use std::fmt;
use std::str::FromStr;

use crate::error::{Error, Kind, Result};

/// Where a database is and how to log in. Its text and its debug text hold no password.
///
/// ```
/// use dataflow_core::Endpoint;
///
/// let endpoint: Endpoint = "postgres://ada:s3cret@db.example/app?sslmode=require".parse()?;
/// assert_eq!(endpoint.to_string(), "postgres://ada@db.example:5432/app");
/// assert!("mysql://host/app".parse::<Endpoint>().is_err());
/// # Ok::<(), dataflow_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Endpoint {
    /// A file, or a database in memory.
    Sqlite(SqliteEndpoint),
    /// A server.
    Postgres(PostgresEndpoint),
}

const SUPPORTED: &str =
    "use sqlite://path, sqlite::memory: or postgres://user:password@host:port/database";

impl FromStr for Endpoint {
    type Err = Error;

    fn from_str(url: &str) -> Result<Self> {
        let Some((scheme, rest)) = url.split_once(':') else {
            return Err(configuration("the database url has no scheme").with_help(SUPPORTED));
        };
        match scheme {
            "sqlite" => sqlite::parse(rest).map(Self::Sqlite),
            "postgres" | "postgresql" => postgres::parse(url).map(Self::Postgres),
            // What stands before the first colon may be a secret when the scheme was forgotten.
            _ if url.contains("://") => Err(configuration(format!(
                "database scheme {scheme:?} is not supported"
            ))
            .with_help(SUPPORTED)),
            _ => Err(configuration("the database url has no scheme").with_help(SUPPORTED)),
        }
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(sqlite) => sqlite.fmt(formatter),
            Self::Postgres(postgres) => postgres.fmt(formatter),
        }
    }
}

fn configuration(message: impl Into<std::borrow::Cow<'static, str>>) -> Error {
    Error::new(Kind::Configuration, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_that_is_not_supported_names_what_is() {
        let cases = [
            ("", "the database url has no scheme"),
            ("app.db", "the database url has no scheme"),
            ("mysql://h/d", "database scheme \"mysql\" is not supported"),
            ("sqlite:", "the sqlite url names no file"),
            ("sqlite://", "the sqlite url names no file"),
            (
                "sqlite://a.db?mode=ro",
                "sqlite url option \"mode\" is not supported",
            ),
            ("postgres://", "the postgres url names no host"),
            ("postgres://h", "the postgres url names no database"),
            (
                "postgres://h/d?sslmode=maybe",
                "sslmode \"maybe\" is not supported",
            ),
            (
                "postgres://h/d?foo=1",
                "postgres url option \"foo\" is not supported",
            ),
            (
                "postgres://h/d?connect_timeout=0",
                "connect_timeout is not a number of seconds",
            ),
            (
                "postgres://h/d?connect_timeout=18446744073709551615",
                "connect_timeout is not a number of seconds",
            ),
            (
                "postgres://u:p@h:99999/d",
                "the postgres url cannot be read",
            ),
        ];
        for (url, message) in cases {
            let error = url.parse::<Endpoint>().unwrap_err();
            assert_eq!(error.to_string(), message, "{url}");
            assert!(error.help().is_some(), "{url}");
        }
    }

    #[test]
    fn a_password_reaches_no_text() {
        let endpoint: Endpoint = "postgres://u:canary@h/d".parse().unwrap();
        assert!(!format!("{endpoint} {endpoint:?}").contains("canary"));
        for broken in [
            "postgres://u:canary@h:x/d",
            "postgres://u:canary@/d",
            "u:canary@h/d",
        ] {
            let error = broken.parse::<Endpoint>().unwrap_err();
            assert!(!format!("{error:?}").contains("canary"), "{broken}");
        }
    }
}
