//! What the leases of a pool share: permits, and the connections that rest.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Weak};
use std::time::{Duration, Instant};

use dataflow_core::endpoint::PostgresEndpoint;
use dataflow_core::error::Kind;
use dataflow_core::{Error, Result};
use futures_util::future::join_all;
use parking_lot::Mutex;
use tokio::runtime::Handle;
use tokio::sync::{Semaphore, SemaphorePermit};

use super::session::Session;
use crate::pool::{PoolSettings, PoolStats, refusal};

/// How much longer than its `statement_timeout` a server may be silent.
const GRACE: Duration = Duration::from_secs(5);

/// The permits and the resting connections of one database.
pub(super) struct Shared {
    pub(super) endpoint: PostgresEndpoint,
    pub(super) settings: PoolSettings,
    /// Fair: who waits longest is served next.
    permits: Semaphore,
    idle: Mutex<Idle>,
    open: Arc<AtomicUsize>,
    waiting: AtomicUsize,
    /// Whether it is known if the role is one that the server keeps no rows from.
    pub(super) is_bypass_known: AtomicBool,
}

/// The connections that rest.
#[derive(Default)]
struct Idle {
    /// The last one in is the first one out.
    sessions: Vec<Session>,
    /// Whether somebody watches for how long they rest.
    is_watched: bool,
}

impl Shared {
    pub(super) fn new(endpoint: PostgresEndpoint, settings: PoolSettings) -> Self {
        Self {
            permits: Semaphore::new(settings.size),
            idle: Mutex::default(),
            open: Arc::default(),
            waiting: AtomicUsize::new(0),
            is_bypass_known: AtomicBool::new(false),
            endpoint,
            settings,
        }
    }

    /// Takes a permit, if there is one that nobody waits for. Whoever takes one MUST
    /// [`return_permit`](Shared::return_permit).
    pub(super) fn take_free_permit(&self) -> bool {
        let permit = self.permits.try_acquire();
        permit.map(SemaphorePermit::forget).is_ok()
    }

    /// Takes a permit, in turn. Whoever takes one MUST [`return_permit`](Shared::return_permit).
    pub(super) async fn wait_for_permit(&self) -> Result<()> {
        let _waiting = Waiting::new(&self.waiting);
        let patience = self.settings.acquire_timeout;
        match tokio::time::timeout(patience, self.permits.acquire()).await {
            Ok(Ok(permit)) => {
                permit.forget();
                Ok(())
            }
            Ok(Err(_)) => Err(refusal::closed()),
            Err(_) => Err(refusal::acquire_timeout(patience)),
        }
    }

    pub(super) fn return_permit(&self) {
        self.permits.add_permits(1);
    }

    /// The connection of this runtime that was used last, if nothing has to be asked of it.
    pub(super) fn take_warm(&self, runtime: &Handle) -> Option<Session> {
        let idle = &mut self.idle.lock().sessions;
        let position = last_of(runtime, idle)?;
        let is_warm = idle[position].is_warm(self.settings.trusted_for);
        is_warm.then(|| idle.remove(position))
    }

    /// The connection of this runtime that was used last.
    ///
    /// A socket belongs to the runtime that opened it. Connections of other runtimes rest until
    /// theirs asks for them, or until they are in the way of one that is to be opened.
    pub(super) fn take_idle(&self, runtime: &Handle) -> Option<Session> {
        let idle = &mut self.idle.lock().sessions;
        match last_of(runtime, idle) {
            Some(position) => Some(idle.remove(position)),
            None => {
                if self.open.load(Ordering::Relaxed) >= self.settings.size && !idle.is_empty() {
                    idle.remove(0);
                }
                None
            }
        }
    }

    /// Keeps a connection for the next lease, unless the pool was closed meanwhile. Somebody watches
    /// from then on whether it is needed.
    pub(super) fn put_idle(self: &Arc<Self>, mut session: Session) {
        session.rest();
        if self.permits.is_closed() {
            return;
        }
        let runtime = session.runtime.clone();
        let is_watched = {
            let mut idle = self.idle.lock();
            idle.sessions.push(session);
            std::mem::replace(&mut idle.is_watched, true)
        };
        if !is_watched {
            runtime.spawn(Watch(Arc::downgrade(self)).keep());
        }
    }

