//! Servers that only read, and whether they have caught up with what this process wrote.
//!
//! A replica is read from once it has replayed everything that this process had written before.
//! Whether it has is asked beside the reads, so that none of them waits: until then, they go to the
//! server that is written to.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use dataflow_core::endpoint::PostgresEndpoint;
use dataflow_core::error::Kind;
use dataflow_core::row::{RowSource, read_value};
use dataflow_core::schema::FieldType;
use dataflow_core::{Error, Result, Value};
use parking_lot::Mutex;
use tokio::runtime::Handle;

use super::postgres::Postgres;
use super::terms::Terms;
use super::{PoolSettings, Rows, Statement};

/// Between two looks at a replica that lags behind.
const LAGS: Duration = Duration::from_millis(10);

/// Between two looks at a replica that does not answer.
const IS_DOWN: Duration = Duration::from_secs(1);

/// The replicas of one server.
pub(super) struct Replicas {
    replicas: Vec<Arc<Replica>>,
    turn: AtomicUsize,
    /// How many writes of this process have ended, and one for the tables themselves.
    writes: AtomicU64,
}

struct Replica {
    server: Postgres,
    /// It has what was written before so many writes had ended.
    caught_up: AtomicU64,
    next_look: Mutex<Instant>,
}

/// A write that is under way. Dropping it ends it.
pub(super) struct Writing(Arc<Replicas>);

impl Replicas {
    /// None where there are no endpoints.
    pub(super) fn new(
        endpoints: &[PostgresEndpoint],
        settings: &PoolSettings,
    ) -> Option<Arc<Self>> {
        if endpoints.is_empty() {
            return None;
        }
        let replica = |endpoint: &PostgresEndpoint| {
            Arc::new(Replica {
                server: Postgres::new(endpoint.clone(), settings.clone()),
                caught_up: AtomicU64::new(0),
                next_look: Mutex::new(Instant::now()),
            })
        };
        Some(Arc::new(Self {
            replicas: endpoints.iter().map(replica).collect(),
            turn: AtomicUsize::new(0),
            writes: AtomicU64::new(1),
        }))
    }

    /// Begins a write.
    pub(super) fn write(self: &Arc<Self>) -> Writing {
        Writing(self.clone())
    }

    /// Reads from a replica, if one has caught up, or else from the primary.
    pub(super) async fn read<C: Rows>(
        &self,
        primary: &Postgres,
        terms: &Terms,
        statement: &Statement,
        values: &[Value],
        mut rows: C,
    ) -> Result<C::Output> {
        if let Some(replica) = self.choose(primary) {
            let read = replica.server.collect(terms, statement, values, &mut rows);
            match read.await {
                Ok(()) => return Ok(rows.finish(0)),
                Err(error) if is_of_replica(&error) => {
                    replica.is_down();
                    rows.restart();
                }
                Err(error) => return Err(error),
            }
        }
        primary.read(terms, statement, values, rows).await
    }

    pub(super) async fn close(&self) {
        for replica in &self.replicas {
            replica.server.close().await;
        }
    }

    /// The next replica in turn that has caught up. The others are looked at.
    fn choose(&self, primary: &Postgres) -> Option<&Arc<Replica>> {
        let writes = self.writes.load(Ordering::Acquire);
        let first = self.turn.fetch_add(1, Ordering::Relaxed);
        let count = self.replicas.len();
        (0..count)
            .map(|step| &self.replicas[(first.wrapping_add(step)) % count])
            .find(|replica| {
                let has_caught_up = replica.caught_up.load(Ordering::Acquire) >= writes;
                if !has_caught_up {
                    replica.look(primary, writes);
                }
                has_caught_up
            })
    }
}

impl Replica {
    /// Asks, on a task of its own and not too often, whether it has what was written so far.
    fn look(self: &Arc<Self>, primary: &Postgres, writes: u64) {
        let Ok(runtime) = Handle::try_current() else {
            return;
        };
        let now = Instant::now();
        {
            let mut next_look = self.next_look.lock();
            if now < *next_look {
                return;
            }
            *next_look = now + LAGS;
        }
        let (replica, primary) = (self.clone(), primary.clone());
        runtime.spawn(async move {
            match replica.has_replayed(&primary).await {
                Ok(true) => {
                    replica.caught_up.fetch_max(writes, Ordering::AcqRel);
                }
                Ok(false) => {}
                Err(error) => {
                    tracing::debug!(%error, "a replica is not read from");
                    replica.is_down();
                }
            }
        });
    }

    /// A server that is no replica has all there is.
    async fn has_replayed(&self, primary: &Postgres) -> Result<bool> {
        let terms = Terms::default();
        let written = Statement::new("SELECT pg_current_wal_insert_lsn()::text", Vec::new());
        let written = primary.read(&terms, &written, &[], One::of(FieldType::String));
        let sql = "SELECT NOT pg_is_in_recovery() OR \
                   coalesce(pg_last_wal_replay_lsn() >= $1::text::pg_lsn, false)";
        let replayed = Statement::new(sql, vec![FieldType::String]);
        let values = [written.await?];
        let replayed = self
            .server
            .read(&terms, &replayed, &values, One::of(FieldType::Bool));
        Ok(replayed.await? == Value::Bool(true))
    }

    fn is_down(&self) {
        self.caught_up.store(0, Ordering::Release);
        *self.next_look.lock() = Instant::now() + IS_DOWN;
    }
}

impl Drop for Writing {
    fn drop(&mut self) {
        self.0.writes.fetch_add(1, Ordering::AcqRel);
    }
}

/// Whether the primary can still answer: the replica does not, or its replay was in the way.
fn is_of_replica(error: &Error) -> bool {
    matches!(error.kind(), Kind::Unavailable | Kind::Contention)
}

/// The one value of the one row.
struct One {
    field_type: FieldType,
    value: Value,
}

impl One {
    fn of(field_type: FieldType) -> Self {
        Self {
            field_type,
            value: Value::Null,
        }
    }
}

impl Rows for One {
    type Output = Value;

    fn row<R: RowSource>(&mut self, row: &R) -> Result<()> {
        self.value = read_value(&self.field_type, row, 0)?;
        Ok(())
    }

    fn restart(&mut self) {
        self.value = Value::Null;
    }

    fn finish(self, _: u64) -> Value {
        self.value
    }
}
