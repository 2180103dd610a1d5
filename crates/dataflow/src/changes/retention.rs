//! Entries that are past their time are deleted, in portions and beside everything else.
//!
//! The last of a portion becomes a gap in the place of those that are gone, so that a reader who
//! comes from before it is told.

use std::sync::{Arc, Weak};
use std::time::Duration;

use dataflow_core::value::Timestamp;
use dataflow_core::{Result, Value};

use super::entry::position;
use super::feed::{Feed, values};
use crate::collect::{Integer, Raw, Written};
use crate::key;
use crate::pool::TransactionOptions;

/// How many entries one transaction deletes.
const PORTION: i64 = 5_000;

/// Entries that are younger are kept, however many they are: readers look more often than that.
pub(super) const YOUNG: Duration = Duration::from_secs(10);

/// Between two looks at what is past its time, at the most.
const PAUSE: Duration = Duration::from_secs(60);

impl Feed {
    /// Sees that somebody deletes what is past its time.
    pub(crate) fn keep(self: &Arc<Self>) {
        self.keeper.start(|| keep(Arc::downgrade(self)));
    }

    /// Deletes what is past its time, and says how many entries that were. Where another replica is
    /// at it, nothing is done.
    pub(crate) async fn prune(&self) -> Result<u64> {
        let mut deleted = 0;
        while let Some(portion) = self.prune_portion().await? {
            deleted += portion;
            tokio::task::yield_now().await;
        }
        Ok(deleted)
    }

    /// Deletes some of it; none where there is nothing, or another one is at it.
    async fn prune_portion(&self) -> Result<Option<u64>> {
        // Whoever only looks keeps nobody from writing.
        let statement = &self.statements.last_to_go;
        if self
            .rows::<(i64, i64)>(statement, self.limits())
            .await?
            .is_empty()
        {
            return Ok(None);
        }
        let transaction = self.pool.begin(TransactionOptions::new()).await?;
        let may_delete = &self.statements.may_delete;
        if transaction
            .read(may_delete, Vec::new(), Integer::default())
            .await?
            == 0
        {
            transaction.roll_back().await?;
            return Ok(None);
        }
        let last = transaction
            .read(statement, self.limits(), Raw::<(i64, i64)>::default())
            .await?;
        let Some(&(number, entry)) = last.first() else {
            transaction.roll_back().await?;
            return Ok(None);
        };
        let last = position(number, entry);
        let place = || values(last).to_vec();
        let statements = &self.statements;
        transaction
            .write(&statements.make_gap, place(), Written)
            .await?;
        let deleted = transaction
            .write(&statements.delete_before, place(), Written)
            .await?;
        transaction.commit().await?;
        Ok(Some(deleted + 1))
    }

    /// Before which times, over which number and how many at a time.
    fn limits(&self) -> Vec<Value> {
        let before = |age: Duration| {
            let micros = i64::try_from(age.as_micros()).unwrap_or(i64::MAX);
            let then = key::now().unix_micros().saturating_sub(micros);
            Value::Timestamp(Timestamp::from_unix_micros(then))
        };
        let kept = i64::try_from(self.settings.kept).unwrap_or(i64::MAX);
        vec![
            before(self.settings.kept_for),
            before(self.settings.kept_for.min(YOUNG)),
            Value::Integer(kept),
            Value::Integer(PORTION),
        ]
    }
}

/// Deletes from time to time, as long as anybody has the feed.
async fn keep(feed: Weak<Feed>) {
    loop {
        let pause = match feed.upgrade() {
            Some(feed) => (feed.settings.kept_for / 10).min(PAUSE),
            None => return,
        };
        tokio::time::sleep(pause).await;
        let Some(feed) = feed.upgrade().filter(|feed| !feed.pool.is_closed()) else {
            return;
        };
        if let Err(error) = feed.prune().await {
            tracing::warn!("old changes could not be deleted: {error}");
        }
    }
}
