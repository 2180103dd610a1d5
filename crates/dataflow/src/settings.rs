//! What was set, and what it means.
//!
//! A setting has a default, a method of the builder, and a key of the environment; each overrides
//! the one before, so that whoever deploys a program has the last word.

mod auto_migrate;
mod changes;
mod config;
mod environment;

use std::sync::Arc;
use std::time::Duration;

use dataflow_core::ddl::{Migrate, Persistence, SyncOptions};
use dataflow_core::dialect::{self, Dialect};
use dataflow_core::endpoint::PostgresEndpoint;
use dataflow_core::error::Kind;
use dataflow_core::{Endpoint, Error};

pub use auto_migrate::AutoMigrate;
pub(crate) use changes::ChangeSettings;
pub(crate) use config::Config;
pub(crate) use environment::{apply as apply_environment, read as read_environment};

use crate::pool::PoolSettings;

/// How long a statement of a schema change may wait for a lock that others hold.
const LOCK_TIMEOUT: Duration = Duration::from_secs(2);

/// How long a start waits for another migration that cannot be seen at work.
const MIGRATION_TIMEOUT: Duration = Duration::from_mins(5);

/// PostgreSQL counts in milliseconds, in 31 bits, and takes zero for no limit.
const SHORTEST: Duration = Duration::from_millis(1);
const LONGEST: Duration = Duration::from_secs(24 * 24 * 60 * 60);

/// The shortest time for which audit entries are kept.
const SHORTEST_AUDIT: Duration = Duration::from_secs(1);

/// The most that PostgreSQL's `max_connections` can be.
const LARGEST_POOL: usize = 262_143;

/// What the configuration means.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    pub(crate) endpoint: Endpoint,
    /// Where schema changes are made.
    pub(crate) ddl_endpoint: Endpoint,
    pub(crate) sync: SyncOptions,
    pub(crate) pool: PoolSettings,
    pub(crate) lock_timeout: Duration,
    pub(crate) migration_timeout: Duration,
    pub(crate) is_cached: bool,
    pub(crate) is_measured: bool,
    /// How changes are followed; none where they are not written down.
    pub(crate) changes: Option<ChangeSettings>,
    /// Whether doors show what was done to audited rows.
    pub(crate) shows_audit: bool,
    /// For how long that is kept; none for ever.
    pub(crate) audit_kept_for: Option<Duration>,
}

impl Settings {
    /// How the database spells things.
    pub(crate) fn dialect(&self) -> &'static dyn Dialect {
        match self.endpoint {
            Endpoint::Sqlite(_) => &dialect::Sqlite,
            Endpoint::Postgres(_) => &dialect::Postgres,
        }
    }
}

/// Resolves a configuration, or says everything that is wrong with it.
pub(crate) fn resolve(config: &Config) -> Result<Settings, Vec<Error>> {
    let mut mistakes = durations_out_of_range(config);
    mistakes.extend(pool_size_out_of_range(config));
    mistakes.extend(ChangeSettings::mistakes(config));
    mistakes.extend(an_audit_that_keeps_nothing(config));
    let endpoint = endpoint(config)
        .map_err(|mistake| mistakes.push(mistake))
        .ok();
    let ddl_endpoint = ddl_endpoint(config, endpoint.as_ref())
        .map_err(|mistake| mistakes.push(mistake))
        .ok();
    let read_endpoints = read_endpoints(config, endpoint.as_ref())
        .map_err(|mistake| mistakes.push(mistake))
        .unwrap_or_default();
    mistakes.extend(credentials_of_a_file(config, endpoint.as_ref()));
    let (Some(endpoint), Some(ddl_endpoint)) = (endpoint, ddl_endpoint.flatten()) else {
        return Err(mistakes);
    };
    if !mistakes.is_empty() {
        return Err(mistakes);
    }
    Ok(Settings {
        sync: sync_options(config),
        pool: pool_settings(config, &endpoint, read_endpoints),
        lock_timeout: config.lock_timeout.unwrap_or(LOCK_TIMEOUT),
        migration_timeout: config.migration_timeout.unwrap_or(MIGRATION_TIMEOUT),
        is_cached: config.enable_caching.unwrap_or(false),
        is_measured: config.enable_metrics.unwrap_or(false),
        changes: ChangeSettings::of(config),
        shows_audit: config.audit_at_doors.unwrap_or(false),
        audit_kept_for: config.audit_kept_for,
        endpoint,
        ddl_endpoint,
    })
}

fn endpoint(config: &Config) -> Result<Endpoint, Error> {
    let Some(url) = &config.database_url else {
        return Err(Error::new(Kind::Configuration, "no database url is given")
            .with_help("set DATABASE_URL, or call DataFlow::builder with a url"));
    };
    let endpoint: Endpoint = url.parse()?;
    Ok(named(endpoint, config))
}

/// The endpoint of schema changes; nothing when the main one is not known.
fn ddl_endpoint(config: &Config, endpoint: Option<&Endpoint>) -> Result<Option<Endpoint>, Error> {
    let Some(url) = &config.ddl_url else {
        return Ok(endpoint.cloned());
    };
    let in_ddl_url = |error: Error| error.within("ddl_url");
    let ddl_endpoint: Endpoint = url.parse().map_err(in_ddl_url)?;
    match (&ddl_endpoint, endpoint) {
        (Endpoint::Postgres(_), Some(Endpoint::Postgres(_)) | None) => {
            Ok(Some(named(ddl_endpoint, config)))
        }
        (ddl, Some(main)) if ddl == main => Ok(Some(ddl_endpoint)),
        _ => Err(Error::new(
            Kind::Configuration,
            "ddl_url names another database than the database url",
        )
        .with_help("give the direct address of the same postgres database, or leave it out")),
    }
}

