//! The rows that relations lead to from rows that were read: one statement for each relation and
//! level, whatever the number of rows.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use dataflow_core::dialect::dml::{self, Reading};
use dataflow_core::error::Kind;
use dataflow_core::node::BoxFuture;
use dataflow_core::query::{By, Inclusion, Link, Listing, list_of};
use dataflow_core::row::read_value;
use dataflow_core::schema::FieldType;
use dataflow_core::value::shortest_decimal;
use dataflow_core::{Error, ModelSchema, Result, Value};

use super::Table;
use crate::collect::{StoredRow, StoredRows};

/// Rows, and the rows that relations lead to from them.
pub(crate) struct Loaded {
    rows: Arc<[StoredRow]>,
    related: Vec<Followed>,
}

/// The rows that one relation leads to from rows that were read.
pub(crate) struct Followed {
    loaded: Loaded,
    /// For each of the rows that were read, which of the loaded ones it leads to.
    by_row: Vec<Arc<[usize]>>,
}

/// The columns of rows that a relation is followed by: their ordinal and their type.
type Ordinal = (usize, FieldType);

impl Loaded {
    pub(super) fn new(rows: Arc<[StoredRow]>, related: Vec<Followed>) -> Self {
        Self { rows, related }
    }

    /// The rows.
    pub(crate) fn rows(&self) -> &[StoredRow] {
        &self.rows
    }

    /// Where one of the relations leads to from one of the rows.
    pub(crate) fn related(&self, row: usize, relation: usize) -> (&Self, &[usize]) {
        let followed = &self.related[relation];
        (&followed.loaded, &followed.by_row[row])
    }
}

/// The ordinals of what relations are followed by, among the columns of rows. Where only some fields
/// are selected, what is missing is selected behind them.
pub(super) fn ordinals_of(
    model: &ModelSchema,
    fields: &mut Option<Vec<By>>,
    includes: &[Inclusion],
) -> Vec<Ordinal> {
    let own_fields = includes.iter().map(|include| include.link.own_field(model));
    let ordinals = own_fields.map(|field| {
        let ordinal = match fields {
            None => field,
            Some(fields) => position_or_add(fields, field),
        };
        (ordinal, model.fields[field].field_type.clone())
    });
    ordinals.collect()
}

fn position_or_add(fields: &mut Vec<By>, field: usize) -> usize {
    fields
        .iter()
        .position(|known| known.as_own() == Some(field))
        .unwrap_or_else(|| {
            fields.push(By::Field(field));
            fields.len() - 1
        })
}

impl Table {
    /// Follows relations from rows, one after the other.
    pub(super) async fn follow_each(
        &self,
        rows: &[StoredRow],
        ordinals: Vec<Ordinal>,
        includes: &[Inclusion],
        most: usize,
    ) -> Result<Vec<Followed>> {
        let mut related = Vec::with_capacity(includes.len());
        for (include, ordinal) in includes.iter().zip(ordinals) {
            related.push(self.follow(rows, &ordinal, include, most).await?);
        }
        Ok(related)
    }

