//! From an input to an answer.

use dataflow_core::error::{Fault, FaultCode};
use dataflow_core::node::{Answer, Body, Form, ModelVerb, Object};
use dataflow_core::query::Inclusion;
use dataflow_core::{Error, Result, Value};
use serde_json::{Value as Json, json};

use super::selection::inside;
use super::tree::Tree;
use super::{input, rows, selection, trail};
use crate::collect::{JsonRows, Keyed, LastRow, Rendered};
use crate::table::{Given, Selection, Table, row_not_found};

/// The most rows that one relation leads to from the rows of a page.
const MOST_BESIDE: usize = 10_000;

/// Calls one operation.
pub(super) async fn call(
    table: &Table,
    verb: ModelVerb,
    form: Form,
    input: Object,
) -> Result<Answer> {
    match verb {
        ModelVerb::Create => create(table, form, &input).await,
        ModelVerb::Read => read(table, form, &input).await,
        ModelVerb::Update => update(table, form, &input).await,
        ModelVerb::Delete => delete(table, &input).await,
        ModelVerb::List => list(table, form, &input).await,
        ModelVerb::Count => count(table, form, &input).await,
        ModelVerb::Upsert => upsert(table, form, input).await,
        ModelVerb::BulkCreate => bulk_create(table, form, &input).await,
        ModelVerb::BulkUpdate => bulk_update(table, form, &input).await,
        ModelVerb::BulkDelete => bulk_delete(table, form, &input).await,
        ModelVerb::BulkUpsert => bulk_upsert(table, form, &input).await,
        ModelVerb::Restore => restore(table, form, &input).await,
        ModelVerb::Audit => trail::of_row(table, form, &input).await,
    }
}

async fn create(table: &Table, form: Form, input: &Object) -> Result<Answer> {
    let mut faults = Vec::new();
    let given = rows::new_row(table, "", input, &[], &mut faults);
    let given = input::finished(Some(given), faults)?;
    let rows = Keyed::of_one(table.model(), object(table, form));
    let (rendered, last) = table.create(given, rows).await?;
    let answer = Answer::new(rendered.body);
    Ok(match last.values {
        Some(noted) => created(table, answer, noted),
        None => answer,
    })
}

/// The answer with the key of the row that was created, and its version, which were noted of it.
fn created(table: &Table, answer: Answer, mut noted: Vec<Value>) -> Answer {
    let version = noted.split_off(table.model().key.fields.len()).pop();
    answer
        .with_version(as_version(version))
        .with_created(noted.iter().map(path_segment).collect())
}

async fn read(table: &Table, form: Form, input: &Object) -> Result<Answer> {
    if asks_for_some(table, input) {
        return read_some(table, form, input).await;
    }
    let key = input::key(table.model(), input)?;
    existing(table, table.read(key, one(table, form)).await?)
}

/// Whether a read asks for more or less than the row. Only a row that leads to others can.
fn asks_for_some(table: &Table, input: &Object) -> bool {
    let is_asked = |name: &str| !table.model().key.contains(name) && input.contains_key(name);
    (is_asked("fields") || is_asked("include")) && table.model().relation_names().next().is_some()
}

/// Some fields of a row, and rows beside it.
async fn read_some(table: &Table, form: Form, input: &Object) -> Result<Answer> {
    let (selection, includes) = selection::read_one(table, input)?;
    let fields = selection.fields.clone();
    let (loaded, _) = table.list_with(selection, &includes, MOST_BESIDE).await?;
    if loaded.rows().is_empty() {
        return Err(row_not_found(table.model()));
    }
    let tree = Tree {
        model: table.model(),
        fields: fields.as_deref(),
        includes: &includes,
    };
    Ok(Answer::new(tree.object(&loaded, form)?))
}

async fn update(table: &Table, form: Form, input: &Object) -> Result<Answer> {
    let mut faults = Vec::new();
    let change = rows::change(table, "", input, &mut faults);
    let change = input::finished(change, faults)?;
    existing(table, table.update(change, one(table, form)).await?)
}

async fn delete(table: &Table, input: &Object) -> Result<Answer> {
    let (key, version) = input::key_and_version(table.model(), input)?;
    match table.delete(key, version).await? {
        true => Ok(Answer::default()),
        false => Err(row_not_found(table.model())),
    }
}

