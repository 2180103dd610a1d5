//! What is done with what is given.

use dataflow_core::{Result, Value};

use super::Entry;
use crate::collect::StoredRow;
use crate::hooks::Occasion;
use crate::table::{Change, Table};

/// What is done with entries.
#[derive(Clone, Copy)]
pub(in crate::table) enum Write<'a> {
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
    /// As [`InsertOrChange`](Self::InsertOrChange), with each two.
    InsertOrChangeAll(&'a [usize]),
    /// The row of one is given back.
    GiveBack,
}

impl Write<'_> {
    pub(super) fn occasion(self) -> Occasion {
        match self {
            Self::Insert | Self::InsertAll => Occasion::Create,
            Self::Change | Self::ChangeAll => Occasion::Update,
            Self::Merge(_)
            | Self::InsertOrChange(_)
            | Self::MergeAll(_)
            | Self::InsertOrChangeAll(_) => Occasion::Upsert,
            Self::GiveBack => Occasion::Restore,
        }
    }

    /// By which fields rows are found that are there already, and what entries have there.
    pub(in crate::table) fn meets<'k>(
        self,
        key: &'k [usize],
        entries: &[Entry],
    ) -> (&'k [usize], Vec<Vec<Value>>)
    where
        Self: 'k,
    {
        let found_by = |fields: &[usize], step| {
            let entries = entries.iter().step_by(step);
            entries.map(|entry| entry.given_to(fields)).collect()
        };
        match self {
            Self::Insert | Self::InsertAll => (key, Vec::new()),
            Self::Change | Self::ChangeAll | Self::GiveBack => {
                let keys = entries.iter().filter_map(|entry| entry.key.clone());
                (key, keys.collect())
            }
            Self::InsertOrChange(fields) | Self::InsertOrChangeAll(fields) => {
                (fields, found_by(fields, 2))
            }
            Self::Merge(fields) | Self::MergeAll(fields) => (fields, found_by(fields, 1)),
        }
    }

    /// Whether any row is other than before. What changes nothing gives its row all the same.
    pub(super) fn changes_any(self, entries: &[Entry]) -> bool {
        let is_none = |entry: &Entry| {
            entry.given.is_empty() && entry.added.is_empty() && entry.version.is_none()
        };
        match self {
            Self::Change | Self::ChangeAll => !entries.iter().all(is_none),
            _ => true,
        }
    }

    pub(super) async fn run(self, table: &Table, entries: Vec<Entry>) -> Result<Vec<StoredRow>> {
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
            Self::InsertOrChangeAll(conflict) => {
                let mut pairs = Vec::with_capacity(entries.len() / 2);
                while let (Some(new), Some(change)) = (entries.next(), entries.next()) {
                    pairs.push((new.given, change.into_changes()));
                }
                table.insert_or_change_all(pairs, conflict, rows).await
            }
            Self::GiveBack => {
                let Change { key, changes, .. } = next().into_change();
                table.give_back(key, changes.given, rows).await
            }
        }
    }
}
