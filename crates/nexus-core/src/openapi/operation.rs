//! One endpoint as an OpenAPI operation.

mod model;
mod server;
mod workflow;

use serde_json::{Value as Json, json};

use super::tag;
use crate::http::{Action, Endpoint};

/// The operation object of an endpoint.
pub(super) fn describe(endpoint: &Endpoint) -> Json {
    match &endpoint.action {
        Action::Model(action, operation) => model::describe(action, operation),
        Action::WorkflowList => workflow::list(),
        Action::WorkflowDescribe(operation) => workflow::description(operation),
        Action::WorkflowExecute(operation) => workflow::execution(operation),
        Action::Live => server::live(&endpoint.path),
        Action::Ready => server::ready(&endpoint.path),
        Action::Metrics => server::metrics(),
        Action::Changes => server::changes(),
        Action::OpenApi => server::openapi(),
        Action::Docs => server::docs(),
    }
}

/// What is asked of the server and of nothing that is registered.
fn of_server(operation_id: &str, summary: &str, responses: Json) -> Json {
    json!({
        "operationId": operation_id,
        "summary": summary,
        "tags": [tag::SERVER],
        "responses": responses,
    })
}

fn request_body(schema: Json) -> Json {
    json!({"required": true, "content": {"application/json": {"schema": schema}}})
}

fn merge(target: &mut Json, more: Json) {
    if let (Json::Object(target), Json::Object(more)) = (target, more) {
        target.extend(more);
    }
}
