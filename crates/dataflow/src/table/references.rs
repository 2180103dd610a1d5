//! That rows of a tenant point at rows of the same one.
//!
//! A foreign key knows rows, and not whose they are. A row that is there stays with its tenant, so
//! that looking before a write is enough: that it is still there, the foreign key sees to.

use std::collections::HashSet;

use dataflow_core::dialect::dml::Deleted;
use dataflow_core::error::{Fault, FaultCode, Kind};
use dataflow_core::query::{Filter, Listing};
use dataflow_core::row::read_value;
use dataflow_core::schema::Relation;
use dataflow_core::{Error, Result, Value};

use super::related::{Identity, identity};
use super::{Given, Table};
use crate::collect::StoredRows;

/// Where the rows stand that an error is about.
#[derive(Clone, Copy)]
pub(super) enum Standing {
    /// It is the whole input.
    Alone,
    /// It is one of many.
    InList,
}

impl Table {
    /// Whether the tenant of its rows has to be that of the rows they point at.
    pub(super) fn may_point_at_strangers(&self) -> bool {
        self.model().tenant().is_some() && !self.is_of_all_tenants()
    }

    /// Sees that rows point at rows of their own tenant.
    pub(super) async fn point_at_their_own(
        &self,
        rows: &[&Given],
        standing: Standing,
    ) -> Result<()> {
        let model = self.model();
        if !self.may_point_at_strangers() {
            return Ok(());
        }
        for relation in model.relations.iter() {
            let Some(field) = model.position(&relation.field) else {
                continue;
            };
            let target = self.sibling(&relation.table)?;
            if target.model().tenant().is_some() && Some(field) != model.tenant() {
                // Its future is large, and hardly any write needs it.
                Box::pin(self.point_there(relation, field, &target, rows, standing)).await?;
            }
        }
        Ok(())
    }

    async fn point_there(
        &self,
        relation: &Relation,
        field: usize,
        target: &Self,
        rows: &[&Given],
        standing: Standing,
    ) -> Result<()> {
        let given = |position: usize| {
            let values = rows.iter().enumerate();
            values.filter_map(move |(index, row)| {
                let value = row
                    .iter()
                    .find(|(at, value)| *at == position && !value.is_null());
                value.map(|(_, value)| (index, value))
            })
        };
        let mut known: HashSet<Identity> = HashSet::new();
        if relation.table == self.model().table {
            // Rows may point at each other.
            let key = self.model().key_positions()[0];
            known.extend(given(key).map(|(_, key)| identity(key)));
        }
        let mut asked = HashSet::new();
        let wanted: Vec<Value> = given(field)
            .filter(|(_, key)| !known.contains(&identity(key)) && asked.insert(identity(key)))
            .map(|(_, key)| key.clone())
            .collect();
        if wanted.is_empty() {
            return Ok(());
        }
        let found = target
            .reaching(Deleted::Included)
            .keys_among(&wanted)
            .await?;
        known.extend(found.iter().map(identity));
        let strangers = given(field).filter(|(_, key)| !known.contains(&identity(key)));
        let faults: Vec<Fault> = strangers
            .map(|(index, _)| {
                let parent = match standing {
                    Standing::Alone => String::new(),
                    Standing::InList => format!("/{index}"),
                };
                Fault::at(
                    &parent,
                    &relation.field,
                    FaultCode::Reference,
                    "no such row",
                )
            })
            .collect();
        if faults.is_empty() {
            return Ok(());
        }
        let message = format!(
            "no row of {:?} is named by {:?}",
            relation.table, relation.field
        );
        Err(Error::new(Kind::ForeignKey, message).with_faults(faults))
    }

    /// Which of some keys have a row that is reached. It is asked where rows are written, for a copy
    /// that is read from may lag behind.
    async fn keys_among(&self, keys: &[Value]) -> Result<Vec<Value>> {
        let model = self.model();
        // No relation leads to a key of several fields.
        let key = model.key_positions()[0];
        let filter = Filter::all().and_in(model, &model.key_field().name, keys)?;
        let listing = Listing::of_fields(model, &[], vec![key]);
        let statement = self.statements().list(&filter, &listing)?;
        let mut values = filter.into_values(self.statements().dialect());
        values.push(Value::Integer(
            i64::try_from(keys.len()).unwrap_or(i64::MAX),
        ));
        let values = self.bound(&statement, values)?;
        let field_type = model.fields[key].field_type.clone();
        let rows = StoredRows::new([field_type.clone()].into());
        let rows = self
            .access
            .write(self.tenant(), &statement, values, rows)
            .await?;
        rows.iter()
            .map(|row| read_value(&field_type, row, 0))
            .collect()
    }
}
