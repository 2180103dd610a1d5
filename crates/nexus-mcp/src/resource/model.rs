//! Models, described for whoever calls their tools.

use dataflow_core::ModelSchema;
use dataflow_core::error::{Error, Kind, Result};
use dataflow_core::node::{ModelVerb, Shape};
use dataflow_core::schema::{Field, KeyGenerator};
use nexus_core::{ModelOperations, Operation, Registry};
use rmcp::model::Resource;
use serde_json::{Value as Json, json};

use super::JSON;

/// The model of a noun.
///
/// # Errors
///
/// When there is none; the help names those there are.
pub(super) fn find<'a>(registry: &'a Registry, noun: &str) -> Result<&'a ModelSchema> {
    schemas(registry)
        .find(|schema| schema.noun() == noun)
        .ok_or_else(|| {
            let nouns: Vec<String> = schemas(registry).map(ModelSchema::noun).collect();
            Error::new(Kind::NotFound, format!("model {noun:?} does not exist"))
                .with_help(format!("models are: {}", nouns.join(", ")))
        })
}

/// The operation of a model and a verb.
pub(super) fn operation<'a>(
    registry: &'a Registry,
    schema: &ModelSchema,
    verb: ModelVerb,
) -> Option<&'a Operation> {
    let position = registry.position_of_table(&schema.table.to_string())?;
    registry.models()[position].get(verb)
}

fn schemas(registry: &Registry) -> impl Iterator<Item = &ModelSchema> {
    registry.models().iter().map(ModelOperations::schema)
}

pub(super) fn resources(registry: &Registry) -> impl Iterator<Item = Resource> {
    schemas(registry).map(|schema| {
        let resource = Resource::new(uri(schema), schema.noun())
            .with_title(schema.name.clone())
            .with_mime_type(JSON);
        match &schema.description {
            Some(description) => resource.with_description(description.clone()),
            None => resource,
        }
    })
}

/// Every model, in short.
pub(super) fn index(registry: &Registry) -> String {
    let models: Vec<Json> = schemas(registry)
        .map(|schema| {
            json!({
                "model": schema.noun(),
                "table": schema.table.to_string(),
                "description": schema.description,
                "key": key(schema),
                "fields": schema.fields.len(),
                "uri": uri(schema),
            })
        })
        .collect();
    json!({ "models": models }).to_string()
}

/// One model in full.
pub(super) fn definition(registry: &Registry, noun: &str) -> Result<String> {
    let schema = find(registry, noun)?;
    let fields: Vec<Json> = schema.fields.iter().map(field).collect();
    let own = schema.relations.iter().map(|relation| {
        let name = schema.name_of(relation);
        json!({ "name": name, "field": relation.field, "table": relation.table.to_string(), "rows": "one" })
    });
    let inverses = schema.inverses.iter().map(
        |inverse| json!({ "name": inverse.name, "table": inverse.table.to_string(), "rows": inverse.arity }),
    );
    let relations: Vec<Json> = own.chain(inverses).collect();
    let tools: Vec<&str> = ModelVerb::ALL
        .into_iter()
        .filter_map(|verb| operation(registry, schema, verb))
        .map(Operation::name)
        .collect();
    let definition = json!({
        "model": noun,
        "table": schema.table.to_string(),
        "description": schema.description,
        "key": { "field": key(schema), "made_by": maker(schema.key.generator) },
        "fields": fields,
        "relations": relations,
        "tools": tools,
    });
    Ok(definition.to_string())
}

fn field(field: &Field) -> Json {
    json!({
        "name": field.name,
        "schema": Json::from(Shape::of_field(field)),
        "nullable": field.nullable,
        "optional": field.is_optional(),
    })
}

/// The name of the key's field; a list where it has several.
fn key(schema: &ModelSchema) -> Json {
    match &schema.key.fields[..] {
        [only] => json!(only),
        several => json!(several),
    }
}

fn maker(generator: KeyGenerator) -> &'static str {
    match generator {
        KeyGenerator::None => "caller",
        KeyGenerator::Serial => "database",
        KeyGenerator::UuidV7 => "library",
    }
}

fn uri(schema: &ModelSchema) -> String {
    format!("nexus://schema/{}", schema.noun())
}
