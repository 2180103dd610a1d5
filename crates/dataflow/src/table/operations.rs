//! The operations that write, and the read of one row.
//!
//! Each is done with what the application attached to the model around it, where there is any, and
//! by itself where there is none.

use dataflow_core::error::Kind;
use dataflow_core::node::{BoxFuture, ModelVerb};
use dataflow_core::query::{Filter, IfLocked};
use dataflow_core::{Error, Result, Value};

use super::attended::{Entry, Fate, Removal, Write};
use super::write::Giving;
use super::{Change, Changes, Given, Table, replay};
use crate::access::Access;
use crate::collect::Written;
use crate::pool::{Rows, Statement};

impl Table {
    /// Inserts a row.
    pub(crate) async fn create<C: Rows>(&self, given: Given, rows: C) -> Result<C::Output> {
        self.measured(ModelVerb::Create, async || {
            let Some(hooks) = self.hooks() else {
                return self.insert(given, rows).await;
            };
            let written = self.attended(hooks, Write::Insert, vec![Entry::new(given)]);
            replay(&written.await?, rows)
        })
        .await
    }

    /// Reads the row of a key, or none.
    pub(crate) async fn read<C: Rows>(&self, key: Vec<Value>, rows: C) -> Result<C::Output> {
        let read = async || {
            let select = self.statements().select()?;
            self.load(&select, key, self.whole_row(), rows).await
        };
        self.measured(ModelVerb::Read, read).await
    }

    /// Reads the row of a key, or none, and keeps others from changing it until the transaction ends.
    pub(crate) async fn read_for_update<C: Rows>(
        &self,
        key: Vec<Value>,
        if_locked: IfLocked,
        rows: C,
    ) -> Result<C::Output> {
        let read = async || {
            let select = self.statements().select()?;
            self.read_locked(&select, key, if_locked, rows).await
        };
        self.measured(ModelVerb::Read, read).await
    }

