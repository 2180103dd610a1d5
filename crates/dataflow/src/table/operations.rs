//! The operations that write, and the read of one row.

use std::sync::Arc;

use dataflow_core::dialect::dml::{Assignment, Version, may_conflict_out_of_reach};
use dataflow_core::error::{Fault, FaultCode};
use dataflow_core::node::ModelVerb;
use dataflow_core::query::Filter;
use dataflow_core::{Error, Result, Value};

use super::duplicate::means_a_row_twice;
use super::fill::{NewRow, assignments};
use super::references::Standing;
use super::restore::{members_out_of_reach, out_of_reach};
use super::{Change, Given, Table, version};
use crate::collect::{Counted, Each, Seen, Written, rows_not_found};
use crate::pool::{Bulk, Rows};

impl Table {
    /// Inserts a row.
    pub(crate) async fn create<C: Rows>(&self, given: Given, rows: C) -> Result<C::Output> {
        self.measured(ModelVerb::Create, async {
            self.own().fill.check(&given)?;
            self.point_at_their_own(&[&given], Standing::Alone).await?;
            let row = self.new_row(given)?;
            let statement = self.statements().insert(&row.positions)?;
            let written = self.write(&statement, row.values, rows).await;
            written
                .map_err(|error| self.of_own_relation(error))
                .map_err(|error| self.of_counted_key(error, &row.positions))
        })
        .await
    }

    /// Reads the row of a key, or none.
    pub(crate) async fn read<C: Rows>(&self, key: Vec<Value>, rows: C) -> Result<C::Output> {
        let read = async {
            let select = self.statements().select()?;
            self.load(&select, key, self.whole_row(), rows).await
        };
        self.measured(ModelVerb::Read, read).await
    }

    /// Changes the row of a key, or none; one that has another version than the change is of is an
    /// error. Without a change the row is read.
    pub(crate) async fn update<C: Rows>(&self, mut change: Change, rows: C) -> Result<C::Output> {
        self.measured(ModelVerb::Update, async {
            if change.is_none() {
                let select = self.statements().select()?;
                let key = change.key;
                return self.load(&select, key, self.whole_row(), rows).await;
            }
            self.own().fill.check(&change.given)?;
            self.point_at_their_own(&[&change.given], Standing::Alone)
                .await?;
            change.given.extend(self.own().fill.stamps_of_change());
            let changes = assignments([&change.given].into_iter());
            let version = version::given(change.version.as_ref());
            let statement = self.statements().update(&changes, version)?;
            if version == Version::Any {
                let values = change_values(&changes, change, version);
                let written = self.write(&statement, values, rows).await;
                return written.map_err(|error| self.of_own_relation(error));
            }
            let key = change.key.clone();
            let values = change_values(&changes, change, version);
            let written = self.write(&statement, values, Seen::new(rows)).await;
            match written.map_err(|error| self.of_own_relation(error))? {
                (output, true) => Ok(output),
                (_, false) => Err(self.lost(key).await?),
            }
        })
        .await
    }

