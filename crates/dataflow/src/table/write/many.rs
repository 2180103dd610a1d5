//! How many rows are written, all of them or none.

use std::sync::Arc;

use dataflow_core::dialect::dml::{Assignment, Version, may_conflict_out_of_reach};
use dataflow_core::error::{Fault, FaultCode};
use dataflow_core::query::{Effect, Filter};
use dataflow_core::{Error, Result, Value};

use super::duplicate::means_a_row_twice;
use super::{Giving, change_values};
use crate::collect::{Each, Written, rows_not_found};
use crate::pool::{Bulk, Members, Rows};
use crate::table::change::{assignments, effects};
use crate::table::fill::NewRows;
use crate::table::references::Standing;
use crate::table::restore::members_out_of_reach;
use crate::table::{Addition, Change, Changes, Given, Table, version};

impl Table {
    /// Inserts rows.
    pub(in crate::table) async fn insert_all<C: Rows>(
        &self,
        rows: impl Iterator<Item = Given>,
        into: C,
    ) -> Result<C::Output> {
        let NewRows { positions, members } = self.new_rows(rows).await?;
        let bulk = self.statements().insert_many(&positions);
        let written = self.write_many(&bulk, members, into).await;
        written.map_err(|error| self.of_new(error, &positions))
    }

    /// Inserts rows, and gives none back.
    pub(in crate::table) async fn load_all(
        &self,
        rows: impl Iterator<Item = Given>,
    ) -> Result<u64> {
        let NewRows { positions, members } = self.new_rows(rows).await?;
        let bulk = self.statements().load(&positions);
        let written = self.write_many(&bulk, members, Written).await;
        written.map_err(|error| self.of_new(error, &positions))
    }

    /// Changes rows.
    pub(in crate::table) async fn change_all<C: Rows>(
        &self,
        mut rows: Vec<Change>,
        into: C,
    ) -> Result<C::Output> {
        let given = || rows.iter().map(|change| &change.changes.given);
        self.own().fill.check_each(given())?;
        self.each_points_at_its_own(given()).await?;
        let keys = rows.iter().map(|change| change.key.iter().collect());
        let is_repeated = means_a_row_twice(keys);
        let stamps: Given = self.own().fill.stamps_of_change().collect();
        for change in rows.iter_mut().filter(|change| !change.is_none()) {
            change.changes.given.extend(stamps.iter().cloned());
        }
        let first = rows.iter().find_map(|change| change.version.as_ref());
        let version = version::given(first);
        let versioned = rows.iter().map(|change| change.version.is_some());
        let versioned = versioned.collect();
        let into = Each::new(self.model().clone(), rows_not_found, versioned, into);
        let changes = assignments(rows.iter().map(|change| &change.changes));
        self.each_field_one_way("add", rows.iter().map(|change| &change.changes), &changes)?;
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
        let written = self.write_many(&bulk, members, into).await;
        written.map_err(|error| self.of_written(error, effects(&changes)))
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
        self.remove_where(filter, giving, rows).await
    }

    /// Inserts rows or changes those that have the same values at `conflict`.
    pub(in crate::table) async fn merge_all<C: Rows>(
        &self,
        rows: Vec<Given>,
        conflict: &[usize],
        into: C,
    ) -> Result<C::Output> {
        let changes = rows.iter();
        let changes = changes.map(|given| self.upsert_changes(given, conflict).into());
        let changes: Vec<Changes> = changes.collect();
        let union = assignments(changes.iter());
        let rows = self.new_rows(rows.into_iter()).await?;
        let is_repeated = means_a_row_twice(rows.at(conflict));
        let NewRows { positions, members } = rows;
        let bulk = self.statements().upsert_many(&positions, conflict, &union);
        let bulk = one_by_one_if(is_repeated, bulk);
        let members = members.with_more(changes.iter().map(|changes| flags(&union, changes)));
        let written = self.write_upserts(&bulk, members, conflict, into).await;
        written.map_err(|error| self.of_new(error, &positions))
    }