    /// Asks a question whose rows nobody else changes before the transaction ends.
    ///
    /// It is on the heap, so that the futures of other questions have no room for it.
    pub(super) fn read_locked<'a, C: Rows>(
        &'a self,
        question: &'a Statement,
        values: Vec<Value>,
        if_locked: IfLocked,
        rows: C,
    ) -> BoxFuture<'a, Result<C::Output>> {
        Box::pin(async move {
            if let Access::Pool(_) = self.access() {
                let message = "a row is kept for a transaction, and there is none";
                return Err(Error::new(Kind::Unsupported, message)
                    .with_help("reach the repository through db.transaction(…) or db.begin()"));
            }
            let statement = self.statements().locking(question, if_locked);
            let values = self.bound(&statement, values)?;
            // It needs the rights of a write, which a transaction that only reads has not.
            self.access
                .write(self.tenant(), &statement, values, rows)
                .await
        })
    }

    /// Changes the row of a key, or none; one that has another version than the change is of is an
    /// error. Without a change the row is read.
    pub(crate) async fn update<C: Rows>(&self, change: Change, rows: C) -> Result<C::Output> {
        self.measured(ModelVerb::Update, async || {
            let Some(hooks) = self.hooks() else {
                return self.change(change, rows).await;
            };
            let written = self.attended(hooks, Write::Change, vec![Entry::of(change)]);
            replay(&written.await?, rows)
        })
        .await
    }

    /// Removes the row of a key; says whether there was one. One that has another version than the
    /// given is an error.
    pub(crate) async fn delete(&self, key: Vec<Value>, version: Option<Value>) -> Result<bool> {
        self.measured(ModelVerb::Delete, async || {
            let of_version = version.as_ref().map(|_| key.clone());
            let removed = match self.hooks() {
                None => {
                    let removed = self.remove_one(key, version, Giving::Nothing, Written);
                    removed.await?
                }
                Some(hooks) => {
                    let removed = self.attended_removal(hooks, Removal::One(version), vec![key]);
                    removed.await?
                }
            };
            match of_version {
                Some(key) if removed == 0 => Err(self.lost(key).await?),
                _ => Ok(removed > 0),
            }
        })
        .await
    }

    /// Inserts a row, or changes the one that has the same values at `conflict`.
    pub(crate) async fn upsert<C: Rows>(
        &self,
        given: Given,
        conflict: &[usize],
        rows: C,
    ) -> Result<C::Output> {
        self.measured(ModelVerb::Upsert, async || {
            let Some(hooks) = self.hooks() else {
                return self.merge(given, conflict, rows).await;
            };
            let written = self.attended(hooks, Write::Merge(conflict), vec![Entry::new(given)]);
            replay(&written.await?, rows)
        })
        .await
    }

    /// Inserts a row, or gives the one that has the same values at `conflict` the values of a
    /// change.
    pub(crate) async fn create_or_update<C: Rows>(
        &self,
        given: Given,
        changes: Changes,
        conflict: &[usize],
        rows: C,
    ) -> Result<C::Output> {
        self.measured(ModelVerb::Upsert, async || {
            let Some(hooks) = self.hooks() else {
                return self.insert_or_change(given, changes, conflict, rows).await;
            };
            let entries = vec![Entry::new(given), Entry::at("/change", changes)];
            let written = self.attended(hooks, Write::InsertOrChange(conflict), entries);
            replay(&written.await?, rows)
        })
        .await
    }

    /// Inserts rows, all or none.
    pub(crate) async fn bulk_create<C: Rows>(
        &self,
        rows: impl Iterator<Item = Given>,
        into: C,
    ) -> Result<C::Output> {
        self.measured(ModelVerb::BulkCreate, async || {
            let Some(hooks) = self.hooks() else {
                return self.insert_all(rows, into).await;
            };
            let written = self.attended(hooks, Write::InsertAll, Entry::each(rows));
            replay(&written.await?, into)
        })
        .await
    }

    /// Inserts rows, all or none, and gives none back; says how many there are more.
    pub(crate) async fn bulk_load(&self, rows: impl Iterator<Item = Given>) -> Result<u64> {
        self.measured(ModelVerb::BulkCreate, async || {
            let Some(hooks) = self.hooks() else {
                return self.load_all(rows).await;
            };
            let written = self.attended(hooks, Write::InsertAll, Entry::each(rows));
            Ok(written.await?.len() as u64)
        })
        .await
    }

    /// Changes rows, all or none.
    pub(crate) async fn bulk_update<C: Rows>(
        &self,
        rows: Vec<Change>,
        into: C,
    ) -> Result<C::Output> {
        self.measured(ModelVerb::BulkUpdate, async || {
            let Some(hooks) = self.hooks() else {
                return self.change_all(rows, into).await;
            };
            let written = self.attended(hooks, Write::ChangeAll, Entry::of_each(rows));
            replay(&written.await?, into)
        })
        .await
    }

    /// Changes the rows that a filter lets through, all or none; says how many there were. Without a
    /// change nothing is asked.
    pub(crate) async fn update_where(&self, filter: Filter, changes: Changes) -> Result<u64> {
        self.measured(ModelVerb::BulkUpdate, async || {
            filter.check_model(self.model())?;
            if changes.is_none() {
                return Ok(0);
            }
            match self.hooks() {
                None => self.change_where(filter, changes).await,
                Some(hooks) => {
                    let fate = Fate::Changed(changes);
                    self.attended_where(hooks, filter, fate).await
                }
            }
        })
        .await
    }

    /// Removes the rows that a filter lets through, all or none; says how many there were.
    pub(crate) async fn delete_where(&self, filter: Filter) -> Result<u64> {
        self.measured(ModelVerb::BulkDelete, async || {
            filter.check_model(self.model())?;
            match self.hooks() {
                None => self.remove_where(filter, Giving::Nothing, Written).await,
                Some(hooks) => self.attended_where(hooks, filter, Fate::Removed).await,
            }
        })
        .await
    }

    /// Removes the rows of keys, all or none; says how many there were.
    pub(crate) async fn bulk_delete(&self, keys: Vec<Vec<Value>>) -> Result<u64> {
        self.measured(ModelVerb::BulkDelete, async || {
            let Some(hooks) = self.hooks() else {
                return self.remove_all(keys, Giving::Nothing, Written).await;
            };
            self.attended_removal(hooks, Removal::All, keys).await
        })
        .await
    }

    /// Inserts rows or changes those that have the same values at `conflict`, all or none.
    pub(crate) async fn bulk_upsert<C: Rows>(
        &self,
        rows: Vec<Given>,
        conflict: &[usize],
        into: C,
    ) -> Result<C::Output> {
        self.measured(ModelVerb::BulkUpsert, async || {
            let Some(hooks) = self.hooks() else {
                return self.merge_all(rows, conflict, into).await;
            };
            let written = self.attended(hooks, Write::MergeAll(conflict), Entry::each(rows));
            replay(&written.await?, into)
        })
        .await
    }

    /// Inserts rows, or gives those that have the same values at `conflict` the values of a change
    /// each, all or none.
    pub(crate) async fn bulk_create_or_update<C: Rows>(
        &self,
        rows: Vec<(Given, Changes)>,
        conflict: &[usize],
        into: C,
    ) -> Result<C::Output> {
        self.measured(ModelVerb::BulkUpsert, async || {
            let Some(hooks) = self.hooks() else {
                return self.insert_or_change_all(rows, conflict, into).await;
            };
            let write = Write::InsertOrChangeAll(conflict);
            let written = self.attended(hooks, write, Entry::of_pairs(rows));
            replay(&written.await?, into)
        })
        .await
    }

    /// Gives the row of a key back, which was deleted, or none.
    pub(crate) async fn restore<C: Rows>(&self, key: Vec<Value>, rows: C) -> Result<C::Output> {
        self.measured(ModelVerb::Restore, async || {
            let Some(hooks) = self.hooks() else {
                return self.give_back(key, Given::new(), rows).await;
            };
            let written = self.attended(hooks, Write::GiveBack, vec![Entry::of_key(key)]);
            replay(&written.await?, rows)
        })
        .await
    }

    /// Removes the row of a key for good, deleted or not; says whether there was one.
    pub(crate) async fn purge(&self, key: Vec<Value>) -> Result<bool> {
        self.measured(ModelVerb::Delete, async || {
            let Some(hooks) = self.hooks() else {
                let removed = self.remove_for_good(key, Giving::Nothing, Written);
                return Ok(removed.await? > 0);
            };
            let removed = self.attended_removal(hooks, Removal::ForGood, vec![key]);
            Ok(removed.await? > 0)
        })
        .await
    }
}
