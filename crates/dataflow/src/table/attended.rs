//! Writes with what the application attached to their model around them.
//!
//! Such a write is one transaction with what its hooks do, or one savepoint where it is part of a
//! transaction already: all of it or nothing. A transaction of its own is done again where another one
//! was in its way.

mod entry;
mod write;

use std::sync::Arc;

use dataflow_core::error::Fault;
use dataflow_core::node::BoxFuture;
use dataflow_core::query::Filter;
use dataflow_core::schema::FieldType;
use dataflow_core::{Error, Result, Value};

use super::write::Giving;
use super::{Change, Changes, Table};
use crate::access::Access;
use crate::attempts::{Attempts, rest};
use crate::collect::{StoredRow, StoredRows};
use crate::hooks::AnyHooks;
use crate::transaction::Transaction;

pub(crate) use entry::Entry;
pub(super) use write::Write;

/// What becomes of the rows that a filter lets through.
#[derive(Clone)]
pub(super) enum Fate {
    /// They are given this.
    Changed(Changes),
    /// They are removed.
    Removed,
}

/// How the rows of keys are removed.
#[derive(Clone)]
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
            let mut attempts = self.attempts();
            loop {
                let entries = match attempts.are_left() {
                    true => entries.clone(),
                    false => std::mem::take(&mut entries),
                };
                let outcome = self.attend(hooks, write, entries).await;
                let Some(pause) = attempts.pause_after(&outcome) else {
                    return outcome;
                };
                rest(pause).await;
            }
        })
    }

    async fn attend(
        &self,
        hooks: &[Arc<dyn AnyHooks>],
        write: Write<'_>,
        mut entries: Vec<Entry>,
    ) -> Result<Vec<StoredRow>> {
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
    }

    /// How often a write is done that is a transaction of its own; one that is part of another is done
    /// again with that. Nobody else writes beside a transaction of SQLite's.
    fn attempts(&self) -> Attempts {
        match self.access() {
            Access::Pool(pool) if pool.meets_others() => Attempts::new(),
            Access::Pool(_) | Access::Transaction(_) => Attempts::once(),
        }
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
            let mut attempts = self.attempts();
            loop {
                let removal = removal.clone();
                let outcome = self.attend_removal(hooks, removal, keys.clone()).await;
                let Some(pause) = attempts.pause_after(&outcome) else {
                    return outcome;
                };
                rest(pause).await;
            }
        })
    }

    async fn attend_removal(
        &self,
        hooks: &[Arc<dyn AnyHooks>],
        removal: Removal,
        keys: Vec<Vec<Value>>,
    ) -> Result<u64> {
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
            let mut attempts = self.attempts();
            loop {
                let outcome = self.attend_where(hooks, filter.clone(), fate.clone()).await;
                let Some(pause) = attempts.pause_after(&outcome) else {
                    return outcome;
                };
                rest(pause).await;
            }
        })
    }

    async fn attend_where(
        &self,
        hooks: &[Arc<dyn AnyHooks>],
        filter: Filter,
        fate: Fate,
    ) -> Result<u64> {
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