    /// Removes the row of a key; says whether there was one. One that has another version than the
    /// given is an error.
    pub(crate) async fn delete(&self, key: Vec<Value>, version: Option<Value>) -> Result<bool> {
        self.measured(ModelVerb::Delete, async {
            let Some(version) = version else {
                let statement = self.statements().delete()?;
                return Ok(self.take_away(&statement, key).await? > 0);
            };
            let statement = self.statements().delete_of_version()?;
            let values = key.iter().cloned().chain([version]).collect();
            match self.take_away(&statement, values).await? {
                0 => Err(self.lost(key).await?),
                _ => Ok(true),
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
        self.measured(ModelVerb::Upsert, async {
            self.own().fill.check(&given)?;
            self.point_at_their_own(&[&given], Standing::Alone).await?;
            let changes = self.upsert_changes(&given, conflict);
            let changes = assignments([&changes].into_iter());
            let row = self.new_row(given)?;
            let statement = self
                .statements()
                .upsert(&row.positions, conflict, &changes)?;
            let written = self.write(&statement, row.values, Counted::new(rows)).await;
            written
                .and_then(|counted| self.reached(counted))
                .map_err(|error| self.of_own_relation(error))
                .map_err(|error| self.of_counted_key(error, &row.positions))
        })
        .await
    }

    /// Inserts a row, or gives the one that has the same values at `conflict` the values of a
    /// change.
    pub(crate) async fn create_or_update<C: Rows>(
        &self,
        given: Given,
        change: &Given,
        conflict: &[usize],
        rows: C,
    ) -> Result<C::Output> {
        self.measured(ModelVerb::Upsert, async {
            let change_at = ("/change", change);
            self.own().fill.check_both(&given, change_at)?;
            self.point_at_their_own(&[&given, change], Standing::Alone)
                .await?;
            let (changed, values): (Vec<usize>, Vec<Value>) =
                self.upsert_changes(change, conflict).into_iter().unzip();
            let row = self.new_row(given)?;
            let statement =
                self.statements()
                    .create_or_update(&row.positions, conflict, &changed)?;
            let values = row.values.into_iter().chain(values).collect();
            let written = self.write(&statement, values, Counted::new(rows)).await;
            written
                .and_then(|counted| self.reached(counted))
                .map_err(|error| self.of_own_relation(error))
        })
        .await
    }

    /// Inserts rows, all or none.
    pub(crate) async fn bulk_create<C: Rows>(
        &self,
        rows: Vec<Given>,
        into: C,
    ) -> Result<C::Output> {
        self.measured(ModelVerb::BulkCreate, async {
            self.own().fill.check_each(rows.iter())?;
            let rows = self.new_rows(rows).await?;
            let positions = self.shared_positions(&rows)?;
            let bulk = self.statements().insert_many(&positions);
            let members = rows.into_iter().map(|row| row.values).collect();
            let written = self.write_many(&bulk, members, into).await;
            written.map_err(|error| self.of_counted_key(error, &positions))
        })
        .await
    }

    /// Inserts rows, all or none, and gives none back; says how many there are more.
    pub(crate) async fn bulk_load(&self, rows: Vec<Given>) -> Result<u64> {
        self.measured(ModelVerb::BulkCreate, async {
            self.own().fill.check_each(rows.iter())?;
            let rows = self.new_rows(rows).await?;
            let positions = self.shared_positions(&rows)?;
            let bulk = self.statements().load(&positions);
            let members = rows.into_iter().map(|row| row.values).collect();
            self.write_many(&bulk, members, Written).await
        })
        .await
    }

    /// Changes rows, all or none.
    pub(crate) async fn bulk_update<C: Rows>(
        &self,
        mut rows: Vec<Change>,
        into: C,
    ) -> Result<C::Output> {
        self.measured(ModelVerb::BulkUpdate, async {
            self.own()
                .fill
                .check_each(rows.iter().map(|change| &change.given))?;
            let given: Vec<&Given> = rows.iter().map(|change| &change.given).collect();
            self.point_at_their_own(&given, Standing::InList).await?;
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
        })
        .await
    }

    /// Removes the rows of keys, all or none; says how many there were.
    pub(crate) async fn bulk_delete(&self, keys: Vec<Vec<Value>>) -> Result<u64> {
        self.measured(ModelVerb::BulkDelete, async {
            if self.model().key.is_composite() {
                return self.take_each_away(keys).await;
            }
            let keys = keys.concat();
            let filter =
                Filter::all().and_in(self.model(), &self.model().key_field().name, &keys)?;
            let statement = self.statements().delete_where(&filter)?;
            let values = filter.into_values(self.statements().dialect());
            self.take_away(&statement, values).await
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
        self.measured(ModelVerb::BulkUpsert, async {
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
            written.map_err(|error| self.of_counted_key(error, &positions))
        })
        .await
    }

    fn new_row(&self, given: Given) -> Result<NewRow> {
        let tenant = self.tenant_of_new_row()?;
        Ok(self.own().fill.new_row(given, tenant.as_ref()))
    }

    /// Many new rows, which may be written.
    async fn new_rows(&self, rows: Vec<Given>) -> Result<Vec<NewRow>> {
        let given: Vec<&Given> = rows.iter().collect();
        self.point_at_their_own(&given, Standing::InList).await?;
        let tenant = self.tenant_of_new_row()?;
        let new_row = |given| self.own().fill.new_row(given, tenant.as_ref());
        Ok(rows.into_iter().map(new_row).collect())
    }

    /// What was collected of the row that an upsert gives. It gives none where the row that it
    /// conflicts with is out of reach.
    fn reached<T>(&self, (collected, count): (T, usize)) -> Result<T> {
        match count {
            0 => Err(out_of_reach(self.model())),
            _ => Ok(collected),
        }
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

    /// The fields that every one of several new rows writes. They can differ only in what the
    /// database makes for those that do not give it: a key, or a default in SQL.
    fn shared_positions(&self, rows: &[NewRow]) -> Result<Vec<usize>> {
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

/// The parameters of an update: for each assignment its flag and value, then those of the key, then
/// the version where the statement takes one.
pub(super) fn change_values(
    changes: &[Assignment],
    change: Change,
    version: Version,
) -> Vec<Value> {
    let Change {
        key,
        given,
        version: of,
    } = change;
    let mut values = Vec::with_capacity(changes.len() * 2 + key.len() + 1);
    for change in changes {
        let value = given
            .iter()
            .find(|(position, _)| *position == change.position);
        if change.is_optional {
            values.push(Value::Bool(value.is_some()));
        }
        values.push(value.map_or(Value::Null, |(_, value)| value.clone()));
    }
    values.extend(key);
    if version == Version::Given {
        values.push(of.unwrap_or(Value::Null));
    }
    values
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
