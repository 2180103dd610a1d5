//! The rows of one model: from path, query and body to a node's object, and back.

mod many;
mod page;
mod whole;

use std::sync::Arc;

use axum::body::Body;
use axum::extract::Request;
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use dataflow_core::ModelSchema;
use dataflow_core::error::{Error, Fault, FaultCode};
use dataflow_core::node::{Answer, Form, Object};
use dataflow_core::value::parse_value;
use serde_json::Value as Json;

use super::endpoint::Creations;
use super::negotiate::{self, Conditions};
use super::prefer::{self, Resolution};
use super::{body, endpoint, fresh, key, query, response, version};
use crate::http::{Problem, context_of};
use crate::{Dispatch, Operation};
use page::{Begins, page};

/// What a route of a model is prepared with, so that a request looks nothing up.
pub(super) struct ModelRoute {
    dispatch: Dispatch,
    operation: Operation,
    rows_path: String,
    body_limit: usize,
}

type Answered = Result<Response, Problem>;

impl ModelRoute {
    pub(super) fn new(dispatch: Dispatch, operation: Operation, body_limit: usize) -> Arc<Self> {
        let (model_schema, _) = operation
            .model()
            .expect("a route of a model has its operation");
        Arc::new(Self {
            rows_path: endpoint::path_of_rows(model_schema),
            dispatch,
            operation,
            body_limit,
        })
    }

    pub(super) async fn list(
        self: Arc<Self>,
        count: Option<Operation>,
        request: Request,
    ) -> Answered {
        let (parts, _) = request.into_parts();
        let query = parts.uri.query().unwrap_or_default();
        let input = query::list_input(self.origin(), query)?;
        let begins = Begins::of(&input);
        let counted = count.filter(|_| prefer::wants_count(&parts.headers));
        let counted = counted.zip(query::of_count(&input));
        let answer = self.call(&parts, input).await?;
        let Some((count, input)) = counted else {
            return Ok(page(&self.rows_path, query, begins, None, answer));
        };
        let context = context_of(&parts, Form::Value);
        let total = self.dispatch.call(&count, &context, input).await?;
        let total = total.body.into_value()["count"].as_u64();
        let page = page(&self.rows_path, query, begins, total, answer);
        Ok(prefer::applied(page, "count=exact"))
    }

    pub(super) async fn create(self: Arc<Self>, others: Creations, request: Request) -> Answered {
        let (parts, body) = request.into_parts();
        let resolution = prefer::resolution(&parts.headers)?;
        let conflict = match resolution {
            Resolution::Refuse => query::check_empty(parts.uri.query()).map(|()| Object::new()),
            Resolution::Merge => query::conflict_input(parts.uri.query()),
        }?;
        let body = self.read_json(&parts, body, Conditions::None).await?;
        let (one, many, status) = match resolution {
            Resolution::Refuse => {
                let one = Some(self.operation.clone());
                (one, others.many, StatusCode::CREATED)
            }
            Resolution::Merge => (others.upsert, others.upsert_many, StatusCode::OK),
        };
        let response = match (body, one, many) {
            (Json::Object(mut input), Some(one), _) => {
                input.extend(conflict);
                self.create_one(&parts, &one, status, input).await
            }
            (Json::Array(rows), _, Some(many)) => {
                self.write_rows(&parts, &many, status, rows, conflict).await
            }
            _ => return Err(Problem::malformed("the body is not a JSON object")),
        }?;
        Ok(match resolution {
            Resolution::Refuse => response,
            Resolution::Merge => prefer::applied(response, "resolution=merge-duplicates"),
        })
    }

    /// Creates a row, unless the operation finds one that it changes, which has another status.
    async fn create_one(
        &self,
        parts: &Parts,
        operation: &Operation,
        otherwise: StatusCode,
        input: Object,
    ) -> Answered {
        let context = context_of(parts, Form::Bytes);
        let answer = self.dispatch.call(operation, &context, input).await?;
        let status = match answer.created {
            Some(_) => StatusCode::CREATED,
            None => otherwise,
        };
        let location = answer
            .created
            .map(|key| format!("{}/{}", self.rows_path, key::segment(&key)));
        let response = response::json(status, answer.body.into_bytes());
        let mut response = version::tag(response, answer.version);
        if let Some(location) = location {
            response
                .headers_mut()
                .insert(header::LOCATION, header_of(&location));
        }
        Ok(response)
    }

    pub(super) async fn read(self: Arc<Self>, request: Request) -> Answered {
        let (parts, _) = request.into_parts();
        let mut input = self.key_object(&parts)?;
        query::add_to_read(self.origin(), parts.uri.query(), &mut input)?;
        let answer = self.call(&parts, input).await?;
        Ok(fresh::row(&parts.headers, answer))
    }

