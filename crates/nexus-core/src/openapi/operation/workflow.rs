//! Workflows and handlers: what there is, and running one.

use dataflow_core::node::Shape;
use serde_json::{Value as Json, json};

use super::{merge, of_server, request_body};
use crate::Operation;
use crate::openapi::{parameter, responses, tag};

pub(super) fn list() -> Json {
    let list = json!({"type": "array", "items": summary(json!({}))});
    let responses = responses::json_body("200", "Names and descriptions.", list);
    of_server("workflows_list", "Every workflow and handler.", responses)
}

pub(super) fn description(operation: &Operation) -> Json {
    let schemas = json!({"input": {"type": "object"}, "output": {"type": "object"}});
    let description = summary(schemas);
    let responses = responses::json_body("200", "What it takes and gives.", description);
    of_workflow(operation, "describe", json!({"responses": responses}))
}

pub(super) fn execution(operation: &Operation) -> Json {
    let descriptor = operation.descriptor();
    let inputs: Json = descriptor.input().clone().into();
    let required = match descriptor.input().required_names().is_empty() {
        true => json!([]),
        false => json!(["inputs"]),
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
    let rest = json!({
        "requestBody": request_body(body),
        "responses": responses::json_body("200", "What it gave.", outputs.into()),
    });
    let mut described = of_workflow(operation, "execute", rest);
    parameter::add_wait(&mut described);
    described
}

fn of_workflow(operation: &Operation, action: &str, rest: Json) -> Json {
    let mut described = json!({
        "operationId": format!("{}_{action}", operation.name()),
        "summary": operation.descriptor().description(),
        "tags": [tag::WORKFLOWS],
    });
    merge(&mut described, rest);
    described
}

fn summary(more: Json) -> Json {
    let mut properties = json!({
        "name": {"type": "string"},
        "description": {"type": "string"},
        "execute": {"type": "string"},
    });
    merge(&mut properties, more);
    json!({"type": "object", "properties": properties})
}
