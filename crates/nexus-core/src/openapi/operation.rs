//! One endpoint as an OpenAPI operation.

use dataflow_core::ModelSchema;
use dataflow_core::node::Shape;
use serde_json::{Value as Json, json};

use super::components::{name_of_changes, name_of_new, reference};
use super::{parameter, responses};
use crate::Operation;
use crate::http::{Action, Endpoint};

/// The operation object of an endpoint.
pub(super) fn describe(endpoint: &Endpoint) -> Json {
    let mut operation = match &endpoint.action {
        Action::ModelList(operation, _) => of_model(operation, |model_schema| {
            let rows = json!({"type": "array", "items": reference(&model_schema.name)});
            json!({
                "parameters": parameter::of_list(model_schema),
                "responses": responses::json_body("200", "A page of rows; the Link header leads to the next.", rows),
            })
        }),
        Action::ModelCreate(operation, others) => of_model(operation, |model_schema| {
            let new = reference(&name_of_new(model_schema));
            let row = reference(&model_schema.name);
            let (body, created) = match others.many {
                Some(_) => (one_or_many(&new), one_or_many(&row)),
                None => (new, row),
            };
            let Some(upsert) = &others.upsert else {
                return json!({
                    "requestBody": request_body(body),
                    "responses": responses::json_body("201", "The new row, or rows.", created),
                });
            };
            let upserted = one_or_many(&upsert.descriptor().output().clone().into());
            let new = json!({"anyOf": [created, upserted]});
            let mut given = responses::json_body("201", "The new row, or rows.", new);
            let merged = "Where duplicates are merged: the row that was there, or rows.";
            given["200"] = responses::json_body("200", merged, upserted)["200"].take();
            json!({
                "parameters": parameter::of_creation(),
                "requestBody": request_body(body),
                "responses": given,
            })
        }),
        Action::ModelUpdateMany(operation) => of_model(operation, |model_schema| {
            let input = Json::from(operation.descriptor().input().clone());
            let rows = &input["properties"]["rows"];
            let written = json!({"type": "array", "items": reference(&model_schema.name)});
            json!({
                "parameters": parameter::of_rows(model_schema),
                "requestBody": request_body(json!({"oneOf": [reference(&name_of_changes(model_schema)), rows]})),
                "responses": responses::json_body(
                    "200",
                    "The rows of the body as they are now, or how many the query named.",
                    json!({"oneOf": [written, count()]}),
                ),
            })
        }),
        Action::ModelDeleteMany(operation) => of_model(operation, |model_schema| {
            json!({
                "parameters": parameter::of_rows(model_schema),
                "responses": responses::json_body("200", "How many rows are gone.", count()),
            })
        }),
        Action::ModelRead(operation) => of_model(operation, |model_schema| {
            let mut given = responses::json_body("200", "The row.", reference(&model_schema.name));
            given["304"] =
                json!({"description": "The row is still the one that If-None-Match names."});
            json!({"parameters": parameter::of_read(model_schema), "responses": given})
        }),
        Action::ModelReplace(operation) => of_model(operation, |model_schema| {
            let mut replace = change(model_schema);
            replace["operationId"] = format!("{}_replace", model_schema.noun()).into();
            replace["summary"] =
                "Replaces one row: what the body leaves out becomes what a new row would hold."
                    .into();
            replace
        }),
        Action::ModelUpdate(operation) => of_model(operation, change),
        Action::ModelDelete(operation) => of_model(operation, |model_schema| {
            json!({
                "parameters": parameter::of_change(model_schema),
                "responses": responses::no_body("204", "The row is gone."),
            })
        }),
        Action::ModelRestore(operation) => of_model(operation, |model_schema| {
            json!({
                "parameters": parameter::key(model_schema),
                "responses": responses::json_body("200", "The row, as it was.", reference(&model_schema.name)),
            })
        }),
        Action::ModelAudit(operation) => of_model(operation, |model_schema| {
            let entries = operation.descriptor().output().clone();
            json!({
                "parameters": parameter::of_audit(model_schema),
                "responses": responses::json_body("200", "A page of what was done; the Link header leads to the next.", entries.into()),
            })
        }),
        Action::WorkflowList => {
            let item = workflow_summary(json!({}));
            let list = json!({"type": "array", "items": item});
            of_server(
                "workflows_list",
                "Every workflow and handler.",
                responses::json_body("200", "Names and descriptions.", list),
            )
        }
        Action::WorkflowDescribe(operation) => of_workflow(
            operation,
            "describe",
            json!({
                "responses": responses::json_body("200", "What it takes and gives.", workflow_summary(json!({
                    "input": {"type": "object"},
                    "output": {"type": "object"},
                }))),
            }),
        ),
        Action::WorkflowExecute(operation) => {
            of_workflow(operation, "execute", execution(operation))
        }
        Action::Live => of_server(
            "live",
            "Whether the process lives.",
            responses::json_body("200", "It does.", status()),
        ),
        Action::Ready => of_server(
            "ready",
            "Whether calls would be answered.",
            responses::json_body("200", "They would.", status()),
        ),
        Action::Metrics => of_server(
            "metrics",
            "Series in the text format of Prometheus.",
            responses::body_of("200", "All series.", "text/plain"),
        ),
        Action::Changes => {
            let mut changes = of_server(
                "changes",
                "What is done to rows, as server-sent events without an end.",
                responses::body_of("200", "A change after another.", "text/event-stream"),
            );
            changes["parameters"] = parameter::of_changes();
            changes
        }
        Action::OpenApi => of_server(
            "openapi",
            "This document.",
            responses::json_body("200", "The document.", json!({"type": "object"})),
        ),
    };
    // Two paths lead to each probe, and an operation id stands for one of them.
    if endpoint.path.ends_with('z') && matches!(endpoint.action, Action::Live | Action::Ready) {
        operation["operationId"] = endpoint.path[1..].into();
    }
    operation
}

