//! What rows are made of, and in which order they come.

use dataflow_core::ModelSchema;
use dataflow_core::error::{Error, Kind, Result, closest};
use dataflow_core::node::Object;
use dataflow_core::query::{Aggregate, Order};
use serde_json::Value as Json;

use super::condition::items;
use super::unknown;

/// The terms of an order, each of which the model knows.
pub(super) fn order(model_schema: &ModelSchema, value: &str) -> Result<Json> {
    let terms = value.split(',');
    let checked: Result<Vec<Json>> = terms
        .map(|term| Order::parse(model_schema, term).map(|_| term.into()))
        .collect();
    checked
        .map(Json::from)
        .map_err(|error| error.with_faults(Vec::new()).within("parameter \"order\""))
}

/// What a row is made of: fields, and what the rows that are alike in these come to, `age.max()`.
pub(super) fn select(model_schema: &ModelSchema, value: &str, input: &mut Object) -> Result<()> {
    let (mut fields, mut aggregates) = (Vec::new(), Vec::new());
    let mut is_whole = false;
    for item in items(&format!("({value})")).map_err(in_select)? {
        let (list, name) = match item.split_once('(') {
            Some((aggregate, ")")) => {
                Aggregate::parse(model_schema, aggregate).map_err(in_select)?;
                (&mut aggregates, aggregate)
            }
            Some(_) => {
                let message = format!("{item:?} selects inside something else");
                let error = Error::new(Kind::Malformed, message);
                return Err(in_select(error.with_help(
                    "name fields of the model, and aggregates such as count() or age.max()",
                )));
            }
            None if item == "*" => {
                is_whole = true;
                continue;
            }
            None if model_schema.field(item).is_some() => (&mut fields, item),
            None => {
                let names = model_schema.fields.iter().map(|field| field.name.as_ref());
                let nearest = closest(item, names.chain(["*", "count()"]));
                return Err(in_select(unknown("field", item, nearest)));
            }
        };
        let name = Json::from(name);
        if list.contains(&name) {
            let message = format!("{name} stands twice");
            return Err(in_select(Error::new(Kind::Malformed, message)));
        }
        list.push(name);
    }
    let has_parts = !(fields.is_empty() && aggregates.is_empty());
    if is_whole == has_parts {
        let error = Error::new(Kind::Malformed, "the fields are neither all nor named");
        return Err(in_select(
            error.with_help("name the fields of a row, or * for all of them"),
        ));
    }
    for (member, list) in [("fields", fields), ("aggregate", aggregates)] {
        if !list.is_empty() {
            input.insert(member.to_owned(), list.into());
        }
    }
    Ok(())
}

fn in_select(error: Error) -> Error {
    error.with_faults(Vec::new()).within("parameter \"select\"")
}
