//! The members of an input that are not rows.

use dataflow_core::error::{Fault, FaultCode, closest};
use dataflow_core::node::Object;
use dataflow_core::schema::Field;
use dataflow_core::value::from_json;
use dataflow_core::{Error, ModelSchema, Result, Value};
use serde_json::Value as Json;

use crate::table::Table;

/// Refuses members that are not among the known.
pub(super) fn only(known: &[&str], input: &Object, faults: &mut Vec<Fault>) {
    for name in input.keys().filter(|name| !known.contains(&name.as_str())) {
        faults.push(unknown("", name, known.iter().copied()));
    }
}

/// The fault of a member that is not known.
pub(super) fn unknown<'a>(parent: &str, name: &str, known: impl Iterator<Item = &'a str>) -> Fault {
    let detail = match closest(name, known) {
        Some(meant) => format!("is not declared; did you mean `{meant}`?"),
        None => "is not declared".to_owned(),
    };
    Fault::at(parent, name, FaultCode::Unknown, detail)
}

/// The key, and nothing else.
pub(super) fn key(model: &ModelSchema, input: &Object) -> Result<Vec<Value>> {
    let mut faults = Vec::new();
    let names: Vec<&str> = model.key.fields.iter().map(AsRef::as_ref).collect();
    only(&names, input, &mut faults);
    let key = required_key(model, "", input, &mut faults);
    finished(key, faults)
}

/// The key, perhaps a version, and nothing else.
pub(super) fn key_and_version(
    model: &ModelSchema,
    input: &Object,
) -> Result<(Vec<Value>, Option<Value>)> {
    let mut others = input.clone();
    let mut faults = Vec::new();
    let version = version(model, "", &mut others, &mut faults);
    match key(model, &others) {
        Ok(key) => Ok((finished(Some(key), faults)?, version)),
        Err(error) => {
            faults.extend(error.faults().iter().cloned());
            Err(Error::invalid(faults))
        }
    }
}

/// Takes the version that a row must have out of the members of an input, where the model has
/// versions and the input says one.
pub(super) fn version(
    model: &ModelSchema,
    parent: &str,
    row: &mut Object,
    faults: &mut Vec<Fault>,
) -> Option<Value> {
    let field = &model.fields[model.version()?];
    let refusal = match from_json(&field.field_type, &row.shift_remove(&*field.name)?) {
        Ok(Value::Null) => (FaultCode::Required, "cannot be null".to_owned()),
        Ok(version) => return Some(version),
        Err(refusal) => refusal,
    };
    faults.push(Fault::at(parent, &field.name, refusal.0, refusal.1));
    None
}

/// The fields of the key among the members of a row.
pub(super) fn required_key(
    model: &ModelSchema,
    parent: &str,
    row: &Object,
    faults: &mut Vec<Fault>,
) -> Option<Vec<Value>> {
    // Each is read, so that all that is wrong is told.
    let values: Vec<Option<Value>> = model
        .key_fields()
        .map(|field| key_value(field, parent, &field.name, row.get(&*field.name), faults))
        .collect();
    values.into_iter().collect()
}

/// The value of a field of a key, which stands at a member of an input.
fn key_value(
    field: &Field,
    parent: &str,
    member: &str,
    json: Option<&Json>,
    faults: &mut Vec<Fault>,
) -> Option<Value> {
    let refusal = match json {
        None | Some(Json::Null) => (FaultCode::Required, "is required".to_owned()),
        Some(json) => match from_json(&field.field_type, json) {
            Ok(value) => return Some(value),
            Err(refusal) => refusal,
        },
    };
    faults.push(Fault::at(parent, member, refusal.0, refusal.1));
    None
}

/// `ids`, and nothing else: keys, each of which is an object where it has several fields.
pub(super) fn ids(model: &ModelSchema, input: &Object) -> Result<Vec<Vec<Value>>> {
    let mut faults = Vec::new();
    only(&["ids"], input, &mut faults);
    let ids = items("ids", input, &mut faults);
    let mut keys = Vec::with_capacity(ids.len());
    for (index, id) in ids.iter().enumerate() {
        let index = index.to_string();
        let key = match (model.key.is_composite(), id) {
            (false, id) => {
                let value = key_value(model.key_field(), "/ids", &index, Some(id), &mut faults);
                value.map(|value| vec![value])
            }
            (true, Json::Object(id)) => {
                required_key(model, &format!("/ids/{index}"), id, &mut faults)
            }
            (true, _) => {
                let detail = format!("must be an object with {}", model.key);
                faults.push(Fault::at("/ids", &index, FaultCode::Type, detail));
                None
            }
        };
        keys.extend(key);
    }
    finished(Some(keys), faults)
}

/// The items of a member that must be a list.
pub(super) fn items<'a>(name: &str, input: &'a Object, faults: &mut Vec<Fault>) -> &'a [Json] {
    let fault = match input.get(name) {
        Some(Json::Array(items)) => return items,
        None => Fault::of_field(name, FaultCode::Required, "is required"),
        Some(_) => Fault::of_field(name, FaultCode::Type, "must be an array"),
    };
    faults.push(fault);
    &[]
}

/// `conflict_on`: the key when it is left out.
pub(super) fn conflict_on(
    table: &Table,
    input: &Object,
    faults: &mut Vec<Fault>,
) -> Option<Vec<usize>> {
    let names: Option<Vec<&str>> = match input.get("conflict_on") {
        None | Some(Json::Null) => {
            let key = table.model().key.fields.iter();
            Some(key.map(AsRef::as_ref).collect())
        }
        Some(Json::Array(names)) => names.iter().map(Json::as_str).collect(),
        Some(_) => None,
    };
    let Some(names) = names else {
        let detail = "must be an array of strings";
        faults.push(Fault::of_field("conflict_on", FaultCode::Type, detail));
        return None;
    };
    table
        .conflict_at_door(&names)
        .map_err(|error| faults.extend(error.faults().iter().cloned()))
        .ok()
}

/// What was read, unless something was refused.
pub(super) fn finished<T>(read: Option<T>, faults: Vec<Fault>) -> Result<T> {
    match read {
        Some(read) if faults.is_empty() => Ok(read),
        _ => Err(Error::invalid(faults)),
    }
}
