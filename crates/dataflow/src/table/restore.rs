//! Rows that stay when they are deleted.

use std::sync::Arc;

use dataflow_core::dialect::dml::{Deleted, Version};
use dataflow_core::error::Place;
use dataflow_core::snapshot::unique_name;
use dataflow_core::{Error, ModelSchema, Result, Value};

use super::change::assignments;
use super::references::Standing;
use super::write::{Giving, change_values};
use super::{Change, Given, Table};
use crate::key;
use crate::pool::{Bulk, Rows, Statement, refusal};

impl Table {
    /// Runs a statement that deletes: rows are gone, or are given the time at which they were.
    pub(super) async fn take_away<C: Rows>(
        &self,
        statement: &Arc<Statement>,
        mut values: Vec<Value>,
        rows: C,
    ) -> Result<C::Output> {
        let Some(now) = self.time_of_deletion() else {
            return self.remove(statement, values, rows).await;
        };
        values.insert(0, now);
        self.write(statement, values, rows).await
    }

    /// As [`take_away`](Self::take_away), for rows of keys of several fields. Nothing points at such
    /// a row, so nothing goes with it.
    pub(super) async fn take_each_away<C: Rows>(
        &self,
        bulk: &Arc<Bulk>,
        mut keys: Vec<Vec<Value>>,
        rows: C,
    ) -> Result<C::Output> {
        if let Some(now) = self.time_of_deletion() {
            keys.iter_mut().for_each(|key| key.insert(0, now.clone()));
        }
        self.write_many(bulk, keys.into_iter().collect(), rows)
            .await
    }

    /// What a row is given when it is deleted now, if it stays.
    fn time_of_deletion(&self) -> Option<Value> {
        let deletion = self.model().deleted()?;
        Some(key::stamp(&self.model().fields[deletion], key::now()))
    }

    /// Gives the row of a key back, which was deleted, with other values where some are given.
    pub(super) async fn give_back<C: Rows>(
        &self,
        key: Vec<Value>,
        given: Given,
        rows: C,
    ) -> Result<C::Output> {
        self.own().fill.check(&given)?;
        self.point_at_their_own(&[&given], Standing::Alone).await?;
        let table = self.reaching(Deleted::Only);
        let deletion = self.model().deleted();
        let deletion = deletion.map(|position| (position, Value::Null));
        let stamps = self.own().fill.stamps_of_change();
        let given: Given = given.into_iter().chain(deletion).chain(stamps).collect();
        let change = Change::of(key, given.into());
        let changes = assignments([&change.changes].into_iter());
        let statement = table.statements().update(&changes, Version::Any)?;
        let values = change_values(&changes, change, Version::Any);
        table.write(&statement, values, rows).await
    }

    /// Removes the row of a key for good.
    pub(super) async fn remove_for_good<C: Rows>(
        &self,
        key: Vec<Value>,
        giving: Giving,
        rows: C,
    ) -> Result<C::Output> {
        let table = self.reaching(Deleted::Included);
        let statement = table.giving(giving, table.statements().purge()?);
        table.remove(&statement, key, rows).await
    }
}

/// The error of a new row whose key another one has that is out of reach: deleted, or a stranger's.
pub(super) fn out_of_reach(model: &ModelSchema) -> Error {
    out_of_reach_at(model, &[""])
}

/// As [`out_of_reach`], for members of a bulk.
pub(super) fn members_out_of_reach(model: &ModelSchema, members: &[usize], _: &[bool]) -> Error {
    let places = members.iter().map(|member| format!("/{member}"));
    let places: Vec<String> = places.collect();
    let places: Vec<&str> = places.iter().map(String::as_str).collect();
    out_of_reach_at(model, &places)
}

/// As [`out_of_reach`], for rows at some places of the input.
pub(super) fn out_of_reach_at(model: &ModelSchema, places: &[&str]) -> Error {
    let columns: Vec<String> = model
        .key_fields()
        .map(|field| field.column.to_string())
        .collect();
    let fields: Vec<String> = model
        .key_fields()
        .map(|field| field.name.to_string())
        .collect();
    let place = Place {
        table: Some(model.table.to_string()),
        constraint: unique_name(model, &columns),
        columns,
    };
    let error = refusal::unique(Some(&model.table.to_string()), &fields);
    let faults = places.iter().flat_map(|place| {
        let faults = error.faults().iter().cloned();
        faults.map(move |mut fault| {
            fault.pointer.insert_str(0, place);
            fault
        })
    });
    let faults = faults.collect();
    let error = error.with_faults(faults).with_place(place);
    error.with_help("give another key; a row that was deleted can be restored, or purged")
}