    /// Inserts rows, or gives those that have the same values at `conflict` the values of a change
    /// each. A statement is run for each: one for all has no word for values beside those of the new
    /// rows.
    pub(in crate::table) async fn insert_or_change_all<C: Rows>(
        &self,
        rows: Vec<(Given, Changes)>,
        conflict: &[usize],
        into: C,
    ) -> Result<C::Output> {
        let (given, mut changes): (Vec<Given>, Vec<Changes>) = rows.into_iter().unzip();
        let changed = || changes.iter().map(|changes| &changes.given);
        self.own().fill.check_each_within("change", changed())?;
        self.each_points_at_its_own(changed()).await?;
        for changes in &mut changes {
            self.keep_found_by(changes, conflict);
        }
        let union = assignments(changes.iter());
        self.each_field_one_way("change/add", changes.iter(), &union)?;
        let NewRows { positions, members } = self.new_rows(given.into_iter()).await?;
        let statements = self.statements();
        let each = statements.create_or_update(&positions, conflict, &union)?;
        let changes = changes.iter().map(|changes| changes.parameters(&union));
        let members = members.with_more(changes);
        let bulk = Arc::new(Bulk::of(each));
        let written = self.write_upserts(&bulk, members, conflict, into).await;
        let written = written.map_err(|error| self.of_written(error, effects(&union)));
        written.map_err(|error| self.of_new(error, &positions))
    }

    /// Writes rows that may conflict with others, also with some that are out of reach.
    async fn write_upserts<C: Rows>(
        &self,
        bulk: &Arc<Bulk>,
        members: Members,
        conflict: &[usize],
        into: C,
    ) -> Result<C::Output> {
        let written = match may_conflict_out_of_reach(self.model(), conflict) {
            false => self.write_many(bulk, members, into).await,
            true => {
                let model = self.model().clone();
                let into = Each::new(model, members_out_of_reach, Vec::new(), into);
                self.write_many(bulk, members, into).await
            }
        };
        written.map_err(|error| self.of_stranger(error))
    }

    /// Sees that no field is set in one row and added to in another: one statement changes all. What is
    /// added stands under a name in each row.
    fn each_field_one_way<'c>(
        &self,
        name: &str,
        rows: impl Iterator<Item = &'c Changes>,
        changes: &[Assignment],
    ) -> Result<()> {
        let is_set = |position| {
            let mut changes = changes.iter();
            changes.any(|change| change.position == position && change.effect == Effect::Set)
        };
        let mut faults = Vec::new();
        for (index, changes) in rows.enumerate() {
            let added = changes.added.iter().map(Addition::position);
            for position in added.filter(|&position| is_set(position)) {
                let place = format!("/{index}/{name}");
                let name = &self.model().fields[position].name;
                let detail = "is given a value in another row: set it or add to it in all of them";
                faults.push(Fault::at(&place, name, FaultCode::Unknown, detail));
            }
        }
        match faults.is_empty() {
            true => Ok(()),
            false => Err(Error::invalid(faults)),
        }
    }

    /// Many new rows, which may be written.
    async fn new_rows(&self, rows: impl Iterator<Item = Given>) -> Result<NewRows> {
        let fill = &self.own().fill;
        let tenant = self.tenant_of_new_row()?;
        if !self.may_point_at_strangers() {
            return fill.new_rows(rows, tenant.as_ref());
        }
        // Mistakes are told before the database is asked, which takes longer than to look twice.
        let rows: Vec<Given> = rows.collect();
        fill.check_each(rows.iter())?;
        self.each_points_at_its_own(rows.iter()).await?;
        fill.new_rows(rows.into_iter(), tenant.as_ref())
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
}

/// A bulk whose members must be written in their order.
fn one_by_one_if(is_repeated: bool, bulk: Arc<Bulk>) -> Arc<Bulk> {
    if is_repeated && bulk.set.is_some() {
        return Arc::new(Bulk::of(bulk.each.clone()));
    }
    bulk
}

/// The flags of the optional assignments, for one row.
fn flags<'a>(union: &'a [Assignment], changes: &'a Changes) -> impl Iterator<Item = Value> {
    let optional = union.iter().filter(|change| change.is_optional);
    optional.map(|change| Value::Bool(changes.value(change).is_some()))
}