fn of_model(operation: &Operation, describe: impl Fn(&ModelSchema) -> Json) -> Json {
    let (model_schema, _) = operation
        .model()
        .expect("an endpoint of a model has its operation");
    let mut described = json!({
        "operationId": operation.name(),
        "summary": operation.descriptor().description(),
        "tags": [model_schema.table.to_string()],
    });
    merge(&mut described, describe(model_schema));
    described
}

fn of_workflow(operation: &Operation, action: &str, rest: Json) -> Json {
    let mut described = json!({
        "operationId": format!("{}_{action}", operation.name()),
        "summary": operation.descriptor().description(),
        "tags": ["workflows"],
    });
    merge(&mut described, rest);
    described
}

fn of_server(operation_id: &str, summary: &str, responses: Json) -> Json {
    json!({
        "operationId": operation_id,
        "summary": summary,
        "tags": ["server"],
        "responses": responses,
    })
}

fn count() -> Json {
    json!({
        "type": "object",
        "properties": {"count": {"type": "integer"}},
        "required": ["count"],
    })
}

fn change(model_schema: &ModelSchema) -> Json {
    json!({
        "parameters": parameter::of_change(model_schema),
        "requestBody": request_body(reference(&name_of_changes(model_schema))),
        "responses": responses::json_body("200", "The row as it is now.", reference(&model_schema.name)),
    })
}

fn execution(operation: &Operation) -> Json {
    let descriptor = operation.descriptor();
    let inputs: Json = descriptor.input().clone().into();
    let needs_inputs = !descriptor.input().required_names().is_empty();
    let required = if needs_inputs {
        json!(["inputs"])
    } else {
        json!([])
    };
    let body = json!({
        "type": "object",
        "properties": {
            "inputs": inputs,
            "mode": {"type": "string", "enum": ["sync"], "default": "sync"},
        },
        "required": required,
        "additionalProperties": false,
    });
    let outputs = Shape::object()
        .required("outputs", descriptor.output().clone())
        .required("run_id", Shape::string());
    json!({
        "requestBody": request_body(body),
        "responses": responses::json_body("200", "What it gave.", outputs.into()),
    })
}

fn workflow_summary(more: Json) -> Json {
    let mut properties = json!({
        "name": {"type": "string"},
        "description": {"type": "string"},
        "execute": {"type": "string"},
    });
    merge(&mut properties, more);
    json!({"type": "object", "properties": properties})
}

fn status() -> Json {
    json!({"type": "object", "properties": {"status": {"type": "string"}}})
}

fn request_body(schema: Json) -> Json {
    json!({"required": true, "content": {"application/json": {"schema": schema}}})
}

fn one_or_many(schema: &Json) -> Json {
    json!({"oneOf": [schema, {"type": "array", "items": schema}]})
}

fn merge(target: &mut Json, more: Json) {
    if let (Json::Object(target), Json::Object(more)) = (target, more) {
        target.extend(more);
    }
}
