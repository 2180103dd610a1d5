//! Writes with what the application attached to their model around them.
//!
//! Such a write is one transaction with what its hooks do, or one savepoint where it is part of a
//! transaction already: all of it or nothing.

use std::sync::Arc;

use dataflow_core::error::Fault;
use dataflow_core::node::BoxFuture;
use dataflow_core::query::Filter;
use dataflow_core::schema::FieldType;
use dataflow_core::{Error, Result, Value};

use super::write::Giving;
use super::{Addition, Change, Changes, Given, Table};
use crate::collect::{StoredRow, StoredRows};
use crate::hooks::{AnyHooks, Occasion};
use crate::transaction::Transaction;

/// What is about to be given to one row.
pub(crate) struct Entry {
    /// Where it stands in the input, as a JSON pointer.
    pub(crate) place: String,
    /// The key, where the row exists.
    pub(crate) key: Option<Vec<Value>>,
    /// The values.
    pub(crate) given: Given,
    /// What is added to the values of a row that exists.
    pub(crate) added: Vec<Addition>,
    version: Option<Value>,
}

impl Entry {
    pub(super) fn new(given: Given) -> Self {
        Self::at("", given)
    }

    pub(super) fn at(place: &str, changes: impl Into<Changes>) -> Self {
        let Changes { given, added } = changes.into();
        Self {
            place: place.to_owned(),
            key: None,
            given,
            added,
            version: None,
        }
    }

    pub(super) fn of(change: Change) -> Self {
        Self {
            key: Some(change.key),
            version: change.version,
            ..Self::at("", change.changes)
        }
    }

    pub(super) fn of_key(key: Vec<Value>) -> Self {
        Self {
            key: Some(key),
            ..Self::new(Given::new())
        }
    }

    pub(super) fn each(rows: impl IntoIterator<Item = Given>) -> Vec<Self> {
        numbered(rows.into_iter().map(Self::new))
    }

    pub(super) fn of_each(rows: Vec<Change>) -> Vec<Self> {
        numbered(rows.into_iter().map(Self::of))
    }

    /// What it gives to some fields.
    fn given_to(&self, fields: &[usize]) -> Vec<Value> {
        let given = |field: &usize| {
            let mut given = self.given.iter();
            let found = given.find(|(position, _)| position == field);
            found.map_or(Value::Null, |(_, value)| value.clone())
        };
        fields.iter().map(given).collect()
    }

    fn into_changes(self) -> Changes {
        Changes {
            given: self.given,
            added: self.added,
        }
    }

    fn into_change(mut self) -> Change {
        Change {
            key: self.key.take().unwrap_or_default(),
            version: self.version.take(),
            changes: self.into_changes(),
        }
    }
}

fn numbered(entries: impl Iterator<Item = Entry>) -> Vec<Entry> {
    let numbered = entries.enumerate().map(|(index, entry)| Entry {
        place: format!("/{index}"),
        ..entry
    });
    numbered.collect()
}

