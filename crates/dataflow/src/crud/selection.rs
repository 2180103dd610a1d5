//! Which rows an input asks for.

mod include;
mod origin;
mod page;

use dataflow_core::error::{Fault, FaultCode};
use dataflow_core::node::Object;
use dataflow_core::query::{Filter, Inclusion};
use dataflow_core::{Error, Result, Value};
use serde_json::Value as Json;

use super::input::{finished, only, required_key};
use crate::repository::DEFAULT_LIMIT;
use crate::table::{Beginning, Selection, Table};
use origin::Origin;
use page::{beginning, number};

/// The most rows that one page has.
pub(super) const MAX_LIMIT: usize = 1_000;

/// The most rows that a page passes over. Each of them is read; a cursor passes over none.
pub(super) const MAX_OFFSET: usize = 100_000;

const MEMBERS: [&str; 10] = [
    "filter",
    "order",
    "fields",
    "include",
    "distinct",
    "aggregate",
    "having",
    "limit",
    "after",
    "offset",
];

/// The selection that an input means, and what is loaded beside its rows.
pub(super) fn read(table: &Table, input: &Object) -> Result<(Selection, Vec<Inclusion>)> {
    let mut faults = Vec::new();
    only(&MEMBERS, input, &mut faults);
    let origin = Origin::of(table);
    let filter = origin.filter(input, &mut faults)?;
    let fields = origin.fields(input, &mut faults)?;
    let includes = origin.includes(input, &mut faults)?;
    origin.named_apart(fields.as_deref(), &includes, &mut faults);
    let aggregates = origin.aggregates(input, &mut faults)?;
    let groups = origin.groups(fields.as_deref(), &aggregates, input, &mut faults)?;
    let order = match &groups {
        None => origin.order(input, &mut faults)?,
        Some(of) => origin.order_of_groups(&of.groups, input, &mut faults)?,
    };
    let mut take = |read: Result<_, Fault>| read.map_err(|fault| faults.push(fault)).ok();
    let limit = take(number("", input, "limit", 1..=MAX_LIMIT));
    let offset = take(number("", input, "offset", 0..=MAX_OFFSET));
    let is_distinct = flag(input, "distinct", &mut faults);
    let from = beginning(input, offset.flatten(), &mut faults);
    let selection = limit.map(|limit| Selection {
        order,
        fields,
        is_distinct,
        aggregates,
        groups,
        from,
        ..Selection::of(filter, limit.unwrap_or(DEFAULT_LIMIT))
    });
    Ok((finished(selection, faults)?, includes))
}

/// The key of a row, which of its fields are given, and what is loaded beside it.
pub(super) fn read_one(table: &Table, input: &Object) -> Result<(Selection, Vec<Inclusion>)> {
    let model = table.model();
    let mut faults = Vec::new();
    let key_names = model.key.fields.iter().map(AsRef::as_ref);
    let names: Vec<&str> = key_names.chain(["fields", "include"]).collect();
    only(&names, input, &mut faults);
    let origin = Origin::of(table);
    let key = required_key(model, "", input, &mut faults);
    let fields = origin.fields(input, &mut faults)?;
    let includes = origin.includes(input, &mut faults)?;
    origin.named_apart(fields.as_deref(), &includes, &mut faults);
    let key = finished(key, faults)?;
    let selection = Selection {
        fields,
        ..Selection::of(table.of_key(key)?, 1)
    };
    Ok((selection, includes))
}

/// The key of a row, and which page is asked for of what belongs to it.
pub(super) fn read_page_of_row(
    table: &Table,
    input: &Object,
) -> Result<(Vec<Value>, Beginning, usize)> {
    let model = table.model();
    let mut faults = Vec::new();
    let key_names = model.key.fields.iter().map(AsRef::as_ref);
    let names: Vec<&str> = key_names.chain(["limit", "after"]).collect();
    only(&names, input, &mut faults);
    let key = required_key(model, "", input, &mut faults);
    // A field of the key stands before a word of the same name.
    let words: Object = input
        .clone()
        .into_iter()
        .filter(|(name, _)| !model.key.contains(name))
        .collect();
    let limit = number("", &words, "limit", 1..=MAX_LIMIT).map_err(|fault| faults.push(fault));
    let from = beginning(&words, None, &mut faults);
    let limit = limit.ok().flatten().unwrap_or(DEFAULT_LIMIT);
    Ok((finished(key, faults)?, from, limit))
}

/// `filter`, and nothing else.
pub(super) fn only_filter(table: &Table, input: &Object) -> Result<Filter> {
    let mut faults = Vec::new();
    only(&["filter"], input, &mut faults);
    let origin = Origin::of(table);
    let filter = origin.filter(input, &mut faults)?;
    finished(Some(filter), faults)
}

/// The rows that a write is about where its input does not list them by the other word: `filter`, or
/// every row by `all`. A filter that tests nothing is taken for a mistake.
pub(super) fn chosen(
    table: &Table,
    other: &str,
    input: &Object,
    faults: &mut Vec<Fault>,
) -> Result<Option<Filter>> {
    let is_all = flag(input, "all", faults);
    let filter = Origin::of(table).filter(input, faults)?;
    let is_given = input.get("filter").is_some_and(|given| !given.is_null());
    let (name, code, detail) = match (is_all, is_given) {
        (true, false) => return Ok(Some(Filter::all())),
        (false, true) if !filter.condition().is_every_row() => return Ok(Some(filter)),
        (true, true) => {
            let detail = "cannot be given beside \"all\"".to_owned();
            ("filter", FaultCode::Unknown, detail)
        }
        (false, true) => {
            let detail = "tests nothing; say \"all\": true where every row is meant".to_owned();
            ("filter", FaultCode::Required, detail)
        }
        (false, false) => {
            let detail = "is required, or \"filter\", or \"all\": true".to_owned();
            (other, FaultCode::Required, detail)
        }
    };
    // A filter that could not be read was told of.
    if faults.is_empty() {
        faults.push(Fault::of_field(name, code, detail));
    }
    Ok(None)
}

fn flag(input: &Object, name: &str, faults: &mut Vec<Fault>) -> bool {
    match input.get(name) {
        None | Some(Json::Null) => false,
        Some(Json::Bool(value)) => *value,
        Some(_) => {
            faults.push(wrong_type(name, "must be true or false"));
            false
        }
    }
}

fn wrong_type(name: &str, detail: &'static str) -> Fault {
    Fault::of_field(name, FaultCode::Type, detail)
}

/// An error whose faults stand inside a place.
pub(super) fn inside(error: Error, parent: &str) -> Error {
    let mut faults = error.faults().to_vec();
    for fault in &mut faults {
        fault.pointer.insert_str(0, parent);
    }
    error.with_faults(faults)
}
