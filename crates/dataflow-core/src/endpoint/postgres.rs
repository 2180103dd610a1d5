//! `postgres://user:password@host:port/database?sslmode=…`.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use percent_encoding::percent_decode_str;
use url::Url;

use super::{Secret, configuration};
use crate::error::{Error, Result};

/// A PostgreSQL server, a database on it, and how to log in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PostgresEndpoint {
    /// The host name or address; a path that begins with `/` is a folder of Unix sockets.
    pub host: String,
    /// The port, 5432 unless given.
    pub port: u16,
    /// The role, `postgres` unless given.
    pub user: String,
    /// The password, where one is given.
    pub password: Option<Secret>,
    /// The database.
    pub database: String,
    /// Whether the connection is encrypted and whom it trusts.
    pub ssl_mode: SslMode,
    /// The file (PEM) of the certificates to trust instead of the public ones.
    pub ssl_root_cert: Option<PathBuf>,
    /// The name the server sees this program by.
    pub application_name: Option<String>,
    /// How long opening a connection may take, where the URL says so.
    pub connect_timeout: Option<Duration>,
    /// Settings of the session, as in `options=-c search_path=app`.
    pub options: Option<String>,
}

/// Whether a connection is encrypted and whom it trusts, with the names and meanings of libpq.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SslMode {
    /// Never encrypted.
    Disable,
    /// Encrypted when the server offers it; trusts any certificate.
    #[default]
    Prefer,
    /// Encrypted; trusts any certificate, or with a root certificate only its descendants.
    Require,
    /// Encrypted; the certificate descends from a trusted root.
    VerifyCa,
    /// Encrypted; the certificate descends from a trusted root and names the host.
    VerifyFull,
}

const FORM: &str = "write postgres://user:password@host:port/database, with special characters in \
                    the password percent-encoded";

pub(super) fn parse(text: &str) -> Result<PostgresEndpoint> {
    let (_, authority) = text.split_once("://").unwrap_or((text, ""));
    if authority.is_empty() {
        return Err(configuration("the postgres url names no host").with_help(FORM));
    }
    let url = Url::parse(text).map_err(|fault| match fault {
        url::ParseError::EmptyHost => {
            configuration("the postgres url names no host").with_help(FORM)
        }
        _ => unreadable(),
    })?;
    let mut endpoint = PostgresEndpoint {
        host: decoded(url.host_str().unwrap_or_default())?
            .trim_matches(['[', ']'])
            .to_owned(),
        port: url.port().unwrap_or(5432),
        user: match url.username() {
            "" => "postgres".to_owned(),
            user => decoded(user)?,
        },
        password: url.password().map(decoded).transpose()?.map(Secret::new),
        database: decoded(url.path().trim_start_matches('/'))?,
        ssl_mode: SslMode::default(),
        ssl_root_cert: None,
        application_name: None,
        connect_timeout: None,
        options: None,
    };
    for (name, value) in url.query_pairs() {
        set_option(&mut endpoint, &name, value.into_owned())?;
    }
    if endpoint.host.is_empty() {
        return Err(configuration("the postgres url names no host").with_help(FORM));
    }
    if endpoint.database.is_empty() {
        return Err(configuration("the postgres url names no database").with_help(FORM));
    }
    Ok(endpoint)
}

fn set_option(endpoint: &mut PostgresEndpoint, name: &str, value: String) -> Result<()> {
    match name {
        "sslmode" | "ssl-mode" => endpoint.ssl_mode = ssl_mode(&value)?,
        "sslrootcert" | "ssl-root-cert" => endpoint.ssl_root_cert = Some(value.into()),
        "application_name" => endpoint.application_name = Some(value),
        "connect_timeout" => endpoint.connect_timeout = Some(connect_timeout(&value)?),
        "options" => endpoint.options = Some(value),
        "host" => endpoint.host = value,
        _ => {
            return Err(
                configuration(format!("postgres url option {name:?} is not supported")).with_help(
                    "use sslmode, sslrootcert, application_name, connect_timeout, options or host",
                ),
            );
        }
    }
    Ok(())
}

/// Zero would be no limit to one wing and no time at all to the other, so it is refused.
fn connect_timeout(value: &str) -> Result<Duration> {
    const LONGEST: u64 = 24 * 60 * 60;
    let seconds = value.parse().ok();
    let seconds = seconds.filter(|seconds| (1..=LONGEST).contains(seconds));
    seconds.map(Duration::from_secs).ok_or_else(|| {
        configuration("connect_timeout is not a number of seconds")
            .with_help("write connect_timeout=5, or another number from 1 to 86400")
    })
}

fn ssl_mode(value: &str) -> Result<SslMode> {
    match value {
        "disable" => Ok(SslMode::Disable),
        "prefer" => Ok(SslMode::Prefer),
        "require" => Ok(SslMode::Require),
        "verify-ca" => Ok(SslMode::VerifyCa),
        "verify-full" => Ok(SslMode::VerifyFull),
        _ => Err(configuration(format!("sslmode {value:?} is not supported"))
            .with_help("use disable, prefer, require, verify-ca or verify-full")),
    }
}

fn decoded(text: &str) -> Result<String> {
    let decoded = percent_decode_str(text).decode_utf8();
    decoded.map(Into::into).map_err(|_| unreadable())
}

/// The parser's own message is dropped: it may quote the password.
fn unreadable() -> Error {
    configuration("the postgres url cannot be read").with_help(FORM)
}

impl fmt::Display for PostgresEndpoint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            user,
            host,
            port,
            database,
            ..
        } = self;
        write!(formatter, "postgres://{user}@{host}:{port}/{database}")
    }
}
