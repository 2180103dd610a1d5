//! Workflows and handlers, described for whoever calls them.

use dataflow_core::error::{Error, Kind, Result};
use nexus_core::{Operation, Registry};
use rmcp::model::Resource;
use serde_json::{Value as Json, json};

use super::JSON;

pub(super) fn resources(registry: &Registry) -> impl Iterator<Item = Resource> {
    registry.workflows().map(|operation| {
        Resource::new(format!("workflow://{}", operation.name()), operation.name())
            .with_description(operation.descriptor().description().to_owned())
            .with_mime_type(JSON)
    })
}

/// What a workflow takes and gives.
///
/// # Errors
///
/// When there is none of that name; the help names those there are.
pub(super) fn definition(registry: &Registry, name: &str) -> Result<String> {
    let operation = registry
        .workflows()
        .find(|operation| operation.name() == name)
        .ok_or_else(|| not_found(registry, name))?;
    let descriptor = operation.descriptor();
    let definition = json!({
        "name": descriptor.name(),
        "description": descriptor.description(),
        "input": Json::from(descriptor.input().clone()),
        "output": Json::from(descriptor.output().clone()),
        "tool": descriptor.name(),
    });
    Ok(definition.to_string())
}

fn not_found(registry: &Registry, name: &str) -> Error {
    let names: Vec<&str> = registry.workflows().map(Operation::name).collect();
    Error::new(Kind::NotFound, format!("workflow {name:?} does not exist"))
        .with_help(format!("workflows are: {}", names.join(", ")))
}