    pub(super) async fn update(self: Arc<Self>, request: Request) -> Answered {
        let (parts, input) = self.changes(request).await?;
        Ok(row(self.call(&parts, input).await?))
    }

    pub(super) async fn replace(self: Arc<Self>, request: Request) -> Answered {
        let (parts, mut input) = self.changes(request).await?;
        whole::complete(self.model_schema(), &mut input)?;
        Ok(row(self.call(&parts, input).await?))
    }

    pub(super) async fn delete(self: Arc<Self>, request: Request) -> Answered {
        let (parts, _) = request.into_parts();
        query::check_empty(parts.uri.query())?;
        negotiate::check_conditions(&parts.headers, self.conditions())?;
        let mut input = self.key_object(&parts)?;
        version::expect(self.model_schema(), &parts.headers, &mut input)?;
        self.call(&parts, input).await?;
        Ok(response::empty(StatusCode::NO_CONTENT))
    }

    pub(super) async fn restore(self: Arc<Self>, request: Request) -> Answered {
        let (parts, _) = request.into_parts();
        query::check_empty(parts.uri.query())?;
        let path = parts.uri.path();
        let input = self.key_in(path.strip_suffix(endpoint::RESTORE).unwrap_or(path))?;
        let answer = self.call(&parts, input).await?;
        Ok(row(answer))
    }

    pub(super) async fn audit(self: Arc<Self>, request: Request) -> Answered {
        let (parts, _) = request.into_parts();
        let (path, query) = (parts.uri.path(), parts.uri.query().unwrap_or_default());
        let mut input = self.key_in(path.strip_suffix(endpoint::AUDIT).unwrap_or(path))?;
        let words = query::page_input(query)?;
        let begins = Begins::of(&words);
        // A field of the key stands before a word of the same name.
        for (name, value) in words {
            input.entry(name).or_insert(value);
        }
        let answer = self.call(&parts, input).await?;
        Ok(page(path, query, begins, None, answer))
    }

    /// The model that the names in a query are of.
    fn origin(&self) -> query::Origin<'_> {
        query::Origin::of(self.dispatch.registry(), self.model_schema())
    }

    fn model_schema(&self) -> &ModelSchema {
        let (model_schema, _) = self
            .operation
            .model()
            .expect("checked when the route was made");
        model_schema
    }

    /// What a change of one row may depend on.
    fn conditions(&self) -> Conditions {
        match self.model_schema().version() {
            Some(_) => Conditions::Version,
            None => Conditions::None,
        }
    }

    async fn call(&self, parts: &Parts, input: Object) -> Result<Answer, Problem> {
        let context = context_of(parts, Form::Bytes);
        Ok(self.dispatch.call(&self.operation, &context, input).await?)
    }

    /// The key in the path, as a node takes it.
    fn key_object(&self, parts: &Parts) -> Result<Object, Problem> {
        self.key_in(parts.uri.path())
    }

    /// The key in the path of a row.
    fn key_in(&self, path: &str) -> Result<Object, Problem> {
        // The router matched two segments, of which the second is the key.
        let (_, segment) = path.rsplit_once('/').unwrap_or_default();
        key::object(self.model_schema(), segment)
    }

    /// The fields to change and the key, which the body may repeat but not contradict.
    async fn changes(&self, request: Request) -> Result<(Parts, Object), Problem> {
        let (parts, body) = request.into_parts();
        query::check_empty(parts.uri.query())?;
        let mut input = self.key_object(&parts)?;
        let body = self.read_json(&parts, body, self.conditions()).await?;
        let Json::Object(changes) = body else {
            return Err(Problem::malformed("the body is not a JSON object"));
        };
        for (name, value) in changes {
            match input.get(&name) {
                Some(key) if *key != value => {
                    let detail = "is not the key in the path, and a key does not change";
                    let fault = Fault::of_field(&name, FaultCode::Reference, detail);
                    return Err(Error::invalid(vec![fault]).into());
                }
                _ => {
                    input.insert(name, value);
                }
            }
        }
        version::expect(self.model_schema(), &parts.headers, &mut input)?;
        Ok((parts, input))
    }

    async fn read_json(
        &self,
        parts: &Parts,
        body: Body,
        conditions: Conditions,
    ) -> Result<Json, Problem> {
        negotiate::check_conditions(&parts.headers, conditions)?;
        negotiate::check_content(&parts.headers)?;
        let text = body::read(body, self.body_limit).await?;
        Ok(parse_value(&text)?)
    }
}

/// One row, with its version where it has one.
fn row(answer: Answer) -> Response {
    let response = response::json(StatusCode::OK, answer.body.into_bytes());
    version::tag(response, answer.version)
}

fn header_of(text: &str) -> HeaderValue {
    HeaderValue::from_str(text).expect("percent-encoded text and digits fit a header")
}
