//! An endpoint as sqlx wants it.

use std::time::Duration;

use dataflow_core::dialect::literal;
use dataflow_core::endpoint::{PostgresEndpoint, Secret, SslMode};
use dataflow_core::error::Kind;
use dataflow_core::{Error, Result};
use sqlx::ConnectOptions;
use sqlx::postgres::{PgConnectOptions, PgSslMode};

use crate::pool::PoolSettings;

/// Prepared statements that a connection keeps.
const STATEMENTS: usize = 256;

const APPLICATION_NAME: &str = "dataflow";

/// Has a server notice that its client is gone while it works. A pooler, which alone knows the
/// process to cancel, closes its connection when ours closes. Unknown before PostgreSQL 14, and
/// refused on Windows.
const LEAVE_WITH_CLIENT: &str = "CASE WHEN current_setting('client_connection_check_interval', true) IS NOT NULL \
     AND current_setting('dynamic_shared_memory_type') <> 'windows' \
     THEN set_config('client_connection_check_interval', '250', true) END";

/// The options of every connection.
///
/// sqlx starts from libpq's environment variables, which would have the same URL mean something
/// else here than in the schema check, so each of them is overridden. It has no way to forget
/// `PGOPTIONS`, which the options below take precedence over, nor `PGSSLCERT` and `PGSSLKEY`.
///
/// # Errors
///
/// [`Kind::Configuration`] when the URL's `options` cannot be read.
pub(super) fn of(endpoint: &PostgresEndpoint, settings: &PoolSettings) -> Result<PgConnectOptions> {
    let application_name = endpoint.application_name.as_deref();
    let options = PgConnectOptions::new_without_pgpass()
        .host(&endpoint.host)
        .port(endpoint.port)
        .username(&endpoint.user)
        .password(endpoint.password.as_ref().map_or("", Secret::expose))
        .database(&endpoint.database)
        .ssl_mode(ssl_mode(endpoint))
        .application_name(application_name.unwrap_or(APPLICATION_NAME))
        .statement_cache_capacity(STATEMENTS)
        .disable_statement_logging();
    let options = match settings.transaction_pooling {
        // A pooler refuses parameters of a session, or gives them to somebody else.
        true => options.extra_float_digits(None),
        false => options.options(parameters(endpoint, settings)?),
    };
    Ok(match &endpoint.ssl_root_cert {
        Some(path) => options.ssl_root_cert(path),
        None => options.ssl_root_cert_from_pem(Vec::new()),
    })
}

/// What sets the parameters of a session for one transaction, where a pooler gives each another
/// session; none where sessions are one's own.
///
/// # Errors
///
/// As [`of`].
pub(super) fn of_each_transaction(
    endpoint: &PostgresEndpoint,
    settings: &PoolSettings,
) -> Result<Option<String>> {
    if !settings.transaction_pooling {
        return Ok(None);
    }
    let set = |(name, value): &(String, String)| {
        format!("set_config({}, {}, true)", literal(name), literal(value))
    };
    let set: Vec<String> = parameters(endpoint, settings)?.iter().map(set).collect();
    Ok(Some(format!(
        "SELECT {}, {LEAVE_WITH_CLIENT}",
        set.join(", ")
    )))
}

/// What gives the statements of a transaction another time than the setting says.
pub(super) fn of_statement_timeout(statement_timeout: Duration) -> String {
    // To the server 0 is no limit, and it counts no further than this.
    let milliseconds = statement_timeout.as_millis().clamp(1, i32::MAX as u128);
    format!("SET LOCAL statement_timeout = {milliseconds}")
}

fn parameters(
    endpoint: &PostgresEndpoint,
    settings: &PoolSettings,
) -> Result<Vec<(String, String)>> {
    let mut parameters: Vec<(String, String)> = [
        ("statement_timeout", settings.statement_timeout),
        (
            "idle_in_transaction_session_timeout",
            settings.transaction_idle_timeout,
        ),
    ]
    .map(|(name, timeout)| (name.to_owned(), timeout.as_millis().to_string()))
    .into();
    let options = endpoint.options.as_deref().unwrap_or_default();
    parameters.extend(session_parameters(options)?);
    Ok(parameters)
}