    fn follow<'a>(
        &'a self,
        rows: &'a [StoredRow],
        (ordinal, field_type): &'a Ordinal,
        include: &'a Inclusion,
        most: usize,
    ) -> BoxFuture<'a, Result<Followed>> {
        Box::pin(async move {
            let target = self.sibling(&include.link.target().table)?;
            let keys = rows.iter().map(|row| read_value(field_type, row, *ordinal));
            let keys: Vec<Value> = keys.collect::<Result<_>>()?;
            let mut fields = include.fields.clone();
            let ordinals = ordinals_of(target.model(), &mut fields, &include.includes);
            let (found, owners) = target.read_related(include, fields, &keys, most).await?;
            let by_key = places_by_key(&owners);
            let nothing: Arc<[usize]> = Arc::new([]);
            let places = |key: &Value| by_key.get(&identity(key)).unwrap_or(&nothing).clone();
            let by_row = keys.iter().map(places).collect();
            let related = target
                .follow_each(&found, ordinals, &include.includes, most)
                .await?;
            Ok(Followed {
                loaded: Loaded::new(found, related),
                by_row,
            })
        })
    }

    /// The rows of this table that a relation leads to from rows with certain keys, and for each of
    /// them that key.
    async fn read_related(
        &self,
        include: &Inclusion,
        fields: Option<Vec<By>>,
        keys: &[Value],
        most: usize,
    ) -> Result<(Arc<[StoredRow]>, Vec<Value>)> {
        include.filter.check_model(self.model())?;
        let keys = distinct(keys);
        if keys.is_empty() {
            return Ok((Arc::new([]), Vec::new()));
        }
        let (link, model) = (&include.link, self.model());
        let listing = match fields {
            None => Listing::of_rows(model, &include.order),
            Some(fields) => Listing::of_fields(model, &include.order, fields),
        };
        let owner_type = dml::owner(link).field_type.clone();
        let own = listing.columns(model);
        let own = own.iter().map(|by| by.field_type(model).clone());
        let columns: Arc<[FieldType]> = own.chain([owner_type.clone()]).collect();
        let mut others = self.read_beside(&include.filter, &listing.beside());
        others.extend(link.tables().cloned());
        let reading = Reading {
            listing,
            is_limited: include.limit.is_some(),
        };
        let statements = self.statements();
        let statement = statements.related(link, &include.filter, &reading)?;
        let mut values = reading.listing.paths(statements.dialect());
        values.push(Value::Json(list_of(&keys)));
        values.extend(include.filter.clone().into_values(statements.dialect()));
        values.extend(include.limit.map(integer));
        values.push(integer(most.saturating_add(1)));
        let rows = StoredRows::new(columns.clone());
        let rows = self
            .load(&statement, values, (&columns, &others), rows)
            .await?;
        if rows.len() > most {
            return Err(too_many(link, most));
        }
        let owner = columns.len() - 1;
        let owners = rows.iter().map(|row| read_value(&owner_type, row, owner));
        let owners = owners.collect::<Result<_>>()?;
        Ok((rows.into(), owners))
    }
}

fn too_many(link: &Link, most: usize) -> Error {
    let message = format!("relation {:?} leads to more than {most} rows", link.name());
    Error::new(Kind::Malformed, message)
        .with_help("ask for fewer rows, or give the relation a limit or a filter")
}

fn integer(number: usize) -> Value {
    Value::Integer(i64::try_from(number).unwrap_or(i64::MAX))
}

/// The keys, each once, without null: nothing belongs to it.
fn distinct(keys: &[Value]) -> Vec<Value> {
    let mut seen = HashSet::new();
    let keys = keys.iter().filter(|key| !key.is_null());
    keys.filter(|key| seen.insert(identity(key)))
        .cloned()
        .collect()
}

fn places_by_key(owners: &[Value]) -> HashMap<Identity, Arc<[usize]>> {
    let mut places: HashMap<Identity, Vec<usize>> = HashMap::new();
    for (place, owner) in owners.iter().enumerate() {
        places.entry(identity(owner)).or_default().push(place);
    }
    let shared = places.into_iter();
    shared.map(|(key, places)| (key, places.into())).collect()
}

/// What two equal keys have in common.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) enum Identity {
    Integer(i64),
    Uuid([u8; 16]),
    Text(String),
}

pub(super) fn identity(key: &Value) -> Identity {
    match key {
        Value::Integer(integer) => Identity::Integer(*integer),
        Value::Uuid(uuid) => Identity::Uuid(*uuid),
        Value::Text(text) => Identity::Text(text.clone()),
        Value::Decimal(decimal) => Identity::Text(shortest_decimal(decimal)),
        other => Identity::Text(format!("{other:?}")),
    }
}