    /// Closes the connections that nobody has needed since `idle_timeout`, because a burst is over, and
    /// says when the next would be; none where none rest, and nobody watches any more.
    fn close_unneeded(&self) -> Option<Instant> {
        let timeout = self.settings.idle_timeout;
        let (unneeded, next) = {
            let mut idle = self.idle.lock();
            let is_unneeded = |session: &&Session| session.rests_for(timeout);
            // What was used last stands last.
            let count = idle.sessions.iter().take_while(is_unneeded).count();
            let unneeded: Vec<Session> = idle.sessions.drain(..count).collect();
            let first = idle.sessions.first();
            let next = first.map(|session| session.rested_for(timeout));
            idle.is_watched = next.is_some();
            (unneeded, next)
        };
        drop(unneeded);
        next
    }

    /// Closes the connections that rest, because one was lost: a server that restarts loses all.
    pub(super) fn forget_idle(&self) {
        let forgotten = std::mem::take(&mut self.idle.lock().sessions);
        drop(forgotten);
    }

    pub(super) async fn open(&self, runtime: Handle) -> Result<Session> {
        let endpoint = self.endpoint_of_the_moment().await?;
        Session::open(&endpoint, &self.settings, runtime, &self.open).await
    }

    /// The endpoint with the credentials of the moment, which may be a blocking question.
    pub(super) async fn endpoint_of_the_moment(&self) -> Result<PostgresEndpoint> {
        let endpoint = self.endpoint.clone();
        let Some(credentials) = self.settings.credentials.clone() else {
            return Ok(endpoint);
        };
        let asked = tokio::task::spawn_blocking(move || credentials.log_into(endpoint));
        asked.await.unwrap_or_else(|_| {
            let message = "the credentials cannot be had: whoever was asked for them panicked";
            Err(Error::new(Kind::Unavailable, message))
        })
    }

    /// The longest that a statement can take with a server that lives; it may have a time of its own.
    pub(super) fn patience(&self, statement_timeout: Option<Duration>) -> Duration {
        let limit = statement_timeout.unwrap_or(self.settings.statement_timeout);
        limit.saturating_add(GRACE)
    }

    /// Waits for what is under way, and takes leave of every connection.
    pub(super) async fn close(&self) {
        let all = u32::try_from(self.settings.size).unwrap_or(u32::MAX);
        let under_way = self.permits.acquire_many(all);
        match tokio::time::timeout(self.patience(None), under_way).await {
            Ok(Ok(permits)) => permits.forget(),
            // Somebody else has closed it.
            Ok(Err(_)) => return,
            Err(_) => tracing::warn!("connections are closed while statements still run"),
        }
        self.permits.close();
        let idle = std::mem::take(&mut self.idle.lock().sessions);
        let here = Handle::try_current().ok().map(|runtime| runtime.id());
        let farewells = idle
            .into_iter()
            .filter(|session| Some(session.runtime.id()) == here)
            .map(Session::leave);
        join_all(farewells).await;
    }

    pub(super) fn stats(&self) -> PoolStats {
        PoolStats {
            size: self.settings.size,
            open: self.open.load(Ordering::Relaxed),
            idle: self.idle.lock().sessions.len(),
            waiting: self.waiting.load(Ordering::Relaxed),
        }
    }
}

/// Closes connections that rest for too long, on a task of its own, until none are left or its runtime
/// ends. It keeps no pool that nobody else does.
struct Watch(Weak<Shared>);

impl Watch {
    async fn keep(mut self) {
        while let Some(next) = self.look() {
            tokio::time::sleep_until(next.into()).await;
        }
        // Whoever lets a connection rest from now on begins another watch.
        self.0 = Weak::new();
    }

    fn look(&self) -> Option<Instant> {
        self.0.upgrade()?.close_unneeded()
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        if let Some(shared) = self.0.upgrade() {
            shared.idle.lock().is_watched = false;
        }
    }
}

/// Where the connection stands that a runtime used last.
fn last_of(runtime: &Handle, sessions: &[Session]) -> Option<usize> {
    let id = runtime.id();
    let mut sessions = sessions.iter();
    sessions.rposition(|session| session.runtime.id() == id)
}

/// The runtime of the caller.
pub(super) fn current_runtime() -> Result<Handle> {
    Handle::try_current().map_err(|_| {
        Error::new(
            Kind::Internal,
            "PostgreSQL was asked outside of a tokio runtime",
        )
        .with_help("call it from an async function that tokio runs")
    })
}

/// Counts a caller for as long as it waits.
struct Waiting<'a>(&'a AtomicUsize);

impl<'a> Waiting<'a> {
    fn new(count: &'a AtomicUsize) -> Self {
        count.fetch_add(1, Ordering::Relaxed);
        Self(count)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}
