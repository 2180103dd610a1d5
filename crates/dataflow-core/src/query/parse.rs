//! A filter as data: `{"email": "a@b.c", "age": {"$gte": 18}}`.

use serde_json::Value as Json;

use super::condition::position;
use super::{Comparison, Condition, Filter, Test};
use crate::error::{Error, Fault, FaultCode, Kind, Result, closest};
use crate::schema::{FieldType, ModelSchema};
use crate::value::{Object, Value, from_json};

/// What an operator of the data form means.
#[derive(Debug, Clone, Copy)]
enum Operator {
    Compare(Comparison),
    In,
    Null,
}

const OPERATORS: [(&str, Operator); 8] = [
    ("$eq", Operator::Compare(Comparison::Equal)),
    ("$ne", Operator::Compare(Comparison::NotEqual)),
    ("$gt", Operator::Compare(Comparison::Greater)),
    ("$gte", Operator::Compare(Comparison::GreaterOrEqual)),
    ("$lt", Operator::Compare(Comparison::Less)),
    ("$lte", Operator::Compare(Comparison::LessOrEqual)),
    ("$in", Operator::In),
    ("$null", Operator::Null),
];

impl Filter {
    /// Reads a filter. A field is followed by the value it equals or by an object of operators:
    /// `$eq`, `$ne`, `$gt`, `$gte`, `$lt`, `$lte`, `$in` with a list, `$null` with true or false.
    ///
    /// SQLite keeps decimals and JSON documents as text. There, decimals can be equal but have no
    /// order, and documents are only null or not: a statement for anything else is
    /// [`Kind::Unsupported`].
    ///
    /// # Errors
    ///
    /// [`Kind::Malformed`] for a field or operator that does not exist, with the closest name;
    /// [`Kind::Invalid`] with a fault for each value that its field refuses.
    pub fn parse(model: &ModelSchema, filter: &Object) -> Result<Self> {
        let mut conditions = Vec::with_capacity(filter.len());
        let mut faults = Vec::new();
        for (name, wanted) in filter {
            let field = position(model, name)?;
            for (operator, operand) in tests(model, field, wanted)? {
                match test(model, field, operator, operand) {
                    Ok(test) => conditions.push(Condition { field, test }),
                    Err((code, detail)) => {
                        faults.push(Fault::at("/filter", name, code, detail));
                    }
                }
            }
        }
        if faults.is_empty() {
            let model = Some(model.name.clone());
            Ok(Self { model, conditions })
        } else {
            Err(Error::invalid(faults))
        }
    }
}

/// The operators that one field's entry names. An object is a value only where the field is JSON
/// and no member looks like an operator.
fn tests<'a>(
    model: &ModelSchema,
    field: usize,
    wanted: &'a Json,
) -> Result<Vec<(Operator, &'a Json)>> {
    let equal = Operator::Compare(Comparison::Equal);
    let is_json = model.fields[field].field_type == FieldType::Json;
    match wanted {
        Json::Object(members) if !is_json || members.keys().any(|name| name.starts_with('$')) => {
            members
                .iter()
                .map(|(name, operand)| Ok((operator(name)?, operand)))
                .collect()
        }
        value => Ok(vec![(equal, value)]),
    }
}

fn operator(name: &str) -> Result<Operator> {
    let found = OPERATORS.iter().find(|(known, _)| *known == name);
    found.map(|(_, operator)| *operator).ok_or_else(|| {
        let error = Error::new(
            Kind::Malformed,
            format!("filter operator {name:?} is not known"),
        );
        match closest(name, OPERATORS.map(|(known, _)| known)) {
            Some(closest) => error.with_help(format!("did you mean {closest:?}?")),
            None => error.with_help("use $eq, $ne, $gt, $gte, $lt, $lte, $in or $null"),
        }
    })
}

fn test(
    model: &ModelSchema,
    field: usize,
    operator: Operator,
    operand: &Json,
) -> Result<Test, (FaultCode, String)> {
    match operator {
        Operator::Compare(comparison) => Condition::compare(model, field, comparison, operand),
        Operator::Null => operand
            .as_bool()
            .map(Test::Null)
            .ok_or_else(|| (FaultCode::Type, "$null takes true or false".to_owned())),
        Operator::In => {
            let items = operand
                .as_array()
                .ok_or_else(|| (FaultCode::Type, "$in takes a list".to_owned()))?;
            let field_type = &model.fields[field].field_type;
            let checked: Result<Vec<Json>, _> = items
                .iter()
                .map(|item| from_json(field_type, item).and_then(|value| list_item(&value)))
                .collect();
            Ok(Test::In(Json::Array(checked?).to_string()))
        }
    }
}

/// A value as an item of the JSON array that a `$in` is bound as: in the text that the column
/// compares with.
pub(super) fn list_item(value: &Value) -> Result<Json, (FaultCode, String)> {
    match value {
        Value::Null => Err((FaultCode::Type, "$in takes no null; use $null".to_owned())),
        Value::Bytes(_) | Value::Json(_) => {
            Err((FaultCode::Type, "$in does not take this field".to_owned()))
        }
        value => Ok(value.to_json()),
    }
}

#[cfg(test)]
#[cfg(all(feature = "decimal", feature = "derive"))]
mod tests;
