//! What rows that exist are given.

use dataflow_core::dialect::dml::Assignment;
use dataflow_core::error::{Fault, FaultCode};
use dataflow_core::query::Effect;
use dataflow_core::schema::{Field, FieldType};
use dataflow_core::{Error, ModelSchema, Result, Value};

use super::{Given, Table};

/// What rows that exist are given.
#[derive(Debug, Clone, Default)]
pub(crate) struct Changes {
    /// What takes the place of what a row holds.
    pub(crate) given: Given,
    /// What is added to it.
    pub(crate) added: Vec<Addition>,
}

/// A number that is added to what a field holds. [`Table::addition`] alone makes one, so nothing is
/// added to what no rule in the database keeps in its bounds.
#[derive(Debug, Clone)]
pub(crate) struct Addition {
    position: usize,
    summand: Value,
}

/// A change of the row of a key.
pub(crate) struct Change {
    /// The fields of the key.
    pub(crate) key: Vec<Value>,
    /// What the row is given.
    pub(crate) changes: Changes,
    /// The version that the row must have; without one, any.
    pub(crate) version: Option<Value>,
}

/// Why a field is refused: the code and the sentence.
pub(crate) type Refused = (FaultCode, String);

impl Addition {
    /// The field that is added to.
    pub(crate) fn position(&self) -> usize {
        self.position
    }

    /// What is added.
    pub(crate) fn summand(&self) -> &Value {
        &self.summand
    }
}

impl From<Given> for Changes {
    fn from(given: Given) -> Self {
        Self {
            given,
            ..Self::default()
        }
    }
}

impl Changes {
    /// Whether they leave a row as it is.
    pub(crate) fn is_none(&self) -> bool {
        self.given.is_empty() && self.added.is_empty()
    }

    /// What an assignment does to a row, if they make it.
    pub(super) fn value(&self, assignment: &Assignment) -> Option<&Value> {
        match assignment.effect {
            Effect::Set => {
                let mut given = self.given.iter();
                let found = given.find(|(position, _)| *position == assignment.position);
                found.map(|(_, value)| value)
            }
            Effect::Add => {
                let mut added = self.added.iter();
                let found = added.find(|addition| addition.position == assignment.position);
                found.map(Addition::summand)
            }
        }
    }

    /// The parameters of some assignments: for each its flag where it is optional, and its value.
    pub(super) fn parameters(&self, assignments: &[Assignment]) -> Vec<Value> {
        let mut values = Vec::with_capacity(assignments.len() * 2);
        for assignment in assignments {
            let value = self.value(assignment);
            if assignment.is_optional {
                values.push(Value::Bool(value.is_some()));
            }
            values.push(value.cloned().unwrap_or(Value::Null));
        }
        values
    }
}

impl Change {
    /// A change of the row of a key, whichever version that has.
    pub(crate) fn of(key: Vec<Value>, changes: Changes) -> Self {
        Self {
            key,
            changes,
            version: None,
        }
    }

    /// Whether the row stays as it is. One that counts its changes counts every change that says of
    /// which version it is.
    pub(super) fn is_none(&self) -> bool {
        self.changes.is_none() && self.version.is_none()
    }
}

/// The fields that assignments change, and how.
pub(super) fn effects(assignments: &[Assignment]) -> impl Iterator<Item = (usize, Effect)> {
    let assignments = assignments.iter();
    assignments.map(|assignment| (assignment.position, assignment.effect))
}

/// What any of several changes does, each optional unless all of them do it.
pub(super) fn assignments<'a>(
    changes: impl Iterator<Item = &'a Changes> + Clone,
) -> Vec<Assignment> {
    let given = changes.clone().flat_map(|changes| &changes.given);
    let given = given.map(|(position, _)| (*position, Effect::Set));
    let added = changes.clone().flat_map(|changes| &changes.added);
    let added = added.map(|addition| (addition.position, Effect::Add));
    let mut effects: Vec<(usize, Effect)> = given.chain(added).collect();
    effects.sort_unstable_by_key(|(position, effect)| (*effect == Effect::Add, *position));
    effects.dedup();
    let assignment = |(position, effect)| {
        let always = Assignment {
            position,
            effect,
            is_optional: false,
        };
        let is_made = |changes: &Changes| changes.value(&always).is_some();
        Assignment {
            is_optional: !changes.clone().all(is_made),
            ..always
        }
    };
    effects.into_iter().map(assignment).collect()
}

