//! One reader on its way through the outbox.

use std::collections::VecDeque;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use dataflow_core::feed::{Position, RowChange};
use dataflow_core::node::{BoxFuture, ChangeStream};
use dataflow_core::{ModelSchema, Result};

use super::entry::Entry;
use super::feed::{Feed, gone};
use super::whose::Whose;

/// How long a reader that was woken waits, so that one page holds what many writes bring.
const GATHERING: Duration = Duration::from_millis(5);

/// Where a reader begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Start {
    /// With the next change.
    Now,
    /// With the oldest change that is kept.
    Oldest,
    /// After a position.
    After(Position),
}

/// One reader on its way through the outbox.
pub(crate) struct Reader {
    feed: Arc<Feed>,
    /// Those that it follows; none of them stands for all.
    models: Vec<Arc<ModelSchema>>,
    whose: Whose,
    start: Start,
    /// Where it is; none before it has begun.
    at: Option<Position>,
    page: VecDeque<Entry>,
    /// Whether the last attempt failed, so that the next waits.
    has_failed: bool,
}

impl Reader {
    pub(crate) fn new(
        feed: Arc<Feed>,
        models: Vec<Arc<ModelSchema>>,
        whose: Whose,
        start: Start,
    ) -> Self {
        feed.keep();
        Self {
            feed,
            models,
            whose,
            start,
            at: match start {
                Start::Now => None,
                Start::Oldest => Some(Position::default()),
                Start::After(position) => Some(position),
            },
            page: VecDeque::new(),
            has_failed: false,
        }
    }

    /// A reader that has found its place: from now on, or after a position that is kept.
    pub(crate) async fn begin(
        feed: Arc<Feed>,
        models: Vec<Arc<ModelSchema>>,
        whose: Whose,
        after: Option<Position>,
    ) -> Result<Self> {
        let position = match after {
            Some(position) => {
                feed.has_kept(position).await?;
                position
            }
            None => feed.now().await?,
        };
        Ok(Self::new(feed, models, whose, Start::After(position)))
    }

    /// Whether the database was closed.
    pub(crate) fn is_over(&self) -> bool {
        self.feed.pool.is_closed()
    }

    /// The next change; waits until there is one. Dropping the future loses nothing.
    pub(crate) async fn next(&mut self) -> Result<RowChange> {
        loop {
            while let Some(entry) = self.page.pop_front() {
                self.at = Some(entry.position);
                if let Some(change) = self.told(&entry)? {
                    self.start = Start::After(entry.position);
                    return Ok(change);
                }
            }
            if std::mem::take(&mut self.has_failed) {
                tokio::time::sleep(self.feed.settings.interval).await;
            }
            let turned = self.turn_page().await;
            self.has_failed = turned.is_err();
            turned?;
        }
    }

    /// What an entry tells this reader. One that begins with the oldest minds no gap before it.
    fn told(&self, entry: &Entry) -> Result<Option<RowChange>> {
        let is_followed = |table: &str| {
            let known = self.feed.of_table(table);
            let is_it =
                |model: &Arc<ModelSchema>| known.is_some_and(|known| known.table == model.table);
            self.models.is_empty() || self.models.iter().any(is_it)
        };
        if entry.is_gap() {
            let matters = entry.table.is_empty() || is_followed(&entry.table);
            return match matters && self.start != Start::Oldest {
                true => Err(gone(entry.position)),
                false => Ok(None),
            };
        }
        let model = self.feed.of_table(&entry.table);
        let model =
            model.filter(|model| is_followed(&entry.table) && self.whose.hears_of(entry, model));
        Ok(model.and_then(|model| entry.change(model)))
    }

    /// Reads the next entries; where there are none, waits until there may be some.
    async fn turn_page(&mut self) -> Result<()> {
        let at = match self.at {
            Some(at) => at,
            None => *self.at.insert(self.feed.now().await?),
        };
        let feed = self.feed.clone();
        let mut written = pin!(feed.wake.written());
        // What is written from here on wakes it.
        written.as_mut().enable();
        let page = feed.page(at).await?;
        if page.is_empty() {
            let woken = tokio::time::timeout(feed.settings.interval, written).await;
            if woken.is_ok() {
                tokio::time::sleep(GATHERING).await;
            }
        }
        self.page = page.into();
        Ok(())
    }
}

impl ChangeStream for Reader {
    fn next(&mut self) -> BoxFuture<'_, Result<RowChange>> {
        Box::pin(self.next())
    }
}
