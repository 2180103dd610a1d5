//! Workflows and handlers: what there is, and running one.

use std::sync::Arc;

use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::Response;
use bytes::{BufMut, BytesMut};
use dataflow_core::error::closest;
use dataflow_core::node::{Form, Object};
use dataflow_core::value::parse_object;
use serde_json::{Value as Json, json};

use super::{body, negotiate, query, response};
use crate::http::{Problem, RequestId, context_of};
use crate::{Dispatch, Operation};

/// What a route of a workflow is prepared with.
pub(super) struct WorkflowRoute {
    dispatch: Dispatch,
    operation: Operation,
    body_limit: usize,
}

impl WorkflowRoute {
    pub(super) fn new(dispatch: Dispatch, operation: Operation, body_limit: usize) -> Arc<Self> {
        Arc::new(Self {
            dispatch,
            operation,
            body_limit,
        })
    }

    pub(super) async fn execute(self: Arc<Self>, request: Request) -> Result<Response, Problem> {
        let (parts, body) = request.into_parts();
        query::check_empty(parts.uri.query())?;
        negotiate::check_conditions(&parts.headers, negotiate::Conditions::None)?;
        negotiate::check_content(&parts.headers)?;
        let context = context_of(&parts, Form::Bytes);
        let text = body::read(body, self.body_limit).await?;
        let inputs = inputs_of(parse_object(&text)?)?;
        let called = self.dispatch.call(&self.operation, &context, inputs).await;
        let moved = |pointer: &str| Some(format!("/inputs{pointer}"));
        let answer = called.map_err(|error| error.with_pointers(moved))?;
        let outputs = answer.body.into_bytes();
        let run_id = RequestId::next();

        let mut text = BytesMut::with_capacity(outputs.len() + 64);
        text.put_slice(br#"{"outputs":"#);
        text.put(outputs);
        text.put_slice(br#","run_id":""#);
        text.put_slice(run_id.as_str().as_bytes());
        text.put_slice(br#""}"#);
        Ok(response::json(StatusCode::OK, text))
    }

    pub(super) async fn describe(self: Arc<Self>, request: Request) -> Result<Response, Problem> {
        query::check_empty(request.uri().query())?;
        let descriptor = self.operation.descriptor();
        let mut description = summary(&self.operation);
        description["input"] = descriptor.input().clone().into();
        description["output"] = descriptor.output().clone().into();
        Ok(response::json(StatusCode::OK, description.to_string()))
    }
}

/// Every workflow and handler, without their schemas.
pub(super) async fn list(dispatch: Dispatch, request: Request) -> Result<Response, Problem> {
    query::check_empty(request.uri().query())?;
    let summaries: Vec<Json> = dispatch.registry().workflows().map(summary).collect();
    let text = Json::Array(summaries).to_string();
    Ok(response::json(StatusCode::OK, text))
}

fn summary(operation: &Operation) -> Json {
    let descriptor = operation.descriptor();
    json!({
        "name": descriptor.name(),
        "description": descriptor.description(),
        "execute": format!("/workflows/{}/execute", descriptor.name()),
    })
}

/// The inputs in a request to run a workflow.
fn inputs_of(request: Object) -> Result<Object, Problem> {
    let mut inputs = Object::new();
    for (name, value) in request {
        match (name.as_str(), value) {
            ("inputs", Json::Object(given)) => inputs = given,
            ("inputs", _) => return Err(Problem::malformed("member \"inputs\" is not an object")),
            ("mode", Json::String(mode)) if mode == "sync" => {}
            ("mode", _) => {
                let problem =
                    Problem::malformed("member \"mode\" names a mode that does not exist here");
                return Err(problem.with_help("the one mode so far is \"sync\""));
            }
            (unknown, _) => return Err(unknown_member(unknown)),
        }
    }
    Ok(inputs)
}

fn unknown_member(name: &str) -> Problem {
    let problem =
        Problem::malformed("the body has a member that is neither \"inputs\" nor \"mode\"");
    match closest(name, ["inputs", "mode"]) {
        Some(nearest) => problem.with_help(format!("did you mean {nearest:?}?")),
        None => problem.with_help("put the inputs of the workflow into \"inputs\""),
    }
}