/// Whether something can be added to a field, as far as its model tells.
pub(crate) fn can_be_added_to(model: &ModelSchema, field: &Field) -> bool {
    refusal(model, field).is_none()
}

/// Why nothing can be added to a field.
fn refusal(model: &ModelSchema, field: &Field) -> Option<Refused> {
    use FieldType::{Decimal, F32, F64, I16, I32, I64};
    let refused = |code, detail: &str| Some((code, detail.to_owned()));
    let points_elsewhere = || {
        let mut relations = model.relations.iter();
        relations.any(|relation| relation.field == field.name)
    };
    match field.field_type {
        _ if model.key.contains(&field.name) => refused(FaultCode::Generated, "is the key"),
        _ if field.is_computed() => refused(
            FaultCode::Generated,
            "is made by the library or the database and cannot be given",
        ),
        I16 | I32 | I64 | F32 | F64 | Decimal if points_elsewhere() => {
            refused(FaultCode::Type, "names a row, to which nothing is added")
        }
        I16 | I32 | I64 | F32 | F64 | Decimal if field.rules.validator.is_some() => refused(
            FaultCode::Rule,
            "has a rule that the database cannot ask of the sum: read the row and give the value",
        ),
        I16 | I32 | I64 | F32 | F64 | Decimal => None,
        _ => refused(FaultCode::Type, "is no number, to which something is added"),
    }
}

impl Table {
    /// A number that is added to what a field holds.
    pub(crate) fn addition(&self, position: usize, summand: Value) -> Result<Addition, Refused> {
        let field = &self.model().fields[position];
        let dialect = self.statements().dialect();
        if let Some(refused) = refusal(self.model(), field) {
            return Err(refused);
        }
        if field.field_type == FieldType::Decimal && !dialect.capability().orders_decimals {
            let name = dialect.name();
            let detail = format!("is a decimal, which {name} keeps as text and cannot add to");
            return Err((FaultCode::Type, detail));
        }
        if summand.is_null() {
            return Err((FaultCode::Required, "cannot be null".to_owned()));
        }
        Ok(Addition { position, summand })
    }

    /// What code gives to rows that exist, each field once, and none that is not given.
    pub(crate) fn changes(
        &self,
        parts: impl Iterator<Item = (usize, Effect, Value)>,
    ) -> Result<Changes> {
        let mut changes = Changes::default();
        let mut faults = Vec::new();
        let mut seen = Vec::new();
        for (position, effect, value) in parts {
            let refused = match effect {
                _ if seen.contains(&position) => {
                    Some((FaultCode::Unknown, "is given twice".to_owned()))
                }
                Effect::Set => match self.setting_refusal(position) {
                    None => {
                        changes.given.push((position, value));
                        None
                    }
                    refused => refused,
                },
                Effect::Add => match self.addition(position, value) {
                    Ok(addition) => {
                        changes.added.push(addition);
                        None
                    }
                    Err(refused) => Some(refused),
                },
            };
            seen.push(position);
            let name = &self.model().fields[position].name;
            faults.extend(refused.map(|(code, detail)| Fault::of_field(name, code, detail)));
        }
        match faults.is_empty() {
            true => Ok(changes),
            false => Err(Error::invalid(faults)),
        }
    }

    /// Why code cannot give a field of a row that exists a value.
    fn setting_refusal(&self, position: usize) -> Option<Refused> {
        let (model, field) = (self.model(), &self.model().fields[position]);
        let is_own = field.tenant && self.is_of_all_tenants();
        let detail = match () {
            () if model.key.contains(&field.name) => "is the key, which does not change",
            () if field.is_computed() && !is_own => {
                "is made by the library or the database and cannot be given"
            }
            () => return None,
        };
        Some((FaultCode::Generated, detail.to_owned()))
    }
}
