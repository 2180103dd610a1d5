//! One connection and what is known of it.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use dataflow_core::Result;
use dataflow_core::endpoint::PostgresEndpoint;
use sqlx::{ConnectOptions, Connection, Executor, PgConnection, Row};
use tokio::runtime::Handle;

use super::error;
use super::options;
use crate::pool::PoolSettings;

/// What asks a server for the process that works for a connection.
pub(super) const PROCESS: &str = "SELECT pg_backend_pid()";

/// Longer than anybody waits, and not too long for a clock.
const A_LONG_TIME: Duration = Duration::from_hours(24 * 365);

/// How long a connection may take to say goodbye.
const FAREWELL: Duration = Duration::from_secs(1);

/// A connection, with the runtime that it belongs to.
pub(super) struct Session {
    pub(super) connection: PgConnection,
    /// The server's process, which another connection can ask to stop. Whoever first has something
    /// to ask learns it on the way.
    pub(super) process: Option<i32>,
    pub(super) runtime: Handle,
    /// What begins each transaction, where a pooler gives each another process.
    pub(super) of_each_transaction: Option<String>,
    expires: Instant,
    idle_since: Instant,
    _counted: Counted,
}

impl Session {
    /// Connects and logs in, within `connect_timeout`.
    pub(super) async fn open(
        endpoint: &PostgresEndpoint,
        settings: &PoolSettings,
        runtime: Handle,
        open: &Arc<AtomicUsize>,
    ) -> Result<Self> {
        let counted = Counted::new(open);
        let options = options::of(endpoint, settings)?;
        let of_each_transaction = options::of_each_transaction(endpoint, settings)?;
        let connection = connecting(options.connect(), endpoint, settings).await?;
        let now = Instant::now();
        Ok(Self {
            connection,
            process: None,
            runtime,
            of_each_transaction,
            expires: now + lifetime(settings.max_lifetime),
            idle_since: now,
            _counted: counted,
        })
    }

    /// Asks for the server's process unless it is known, within `connect_timeout`.
    pub(super) async fn know_process(
        &mut self,
        endpoint: &PostgresEndpoint,
        settings: &PoolSettings,
    ) -> Result<()> {
        if self.process.is_none() {
            let asking = async {
                let row = self.connection.fetch_one(sqlx::raw_sql(PROCESS)).await?;
                row.try_get(0)
            };
            self.process = Some(connecting(asking, endpoint, settings).await?);
        }
        Ok(())
    }

    /// Takes leave of the server.
    pub(super) async fn leave(self) {
        // The server does not need the farewell, it only logs its absence.
        let _ = tokio::time::timeout(FAREWELL, self.connection.close()).await;
    }

    pub(super) fn rest(&mut self) {
        self.idle_since = Instant::now();
    }

    /// Whether it has lived long enough.
    pub(super) fn is_expired(&self) -> bool {
        Instant::now() >= self.expires
    }

    /// Whether nobody has needed it for so long.
    pub(super) fn rests_for(&self, timeout: Duration) -> bool {
        self.idle_since.elapsed() >= timeout
    }

    /// When nobody will have needed it for so long.
    pub(super) fn rested_for(&self, timeout: Duration) -> Instant {
        let now = Instant::now();
        self.idle_since
            .checked_add(timeout)
            .unwrap_or(now + A_LONG_TIME)
    }

    /// Whether it was used just now, is young, and its process known: nothing has to be asked of it.
    pub(super) fn is_warm(&self, trusted_for: Duration) -> bool {
        let now = Instant::now();
        let rested = now.saturating_duration_since(self.idle_since);
        self.process.is_some() && rested < trusted_for && now < self.expires
    }

    /// Whether it lives: it was used just now, or it answers.
    pub(super) async fn is_alive(&mut self, trusted_for: Duration) -> bool {
        if !self.rests_for(trusted_for) {
            return true;
        }
        let answer = tokio::time::timeout(Duration::from_secs(1), self.connection.ping());
        matches!(answer.await, Ok(Ok(())))
    }
}

/// Does what belongs to opening a connection, within `connect_timeout`.
async fn connecting<T>(
    work: impl Future<Output = Result<T, sqlx::Error>>,
    endpoint: &PostgresEndpoint,
    settings: &PoolSettings,
) -> Result<T> {
    let timeout = settings.connect_timeout;
    match tokio::time::timeout(timeout, work).await {
        Ok(outcome) => outcome.map_err(|fault| error::of_connecting(&fault, endpoint)),
        Err(_) => Err(error::connect_timeout(timeout, endpoint)),
    }
}

/// Between nine and eleven tenths of a lifetime, so that connections opened together are not
/// replaced together.
fn lifetime(about: Duration) -> Duration {
    let random = RandomState::new().build_hasher().finish();
    about * 9 / 10 + about / 5 / 1_000 * (random % 1_000) as u32
}

/// Counts a connection for as long as it is there.
struct Counted(Arc<AtomicUsize>);

impl Counted {
    fn new(count: &Arc<AtomicUsize>) -> Self {
        count.fetch_add(1, Ordering::Relaxed);
        Self(count.clone())
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connections_opened_together_end_at_different_times_around_their_lifetime() {
        for about in [Duration::from_secs(10), Duration::from_mins(30)] {
            let lifetimes: Vec<Duration> = (0..100).map(|_| lifetime(about)).collect();
            for lived in &lifetimes {
                assert!(
                    (about * 9 / 10..=about * 11 / 10).contains(lived),
                    "{lived:?}"
                );
            }
            let is_on_both_sides = lifetimes.iter().any(|lived| *lived < about)
                && lifetimes.iter().any(|lived| *lived > about);
            assert!(is_on_both_sides, "{lifetimes:?}");
        }
    }
}