async fn restore(table: &Table, form: Form, input: &Object) -> Result<Answer> {
    let key = input::key(table.model(), input)?;
    existing(table, table.restore(key, one(table, form)).await?)
}

async fn list(table: &Table, form: Form, input: &Object) -> Result<Answer> {
    let (selection, includes) = selection::read(table, input)?;
    if !includes.is_empty() {
        return list_with(table, form, selection, &includes).await;
    }
    listed(table, form, selection).await
}

/// The rows of a selection.
pub(super) async fn listed(table: &Table, form: Form, selection: Selection) -> Result<Answer> {
    let rows = array(table, form).with_columns(selection.columns(table.model()));
    let (rendered, next) = table.list(selection, rows).await?;
    let answer = Answer::new(rendered.body).with_rows(rendered.rows);
    Ok(answer.with_next(next))
}

/// Rows, and rows beside them.
async fn list_with(
    table: &Table,
    form: Form,
    selection: Selection,
    includes: &[Inclusion],
) -> Result<Answer> {
    let fields = selection.fields.clone();
    let (loaded, next) = table.list_with(selection, includes, MOST_BESIDE).await?;
    let tree = Tree {
        model: table.model(),
        fields: fields.as_deref(),
        includes,
    };
    let answer = Answer::new(tree.array(&loaded, form)?);
    Ok(answer.with_rows(loaded.rows().len()).with_next(next))
}

async fn count(table: &Table, form: Form, input: &Object) -> Result<Answer> {
    let filter = selection::only_filter(table, input)?;
    Ok(counted(table.count(filter).await?, form))
}

async fn upsert(table: &Table, form: Form, mut input: Object) -> Result<Answer> {
    let mut faults = Vec::new();
    let conflict = input::conflict_on(table, &input, &mut faults);
    input.shift_remove("conflict_on");
    let change = input.shift_remove("on_conflict");
    let change = change.filter(|change| !change.is_null());
    let change =
        change.map(|change| rows::changes_in(table, "on_conflict", Some(&change), &mut faults));
    let by = conflict.as_deref().unwrap_or_default();
    let given = rows::new_row(table, "", &input, by, &mut faults);
    let conflict = input::finished(conflict, faults)?;
    let into = object(table, form).telling_newness();
    let into = Keyed::of_upsert(table.model(), into);
    let upserted = match change {
        None => table.upsert(given, &conflict, into).await,
        Some(change) => {
            let upserted = table.create_or_update(given, change, &conflict, into);
            upserted.await
        }
    };
    let (rendered, last) = upserted?;
    let mut noted = last.values.unwrap_or_default();
    let is_new = noted.pop() == Some(Value::Bool(true));
    let answer = Answer::new(rendered.body);
    let answered = created(table, answer, noted);
    Ok(match is_new {
        true => answered,
        false => answered.without_created(),
    })
}

async fn bulk_create(table: &Table, form: Form, input: &Object) -> Result<Answer> {
    let mut faults = Vec::new();
    input::only(&["rows"], input, &mut faults);
    let given = new_rows(table, input, &[], &mut faults);
    let given = input::finished(Some(given), faults)?;
    let created = table
        .bulk_create(given.into_iter(), array(table, form))
        .await;
    Ok(Answer::new(created.map_err(in_rows)?.body))
}

async fn bulk_update(table: &Table, form: Form, input: &Object) -> Result<Answer> {
    if !input.contains_key("rows") {
        return update_where(table, form, input).await;
    }
    let mut faults = Vec::new();
    input::only(&["rows"], input, &mut faults);
    let items = input::items("rows", input, &mut faults);
    let changes = rows::each(items, &mut faults, |parent, row, faults| {
        rows::change(table, parent, row, faults)
    });
    let changes = input::finished(changes.into_iter().collect(), faults)?;
    let updated = table.bulk_update(changes, array(table, form)).await;
    Ok(Answer::new(updated.map_err(in_rows)?.body))
}

/// The other way of a bulk update: one change of all rows that a filter lets through.
async fn update_where(table: &Table, form: Form, input: &Object) -> Result<Answer> {
    let mut faults = Vec::new();
    input::only(&["rows", "filter", "all", "set"], input, &mut faults);
    let filter = selection::chosen(table, "rows", input, &mut faults)?;
    let changes = rows::changes_in(table, "set", input.get("set"), &mut faults);
    if faults.is_empty() && changes.is_none() {
        let detail = "must name at least one field";
        faults.push(Fault::of_field("set", FaultCode::Range, detail));
    }
    let filter = input::finished(filter, faults)?;
    let count = table.update_where(filter, changes).await;
    Ok(counted(count.map_err(|error| inside(error, "/set"))?, form))
}

