//! How many rows are written, all of them or none.

use std::sync::Arc;

use dataflow_core::dialect::dml::{Assignment, Version, may_conflict_out_of_reach};
use dataflow_core::error::{Fault, FaultCode};
use dataflow_core::query::Filter;
use dataflow_core::{Error, Result, Value};

use super::{Giving, change_values};
use crate::collect::{Each, Written, rows_not_found};
use crate::pool::{Bulk, Rows};
use crate::table::duplicate::means_a_row_twice;
use crate::table::fill::{NewRow, assignments};
use crate::table::references::Standing;
use crate::table::restore::members_out_of_reach;
use crate::table::{Change, Given, Table, version};

impl Table {
    /// Inserts rows.
    pub(in crate::table) async fn insert_all<C: Rows>(
        &self,
        rows: Vec<Given>,
        into: C,
    ) -> Result<C::Output> {
        self.own().fill.check_each(rows.iter())?;
        let rows = self.new_rows(rows).await?;
        let positions = self.shared_positions(&rows)?;
        let bulk = self.statements().insert_many(&positions);
        let members = rows.into_iter().map(|row| row.values).collect();
        let written = self.write_many(&bulk, members, into).await;
        written.map_err(|error| self.of_counted_key(error, &positions))
    }

    /// Inserts rows, and gives none back.
    pub(in crate::table) async fn load_all(&self, rows: Vec<Given>) -> Result<u64> {
        self.own().fill.check_each(rows.iter())?;
        let rows = self.new_rows(rows).await?;
        let positions = self.shared_positions(&rows)?;
        let bulk = self.statements().load(&positions);
        let members = rows.into_iter().map(|row| row.values).collect();
        self.write_many(&bulk, members, Written).await
    }

    /// Changes rows.
    pub(in crate::table) async fn change_all<C: Rows>(
        &self,
        mut rows: Vec<Change>,
        into: C,
    ) -> Result<C::Output> {
        self.own()
            .fill
            .check_each(rows.iter().map(|change| &change.given))?;
        self.each_points_at_its_own(rows.iter().map(|change| &change.given))
            .await?;
        let keys = rows.iter().map(|change| change.key.iter().collect());
        let is_repeated = means_a_row_twice(keys);
        let stamps: Given = self.own().fill.stamps_of_change().collect();
        for change in rows.iter_mut().filter(|change| !change.is_none()) {
            change.given.extend(stamps.iter().cloned());
        }
        let first = rows.iter().find_map(|change| change.version.as_ref());
        let version = version::given(first);
        let versioned = rows.iter().map(|change| change.version.is_some());
        let versioned = versioned.collect();
        let into = Each::new(self.model().clone(), rows_not_found, versioned, into);
        let changes = assignments(rows.iter().map(|change| &change.given));
        if changes.is_empty() && version == Version::Any {
            let members = rows.into_iter().map(|change| change.key).collect();
            let bulk = self.statements().select_each()?;
            return self.write_many(&bulk, members, into).await;
        }
        let bulk = self.statements().update_many(&changes, version);
        let bulk = one_by_one_if(is_repeated, bulk);
        let members = rows
            .into_iter()
            .map(|change| change_values(&changes, change, version))
            .collect();
        self.write_many(&bulk, members, into).await
    }

    /// Removes the rows of keys.
    pub(in crate::table) async fn remove_all<C: Rows>(
        &self,
        keys: Vec<Vec<Value>>,
        giving: Giving,
        rows: C,
    ) -> Result<C::Output> {
        if self.model().key.is_composite() {
            let bulk = self.statements().delete_many();
            let bulk = match giving {
                Giving::Nothing => bulk,
                Giving::Rows => Arc::new(Bulk::of(self.giving(giving, bulk.each.clone()))),
            };
            return self.take_each_away(&bulk, keys, rows).await;
        }
        let keys = keys.concat();
        let filter = Filter::all().and_in(self.model(), &self.model().key_field().name, &keys)?;
        let statement = self.giving(giving, self.statements().delete_where(&filter)?);
        let values = filter.into_values(self.statements().dialect());
        self.take_away(&statement, values, rows).await
    }

