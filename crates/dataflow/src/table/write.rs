//! How rows are written.

mod duplicate;
mod filtered;
mod many;

use std::sync::Arc;

use dataflow_core::dialect::dml::{Assignment, Version};
use dataflow_core::error::Kind;
use dataflow_core::{Error, Result, Value};

use super::change::{assignments, effects};
use super::fill::NewRow;
use super::references::Standing;
use super::restore::{out_of_reach, out_of_reach_at};
use super::{Addition, Change, Changes, Given, Table, version};
use crate::collect::Counted;
use crate::pool::{Rows, Statement};

/// What is given of the rows that are removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Giving {
    /// Nothing but how many there were.
    Nothing,
    /// The rows, as they are then.
    Rows,
}

impl Table {
    /// Inserts a row.
    pub(super) async fn insert<C: Rows>(&self, given: Given, rows: C) -> Result<C::Output> {
        self.own().fill.check(&given)?;
        self.point_at_their_own(&[&given], Standing::Alone).await?;
        let row = self.new_row(given)?;
        let statement = self.statements().insert(&row.positions)?;
        let written = self.write(&statement, row.values, rows).await;
        written.map_err(|error| self.of_new(error, &row.positions))
    }

    /// Changes the row of a key.
    pub(super) async fn change<C: Rows>(&self, mut change: Change, rows: C) -> Result<C::Output> {
        if change.is_none() {
            let select = self.statements().select()?;
            let key = change.key;
            return self.load(&select, key, self.whole_row(), rows).await;
        }
        let given = &mut change.changes.given;
        self.own().fill.check(given)?;
        self.point_at_their_own(&[given], Standing::Alone).await?;
        given.extend(self.own().fill.stamps_of_change());
        let changes = assignments([&change.changes].into_iter());
        let version = version::given(change.version.as_ref());
        let statement = self.statements().update(&changes, version)?;
        if version == Version::Any {
            let values = change_values(&changes, change, version);
            let written = self.write(&statement, values, rows).await;
            return written.map_err(|error| self.of_written(error, effects(&changes)));
        }
        let key = change.key.clone();
        let values = change_values(&changes, change, version);
        let written = self.write(&statement, values, Counted::new(rows)).await;
        match written.map_err(|error| self.of_written(error, effects(&changes)))? {
            (_, 0) => Err(self.lost(key).await?),
            (output, _) => Ok(output),
        }
    }

    /// Removes the row of a key.
    pub(super) async fn remove_one<C: Rows>(
        &self,
        key: Vec<Value>,
        version: Option<Value>,
        giving: Giving,
        rows: C,
    ) -> Result<C::Output> {
        let Some(version) = version else {
            let statement = self.giving(giving, self.statements().delete()?);
            return self.take_away(&statement, key, rows).await;
        };
        let statement = self.giving(giving, self.statements().delete_of_version()?);
        let values = key.into_iter().chain([version]).collect();
        self.take_away(&statement, values, rows).await
    }

    /// Inserts a row, or changes the one that has the same values at `conflict`.
    pub(super) async fn merge<C: Rows>(
        &self,
        given: Given,
        conflict: &[usize],
        rows: C,
    ) -> Result<C::Output> {
        self.own().fill.check(&given)?;
        self.point_at_their_own(&[&given], Standing::Alone).await?;
        let changes = Changes::from(self.upsert_changes(&given, conflict));
        let changes = assignments([&changes].into_iter());
        let row = self.new_row(given)?;
        let statement = self
            .statements()
            .upsert(&row.positions, conflict, &changes)?;
        let written = self.write(&statement, row.values, Counted::new(rows)).await;
        written
            .map_err(|error| self.of_stranger(error))
            .and_then(|counted| self.reached(counted))
            .map_err(|error| self.of_new(error, &row.positions))
    }

    /// Inserts a row, or gives the one that has the same values at `conflict` the values of a
    /// change.
    pub(super) async fn insert_or_change<C: Rows>(
        &self,
        given: Given,
        mut changes: Changes,
        conflict: &[usize],
        rows: C,
    ) -> Result<C::Output> {
        let change_at = ("/change", &changes.given);
        self.own().fill.check_both(&given, change_at)?;
        self.point_at_their_own(&[&given, &changes.given], Standing::Alone)
            .await?;
        self.keep_found_by(&mut changes, conflict);
        let changed = assignments([&changes].into_iter());
        let row = self.new_row(given)?;
        let statement = self
            .statements()
            .create_or_update(&row.positions, conflict, &changed)?;
        let values = row.values.into_iter().chain(changes.parameters(&changed));
        let values = values.collect();
        let written = self.write(&statement, values, Counted::new(rows)).await;
        written
            .map_err(|error| self.of_stranger(error))
            .and_then(|counted| self.reached(counted))
            .map_err(|error| self.of_written(error, effects(&changed)))
    }

    /// A statement that removes rows, and gives what is wanted of them.
    pub(super) fn giving(&self, giving: Giving, removal: Arc<Statement>) -> Arc<Statement> {
        match giving {
            Giving::Nothing => removal,
            Giving::Rows => self.statements().giving_rows(&removal),
        }
    }

    fn new_row(&self, given: Given) -> Result<NewRow> {
        let tenant = self.tenant_of_new_row()?;
        Ok(self.own().fill.new_row(given, tenant.as_ref()))
    }

    /// What was collected of the row that an upsert gives. It gives none where the row that it
    /// conflicts with is out of reach.
    fn reached<T>(&self, (collected, count): (T, usize)) -> Result<T> {
        match count {
            0 => Err(out_of_reach(self.model())),
            _ => Ok(collected),
        }
    }

    /// A new row is the tenant's own, so where the database itself refuses an upsert, the row that it
    /// conflicts with is out of reach.
    fn of_stranger(&self, error: Error) -> Error {
        if !self.model().row_level_security || error.kind() != Kind::Forbidden {
            return error;
        }
        let places = error.faults().iter().map(|fault| &*fault.pointer);
        let places: Vec<&str> = places.collect();
        match places.is_empty() {
            true => out_of_reach(self.model()),
            false => out_of_reach_at(self.model(), &places),
        }
    }

    /// Leaves what a row is found by out of what it is given.
    fn keep_found_by(&self, changes: &mut Changes, conflict: &[usize]) {
        changes.given = self.upsert_changes(&changes.given, conflict);
        let is_change = |addition: &Addition| !conflict.contains(&addition.position());
        changes.added.retain(is_change);
    }

    /// What an upsert sets in a row that exists: what was given, but neither the key nor what the
    /// row was found by.
    fn upsert_changes(&self, given: &Given, conflict: &[usize]) -> Given {
        let key = self.model().key_positions();
        let is_change = |position: &usize| !conflict.contains(position) && !key.contains(position);
        let mut changes: Given = given
            .iter()
            .filter(|(position, _)| is_change(position))
            .cloned()
            .collect();
        changes.extend(self.own().fill.stamps_of_change());
        changes
    }
}

/// The parameters of an update: for each assignment its flag and value, then those of the key, then
/// the version where the statement takes one.
pub(super) fn change_values(
    changes: &[Assignment],
    change: Change,
    version: Version,
) -> Vec<Value> {
    let mut values = change.changes.parameters(changes);
    values.extend(change.key);
    if version == Version::Given {
        values.push(change.version.unwrap_or(Value::Null));
    }
    values
}
