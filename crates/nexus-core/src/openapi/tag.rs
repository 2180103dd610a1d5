//! What operations are grouped by.

use std::collections::HashSet;

use dataflow_core::ModelSchema;
use serde_json::{Value as Json, json};

use crate::http::{Action, Endpoint};

pub(super) const WORKFLOWS: &str = "workflows";
pub(super) const SERVER: &str = "server";

/// The tag of a model's operations.
pub(super) fn of_model(model_schema: &ModelSchema) -> String {
    model_schema.table.to_string()
}

/// Every tag, as a reader wants them: models, then workflows, and the server last.
pub(super) fn all(endpoints: &[Endpoint]) -> Vec<Json> {
    let models = endpoints
        .iter()
        .filter_map(|endpoint| match &endpoint.action {
            Action::Model(_, operation) => Some(operation.model()?.0),
            _ => None,
        });
    let models = models.map(|model_schema| {
        let description = model_schema.description.as_deref().unwrap_or_default();
        (of_model(model_schema), description)
    });
    let others = [
        (WORKFLOWS.to_owned(), "What was registered beside models."),
        (
            SERVER.to_owned(),
            "Health, and what the server tells of itself.",
        ),
    ];
    let mut seen = HashSet::new();
    let tags = models.chain(others);
    tags.filter(|(name, _)| seen.insert(name.clone()))
        .map(|(name, description)| json!({"name": name, "description": description}))
        .collect()
}