/// Where else can be read from.
fn read_endpoints(
    config: &Config,
    endpoint: Option<&Endpoint>,
) -> Result<Vec<PostgresEndpoint>, Error> {
    let urls = config.read_urls.as_deref().unwrap_or_default();
    let is_file = matches!(endpoint, Some(Endpoint::Sqlite(_)));
    let of_url = |url: &String| {
        let replica = url
            .parse()
            .map_err(|error: Error| error.within("read_url"))?;
        match named(replica, config) {
            Endpoint::Postgres(replica) if !is_file => Ok(replica),
            _ => Err(Error::new(
                Kind::Configuration,
                "read_url is for replicas of a postgres database",
            )
            .with_help("a SQLite database is read on threads of its own; leave read_url out")),
        }
    };
    urls.iter().map(of_url).collect()
}

fn credentials_of_a_file(config: &Config, endpoint: Option<&Endpoint>) -> Option<Error> {
    let is_file = matches!(endpoint, Some(Endpoint::Sqlite(_)));
    (config.credentials.is_some() && is_file).then(|| {
        Error::new(
            Kind::Configuration,
            "credentials are given, and a SQLite database has no login",
        )
        .with_help("leave them out, or name a postgres database")
    })
}

/// The URL's own application name goes first.
fn named(mut endpoint: Endpoint, config: &Config) -> Endpoint {
    if let (Endpoint::Postgres(postgres), Some(name)) = (&mut endpoint, &config.application_name) {
        postgres
            .application_name
            .get_or_insert_with(|| name.clone());
    }
    endpoint
}

fn sync_options(config: &Config) -> SyncOptions {
    let defaults = SyncOptions::default();
    let migrate = match config.auto_migrate.unwrap_or_default() {
        _ if config.skip_migration == Some(true) => Migrate::Skip,
        AutoMigrate::On => Migrate::Apply,
        AutoMigrate::Off => Migrate::Verify,
        AutoMigrate::Warn => Migrate::Warn,
    };
    let persistence = if config.skip_registry == Some(true) {
        Persistence::None
    } else if config.enable_model_persistence == Some(false) {
        Persistence::HistoryOnly
    } else {
        Persistence::Full
    };
    SyncOptions {
        application: config
            .application_name
            .clone()
            .unwrap_or(defaults.application),
        migrate,
        policy: config.migration_policy.unwrap_or(defaults.policy),
        persistence,
        drift_check: config.drift_check.unwrap_or(defaults.drift_check),
    }
}

fn pool_settings(
    config: &Config,
    endpoint: &Endpoint,
    read_endpoints: Vec<PostgresEndpoint>,
) -> PoolSettings {
    let defaults = PoolSettings::of(endpoint);
    PoolSettings {
        size: config.connection_pool_size.unwrap_or(defaults.size),
        connect_timeout: config.connect_timeout.unwrap_or(defaults.connect_timeout),
        acquire_timeout: config.acquire_timeout.unwrap_or(defaults.acquire_timeout),
        statement_timeout: config
            .statement_timeout
            .unwrap_or(defaults.statement_timeout),
        transaction_idle_timeout: config
            .transaction_idle_timeout
            .unwrap_or(defaults.transaction_idle_timeout),
        max_lifetime: config.max_lifetime.unwrap_or(defaults.max_lifetime),
        trusted_for: defaults.trusted_for,
        idle_timeout: config.idle_timeout.unwrap_or(defaults.idle_timeout),
        transaction_pooling: config.transaction_pooling.unwrap_or(false),
        read_endpoints,
        wake: (config.enable_changes == Some(true)).then(Arc::default),
        credentials: config.credentials.clone(),
    }
}

fn durations_out_of_range(config: &Config) -> Vec<Error> {
    let durations = [
        ("connect_timeout", config.connect_timeout),
        ("acquire_timeout", config.acquire_timeout),
        ("statement_timeout", config.statement_timeout),
        ("transaction_idle_timeout", config.transaction_idle_timeout),
        ("lock_timeout", config.lock_timeout),
        ("migration_timeout", config.migration_timeout),
        ("max_lifetime", config.max_lifetime),
        ("idle_timeout", config.idle_timeout),
        ("changes_interval", config.changes_interval),
        ("changes_kept_for", config.changes_kept_for),
    ];
    let mistake = |(name, duration): (&str, Option<Duration>)| {
        let what = match duration? {
            Duration::ZERO => "zero",
            duration if duration < SHORTEST => "shorter than a millisecond",
            duration if duration > LONGEST => "longer than 24 days",
            _ => return None,
        };
        Some(
            Error::new(Kind::Configuration, format!("{name} is {what}"))
                .with_help("give it a duration from a millisecond to 24 days, such as 5 seconds"),
        )
    };
    durations.into_iter().filter_map(mistake).collect()
}

/// An entry that is gone before anybody can have read it is none.
fn an_audit_that_keeps_nothing(config: &Config) -> Option<Error> {
    let kept_for = config.audit_kept_for?;
    (kept_for < SHORTEST_AUDIT).then(|| {
        Error::new(
            Kind::Configuration,
            "audit_kept_for is shorter than a second",
        )
        .with_help("keep entries for as long as they may be asked for, or leave it out")
    })
}

fn pool_size_out_of_range(config: &Config) -> Option<Error> {
    let message = match config.connection_pool_size? {
        0 => "connection_pool_size is 0".to_owned(),
        size if size > LARGEST_POOL => format!("connection_pool_size is over {LARGEST_POOL}"),
        _ => return None,
    };
    Some(
        Error::new(Kind::Configuration, message)
            .with_help(format!("give it from 1 to {LARGEST_POOL}")),
    )
}