async fn bulk_delete(table: &Table, form: Form, input: &Object) -> Result<Answer> {
    if !input.contains_key("ids") {
        let mut faults = Vec::new();
        input::only(&["ids", "filter", "all"], input, &mut faults);
        let filter = selection::chosen(table, "ids", input, &mut faults)?;
        let filter = input::finished(filter, faults)?;
        return Ok(counted(table.delete_where(filter).await?, form));
    }
    let keys = input::ids(table.model(), input)?;
    Ok(counted(table.bulk_delete(keys).await?, form))
}

async fn bulk_upsert(table: &Table, form: Form, input: &Object) -> Result<Answer> {
    let mut faults = Vec::new();
    input::only(&["rows", "conflict_on", "on_conflict"], input, &mut faults);
    let conflict = input::conflict_on(table, input, &mut faults);
    let by = conflict.as_deref().unwrap_or_default();
    let given = new_rows(table, input, by, &mut faults);
    let changes = rows::changes_of_each(table, "on_conflict", input, given.len(), &mut faults);
    let conflict = input::finished(conflict, faults)?;
    let into = array(table, form).telling_newness();
    let upserted = match changes {
        None => {
            let upserted = table.bulk_upsert(given, &conflict, into).await;
            upserted.map_err(in_rows)?
        }
        Some(changes) => {
            let given = given.into_iter().zip(changes).collect();
            let upserted = table.bulk_create_or_update(given, &conflict, into).await;
            upserted.map_err(in_rows_or_changes)?
        }
    };
    Ok(Answer::new(upserted.body))
}

/// As [`in_rows`], where the change of a row stands in a list of its own.
fn in_rows_or_changes(error: Error) -> Error {
    let mut faults = error.faults().to_vec();
    for fault in &mut faults {
        let place = fault.pointer.strip_prefix('/').unwrap_or_default();
        fault.pointer = match place.split_once("/change") {
            Some((row, rest)) => format!("/on_conflict/{row}{rest}"),
            None => format!("/rows{}", fault.pointer),
        };
    }
    error.with_faults(faults)
}

fn new_rows(
    table: &Table,
    input: &Object,
    conflict: &[usize],
    faults: &mut Vec<Fault>,
) -> Vec<Given> {
    let items = input::items("rows", input, faults);
    rows::each(items, faults, |parent, row, faults| {
        rows::new_row(table, parent, row, conflict, faults)
    })
}

pub(super) fn object(table: &Table, form: Form) -> JsonRows {
    JsonRows::object(table.model().clone(), form)
}

/// One row, with its version where it has one.
fn one(table: &Table, form: Form) -> Keyed<JsonRows> {
    Keyed::of_version(table.model(), object(table, form))
}

fn as_version(value: Option<Value>) -> Option<i64> {
    match value {
        Some(Value::Integer(version)) => Some(version),
        _ => None,
    }
}

fn array(table: &Table, form: Form) -> JsonRows {
    JsonRows::array(table.model().clone(), form)
}

/// The one row, or the error that there is none.
fn existing(table: &Table, (rendered, last): (Rendered, LastRow)) -> Result<Answer> {
    let mut noted = last.values.into_iter().flatten();
    match rendered.rows {
        0 => Err(row_not_found(table.model())),
        _ => Ok(Answer::new(rendered.body).with_version(as_version(noted.next()))),
    }
}

pub(super) fn counted(count: u64, form: Form) -> Answer {
    Answer::new(match form {
        Form::Bytes => Body::Bytes(format!(r#"{{"count":{count}}}"#).into()),
        Form::Value => Body::Value(json!({ "count": count })),
    })
}

/// A field of a key as it stands in a path, before percent-encoding.
fn path_segment(value: &Value) -> String {
    match value.to_json() {
        Json::String(text) => text,
        other => other.to_string(),
    }
}

/// The members of a bulk operation stand under `rows`.
fn in_rows(error: Error) -> Error {
    inside(error, "/rows")
}
