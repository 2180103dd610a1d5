//! How many connections, and how long each thing may take.

use std::sync::Arc;
use std::thread::available_parallelism;
use std::time::Duration;

use dataflow_core::Endpoint;
use dataflow_core::endpoint::PostgresEndpoint;

use super::Wake;
use crate::credentials::CredentialSource;

/// The settings of a pool, resolved.
#[derive(Debug, Clone)]
pub(crate) struct PoolSettings {
    /// The most connections that are open at once. SQLite has three, whatever it says.
    pub(crate) size: usize,
    /// How long opening a connection may take, from the name lookup to the end of the login.
    pub(crate) connect_timeout: Duration,
    /// How long a statement may wait for its turn.
    pub(crate) acquire_timeout: Duration,
    /// How long a statement may run.
    pub(crate) statement_timeout: Duration,
    /// How long a transaction may do nothing before it is rolled back.
    pub(crate) transaction_idle_timeout: Duration,
    /// About how long a connection lives before another takes its place.
    pub(crate) max_lifetime: Duration,
    /// After so long without use a connection is asked whether it lives.
    pub(crate) trusted_for: Duration,
    /// After so long without use a connection is closed.
    pub(crate) idle_timeout: Duration,
    /// Whether a pooler gives each transaction another session.
    pub(crate) transaction_pooling: bool,
    /// Where else can be read from.
    pub(crate) read_endpoints: Vec<PostgresEndpoint>,
    /// Who wants to know of writes.
    pub(crate) wake: Option<Arc<Wake>>,
    /// Who logs in, where that is not in the URL.
    pub(crate) credentials: Option<CredentialSource>,
}

impl PoolSettings {
    /// The defaults, with what the database URL says.
    pub(crate) fn of(endpoint: &Endpoint) -> Self {
        let from_url = match endpoint {
            Endpoint::Postgres(postgres) => postgres.connect_timeout,
            Endpoint::Sqlite(_) => None,
        };
        Self {
            size: default_size(),
            connect_timeout: from_url.unwrap_or(Duration::from_secs(5)),
            acquire_timeout: Duration::from_secs(5),
            statement_timeout: Duration::from_secs(30),
            transaction_idle_timeout: Duration::from_secs(10),
            max_lifetime: Duration::from_secs(30 * 60),
            trusted_for: Duration::from_secs(30),
            idle_timeout: Duration::from_mins(10),
            transaction_pooling: false,
            read_endpoints: Vec::new(),
            wake: None,
            credentials: None,
        }
    }

    /// How long a write can take from its call to its last effect, even when nobody waits for it.
    pub(crate) fn longest_write(&self) -> Duration {
        self.acquire_timeout + self.connect_timeout + self.statement_timeout
    }
}

/// Four for each core, from 8 to 16: more gain nothing while the database is near.
fn default_size() -> usize {
    let cores = available_parallelism().map_or(1, usize::from);
    (cores * 4).clamp(8, 16)
}
