//! What can be read by name: models, rows, workflows.
//!
//! | URI | content |
//! |---|---|
//! | `nexus://schema` | every model, in short |
//! | `nexus://schema/{model}` | one model: fields, key, relations, operations |
//! | `nexus://rows/{model}` | its first rows, as `{model}_list` gives them |
//! | `nexus://rows/{model}/{id}` | one row, as `{model}_read` gives it |
//! | `workflow://{name}` | what a workflow or handler takes and gives |
//!
//! `{model}` is the noun of its tools: `user`, `blog_post`. `{id}` is the key, percent-encoded; where
//! that has several fields, they stand in their order with commas between.

mod model;
mod row;
mod uri;
mod watched;
mod workflow;

use dataflow_core::error::{Error, Kind};
use dataflow_core::node::Context;
use nexus_core::{Dispatch, Registry};
use rmcp::ErrorData;
use rmcp::model::{CacheScope, ReadResourceResult, Resource, ResourceContents, ResourceTemplate};

use crate::failure;
use uri::Uri;
pub(crate) use watched::{Watched, follows};

/// The type of every resource.
const JSON: &str = "application/json";

/// How long a client may keep what only another release changes.
const DEFINITION_TTL_MS: u64 = 60_000;

/// The resources that have a name of their own.
pub(crate) fn resources(registry: &Registry) -> Vec<Resource> {
    let index = Resource::new("nexus://schema", "schema")
        .with_title("Models")
        .with_description("Every model with its key and where to read more.")
        .with_mime_type(JSON);
    std::iter::once(index)
        .chain(model::resources(registry))
        .chain(workflow::resources(registry))
        .collect()
}

/// The resources that are made of a name and a key.
pub(crate) fn templates(registry: &Registry) -> Vec<ResourceTemplate> {
    if registry.models().is_empty() {
        return Vec::new();
    }
    let schema = ResourceTemplate::new("nexus://schema/{model}", "model")
        .with_title("Model")
        .with_description("One model: fields, key, relations and tools.")
        .with_mime_type(JSON);
    let row = ResourceTemplate::new("nexus://rows/{model}/{id}", "row")
        .with_title("Row")
        .with_description(
            "One row of a model by its key; commas part the fields of one that has several.",
        )
        .with_mime_type(JSON);
    let rows = ResourceTemplate::new("nexus://rows/{model}", "rows")
        .with_title("Rows")
        .with_description("The first rows of a model.")
        .with_mime_type(JSON);
    vec![schema, row, rows]
}

/// Reads one resource.
///
/// # Errors
///
/// When the URI is none of the above or names what does not exist.
pub(crate) async fn read(
    dispatch: &Dispatch,
    context: &Context,
    uri: &str,
) -> Result<ReadResourceResult, ErrorData> {
    let registry = dispatch.registry();
    let found = match Uri::parse(uri) {
        Some(Uri::Schema) => Ok(definition(uri, model::index(registry))),
        Some(Uri::Model(noun)) => {
            model::definition(registry, noun).map(|text| definition(uri, text))
        }
        Some(Uri::Workflow(name)) => {
            workflow::definition(registry, name).map(|text| definition(uri, text))
        }
        Some(Uri::Rows(noun)) => row::list(dispatch, context, noun)
            .await
            .map(|text| content(uri, text, 0, CacheScope::Private)),
        Some(Uri::Row { noun, key }) => row::read(dispatch, context, noun, &key)
            .await
            .map(|text| content(uri, text, 0, CacheScope::Private)),
        None => Err(Error::new(Kind::NotFound, "no resource has this URI")
            .with_help("resources/list and resources/templates/list name those there are")),
    };
    found.map_err(|error| failure::resource_error(&error))
}

fn definition(uri: &str, text: String) -> ReadResourceResult {
    content(uri, text, DEFINITION_TTL_MS, CacheScope::Public)
}

fn content(uri: &str, text: String, ttl_ms: u64, scope: CacheScope) -> ReadResourceResult {
    let contents = ResourceContents::TextResourceContents {
        uri: uri.to_owned(),
        mime_type: Some(JSON.to_owned()),
        text,
        meta: None,
    };
    ReadResourceResult::new(vec![contents])
        .with_ttl_ms(ttl_ms)
        .with_cache_scope(scope)
}
