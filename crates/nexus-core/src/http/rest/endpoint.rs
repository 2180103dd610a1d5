//! Every method of every path, as one list: the routers and the OpenAPI document are made from it.

use axum::http::Method;
use dataflow_core::ModelSchema;
use dataflow_core::node::ModelVerb;

use super::{key, percent};
use crate::{ModelOperations, Operation, Registry};

/// One method of one path.
#[derive(Clone)]
pub(crate) struct Endpoint {
    /// The path as OpenAPI writes it: `/api/users/{id}`, `/api/post_tags/{post_id},{tag_id}`.
    pub(crate) path: String,
    /// The path as axum takes it, which knows one parameter in a segment.
    pub(super) pattern: String,
    pub(crate) method: Method,
    pub(crate) action: Action,
}

/// What is done there.
#[derive(Clone)]
pub(crate) enum Action {
    /// Something with the rows of a model, by one of its operations.
    Model(ModelAction, Operation),
    WorkflowList,
    WorkflowDescribe(Operation),
    WorkflowExecute(Operation),
    Live,
    Ready,
    Metrics,
    Changes,
    OpenApi,
    Docs,
}

/// What is done with the rows of a model.
#[derive(Clone)]
pub(crate) enum ModelAction {
    /// A page, and how many rows there are in all when there is an operation for that.
    List {
        count: Option<Operation>,
    },
    Create(Creations),
    UpdateMany,
    DeleteMany,
    Read,
    /// An update that names every field.
    Replace,
    Update,
    Delete,
    Restore,
    Audit,
}

/// The other operations that create rows, as far as a model has them.
#[derive(Clone)]
pub(crate) struct Creations {
    pub(crate) many: Option<Operation>,
    pub(crate) upsert: Option<Operation>,
    pub(crate) upsert_many: Option<Operation>,
}

impl Creations {
    fn of(model: &ModelOperations) -> Self {
        let operation = |verb| model.get(verb).cloned();
        Self {
            many: operation(ModelVerb::BulkCreate),
            upsert: operation(ModelVerb::Upsert),
            upsert_many: operation(ModelVerb::BulkUpsert),
        }
    }
}

impl Endpoint {
    fn new(method: Method, path: impl Into<String>, action: Action) -> Self {
        let path = path.into();
        Self {
            pattern: path.clone(),
            path,
            method,
            action,
        }
    }

    /// One whose path ends with the key of a row.
    fn of_row(method: Method, model_schema: &ModelSchema, action: Action) -> Self {
        let rows = path_of_rows(model_schema);
        Self {
            path: format!("{rows}/{}", key::template(model_schema)),
            pattern: format!("{rows}/{{id}}"),
            method,
            action,
        }
    }

    /// The same with something after its path.
    fn below(mut self, ending: &str) -> Self {
        self.path.push_str(ending);
        self.pattern.push_str(ending);
        self
    }

    /// Every endpoint of a registry, methods of one path side by side.
    pub(crate) fn all(registry: &Registry) -> Vec<Self> {
        let mut endpoints = Self::of_no_model(registry);
        endpoints.extend(registry.models().iter().flat_map(Self::of_model));
        endpoints
    }

    /// Those of the server, workflows and handlers.
    pub(super) fn of_no_model(registry: &Registry) -> Vec<Self> {
        let of_server = SERVER.map(|(path, action)| Self::new(Method::GET, path, action));
        let mut endpoints = Vec::from(of_server);
        endpoints.extend(of_workflows(registry));
        endpoints
    }

    /// Those of one model's rows.
    pub(super) fn of_model(model: &ModelOperations) -> Vec<Self> {
        let rows = path_of_rows(model.schema());
        let mut endpoints = Vec::new();
        for (verb, operation) in model.iter() {
            let of_rows = |method, action| {
                let action = Action::Model(action, operation.clone());
                Self::new(method, rows.clone(), action)
            };
            let of_row = |method, action| {
                let action = Action::Model(action, operation.clone());
                Self::of_row(method, model.schema(), action)
            };
            match verb {
                ModelVerb::Create => {
                    let others = Creations::of(model);
                    endpoints.push(of_rows(Method::POST, ModelAction::Create(others)));
                }
                ModelVerb::List => {
                    let count = model.get(ModelVerb::Count).cloned();
                    endpoints.push(of_rows(Method::GET, ModelAction::List { count }));
                }
                ModelVerb::BulkUpdate => {
                    endpoints.push(of_rows(Method::PATCH, ModelAction::UpdateMany));
                }
                ModelVerb::BulkDelete => {
                    endpoints.push(of_rows(Method::DELETE, ModelAction::DeleteMany));
                }
                ModelVerb::Read => endpoints.push(of_row(Method::GET, ModelAction::Read)),
                ModelVerb::Update => {
                    endpoints.push(of_row(Method::PUT, ModelAction::Replace));
                    endpoints.push(of_row(Method::PATCH, ModelAction::Update));
                }
                ModelVerb::Delete => endpoints.push(of_row(Method::DELETE, ModelAction::Delete)),
                ModelVerb::Restore => {
                    let restore = of_row(Method::POST, ModelAction::Restore);
                    endpoints.push(restore.below(RESTORE));
                }
                ModelVerb::Audit => {
                    let audit = of_row(Method::GET, ModelAction::Audit);
                    endpoints.push(audit.below(AUDIT));
                }
                // They are asked for beside a list and a creation.
                ModelVerb::Count
                | ModelVerb::Upsert
                | ModelVerb::BulkCreate
                | ModelVerb::BulkUpsert => {}
            }
        }
        endpoints
    }
}

/// What the server answers to beside what is registered.
const SERVER: [(&str, Action); 8] = [
    ("/health", Action::Live),
    ("/healthz", Action::Live),
    ("/ready", Action::Ready),
    ("/readyz", Action::Ready),
    ("/metrics", Action::Metrics),
    ("/changes", Action::Changes),
    ("/openapi.json", Action::OpenApi),
    ("/docs", Action::Docs),
];

/// What the paths of rows begin with.
pub(super) const ROWS: &str = "/api/";

/// What the paths of workflows begin with.
pub(super) const WORKFLOWS: &str = "/workflows/";

/// What the path of a row ends in where it is restored.
pub(super) const RESTORE: &str = "/restore";

/// What the path of a row ends in where it is asked what was done to it.
pub(super) const AUDIT: &str = "/audit";

/// The path of a model's rows: `/api/users`.
pub fn path_of_rows(model_schema: &ModelSchema) -> String {
    format!("{ROWS}{}", percent::encode(&model_schema.table.to_string()))
}

fn of_workflows(registry: &Registry) -> Vec<Endpoint> {
    let mut endpoints = vec![Endpoint::new(
        Method::GET,
        "/workflows",
        Action::WorkflowList,
    )];
    for operation in registry.workflows() {
        let path = format!("{WORKFLOWS}{}", operation.name());
        let execute = format!("{path}/execute");
        let describe = Action::WorkflowDescribe(operation.clone());
        endpoints.push(Endpoint::new(Method::GET, path, describe));
        let action = Action::WorkflowExecute(operation.clone());
        endpoints.push(Endpoint::new(Method::POST, execute, action));
    }
    endpoints
}