/// What is done with entries.
#[derive(Clone, Copy)]
pub(super) enum Write<'a> {
    /// One is inserted.
    Insert,
    /// The row of one is changed.
    Change,
    /// One is inserted, or changes the row that has the same values at some fields.
    Merge(&'a [usize]),
    /// The first is inserted, or the second changes the row that has the same values.
    InsertOrChange(&'a [usize]),
    /// All are inserted.
    InsertAll,
    /// The row of each is changed.
    ChangeAll,
    /// As [`Merge`](Self::Merge), with each.
    MergeAll(&'a [usize]),
    /// The row of one is given back.
    GiveBack,
}

impl Write<'_> {
    fn occasion(self) -> Occasion {
        match self {
            Self::Insert | Self::InsertAll => Occasion::Create,
            Self::Change | Self::ChangeAll => Occasion::Update,
            Self::Merge(_) | Self::InsertOrChange(_) | Self::MergeAll(_) => Occasion::Upsert,
            Self::GiveBack => Occasion::Restore,
        }
    }

    /// By which fields rows are found that are there already, and what entries have there.
    pub(super) fn meets<'k>(
        self,
        key: &'k [usize],
        entries: &[Entry],
    ) -> (&'k [usize], Vec<Vec<Value>>)
    where
        Self: 'k,
    {
        let found_by = |fields: &[usize], entries: &[Entry]| {
            entries.iter().map(|entry| entry.given_to(fields)).collect()
        };
        match self {
            Self::Insert | Self::InsertAll => (key, Vec::new()),
            Self::Change | Self::ChangeAll | Self::GiveBack => {
                let keys = entries.iter().filter_map(|entry| entry.key.clone());
                (key, keys.collect())
            }
            Self::InsertOrChange(fields) => (fields, found_by(fields, &entries[..1])),
            Self::Merge(fields) | Self::MergeAll(fields) => (fields, found_by(fields, entries)),
        }
    }

    /// Whether any row is other than before. What changes nothing gives its row all the same.
    fn changes_any(self, entries: &[Entry]) -> bool {
        let is_none = |entry: &Entry| {
            entry.given.is_empty() && entry.added.is_empty() && entry.version.is_none()
        };
        match self {
            Self::Change | Self::ChangeAll => !entries.iter().all(is_none),
            _ => true,
        }
    }

    async fn run(self, table: &Table, entries: Vec<Entry>) -> Result<Vec<StoredRow>> {
        let rows = match self.occasion() {
            Occasion::Upsert => table.stored_upserts(),
            _ => table.stored_rows(),
        };
        let mut entries = entries.into_iter();
        let mut next = || entries.next().expect("a write has its entries");
        match self {
            Self::Insert => table.insert(next().given, rows).await,
            Self::Change => table.change(next().into_change(), rows).await,
            Self::Merge(conflict) => table.merge(next().given, conflict, rows).await,
            Self::InsertOrChange(conflict) => {
                let (new, changes) = (next().given, next().into_changes());
                table.insert_or_change(new, changes, conflict, rows).await
            }
            Self::InsertAll => {
                let given = entries.map(|entry| entry.given);
                table.insert_all(given, rows).await
            }
            Self::ChangeAll => {
                let changes = entries.map(Entry::into_change).collect();
                table.change_all(changes, rows).await
            }
            Self::MergeAll(conflict) => {
                let given = entries.map(|entry| entry.given).collect();
                table.merge_all(given, conflict, rows).await
            }
            Self::GiveBack => {
                let Change { key, changes, .. } = next().into_change();
                table.give_back(key, changes.given, rows).await
            }
        }
    }
}

/// What becomes of the rows that a filter lets through.
pub(super) enum Fate {
    /// They are given this.
    Changed(Changes),
    /// They are removed.
    Removed,
}

/// How the rows of keys are removed.
pub(super) enum Removal {
    /// The one of a key, which has a version where that is said.
    One(Option<Value>),
    /// All of them.
    All,
    /// The one of a key, whether it was deleted or not, for good.
    ForGood,
}

impl Removal {
    async fn run(self, table: &Table, mut keys: Vec<Vec<Value>>) -> Result<Vec<StoredRow>> {
        let rows = table.stored_rows();
        let mut key = || keys.pop().expect("a removal has its key");
        match self {
            Self::One(version) => table.remove_one(key(), version, Giving::Rows, rows).await,
            Self::All => table.remove_all(keys, Giving::Rows, rows).await,
            Self::ForGood => table.remove_for_good(key(), Giving::Rows, rows).await,
        }
    }
}

/// An error of rows that the caller did not list: which of them it was says nothing to the caller.
fn of_any_row(error: Error) -> Error {
    let mut faults: Vec<Fault> = Vec::new();
    for fault in error.faults() {
        let mut fault = fault.clone();
        let place = fault.pointer.strip_prefix('/');
        let place = place.and_then(|place| place.split_once('/'));
        if let Some((_, field)) = place.filter(|(row, _)| row.parse::<usize>().is_ok()) {
            fault.pointer = format!("/{field}");
        }
        if !faults.contains(&fault) {
            faults.push(fault);
        }
    }
    error.with_faults(faults)
}

impl Table {
    /// What the application attached to the model, where that or the trail is to be minded.
    pub(super) fn hooks(&self) -> Option<&[Arc<dyn AnyHooks>]> {
        let hooks = &*self.own().hooks;
        (self.model().audited || !hooks.is_empty()).then_some(hooks)
    }

    /// Does a write with hooks around it, and gives the rows that were written.
    ///
    /// It is on the heap, so that the futures of models without hooks have no room for it.
    pub(super) fn attended<'a>(
        &'a self,
        hooks: &'a [Arc<dyn AnyHooks>],
        write: Write<'a>,
        mut entries: Vec<Entry>,
    ) -> BoxFuture<'a, Result<Vec<StoredRow>>> {
        Box::pin(async move {
            if entries.is_empty() {
                return Ok(Vec::new());
            }
            let occasion = write.occasion();
            let transaction = Transaction::around(self).await?;
            let table = transaction.reach(self);
            let work = async {
                for hooks in hooks {
                    let draft = hooks.before_write(&transaction, occasion, &mut entries);
                    draft.await?;
                }
                let is_change = write.changes_any(&entries);
                let before = match self.model().audited {
                    true => Some(table.rows_before(write, &entries).await?),
                    false => None,
                };
                let rows = write.run(&table, entries).await?;
                let is_written = is_change && !rows.is_empty();
                if let Some(before) = before.filter(|_| is_written) {
                    table.record(occasion, &before, &rows).await?;
                }
                for hooks in hooks.iter().filter(|_| is_written) {
                    hooks.after_write(&transaction, occasion, &rows).await?;
                }
                Ok((rows, is_written))
            };
            let outcome = transaction.within(work).await;
            transaction.keep_if(outcome).await
        })
    }

    /// Removes rows with hooks around it, and says how many there were.
    pub(super) fn attended_removal<'a>(
        &'a self,
        hooks: &'a [Arc<dyn AnyHooks>],
        removal: Removal,
        keys: Vec<Vec<Value>>,
    ) -> BoxFuture<'a, Result<u64>> {
        Box::pin(async move {
            if keys.is_empty() {
                return Ok(0);
            }
            let transaction = Transaction::around(self).await?;
            let table = transaction.reach(self);
            let work = async {
                for hooks in hooks {
                    hooks.before_delete(&transaction, &keys).await?;
                }
                let stay = !matches!(removal, Removal::ForGood);
                let rows = removal.run(&table, keys).await?;
                if self.model().audited {
                    table.record_removal(&rows, stay).await?;
                }
                for hooks in hooks.iter().filter(|_| !rows.is_empty()) {
                    hooks.after_delete(&transaction, &rows).await?;
                }
                Ok((rows.len() as u64, !rows.is_empty()))
            };
            let outcome = transaction.within(work).await;
            transaction.keep_if(outcome).await
        })
    }

    /// Changes or removes the rows that a filter lets through with hooks around it, and says how many
    /// there were. They are found first, and locked: hooks are handed each of them.
    pub(super) fn attended_where<'a>(
        &'a self,
        hooks: &'a [Arc<dyn AnyHooks>],
        filter: Filter,
        fate: Fate,
    ) -> BoxFuture<'a, Result<u64>> {
        Box::pin(async move {
            if let Fate::Changed(changes) = &fate {
                // What the caller gives is told of once, and not for each row.
                self.own().fill.check(&changes.given)?;
            }
            let transaction = Transaction::around(self).await?;
            let table = transaction.reach(self);
            let work = async {
                let key = self.model().key_positions();
                let rows = table.lock_rows(filter).await?;
                let key = |row: &StoredRow| key.iter().map(|&at| row.value(at).clone()).collect();
                let keys: Vec<Vec<Value>> = rows.iter().map(key).collect();
                let count = match fate {
                    Fate::Changed(changes) => {
                        let keys = keys.into_iter();
                        let rows = keys.map(|key| Change::of(key, changes.clone()));
                        let entries = Entry::of_each(rows.collect());
                        let written = table.attended(hooks, Write::ChangeAll, entries);
                        written.await.map_err(of_any_row)?.len() as u64
                    }
                    Fate::Removed => table.attended_removal(hooks, Removal::All, keys).await?,
                };
                Ok((count, count > 0))
            };
            let outcome = transaction.within(work).await;
            transaction.keep_if(outcome).await
        })
    }

    fn stored_rows(&self) -> StoredRows {
        StoredRows::new(self.own().columns.clone())
    }

    /// Rows of an upsert, which say behind their columns whether they are new.
    fn stored_upserts(&self) -> StoredRows {
        let columns = self.own().columns.iter().cloned();
        StoredRows::new(columns.chain([FieldType::Bool]).collect())
    }
}
