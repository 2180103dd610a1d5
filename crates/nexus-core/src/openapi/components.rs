//! Schemas and responses that many operations share.

use dataflow_core::ModelSchema;
use dataflow_core::node::{Descriptor, ModelVerb, Object, Shape};
use dataflow_core::schema::Key;
use serde_json::{Value as Json, json};

use crate::http::{Action, Endpoint, ModelAction};

/// The `components` of the document.
pub(super) fn all(endpoints: &[Endpoint]) -> Json {
    let mut schemas = Object::from_iter([("Problem".to_owned(), problem())]);
    for endpoint in endpoints {
        if let Some((name, schema)) = schema_of(&endpoint.action) {
            schemas.insert(name, schema);
        }
    }
    json!({
        "schemas": schemas,
        "responses": {
            "Problem": {
                "description": "Why there is no answer, as RFC 9457 says it.",
                "content": {"application/problem+json": {"schema": reference("Problem")}},
            },
        },
    })
}

/// A reference to a schema of the components.
pub(super) fn reference(name: &str) -> Json {
    json!({"$ref": format!("#/components/schemas/{name}")})
}

/// What a new row is made of.
pub(super) fn name_of_new(model_schema: &ModelSchema) -> String {
    format!("{}Create", model_schema.name)
}

/// What changes of a row are made of.
pub(super) fn name_of_changes(model_schema: &ModelSchema) -> String {
    format!("{}Update", model_schema.name)
}

/// The schema that an action brings: each of a model's is brought by one of its endpoints.
fn schema_of(action: &Action) -> Option<(String, Json)> {
    let Action::Model(action, operation) = action else {
        return None;
    };
    let shape: fn(&Descriptor) -> &Shape = match action {
        ModelAction::Read => Descriptor::output,
        ModelAction::Create(_) | ModelAction::Update => Descriptor::input,
        _ => return None,
    };
    let (model_schema, verb) = operation.model()?;
    let mut schema = Json::from(shape(operation.descriptor()).clone());
    allow_null(&mut schema, model_schema);
    let name = match verb {
        ModelVerb::Create => name_of_new(model_schema),
        ModelVerb::Update => {
            remove_key(&mut schema, &model_schema.key);
            name_of_changes(model_schema)
        }
        _ => model_schema.name.to_string(),
    };
    Some((name, schema))
}

/// A [`Shape`] has one type for every member, because MCP clients read no more; OpenAPI can say
/// that a field may be null.
fn allow_null(schema: &mut Json, model_schema: &ModelSchema) {
    for field in model_schema.fields.iter().filter(|field| field.nullable) {
        let property = schema.pointer_mut(&format!("/properties/{}", field.name));
        let Some(property) = property.and_then(Json::as_object_mut) else {
            continue;
        };
        if let Some(single) = property.get_mut("type").filter(|single| single.is_string()) {
            *single = json!([single, "null"]);
        }
        if let Some(names) = property.get_mut("enum").and_then(Json::as_array_mut) {
            names.push(Json::Null);
        }
    }
}

/// The key of an update stands in the path.
fn remove_key(schema: &mut Json, key: &Key) {
    if let Some(properties) = schema.get_mut("properties").and_then(Json::as_object_mut) {
        properties.retain(|name, _| !key.contains(name));
    }
    if let Some(required) = schema.get_mut("required").and_then(Json::as_array_mut) {
        required.retain(|name| !name.as_str().is_some_and(|name| key.contains(name)));
    }
}

fn problem() -> Json {
    json!({
        "type": "object",
        "required": ["type", "title", "status", "detail"],
        "properties": {
            "type": {"type": "string", "description": "urn:nexus:problem: and a word that never changes its meaning"},
            "title": {"type": "string"},
            "code": {"type": "string", "pattern": "^DF-[0-9]{3}$"},
            "status": {"type": "integer"},
            "detail": {"type": "string"},
            "help": {"type": "string", "description": "What to do about it."},
            "request_id": {"type": "string"},
            "errors": {
                "type": "array",
                "items": {
                    "type": "object",
                    "required": ["pointer", "code", "detail"],
                    "properties": {
                        "pointer": {"type": "string", "description": "A JSON pointer into the body."},
                        "code": {"type": "string"},
                        "detail": {"type": "string"},
                    },
                },
            },
        },
    })
}
