//! What a new or changed row holds beside what was given.

mod written_fields;

use std::cell::LazyCell;
use std::ops::{Deref, Range};
use std::sync::Arc;

use dataflow_core::error::Fault;
use dataflow_core::schema::{Checker, DefaultValue, Field, FieldType, KeyGenerator, Stamp};
use dataflow_core::value::{Timestamp, from_json};
use dataflow_core::{Error, ModelSchema, Result, Value};

use crate::key;
use crate::pool::Members;
use written_fields::WrittenFields;

/// Fields by position, with the values given for them; each at most once.
pub(crate) type Given = Vec<(usize, Value)>;

/// Completes rows of one model.
pub(super) struct Fill {
    model: Arc<ModelSchema>,
    defaults: Vec<Option<Value>>,
    checker: Checker,
}

/// A row to be inserted.
#[derive(Debug, PartialEq)]
pub(super) struct NewRow {
    /// The fields that are written, in order.
    pub(super) positions: Vec<usize>,
    /// Their values.
    pub(super) values: Vec<Value>,
}

/// Rows to be inserted, which write the same fields.
#[derive(Debug, PartialEq)]
pub(super) struct NewRows {
    /// The fields that are written, in order.
    pub(super) positions: Vec<usize>,
    /// Their values in each row.
    pub(super) members: Members,
}

impl NewRows {
    /// The values of some of the fields in each row; one that is not written has none.
    pub(super) fn at(&self, fields: &[usize]) -> impl Iterator<Item = Vec<&Value>> {
        let place = |field: &usize| self.positions.iter().position(|written| written == field);
        let places: Vec<Option<usize>> = fields.iter().map(place).collect();
        self.members.all().iter().map(move |values| {
            let value = |place: &Option<usize>| place.map_or(&Value::Null, |place| &values[place]);
            places.iter().map(value).collect()
        })
    }
}

impl Fill {
    pub(super) fn new(model: Arc<ModelSchema>) -> Self {
        Self {
            defaults: model.fields.iter().map(default).collect(),
            checker: Checker::of(&*model.fields),
            model,
        }
    }

    /// Sees that every value fulfills the rules of its field.
    pub(super) fn check(&self, given: &Given) -> Result<()> {
        self.check_all([("", given)].into_iter())
    }

    /// As [`check`](Self::check), for an input and what stands in it under a name.
    pub(super) fn check_both(&self, given: &Given, (name, other): (&str, &Given)) -> Result<()> {
        self.check_all([("", given), (name, other)].into_iter())
    }

