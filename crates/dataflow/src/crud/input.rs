//! The members of an input that are not rows.

use dataflow_core::error::{Fault, FaultCode, closest};
use dataflow_core::node::Object;
use dataflow_core::query::{Filter, key_of_cursor};
use dataflow_core::schema::Text;
use dataflow_core::value::from_json;
use dataflow_core::{Error, ModelSchema, Result, Value};
use serde_json::Value as Json;

use crate::repository::DEFAULT_LIMIT;
use crate::table::{Selection, Table};

/// The most rows that one page has.
pub(super) const MAX_LIMIT: usize = 1_000;

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
pub(super) fn key(model: &ModelSchema, input: &Object) -> Result<Value> {
    let mut faults = Vec::new();
    only(&[&model.key.field], input, &mut faults);
    let key = required_key(model, "", input, &mut faults);
    finished(key, faults)
}

/// The key among the members of a row.
pub(super) fn required_key(
    model: &ModelSchema,
    parent: &str,
    row: &Object,
    faults: &mut Vec<Fault>,
) -> Option<Value> {
    let name = &model.key.field;
    let refusal = match row.get(&**name) {
        None | Some(Json::Null) => (FaultCode::Required, "is required".to_owned()),
        Some(json) => match from_json(&model.key_field().field_type, json) {
            Ok(value) => return Some(value),
            Err(refusal) => refusal,
        },
    };
    faults.push(Fault::at(parent, name, refusal.0, refusal.1));
    None
}

/// `filter`, `limit` and `after`.
pub(super) fn selection(model: &ModelSchema, input: &Object) -> Result<Selection> {
    let mut faults = Vec::new();
    only(&["filter", "limit", "after"], input, &mut faults);
    let limit = limit(input.get("limit"))
        .map_err(|fault| faults.push(fault))
        .ok();
    let after = match input.get("after") {
        None | Some(Json::Null) => None,
        Some(Json::String(cursor)) => Some(key_of_cursor(model, cursor)?),
        Some(_) => {
            faults.push(Fault::of_field(
                "after",
                FaultCode::Type,
                "must be a string",
            ));
            None
        }
    };
    let filter = filter(model, input, &mut faults)?;
    finished(limit, faults).map(|limit| Selection {
        filter,
        after,
        limit,
    })
}

/// `filter`, and nothing else.
pub(super) fn only_filter(model: &ModelSchema, input: &Object) -> Result<Filter> {
    let mut faults = Vec::new();
    only(&["filter"], input, &mut faults);
    let filter = filter(model, input, &mut faults)?;
    finished(Some(filter), faults)
}

fn filter(model: &ModelSchema, input: &Object, faults: &mut Vec<Fault>) -> Result<Filter> {
    match input.get("filter") {
        None | Some(Json::Null) => Ok(Filter::all()),
        Some(Json::Object(filter)) => match Filter::parse(model, filter) {
            Err(error) if !error.faults().is_empty() => {
                faults.extend(error.faults().iter().cloned());
                Ok(Filter::all())
            }
            parsed => parsed,
        },
        Some(_) => {
            faults.push(Fault::of_field(
                "filter",
                FaultCode::Type,
                "must be an object",
            ));
            Ok(Filter::all())
        }
    }
}

fn limit(json: Option<&Json>) -> Result<usize, Fault> {
    let number = match json {
        None | Some(Json::Null) => return Ok(DEFAULT_LIMIT),
        Some(Json::Number(number)) if !number.is_f64() => number,
        Some(_) => {
            return Err(Fault::of_field(
                "limit",
                FaultCode::Type,
                "must be an integer",
            ));
        }
    };
    match number
        .as_u64()
        .and_then(|limit| usize::try_from(limit).ok())
    {
        Some(limit) if (1..=MAX_LIMIT).contains(&limit) => Ok(limit),
        _ => {
            let detail = format!("must be from 1 to {MAX_LIMIT}");
            Err(Fault::of_field("limit", FaultCode::Range, detail))
        }
    }
}

/// `ids`, and nothing else.
pub(super) fn ids(model: &ModelSchema, input: &Object) -> Result<Vec<Value>> {
    let mut faults = Vec::new();
    only(&["ids"], input, &mut faults);
    let ids = items("ids", input, &mut faults);
    let mut keys = Vec::with_capacity(ids.len());
    for (index, id) in ids.iter().enumerate() {
        match from_json(&model.key_field().field_type, id) {
            Ok(Value::Null) => {
                let detail = "cannot be null";
                faults.push(Fault::at(
                    "/ids",
                    &index.to_string(),
                    FaultCode::Required,
                    detail,
                ));
            }
            Ok(key) => keys.push(key),
            Err((code, detail)) => {
                faults.push(Fault::at("/ids", &index.to_string(), code, detail));
            }
        }
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
        None | Some(Json::Null) => Some(vec![Text::as_ref(&table.model().key.field)]),
        Some(Json::Array(names)) => names.iter().map(Json::as_str).collect(),
        Some(_) => None,
    };
    let Some(names) = names else {
        let detail = "must be an array of strings";
        faults.push(Fault::of_field("conflict_on", FaultCode::Type, detail));
        return None;
    };
    table
        .conflict(&names)
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
