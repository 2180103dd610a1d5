//! Rows read before, as long as this process has not written to their table since. Where changes are
//! written down, others have not either, as far as was heard a moment ago.
//!
//! Each table has a generation, which every write of this process moves on. What is stored carries
//! the generation from before its read began, and is given out only while the table still is at
//! it: neither an older answer nor one that a write overtook can be seen.

mod others;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use dataflow_core::error::Kind;
use dataflow_core::{Result, Value};
use parking_lot::Mutex;

use crate::collect::StoredRow;
use crate::pool::Statement;

pub(crate) use others::Others;

/// How much is kept for a database, in bytes.
const MOST_BYTES: u64 = 64 * 1024 * 1024;

/// The stored rows of a database.
#[derive(Clone)]
pub(crate) struct Cache {
    entries: moka::sync::Cache<Key, Entry>,
    /// None where what others write does not count.
    others: Option<Arc<Others>>,
}

/// A statement and the values it was run with, as their debug text, which differs where they do.
#[derive(PartialEq, Eq, Hash)]
struct Key {
    sql: Arc<str>,
    values: String,
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
        Self { entries, others }
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

/// A read that is under way.
pub(crate) struct Load<'a> {
    tables: Tables<'a>,
    key: Key,
    generation: u64,
}

/// The tables that a read reads.
struct Tables<'a> {
    own: &'a TableCache,
    others: Box<[Arc<TableCache>]>,
}

/// What the cache knows about a read.
pub(crate) enum Lookup<'a> {
    /// Its rows.
    Hit(Arc<[StoredRow]>),
    /// Nothing yet.
    Miss(Load<'a>),
}

/// A write that is under way. Dropped before its [end](Writing::end), it may still take effect.
pub(crate) struct Writing<'a> {
    table: &'a TableCache,
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

    pub(crate) fn look_up(
        &self,
        others: Box<[Arc<Self>]>,
        statement: &Statement,
        values: &[Value],
    ) -> Lookup<'_> {
        let key = Key {
            sql: statement.sql().clone(),
            values: format!("{values:?}"),
        };
        let tables = Tables { own: self, others };
        let others = self.cache.others.as_ref();
        let is_settled = tables.are_settled() && others.is_none_or(|others| others.are_known());
        let generation = tables.generation();
        match self.cache.entries.get(&key) {
            Some(entry) if entry.generation == generation && is_settled => Lookup::Hit(entry.rows),
            _ => Lookup::Miss(Load {
                tables,
                key,
                generation,
            }),
        }
    }

    pub(crate) fn write(&self) -> Writing<'_> {
        Writing {
            table: self,
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

impl Load<'_> {
    /// Keeps what was read, unless the table was written to meanwhile.
    pub(crate) fn store(self, rows: Arc<[StoredRow]>) {
        if self.tables.are_settled() && self.tables.generation() == self.generation {
            let generation = self.generation;
            let entry = Entry { generation, rows };
            self.tables.own.cache.entries.insert(self.key, entry);
        }
    }
}

impl Tables<'_> {
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
            let until = Instant::now() + self.table.longest_write;
            *self.table.unsettled_until.lock() = Some(until);
        }
        self.table.move_on();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> TableCache {
        TableCache::new(Cache::new(None), Duration::from_millis(20))
    }

    fn statement() -> Statement {
        Statement::new("SELECT 1", Vec::new())
    }

    fn miss(table: &TableCache) -> Load<'_> {
        match look_up(table, Value::Integer(1)) {
            Lookup::Miss(load) => load,
            Lookup::Hit(_) => panic!("the cache gave out what it should not have"),
        }
    }

    fn is_hit(table: &TableCache) -> bool {
        matches!(look_up(table, Value::Integer(1)), Lookup::Hit(_))
    }

    fn look_up(table: &TableCache, value: Value) -> Lookup<'_> {
        table.look_up(Box::default(), &statement(), &[value])
    }

    #[test]
    fn what_was_stored_is_given_out_until_the_table_is_written_to() {
        let table = table();
        miss(&table).store(Arc::new([]));
        assert!(is_hit(&table));
        table.write().end();
        assert!(!is_hit(&table));
    }

    #[test]
    fn a_read_that_a_write_overtook_is_not_stored() {
        let table = table();
        let load = miss(&table);
        table.write().end();
        load.store(Arc::new([]));
        assert!(!is_hit(&table));
    }

    #[test]
    fn nothing_is_stored_while_a_write_whose_caller_left_may_still_take_effect() {
        let table = table();
        drop(table.write());
        miss(&table).store(Arc::new([]));
        assert!(!is_hit(&table));
        std::thread::sleep(table.longest_write);
        miss(&table).store(Arc::new([]));
        assert!(is_hit(&table));
    }

    #[test]
    fn a_read_that_began_before_such_a_write_settled_is_not_stored() {
        let table = table();
        drop(table.write());
        let load = miss(&table);
        std::thread::sleep(table.longest_write);
        load.store(Arc::new([]));
        assert!(!is_hit(&table));
    }

    #[test]
    fn a_write_that_takes_effect_after_all_patience_is_noticed() {
        let table = Arc::new(table());
        let tail = Tail::of(&table);
        drop(table.write());
        std::thread::sleep(table.longest_write);
        miss(&table).store(Arc::new([]));
        assert!(is_hit(&table));
        drop(tail);
        assert!(!is_hit(&table));
    }

    #[test]
    fn other_values_are_another_read() {
        let table = table();
        miss(&table).store(Arc::new([]));
        let other = look_up(&table, Value::Text("1".to_owned()));
        assert!(matches!(other, Lookup::Miss(_)));
    }

    #[test]
    fn a_read_of_two_tables_is_given_out_until_either_is_written_to() {
        let (own, other) = (table(), Arc::new(table()));
        let look_up = || own.look_up(Box::new([other.clone()]), &statement(), &[]);
        let is_hit = || matches!(look_up(), Lookup::Hit(_));
        let store = || match look_up() {
            Lookup::Miss(load) => load.store(Arc::new([])),
            Lookup::Hit(_) => panic!("the cache gave out what it should not have"),
        };
        store();
        assert!(is_hit());
        other.write().end();
        assert!(!is_hit());
        store();
        own.write().end();
        assert!(!is_hit());
        store();
        drop(other.write());
        assert!(!is_hit());
    }
}
