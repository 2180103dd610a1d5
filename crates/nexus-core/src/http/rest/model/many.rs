//! Many rows at once: those of a body, or those of a filter.

use std::sync::Arc;

use axum::extract::Request;
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::Response;
use dataflow_core::error::{Error, Fault, FaultCode};
use dataflow_core::node::{Form, Object};
use serde_json::Value as Json;

use super::{Answered, ModelRoute};
use crate::Operation;
use crate::http::rest::negotiate::{self, Conditions};
use crate::http::rest::{query, response};
use crate::http::{Problem, context_of};

/// The most rows that the body of one request holds.
const MOST_ROWS: usize = 1_000;

impl ModelRoute {
    /// Changes the rows of a body, or gives those of a filter the same values.
    pub(in crate::http::rest) async fn update_many(self: Arc<Self>, request: Request) -> Answered {
        let (parts, body) = request.into_parts();
        let query = parts.uri.query().unwrap_or_default();
        let input = query::rows_input(self.origin(), query)?;
        let body = self.read_json(&parts, body, Conditions::None).await?;
        let (mut input, set) = match (body, input) {
            (Json::Array(rows), None) => {
                let input = Object::from_iter([("rows".to_owned(), checked(rows)?.into())]);
                return self
                    .write(&parts, &self.operation, StatusCode::OK, "/rows", input)
                    .await;
            }
            (set @ Json::Object(_), Some(input)) => (input, set),
            (Json::Object(_), None) => return Err(query::no_rows()),
            (Json::Array(_), Some(_)) => {
                let detail = "the body names rows, and so does the query";
                return Err(Problem::malformed(detail));
            }
            _ => return Err(Problem::malformed("the body is no JSON object or array")),
        };
        input.insert("set".to_owned(), set);
        self.write(&parts, &self.operation, StatusCode::OK, "/set", input)
            .await
    }

    /// Removes the rows of a filter.
    pub(in crate::http::rest) async fn delete_many(self: Arc<Self>, request: Request) -> Answered {
        let (parts, _) = request.into_parts();
        negotiate::check_conditions(&parts.headers, Conditions::None)?;
        let query = parts.uri.query().unwrap_or_default();
        let input = query::rows_input(self.origin(), query)?;
        let input = input.ok_or_else(query::no_rows)?;
        let answer = self.call(&parts, input).await?;
        Ok(response::json(StatusCode::OK, answer.body.into_bytes()))
    }

    /// Creates the rows of a body, or creates some and changes the others.
    pub(super) async fn write_rows(
        &self,
        parts: &Parts,
        operation: &Operation,
        status: StatusCode,
        rows: Vec<Json>,
        mut input: Object,
    ) -> Answered {
        input.insert("rows".to_owned(), checked(rows)?.into());
        self.write(parts, operation, status, "/rows", input).await
    }

    /// Calls an operation whose input has the body under a name, so that is where its pointers begin.
    async fn write(
        &self,
        parts: &Parts,
        operation: &Operation,
        status: StatusCode,
        place: &str,
        input: Object,
    ) -> Result<Response, Problem> {
        let context = context_of(parts, Form::Bytes);
        let called = self.dispatch.call(operation, &context, input).await;
        let moved = |pointer: &str| pointer.strip_prefix(place).map(str::to_owned);
        let answer = called.map_err(|error| error.with_pointers(moved))?;
        Ok(response::json(status, answer.body.into_bytes()))
    }
}

/// The rows of a body, unless they are too many.
fn checked(rows: Vec<Json>) -> Result<Vec<Json>, Problem> {
    if rows.len() <= MOST_ROWS {
        return Ok(rows);
    }
    let detail = format!("one request writes at most {MOST_ROWS} rows");
    Err(Error::invalid(vec![Fault {
        pointer: String::new(),
        code: FaultCode::Range,
        detail: detail.into(),
    }])
    .into())
}
