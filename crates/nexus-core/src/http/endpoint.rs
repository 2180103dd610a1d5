//! Every method of every path, as one list: the router and the OpenAPI document are made from it.

use axum::http::Method;
use dataflow_core::ModelSchema;
use dataflow_core::node::ModelVerb;

use super::percent;
use crate::{Operation, Registry};

/// One method of one path.
#[derive(Clone)]
pub(crate) struct Endpoint {
    /// The path as axum and OpenAPI write it: `/api/users/{id}`.
    pub(crate) path: String,
    pub(crate) method: Method,
    pub(crate) action: Action,
}

/// What is done there.
#[derive(Clone)]
pub(crate) enum Action {
    ModelList(Operation),
    /// One row, or many when there is an operation for that.
    ModelCreate(Operation, Option<Operation>),
    ModelRead(Operation),
    /// An update that names every field.
    ModelReplace(Operation),
    ModelUpdate(Operation),
    ModelDelete(Operation),
    WorkflowList,
    WorkflowDescribe(Operation),
    WorkflowExecute(Operation),
    Live,
    Ready,
    Metrics,
    OpenApi,
}

impl Endpoint {
    fn new(method: Method, path: impl Into<String>, action: Action) -> Self {
        Self {
            path: path.into(),
            method,
            action,
        }
    }

    /// Every endpoint of a registry, methods of one path side by side.
    pub(crate) fn all(registry: &Registry) -> Vec<Self> {
        let mut endpoints = of_the_server();
        endpoints.extend(of_models(registry));
        endpoints.extend(of_workflows(registry));
        endpoints
    }
}

/// The path of a model's rows: `/api/users`.
pub fn path_of_rows(model_schema: &ModelSchema) -> String {
    format!("/api/{}", percent::encode(&model_schema.table))
}

fn of_the_server() -> Vec<Endpoint> {
    [
        ("/health", Action::Live),
        ("/healthz", Action::Live),
        ("/ready", Action::Ready),
        ("/readyz", Action::Ready),
        ("/metrics", Action::Metrics),
        ("/openapi.json", Action::OpenApi),
    ]
    .into_iter()
    .map(|(path, action)| Endpoint::new(Method::GET, path, action))
    .collect()
}

/// The operations of one model stand together in the registry, in the order of [`ModelVerb::ALL`].
fn of_models(registry: &Registry) -> Vec<Endpoint> {
    let mut endpoints = Vec::new();
    for operation in registry.operations() {
        let Some((model_schema, verb)) = operation.model() else {
            continue;
        };
        let rows = || path_of_rows(model_schema);
        let row = || format!("{}/{{id}}", path_of_rows(model_schema));
        let operation = operation.clone();
        let mut add = |method, path, action| endpoints.push(Endpoint::new(method, path, action));
        match verb {
            ModelVerb::Create => {
                let bulk_create =
                    format!("{}_{}", model_schema.noun(), ModelVerb::BulkCreate.as_str());
                let many = registry.find(&bulk_create).cloned();
                add(Method::POST, rows(), Action::ModelCreate(operation, many));
            }
            ModelVerb::List => add(Method::GET, rows(), Action::ModelList(operation)),
            ModelVerb::Read => add(Method::GET, row(), Action::ModelRead(operation)),
            ModelVerb::Update => {
                add(Method::PUT, row(), Action::ModelReplace(operation.clone()));
                add(Method::PATCH, row(), Action::ModelUpdate(operation));
            }
            ModelVerb::Delete => add(Method::DELETE, row(), Action::ModelDelete(operation)),
            ModelVerb::Count
            | ModelVerb::Upsert
            | ModelVerb::BulkCreate
            | ModelVerb::BulkUpdate
            | ModelVerb::BulkDelete
            | ModelVerb::BulkUpsert => {}
        }
    }
    endpoints
}

fn of_workflows(registry: &Registry) -> Vec<Endpoint> {
    let mut endpoints = vec![Endpoint::new(
        Method::GET,
        "/workflows",
        Action::WorkflowList,
    )];
    for operation in registry.workflows() {
        let path = format!("/workflows/{}", operation.name());
        let execute = format!("{path}/execute");
        let describe = Action::WorkflowDescribe(operation.clone());
        endpoints.push(Endpoint::new(Method::GET, path, describe));
        let action = Action::WorkflowExecute(operation.clone());
        endpoints.push(Endpoint::new(Method::POST, execute, action));
    }
    endpoints
}
