//! Rows as an input gives them.

use dataflow_core::error::{Fault, FaultCode};
use dataflow_core::node::Object;
use dataflow_core::schema::Field;
use dataflow_core::value::from_json;
use dataflow_core::{ModelSchema, Value};
use serde_json::Value as Json;

use super::input::{items, required_key, unknown, version};
use crate::table::{Addition, Change, Changes, Given, Table, can_be_added_to};

/// The fields of a new row. Those that an upsert finds a row by must be given too.
pub(super) fn new_row(
    table: &Table,
    parent: &str,
    row: &Object,
    conflict: &[usize],
    faults: &mut Vec<Fault>,
) -> Given {
    let model = table.model();
    let given = fields(table, parent, row, faults, |field| {
        model.key.contains(&field.name) && !model.key.is_accepted()
    });
    let missing = model.fields.iter().enumerate().filter(|(position, field)| {
        let is_required = match model.key.contains(&field.name) {
            true => model.key.is_required(),
            false => !field.is_optional(),
        };
        (is_required || conflict.contains(position) && !field.is_computed())
            && !row.contains_key(&*field.name)
    });
    faults.extend(
        missing
            .map(|(_, field)| Fault::at(parent, &field.name, FaultCode::Required, "is required")),
    );
    given
}

/// The key and the changed fields of a row that exists, and the version that it must have.
pub(super) fn change(
    table: &Table,
    parent: &str,
    row: &Object,
    faults: &mut Vec<Fault>,
) -> Option<Change> {
    let model = table.model();
    let key = required_key(model, parent, row, faults);
    let mut others = row.clone();
    others.retain(|name, _| !model.key.contains(name));
    let version = version(model, parent, &mut others, faults);
    let changes = changes(table, parent, others, faults);
    Some(Change {
        key: key?,
        changes,
        version,
    })
}

/// The fields that rows which exist are given, and those that are added to. The key is none of them.
pub(super) fn changes(
    table: &Table,
    parent: &str,
    mut members: Object,
    faults: &mut Vec<Fault>,
) -> Changes {
    let model = table.model();
    let added = match has_word(model) {
        true => members.shift_remove(ADD),
        false => None,
    };
    let added = match added {
        None | Some(Json::Null) => Vec::new(),
        Some(Json::Object(summands)) => {
            let parent = format!("{parent}/{ADD}");
            additions(table, &parent, &summands, &members, faults)
        }
        Some(_) => {
            faults.push(Fault::at(parent, ADD, FaultCode::Type, "must be an object"));
            Vec::new()
        }
    };
    let is_key = |field: &Field| model.key.contains(&field.name);
    Changes {
        given: fields(table, parent, &members, faults, is_key),
        added,
    }
}

/// As [`changes`], of a member that must be an object.
pub(super) fn changes_in(
    table: &Table,
    name: &str,
    member: Option<&Json>,
    faults: &mut Vec<Fault>,
) -> Changes {
    match member {
        Some(Json::Object(members)) => changes(table, &format!("/{name}"), members.clone(), faults),
        None | Some(Json::Null) => {
            faults.push(Fault::of_field(name, FaultCode::Required, "is required"));
            Changes::default()
        }
        Some(_) => {
            faults.push(Fault::of_field(name, FaultCode::Type, "must be an object"));
            Changes::default()
        }
    }
}

/// As [`changes_in`], of a member that is a list of such objects where it is given, one for each of so
/// many rows.
pub(super) fn changes_of_each(
    table: &Table,
    name: &str,
    input: &Object,
    rows: usize,
    faults: &mut Vec<Fault>,
) -> Option<Vec<Changes>> {
    input.get(name).filter(|given| !given.is_null())?;
    let items = items(name, input, faults);
    if items.len() != rows {
        let detail = "must have one change for each row";
        faults.push(Fault::of_field(name, FaultCode::Range, detail));
    }
    let changes = each_in(name, items, faults, |parent, members, faults| {
        changes(table, parent, members.clone(), faults)
    });
    Some(changes)
}

