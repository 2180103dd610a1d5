//! Rows read before, as long as this process has not written to their table since. Where changes are
//! written down, others have not either, as far as was heard a moment ago.
//!
//! Each table has a generation, which every write of this process moves on. What is stored carries
//! the generation from before its read began, and is given out only while the table still is at
//! it: neither an older answer nor one that a write overtook can be seen.

mod flight;
mod others;
#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use dataflow_core::error::Kind;
use dataflow_core::{Result, Value};
use futures_util::future::{BoxFuture, FutureExt as _};
use parking_lot::Mutex;

use crate::collect::StoredRow;
use crate::pool::Statement;
use flight::{Boarding, Flights};

pub(crate) use flight::Reading;
pub(crate) use others::Others;

/// Longer than anybody waits, and not too long for a clock.
const A_LONG_TIME: Duration = Duration::from_hours(24 * 365);

/// How much is kept for a database, in bytes.
const MOST_BYTES: u64 = 64 * 1024 * 1024;

/// The stored rows of a database.
#[derive(Clone)]
pub(crate) struct Cache {
    entries: moka::sync::Cache<Key, Entry>,
    flights: Flights,
    /// None where what others write does not count.
    others: Option<Arc<Others>>,
}

/// A statement and the values it was run with, as their debug text, which differs where they do.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Key {
    sql: Arc<str>,
    values: Arc<str>,
}

#[derive(Clone)]
struct Entry {
    generation: u64,
    rows: Arc<[StoredRow]>,
}

impl Cache {
    pub(crate) fn new(others: Option<Arc<Others>>) -> Self {
        let size = |key: &Key, entry: &Entry| {
            let rows: usize = entry.rows.iter().map(StoredRow::size).sum();
            let size = rows + key.values.len() + size_of::<Key>() + size_of::<Entry>();
            u32::try_from(size).unwrap_or(u32::MAX)
        };
        let entries = moka::sync::Cache::builder()
            .max_capacity(MOST_BYTES)
            .weigher(size)
            .build();
        Self {
            entries,
            flights: Flights::default(),
            others,
        }
    }

    /// The rows of a read that were kept when its tables were at a generation.
    fn kept(&self, key: &Key, generation: u64) -> Option<Arc<[StoredRow]>> {
        let entry = self.entries.get(key)?;
        (entry.generation == generation).then_some(entry.rows)
    }
}

/// The stored rows of one table.
pub(crate) struct TableCache {
    cache: Cache,
    generation: AtomicU64,
    /// Until when a write whose caller has left may still take effect.
    unsettled_until: Mutex<Option<Instant>>,
    longest_write: Duration,
}

/// A read whose rows are to be kept.
struct Load {
    tables: Tables,
    key: Key,
    generation: u64,
    is_settled: bool,
}

/// The tables that a read reads.
struct Tables {
    own: Arc<TableCache>,
    others: Box<[Arc<TableCache>]>,
}

/// What the cache knows about a read.
enum Lookup {
    /// Its rows.
    Hit(Arc<[StoredRow]>),
    /// Nothing yet.
    Miss(Load),
}

/// Where the rows of a read come from.
pub(crate) enum Source {
    /// They were kept.
    Kept(Arc<[StoredRow]>),
    /// Somebody is reading them.
    Joined(Reading),
    /// They are read now.
    Begun(Reading),
}

/// Whether a read may be that of others who read the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Company {
    Any,
    /// It ends sooner or later than theirs.
    None,
}

/// A write that is under way. Dropped before its [end](Writing::end), it may still take effect.
pub(crate) struct Writing<'a> {
    table: &'a TableCache,
    longest: Duration,
    has_ended: bool,
}

/// What travels with a write to wherever it is run, and is dropped when that is over, be it after
/// its caller has left and after all patience: from then on what was read before is not given out.
pub(crate) struct Tail(Arc<TableCache>);

impl Tail {
    pub(crate) fn of(table: &Arc<TableCache>) -> Self {
        Self(table.clone())
    }
}

impl Drop for Tail {
    fn drop(&mut self) {
        self.0.move_on();
    }
}

impl TableCache {
    /// `longest_write` is how long a write can take from its call to its last effect.
    pub(crate) fn new(cache: Cache, longest_write: Duration) -> Self {
        Self {
            cache,
            generation: AtomicU64::new(0),
            unsettled_until: Mutex::new(None),
            longest_write,
        }
    }