    /// As [`check`](Self::check), for each of several rows.
    pub(super) fn check_each<'g>(&self, rows: impl Iterator<Item = &'g Given>) -> Result<()> {
        let numbered = rows.enumerate();
        self.check_all(numbered.map(|(index, given)| (format!("/{index}"), given)))
    }

    /// As [`check`](Self::check), for what stands under a name in each of several rows.
    pub(super) fn check_each_within<'g>(
        &self,
        name: &str,
        rows: impl Iterator<Item = &'g Given>,
    ) -> Result<()> {
        let numbered = rows.enumerate();
        self.check_all(numbered.map(|(index, given)| (format!("/{index}/{name}"), given)))
    }

    fn check_all<'g>(
        &self,
        rows: impl Iterator<Item = (impl AsRef<str>, &'g Given)>,
    ) -> Result<()> {
        if self.checker.takes_all() {
            return Ok(());
        }
        let mut faults = Vec::new();
        for (place, given) in rows {
            faults.extend(self.faults_of(place.as_ref(), given));
        }
        refused(faults)
    }

    fn faults_of(&self, place: &str, given: &Given) -> impl Iterator<Item = Fault> {
        let each = given.iter();
        each.flat_map(move |(position, value)| self.faults(place, *position, value))
    }

    /// What the rules of a field refuse in a value.
    pub(super) fn faults(
        &self,
        place: &str,
        position: usize,
        value: &Value,
    ) -> impl Iterator<Item = Fault> {
        let field = &self.model.fields[position];
        let refusals = self.checker.faults(position, value).into_iter();
        refusals.map(move |(code, detail)| Fault::at(place, &field.name, code, detail))
    }

    /// Every field of a new row but a key that the database makes. It is the row of a tenant, where
    /// rows have one and do not say so themselves.
    pub(super) fn new_row(&self, given: Given, tenant: Option<&Value>) -> NewRow {
        let (mut positions, mut values) = (Vec::new(), Vec::new());
        self.complete(given, tenant, |position, value| {
            positions.push(position);
            values.push(value);
        });
        NewRow { positions, values }
    }

    /// As [`new_row`](Self::new_row), for many, once their values fulfill the rules.
    pub(super) fn new_rows(
        &self,
        rows: impl Iterator<Item = Given>,
        tenant: Option<&Value>,
    ) -> Result<NewRows> {
        let mut faults = Vec::new();
        let mut fields = WrittenFields::default();
        let mut values = Vec::with_capacity(rows.size_hint().0 * self.model.fields.len());
        let mut written = Vec::with_capacity(self.model.fields.len());
        for given in rows {
            if !self.checker.takes_all() {
                let place = format!("/{}", fields.rows);
                faults.extend(self.faults_of(&place, &given));
            }
            written.clear();
            self.complete(given, tenant, |position, value| {
                written.push(position);
                values.push(value);
            });
            fields.note(&written);
        }
        refused(faults)?;
        let count = fields.rows;
        let positions = fields.shared(&self.model)?;
        let members = Members::new(count, values);
        Ok(NewRows { positions, members })
    }

    /// Gives `write` what a new row writes, in the order of the fields: what is given, and between that
    /// what the library makes.
    fn complete(
        &self,
        mut given: Given,
        tenant: Option<&Value>,
        mut write: impl FnMut(usize, Value),
    ) {
        given.sort_unstable_by_key(|(position, _)| *position);
        let now = LazyCell::new(key::now);
        let make = |positions: Range<usize>, write: &mut dyn FnMut(usize, Value)| {
            for position in positions {
                if let Some(made) = self.made(position, &now, tenant) {
                    write(position, made);
                }
            }
        };
        let mut next = 0;
        for (position, value) in given {
            make(next..position, &mut write);
            write(position, value);
            next = position + 1;
        }
        make(next..self.model.fields.len(), &mut write);
    }

    /// What a change writes beside what was given.
    pub(super) fn stamps_of_change(&self) -> impl Iterator<Item = (usize, Value)> {
        let stamped = positions(&self.model, |field| field.stamp == Some(Stamp::Updated));
        stamped.map(|position| {
            let field = &self.model.fields[position];
            (position, key::stamp(field, key::now()))
        })
    }

    /// The value that the library gives to a field of a new row.
    fn made(
        &self,
        position: usize,
        now: &impl Deref<Target = Timestamp>,
        tenant: Option<&Value>,
    ) -> Option<Value> {
        let field = &self.model.fields[position];
        if self.model.key.contains(&field.name) {
            return match self.model.key.generator {
                KeyGenerator::UuidV7 => Some(key::uuid_v7(field)),
                KeyGenerator::Serial | KeyGenerator::None => None,
            };
        }
        if field.tenant {
            return tenant.cloned();
        }
        match field.stamp {
            Some(Stamp::Created | Stamp::Updated) => return Some(key::stamp(field, **now)),
            Some(Stamp::Version) => return Some(Value::Integer(1)),
            Some(Stamp::Deleted) | None => {}
        }
        match &self.defaults[position] {
            Some(default) => Some(default.clone()),
            // What the database computes must not be given.
            None if field.generated.is_some() || field.default.is_some() => None,
            None => field.nullable.then_some(Value::Null),
        }
    }
}

fn refused(faults: Vec<Fault>) -> Result<()> {
    match faults.is_empty() {
        true => Ok(()),
        false => Err(Error::invalid(faults)),
    }
}

/// Positions of the fields that satisfy a condition.
pub(super) fn positions(
    model: &ModelSchema,
    condition: impl Fn(&Field) -> bool,
) -> impl Iterator<Item = usize> {
    let fields = model.fields.iter().enumerate();
    fields
        .filter(move |(_, field)| condition(field))
        .map(|(position, _)| position)
}

/// A default as a value; that it fits was checked when the models were.
fn default(field: &Field) -> Option<Value> {
    match (field.default.as_ref()?, &field.field_type) {
        (DefaultValue::Text(document), FieldType::Json) => Some(Value::Json(document.to_string())),
        (DefaultValue::Text(list), field_type @ FieldType::Array(_)) => {
            from_json(field_type, &serde_json::from_str(list).ok()?).ok()
        }
        (default, field_type) => from_json(field_type, &default.to_json()?).ok(),
    }
}
