//! From endpoints to what axum routes to.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::http::{Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodFilter, MethodRouter, on};
use dataflow_core::error::closest;

use super::changes::ChangesRoute;
use super::endpoint::{AUDIT, ROWS, WORKFLOWS, path_of_rows};
use super::health::{self, Readiness};
use super::measure::Measured;
use super::model::ModelRoute;
use super::workflow::{self, WorkflowRoute};
use super::{Action, Endpoint, ModelAction, docs, negotiate, response};
use crate::http::Problem;
use crate::metrics::Recorder;
use crate::openapi::Document;
use crate::{Dispatch, Operation, Registry};

/// What the handlers of all routes have in common.
pub(super) struct Shared {
    pub(super) dispatch: Dispatch,
    pub(super) body_limit: usize,
    pub(super) recorder: Option<Recorder>,
    pub(super) readiness: Arc<Readiness>,
    pub(super) changes: Arc<ChangesRoute>,
    pub(super) document: Arc<Document>,
}

impl Shared {
    /// A router of endpoints. Its handlers are made into services once, and not for every request.
    pub(super) fn router(&self, endpoints: &[Endpoint]) -> Router {
        let dispatch = self.dispatch.clone();
        let mut router = Router::new();
        for (path, methods) in self.method_routers(endpoints) {
            router = router.route(path, methods);
        }
        router
            .method_not_allowed_fallback(other_method)
            .fallback(move |uri: Uri| no_such_route(dispatch.clone(), uri))
            .with_state(())
    }

    /// The methods of each path, together: adding a path to a router costs more than a method.
    fn method_routers<'a>(&self, endpoints: &'a [Endpoint]) -> Vec<(&'a str, MethodRouter)> {
        let mut routers: Vec<(&str, MethodRouter)> = Vec::new();
        let mut positions: HashMap<&str, usize> = HashMap::new();
        for endpoint in endpoints {
            let mut methods = self.method_router(endpoint);
            if self.recorder.is_some() {
                methods = methods.layer(Measured::new(&endpoint.path));
            }
            match positions.entry(&endpoint.pattern) {
                Entry::Occupied(position) => {
                    let (_, others) = &mut routers[*position.get()];
                    *others = std::mem::take(others).merge(methods);
                }
                Entry::Vacant(position) => {
                    position.insert(routers.len());
                    routers.push((&endpoint.pattern, methods));
                }
            }
        }
        routers
    }

    fn method_router(&self, endpoint: &Endpoint) -> MethodRouter {
        let filter = MethodFilter::try_from(endpoint.method.clone())
            .expect("endpoints have the methods of HTTP");
        let workflow = |operation: &Operation| {
            WorkflowRoute::new(self.dispatch.clone(), operation.clone(), self.body_limit)
        };
        match &endpoint.action {
            Action::Model(action, operation) => self.on_model(filter, action, operation),
            Action::WorkflowList => on_json(filter, self.dispatch.clone(), workflow::list),
            Action::WorkflowDescribe(operation) => {
                on_json(filter, workflow(operation), WorkflowRoute::describe)
            }
            Action::WorkflowExecute(operation) => {
                on_json(filter, workflow(operation), WorkflowRoute::execute)
            }
            Action::Live => on(filter, health::live),
            Action::Ready => {
                let readiness = Arc::clone(&self.readiness);
                on(filter, move || Arc::clone(&readiness).ready())
            }
            Action::Metrics => {
                let recorder = self.recorder.clone();
                on(filter, async move || metrics(recorder.as_ref()))
            }
            Action::Changes => {
                let changes = Arc::clone(&self.changes);
                on(filter, move |request: Request| {
                    Arc::clone(&changes).follow(request)
                })
            }
            Action::OpenApi => {
                let document = Arc::clone(&self.document);
                on(filter, async move |request: Request| {
                    document.answer(request.headers())
                })
            }
            Action::Docs => on(filter, docs::page),
        }
    }

    fn on_model(
        &self,
        filter: MethodFilter,
        action: &ModelAction,
        operation: &Operation,
    ) -> MethodRouter {
        let route = ModelRoute::new(self.dispatch.clone(), operation.clone(), self.body_limit);
        match action {
            ModelAction::List { count } => {
                let count = count.clone();
                on_json(filter, route, move |route, request| {
                    route.list(count.clone(), request)
                })
            }
            ModelAction::Create(others) => {
                let others = others.clone();
                on_json(filter, route, move |route, request| {
                    route.create(others.clone(), request)
                })
            }
            ModelAction::UpdateMany => on_json(filter, route, ModelRoute::update_many),
            ModelAction::DeleteMany => on_json(filter, route, ModelRoute::delete_many),
            ModelAction::Read => on_json(filter, route, ModelRoute::read),
            ModelAction::Replace => on_json(filter, route, ModelRoute::replace),
            ModelAction::Update => on_json(filter, route, ModelRoute::update),
            ModelAction::Delete => on_json(filter, route, ModelRoute::delete),
            ModelAction::Restore => on_json(filter, route, ModelRoute::restore),
            ModelAction::Audit => on_json(filter, route, ModelRoute::audit),
        }
    }
}