    /// Inserts rows or changes those that have the same values at `conflict`.
    pub(in crate::table) async fn merge_all<C: Rows>(
        &self,
        rows: Vec<Given>,
        conflict: &[usize],
        into: C,
    ) -> Result<C::Output> {
        self.own().fill.check_each(rows.iter())?;
        let changes: Vec<Given> = rows
            .iter()
            .map(|given| self.upsert_changes(given, conflict))
            .collect();
        let union = assignments(changes.iter());
        let rows = self.new_rows(rows).await?;
        let positions = self.shared_positions(&rows)?;
        let is_repeated = means_a_row_twice(rows.iter().map(|row| row.at(conflict)));
        let bulk = self.statements().upsert_many(&positions, conflict, &union);
        let bulk = one_by_one_if(is_repeated, bulk);
        let members = rows.into_iter().zip(&changes).map(|(row, changes)| {
            let mut values = row.values;
            values.extend(flags(&union, changes));
            values
        });
        let members = members.collect();
        let written = match may_conflict_out_of_reach(self.model(), conflict) {
            false => self.write_many(&bulk, members, into).await,
            true => {
                let model = self.model().clone();
                let into = Each::new(model, members_out_of_reach, Vec::new(), into);
                self.write_many(&bulk, members, into).await
            }
        };
        written
            .map_err(|error| self.of_stranger(error))
            .map_err(|error| self.of_counted_key(error, &positions))
    }

    /// Many new rows, which may be written.
    async fn new_rows(&self, rows: Vec<Given>) -> Result<Vec<NewRow>> {
        self.each_points_at_its_own(rows.iter()).await?;
        let tenant = self.tenant_of_new_row()?;
        let new_row = |given| self.own().fill.new_row(given, tenant.as_ref());
        Ok(rows.into_iter().map(new_row).collect())
    }

    /// Sees that many rows point at rows of their own tenant. They are listed for that alone.
    async fn each_points_at_its_own<'g>(
        &self,
        rows: impl Iterator<Item = &'g Given>,
    ) -> Result<()> {
        if !self.may_point_at_strangers() {
            return Ok(());
        }
        let rows: Vec<&Given> = rows.collect();
        self.point_at_their_own(&rows, Standing::InList).await
    }

    /// The fields that every one of several new rows writes. They can differ only in what the
    /// database makes for those that do not give it: a key, or a default in SQL.
    fn shared_positions(&self, rows: &[NewRow]) -> Result<Vec<usize>> {
        let first = rows.first().map_or(&[][..], |row| &row.positions);
        if rows.iter().all(|row| row.positions == first) {
            return Ok(first.to_vec());
        }
        let mut written: Vec<usize> = rows
            .iter()
            .flat_map(|row| row.positions.iter().copied())
            .collect();
        written.sort_unstable();
        written.dedup();
        let faults: Vec<Fault> = rows
            .iter()
            .enumerate()
            .filter_map(|(index, row)| {
                let missing = written
                    .iter()
                    .find(|position| !row.positions.contains(position))?;
                let field = &self.model().fields[*missing].name;
                let detail = "is required, because other rows give it";
                let place = format!("/{index}");
                Some(Fault::at(&place, field, FaultCode::Required, detail))
            })
            .collect();
        if faults.is_empty() {
            Ok(written)
        } else {
            Err(Error::invalid(faults))
        }
    }
}

/// A bulk whose members must be written in their order.
fn one_by_one_if(is_repeated: bool, bulk: Arc<Bulk>) -> Arc<Bulk> {
    if is_repeated && bulk.set.is_some() {
        return Arc::new(Bulk::of(bulk.each.clone()));
    }
    bulk
}

/// The flags of the optional assignments, for one row.
fn flags<'a>(union: &'a [Assignment], changes: &'a Given) -> impl Iterator<Item = Value> + 'a {
    let optional = union.iter().filter(|change| change.is_optional);
    optional.map(|change| {
        let sets = changes
            .iter()
            .any(|(position, _)| *position == change.position);
        Value::Bool(sets)
    })
}
