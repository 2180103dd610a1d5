//! What other processes write makes what this one keeps of rows out of date.
//!
//! Whoever looks for that does not go in the order in which changes take effect: a transaction that
//! stays open would hold up what others have committed. It asks what can be seen now that could not
//! be seen the last time.

use std::collections::HashMap;
use std::sync::{Arc, Weak};
use std::time::{Duration, Instant};

use dataflow_core::error::Kind;
use dataflow_core::{Error, Result, Value};

use super::feed::Feed;
use super::retention::YOUNG;
use crate::cache::{Others, TableCache};
use crate::task::Task;

/// What is kept of the rows of each table, and who sees that it is not out of date for long.
pub(crate) struct Follower {
    feed: Arc<Feed>,
    tables: HashMap<String, Arc<TableCache>>,
    others: Arc<Others>,
    task: Task,
}

/// What could be seen the last time, and when that was.
struct Seen {
    mark: String,
    at: Instant,
}

impl Follower {
    /// Sees, from the first time that something stored is asked for, that what others write is
    /// noticed within two intervals; where it cannot be, nothing stored is given out.
    pub(crate) fn new(
        feed: Arc<Feed>,
        tables: impl Iterator<Item = (String, Arc<TableCache>)>,
        others: Arc<Others>,
    ) -> Arc<Self> {
        let follower = Arc::new(Self {
            feed,
            tables: tables.collect(),
            others: others.clone(),
            task: Task::default(),
        });
        let weak = Arc::downgrade(&follower);
        others.look_by(move || {
            if let Some(follower) = weak.upgrade() {
                follower.task.start(|| follow(weak.clone()));
            }
        });
        follower
    }

    /// Looks once.
    async fn look(&self, last: Option<Seen>) -> Result<Seen> {
        let at = Instant::now();
        // What was written long ago may have been deleted from the outbox since.
        let oldest = self.feed.settings.kept_for.min(YOUNG) / 2;
        let last = last.filter(|seen| at - seen.at < oldest);
        let mark = match last {
            Some(seen) => self.hear_since(seen.mark).await?,
            None => {
                let mark = self.feed.mark().await?;
                self.forget(self.tables.values());
                mark
            }
        };
        self.others
            .known_until(at + 2 * self.feed.settings.interval);
        Ok(Seen { mark, at })
    }

    /// Forgets what was written since, and gives the mark of this moment.
    async fn hear_since(&self, mark: String) -> Result<String> {
        let told = self.feed.since(mark).await?;
        let tables = told.iter().filter_map(|(table, _)| table.as_deref());
        for table in tables {
            match self.tables.get(table) {
                Some(cache) => self.forget([cache]),
                None if table.is_empty() => self.forget(self.tables.values()),
                None => {}
            }
        }
        let mut marks = told.into_iter().filter_map(|(_, mark)| mark);
        marks.next().ok_or_else(no_mark)
    }

    fn forget<'c>(&self, tables: impl IntoIterator<Item = &'c Arc<TableCache>>) {
        // Replicas have to catch up before what they give is stored.
        self.feed.pool.note_write();
        tables.into_iter().for_each(|table| table.move_on());
    }
}

impl Feed {
    async fn mark(&self) -> Result<String> {
        let mark: Vec<(String,)> = self.rows(&self.statements.mark, Vec::new()).await?;
        mark.into_iter()
            .next()
            .map(|(mark,)| mark)
            .ok_or_else(no_mark)
    }

    async fn since(&self, mark: String) -> Result<Vec<(Option<String>, Option<String>)>> {
        self.rows(&self.statements.since, vec![Value::Text(mark)])
            .await
    }
}

fn no_mark() -> Error {
    Error::new(Kind::Internal, "the database told no mark of the moment")
}

/// Looks once in each interval, as long as anybody has the database.
async fn follow(follower: Weak<Follower>) {
    let mut seen = None;
    loop {
        let Some(follower) = follower.upgrade() else {
            return;
        };
        if follower.feed.pool.is_closed() {
            return;
        }
        let begun = Instant::now();
        seen = match follower.look(seen.take()).await {
            Ok(seen) => Some(seen),
            Err(error) => {
                tracing::debug!("what others write cannot be read: {error}");
                None
            }
        };
        let interval = follower.feed.settings.interval;
        drop(follower);
        let pause = interval.saturating_sub(begun.elapsed());
        tokio::time::sleep(pause.max(Duration::from_millis(1))).await;
    }
}
