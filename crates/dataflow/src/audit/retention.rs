//! Entries that are past their time are deleted, in portions and beside everything else.

use std::sync::{Arc, Weak};
use std::time::Duration;

use dataflow_core::Result;
use dataflow_core::value::Timestamp;

use crate::access::Access;
use crate::key;
use crate::pool::Pool;
use crate::table::{Behalf, Family, Tables};
use crate::task::Task;

/// How many entries one statement deletes.
const PORTION: i64 = 5_000;

/// Between two looks at what is past its time, at the most.
const PAUSE: Duration = Duration::from_secs(60);

/// Deletes the entries that were written before a time, in portions, and says how many those were.
/// Replicas that do so at once wait for each other's rows, and find them gone.
pub(super) async fn prune(tables: &Tables, pool: &Pool, before: Timestamp) -> Result<u64> {
    let access = Access::Pool(pool.clone());
    let mut deleted = 0;
    loop {
        let portion = "DELETE FROM audit_entries WHERE id IN \
             (SELECT id FROM audit_entries WHERE written_at < $1 ORDER BY written_at LIMIT $2)";
        let portion = tables.sql(access.clone(), portion.to_owned());
        match portion.bind(before).bind(PORTION).execute().await? {
            0 => return Ok(deleted),
            portion => deleted += portion,
        }
    }
}

/// For how long entries are kept, and who sees to it.
pub(crate) struct Retention {
    pool: Pool,
    kept_for: Duration,
    keeper: Task,
}

impl Retention {
    pub(crate) fn new(pool: Pool, kept_for: Duration) -> Self {
        Self {
            pool,
            kept_for,
            keeper: Task::default(),
        }
    }

    /// Sees that somebody deletes what is past its time. An entry more is the occasion: where none
    /// is written, none is too many.
    pub(crate) fn keep(&self, family: &Arc<Family>) {
        let (pool, kept_for) = (&self.pool, self.kept_for);
        self.keeper
            .start(|| keep(Arc::downgrade(family), pool.clone(), kept_for));
    }
}

/// Deletes from time to time, as long as anybody has the tables.
async fn keep(family: Weak<Family>, pool: Pool, kept_for: Duration) {
    while let Some(family) = family.upgrade().filter(|_| !pool.is_closed()) {
        let tables = Tables::new(family, Behalf::default());
        if let Err(error) = prune(&tables, &pool, time_before(kept_for)).await {
            tracing::warn!("old audit entries could not be deleted: {error}");
        }
        drop(tables);
        tokio::time::sleep((kept_for / 10).min(PAUSE)).await;
    }
}

fn time_before(age: Duration) -> Timestamp {
    let micros = i64::try_from(age.as_micros()).unwrap_or(i64::MAX);
    Timestamp::from_unix_micros(key::now().unix_micros().saturating_sub(micros))
}
