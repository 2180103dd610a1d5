//! One tool call.

use axum::http::request::Parts;
use dataflow_core::error::{Error, Kind, Result};
use dataflow_core::node::{Answer, Context, Form};
use nexus_core::{Dispatch, Operation, http};
use rmcp::model::{CallToolResult, JsonObject};
use rmcp::service::{RequestContext, RoleServer};

use crate::failure;
use crate::output::Output;

/// Calls an operation; what goes wrong inside it is a result that the model reads.
pub(crate) async fn call(
    dispatch: &Dispatch,
    operation: &Operation,
    arguments: JsonObject,
    request: &RequestContext<RoleServer>,
) -> CallToolResult {
    match answer(dispatch, operation, arguments, request).await {
        Ok(answer) => {
            let shape = operation.descriptor().output();
            CallToolResult::structured(Output::of(operation).wrap(answer, shape))
        }
        Err(error) => failure::tool_result(&error),
    }
}

/// A client that hangs up cancels the call: its future is dropped.
async fn answer(
    dispatch: &Dispatch,
    operation: &Operation,
    arguments: JsonObject,
    request: &RequestContext<RoleServer>,
) -> Result<Answer> {
    let context = context_of(request);
    tokio::select! {
        answer = dispatch.call(operation, &context, arguments) => answer,
        () = request.ct.cancelled() => Err(Error::new(Kind::Timeout, "the client cancelled the call")),
    }
}

/// On whose behalf a request over HTTP calls.
pub(crate) fn context_of(request: &RequestContext<RoleServer>) -> Context {
    match request.extensions.get::<Parts>() {
        Some(parts) => http::context_of(parts, Form::Value),
        None => Context::new(Form::Value),
    }
}