/// What an input calls the numbers that are added to fields. A field of that name goes first.
pub(super) const ADD: &str = "add";

/// Whether a model's rows can be added to, under that word.
pub(super) fn has_word(model: &ModelSchema) -> bool {
    let mut fields = model.fields.iter();
    fields.any(|field| is_added_to(model, field)) && model.field(ADD).is_none()
}

/// Whether an input can add to a field.
pub(super) fn is_added_to(model: &ModelSchema, field: &Field) -> bool {
    field.is_given() && can_be_added_to(model, field)
}

fn additions(
    table: &Table,
    parent: &str,
    summands: &Object,
    members: &Object,
    faults: &mut Vec<Fault>,
) -> Vec<Addition> {
    let model = table.model();
    let mut additions = Vec::with_capacity(summands.len());
    for (name, summand) in summands {
        let Some(position) = model.position(name) else {
            let known = model.fields.iter().map(|field| &*field.name);
            faults.push(unknown(parent, name, known));
            continue;
        };
        let field = &model.fields[position];
        let addition = match members.contains_key(name) {
            true => Err((FaultCode::Unknown, "is given a value as well".to_owned())),
            false => value(field, summand, field.is_computed())
                .and_then(|summand| table.addition(position, summand)),
        };
        match addition {
            Ok(addition) => additions.push(addition),
            Err((code, detail)) => faults.push(Fault::at(parent, name, code, detail)),
        }
    }
    additions
}

/// Each of the rows of a list, read by `read`.
pub(super) fn each<T>(
    items: &[Json],
    faults: &mut Vec<Fault>,
    read: impl FnMut(&str, &Object, &mut Vec<Fault>) -> T,
) -> Vec<T> {
    each_in("rows", items, faults, read)
}

/// Each of the objects of a list that stands under a name, read by `read`.
fn each_in<T>(
    name: &str,
    items: &[Json],
    faults: &mut Vec<Fault>,
    mut read: impl FnMut(&str, &Object, &mut Vec<Fault>) -> T,
) -> Vec<T> {
    let mut rows = Vec::with_capacity(items.len());
    for (index, item) in items.iter().enumerate() {
        match item {
            Json::Object(row) => rows.push(read(&format!("/{name}/{index}"), row, faults)),
            _ => {
                let index = index.to_string();
                faults.push(Fault::at(
                    &format!("/{name}"),
                    &index,
                    FaultCode::Type,
                    "must be an object",
                ));
            }
        }
    }
    rows
}

fn fields(
    table: &Table,
    parent: &str,
    row: &Object,
    faults: &mut Vec<Fault>,
    is_generated: impl Fn(&Field) -> bool,
) -> Given {
    let model = table.model();
    let mut given = Vec::with_capacity(row.len());
    for (name, json) in row {
        let Some(position) = model.position(name) else {
            let known = model.fields.iter().map(|field| &*field.name);
            faults.push(unknown(parent, name, known));
            continue;
        };
        let field = &model.fields[position];
        match value(field, json, field.is_computed() || is_generated(field)) {
            Ok(value) => {
                faults.extend(table.faults(parent, position, &value));
                given.push((position, value));
            }
            Err((code, detail)) => faults.push(Fault::at(parent, name, code, detail)),
        }
    }
    given
}

fn value(field: &Field, json: &Json, is_made: bool) -> Result<Value, (FaultCode, String)> {
    if field.access.read_only {
        return Err((FaultCode::ReadOnly, "is read-only".to_owned()));
    }
    if is_made {
        let detail = "is made by the library or the database and cannot be given";
        return Err((FaultCode::Generated, detail.to_owned()));
    }
    if json.is_null() && !field.nullable {
        return Err((FaultCode::Required, "cannot be null".to_owned()));
    }
    from_json(&field.field_type, json)
}