/// A method whose answers are JSON, with what its route was prepared with.
fn on_json<State, Handler, Answer>(
    filter: MethodFilter,
    state: State,
    handler: Handler,
) -> MethodRouter
where
    State: Clone + Send + Sync + 'static,
    Handler: Fn(State, Request) -> Answer + Clone + Send + Sync + 'static,
    Answer: Future<Output = Result<Response, Problem>> + Send,
{
    on(filter, async move |request: Request| {
        negotiate::check_accept(request.headers())?;
        handler(state, request).await
    })
}

/// OPTIONS asks what a path takes, which axum adds as the Allow header; other methods are refused.
async fn other_method(method: Method) -> Response {
    if method == Method::OPTIONS {
        response::empty(StatusCode::NO_CONTENT)
    } else {
        Problem::method_not_allowed().into_response()
    }
}

async fn no_such_route(dispatch: Dispatch, uri: Uri) -> Problem {
    let path = uri.path();
    let problem = Problem::no_such_route();
    match path.strip_suffix(AUDIT) {
        Some(row) if row.starts_with(ROWS) => problem.with_help(
            "what was done to rows is shown of models that are declared #[model(audit)], where audit_at_doors is on",
        ),
        _ => match meant(dispatch.registry(), path) {
            Some(meant) => problem.with_help(format!("did you mean {meant}?")),
            None => problem,
        },
    }
}

/// The path of rows or of a workflow that is near to one that leads nowhere.
fn meant(registry: &Registry, path: &str) -> Option<String> {
    let meant = match path.strip_prefix(WORKFLOWS) {
        Some(rest) => {
            let names = registry.workflows().map(Operation::name);
            format!("{WORKFLOWS}{}", closest(first_segment(rest), names)?)
        }
        None => {
            let table = first_segment(path.strip_prefix(ROWS).unwrap_or(&path[1..]));
            let models = registry.models().iter();
            let paths: Vec<String> = models.map(|model| path_of_rows(model.schema())).collect();
            let tables = paths.iter().filter_map(|path| path.strip_prefix(ROWS));
            format!("{ROWS}{}", closest(table, tables)?)
        }
    };
    // What stands below it is at fault, and not the name.
    let is_below = path.strip_prefix(&meant).is_some_and(|rest| rest.len() > 1);
    (!is_below).then_some(meant)
}

fn first_segment(path: &str) -> &str {
    path.split('/').next().unwrap_or_default()
}

fn metrics(recorder: Option<&Recorder>) -> Result<Response, Problem> {
    let Some(recorder) = recorder else {
        return Err(Problem::no_such_route().with_help("turn enable_metrics on"));
    };
    let media_type = "text/plain; version=0.0.4";
    Ok(response::with_type(
        StatusCode::OK,
        media_type,
        recorder.render(),
    ))
}