    /// The rows of a statement: those that are kept, those that somebody reads already, or those
    /// that are read then.
    pub(crate) fn rows(
        self: &Arc<Self>,
        others: &[Arc<Self>],
        statement: &Statement,
        values: &[Value],
        company: Company,
        read: impl FnOnce() -> BoxFuture<'static, Result<Vec<StoredRow>>>,
    ) -> Source {
        let load = match self.look_up(others.into(), statement, values) {
            Lookup::Hit(rows) => return Source::Kept(rows),
            Lookup::Miss(load) => load,
        };
        if !load.is_settled || company == Company::None {
            return Source::Begun(load.run(read()).shared());
        }
        let (key, generation) = (load.key.clone(), load.generation);
        let last_look = || self.cache.kept(&key, generation);
        let begin = || load.run(read());
        match self.cache.flights.board(&key, generation, last_look, begin) {
            Boarding::Joined(reading) => Source::Joined(reading),
            Boarding::Needless(rows) => Source::Kept(rows),
            Boarding::Begun(reading) => Source::Begun(reading),
        }
    }

    fn look_up(
        self: &Arc<Self>,
        others: Box<[Arc<Self>]>,
        statement: &Statement,
        values: &[Value],
    ) -> Lookup {
        let key = Key {
            sql: statement.sql().clone(),
            values: format!("{values:?}").into(),
        };
        let own = self.clone();
        let tables = Tables { own, others };
        let others = self.cache.others.as_ref();
        let is_settled = tables.are_settled() && others.is_none_or(|others| others.are_known());
        let generation = tables.generation();
        match self.cache.kept(&key, generation) {
            Some(rows) if is_settled => Lookup::Hit(rows),
            _ => Lookup::Miss(Load {
                tables,
                key,
                generation,
                is_settled,
            }),
        }
    }

    /// Begins a write, whose statement may have a time of its own.
    pub(crate) fn write(&self, statement_timeout: Option<Duration>) -> Writing<'_> {
        let longest = self.longest_write;
        Writing {
            table: self,
            longest: longest.saturating_add(statement_timeout.unwrap_or_default()),
            has_ended: false,
        }
    }

    fn generation(&self) -> u64 {
        self.generation.load(Ordering::Acquire)
    }

    /// From here on, nothing is given out that was read before.
    pub(crate) fn move_on(&self) {
        self.generation.fetch_add(1, Ordering::AcqRel);
    }

    fn is_settled(&self) -> bool {
        let mut unsettled_until = self.unsettled_until.lock();
        match *unsettled_until {
            Some(until) if Instant::now() < until => false,
            Some(_) => {
                *unsettled_until = None;
                // What was being read meanwhile may be from before the write.
                self.move_on();
                true
            }
            None => true,
        }
    }
}

impl Load {
    /// Reads rows and keeps them.
    fn run(
        self,
        read: BoxFuture<'static, Result<Vec<StoredRow>>>,
    ) -> BoxFuture<'static, Result<Arc<[StoredRow]>>> {
        let work = async move {
            let rows: Arc<[StoredRow]> = read.await?.into();
            self.store(rows.clone());
            Ok(rows)
        };
        work.boxed()
    }

    /// Keeps what was read, unless the table was written to meanwhile.
    fn store(self, rows: Arc<[StoredRow]>) {
        if self.tables.are_settled() && self.tables.generation() == self.generation {
            let generation = self.generation;
            let entry = Entry { generation, rows };
            self.tables.own.cache.entries.insert(self.key, entry);
        }
    }
}

impl Tables {
    /// No generation ever goes back, so the sum of all is the same only while each of them is.
    fn generation(&self) -> u64 {
        let others = self.others.iter().map(|table| table.generation());
        others.fold(self.own.generation(), u64::wrapping_add)
    }

    fn are_settled(&self) -> bool {
        let settled = self.others.iter().filter(|table| table.is_settled());
        settled.count() == self.others.len() && self.own.is_settled()
    }
}

impl Writing<'_> {
    /// Ends with the outcome of the write, unless its connection broke: the server may then still
    /// carry it out.
    pub(crate) fn end_with<T>(self, outcome: &Result<T>) {
        match outcome {
            Err(error) if matches!(error.kind(), Kind::Unavailable | Kind::Internal) => drop(self),
            _ => self.end(),
        }
    }

    /// The write has taken effect, or never will.
    fn end(mut self) {
        self.has_ended = true;
    }
}

impl Drop for Writing<'_> {
    fn drop(&mut self) {
        if !self.has_ended {
            let now = Instant::now();
            let until = now.checked_add(self.longest).unwrap_or(now + A_LONG_TIME);
            *self.table.unsettled_until.lock() = Some(until);
        }
        self.table.move_on();
    }
}
