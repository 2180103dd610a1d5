//! What is done with the rows of a model.

use dataflow_core::ModelSchema;
use serde_json::{Value as Json, json};

use super::{merge, request_body};
use crate::Operation;
use crate::http::{Creations, ModelAction};
use crate::openapi::components::{name_of_changes, name_of_new, reference};
use crate::openapi::{parameter, responses, tag};

pub(super) fn describe(action: &ModelAction, operation: &Operation) -> Json {
    let (model_schema, _) = operation
        .model()
        .expect("an endpoint of a model has its operation");
    let mut described = json!({
        "operationId": operation.name(),
        "summary": operation.descriptor().description(),
        "tags": [tag::of_model(model_schema)],
    });
    let rest = match action {
        ModelAction::List { .. } => list(model_schema),
        ModelAction::Create(others) => create(model_schema, others),
        ModelAction::UpdateMany => update_many(model_schema, operation),
        ModelAction::DeleteMany => delete_many(model_schema),
        ModelAction::Read => read(model_schema),
        ModelAction::Replace => replace(model_schema),
        ModelAction::Update => change(model_schema),
        ModelAction::Delete => delete(model_schema),
        ModelAction::Restore => restore(model_schema),
        ModelAction::Audit => audit(model_schema, operation),
    };
    merge(&mut described, rest);
    parameter::add_wait(&mut described);
    described
}

fn list(model_schema: &ModelSchema) -> Json {
    let description = "A page of rows; the Link header leads to the next.";
    let rows = json!({"type": "array", "items": row(model_schema)});
    json!({
        "parameters": parameter::of_list(model_schema),
        "responses": responses::json_body("200", description, rows),
    })
}

fn create(model_schema: &ModelSchema, others: &Creations) -> Json {
    let new = reference(&name_of_new(model_schema));
    let (body, created) = match others.many {
        Some(_) => (one_or_many(&new), one_or_many(&row(model_schema))),
        None => (new, row(model_schema)),
    };
    match &others.upsert {
        Some(upsert) => create_or_merge(body, created, upsert),
        None => json!({
            "requestBody": request_body(body),
            "responses": responses::json_body("201", CREATED, created),
        }),
    }
}

/// What a creation gives.
const CREATED: &str = "The new row, or rows.";

fn create_or_merge(body: Json, created: Json, upsert: &Operation) -> Json {
    let merged = "Where duplicates are merged: the row that was there, or rows.";
    let upserted = one_or_many(&upsert.descriptor().output().clone().into());
    let new = json!({"anyOf": [created, upserted]});
    let mut given = responses::json_body("201", CREATED, new);
    given["200"] = responses::json_body("200", merged, upserted)["200"].take();
    json!({
        "parameters": parameter::of_creation(),
        "requestBody": request_body(body),
        "responses": given,
    })
}

fn update_many(model_schema: &ModelSchema, operation: &Operation) -> Json {
    let description = "The rows of the body as they are now, or how many the query named.";
    let input = Json::from(operation.descriptor().input().clone());
    let rows = &input["properties"]["rows"];
    let written = json!({"type": "array", "items": row(model_schema)});
    let body = json!({"oneOf": [reference(&name_of_changes(model_schema)), rows]});
    let given = json!({"oneOf": [written, count()]});
    json!({
        "parameters": parameter::of_rows(model_schema),
        "requestBody": request_body(body),
        "responses": responses::json_body("200", description, given),
    })
}

fn delete_many(model_schema: &ModelSchema) -> Json {
    json!({
        "parameters": parameter::of_rows(model_schema),
        "responses": responses::json_body("200", "How many rows are gone.", count()),
    })
}

fn read(model_schema: &ModelSchema) -> Json {
    let mut given = responses::json_body("200", "The row.", row(model_schema));
    given["304"] = json!({"description": "The row is still the one that If-None-Match names."});
    json!({"parameters": parameter::of_read(model_schema), "responses": given})
}

fn replace(model_schema: &ModelSchema) -> Json {
    let summary = "Replaces one row: what the body leaves out becomes what a new row would hold.";
    let mut replace = change(model_schema);
    replace["operationId"] = format!("{}_replace", model_schema.noun()).into();
    replace["summary"] = summary.into();
    replace
}

fn change(model_schema: &ModelSchema) -> Json {
    let changes = reference(&name_of_changes(model_schema));
    json!({
        "parameters": parameter::of_change(model_schema),
        "requestBody": request_body(changes),
        "responses": responses::json_body("200", "The row as it is now.", row(model_schema)),
    })
}

fn delete(model_schema: &ModelSchema) -> Json {
    json!({
        "parameters": parameter::of_change(model_schema),
        "responses": responses::no_body("204", "The row is gone."),
    })
}

fn restore(model_schema: &ModelSchema) -> Json {
    json!({
        "parameters": parameter::key(model_schema),
        "responses": responses::json_body("200", "The row, as it was.", row(model_schema)),
    })
}

fn audit(model_schema: &ModelSchema, operation: &Operation) -> Json {
    let description = "A page of what was done; the Link header leads to the next.";
    let entries = operation.descriptor().output().clone().into();
    json!({
        "parameters": parameter::of_audit(model_schema),
        "responses": responses::json_body("200", description, entries),
    })
}

fn row(model_schema: &ModelSchema) -> Json {
    reference(&model_schema.name)
}

fn count() -> Json {
    json!({
        "type": "object",
        "properties": {"count": {"type": "integer"}},
        "required": ["count"],
    })
}

fn one_or_many(schema: &Json) -> Json {
    json!({"oneOf": [schema, {"type": "array", "items": schema}]})
}