/// The meanings are libpq's: `require` with a root certificate verifies it.
fn ssl_mode(endpoint: &PostgresEndpoint) -> PgSslMode {
    match endpoint.ssl_mode {
        SslMode::Disable => PgSslMode::Disable,
        SslMode::Prefer => PgSslMode::Prefer,
        SslMode::Require if endpoint.ssl_root_cert.is_some() => PgSslMode::VerifyCa,
        SslMode::Require => PgSslMode::Require,
        SslMode::VerifyCa => PgSslMode::VerifyCa,
        SslMode::VerifyFull => PgSslMode::VerifyFull,
    }
}

/// The pairs of `-c name=value --name=value`, where a backslash keeps the character after it.
fn session_parameters(options: &str) -> Result<Vec<(String, String)>> {
    let mut words = words(options).into_iter();
    let mut parameters = Vec::new();
    while let Some(word) = words.next() {
        let setting = match word.strip_prefix("--").or_else(|| word.strip_prefix("-c")) {
            Some("") => words.next().unwrap_or_default(),
            Some(setting) => setting.to_owned(),
            None => return Err(unreadable()),
        };
        let (name, value) = setting.split_once('=').ok_or_else(unreadable)?;
        parameters.push((name.to_owned(), value.to_owned()));
    }
    Ok(parameters)
}

fn words(options: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut characters = options.chars();
    while let Some(character) = characters.next() {
        let word = words.last_mut().expect("there is always a last word");
        match character {
            '\\' => word.extend(characters.next()),
            ' ' => words.push(String::new()),
            other => word.push(other),
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

fn unreadable() -> Error {
    Error::new(
        Kind::Configuration,
        "the options of the postgres url cannot be read",
    )
    .with_help("write options=-c name=value, percent-encoded")
}

#[cfg(test)]
mod tests {
    use super::*;
    use dataflow_core::Endpoint;

    fn options(url: &str) -> Result<PgConnectOptions> {
        let endpoint: Endpoint = url.parse().unwrap();
        let settings = PoolSettings::of(&endpoint);
        match endpoint {
            Endpoint::Postgres(postgres) => of(&postgres, &settings),
            Endpoint::Sqlite(_) => panic!("not a server"),
        }
    }

    #[test]
    fn every_ssl_mode_means_what_libpq_means() {
        let cases = [
            ("", "Prefer"),
            ("?sslmode=disable", "Disable"),
            ("?sslmode=prefer", "Prefer"),
            ("?sslmode=require", "Require"),
            ("?sslmode=require&sslrootcert=/ca.pem", "VerifyCa"),
            ("?sslmode=verify-ca&sslrootcert=/ca.pem", "VerifyCa"),
            ("?sslmode=verify-full", "VerifyFull"),
        ];
        for (query, expected) in cases {
            let options = options(&format!("postgres://ada@h/d{query}")).unwrap();
            assert_eq!(format!("{:?}", options.get_ssl_mode()), expected, "{query}");
        }
    }

    #[test]
    fn the_options_of_a_url_come_after_those_of_the_pool() {
        let cases = [
            (
                "",
                "-c statement_timeout=30000 -c idle_in_transaction_session_timeout=10000",
            ),
            (
                "?options=-c%20search_path%3Da%5C%20b%20--geqo%3Doff",
                "-c statement_timeout=30000 -c idle_in_transaction_session_timeout=10000 -c search_path=a\\ b -c geqo=off",
            ),
            (
                "?options=-cstatement_timeout%3D5",
                "-c statement_timeout=30000 -c idle_in_transaction_session_timeout=10000 -c statement_timeout=5",
            ),
        ];
        for (query, expected) in cases {
            let options = options(&format!("postgres://h/d{query}")).unwrap();
            assert_eq!(options.get_options(), Some(expected), "{query}");
        }
        for broken in ["search_path=a", "-c", "-c search_path", "-d 5"] {
            let url = format!("postgres://h/d?options={}", broken.replace(' ', "%20"));
            let error = options(&url).unwrap_err();
            assert_eq!(error.kind(), Kind::Configuration, "{broken}");
        }
    }

    #[test]
    fn an_application_is_called_what_its_url_says() {
        let named = options("postgres://h/d?application_name=shop").unwrap();
        assert_eq!(named.get_application_name(), Some("shop"));
        let unnamed = options("postgres://h/d").unwrap();
        assert_eq!(unnamed.get_application_name(), Some("dataflow"));
    }
}
