//! Parameters of paths and queries.

use dataflow_core::ModelSchema;
use dataflow_core::node::Shape;
use dataflow_core::schema::FieldType;
use serde_json::{Value as Json, json};

use crate::http::{DEFAULT_LIMIT, MOST_ROWS};

/// The key of a row.
pub(super) fn key(model_schema: &ModelSchema) -> Json {
    json!({
        "name": "id",
        "in": "path",
        "required": true,
        "schema": Json::from(Shape::of_field(model_schema.key_field())),
    })
}

/// The page and the filters of a list.
pub(super) fn of_list(model_schema: &ModelSchema) -> Json {
    let limit = json!({
        "name": "limit",
        "in": "query",
        "description": "The most rows of the page.",
        "schema": {"type": "integer", "minimum": 1, "maximum": MOST_ROWS, "default": DEFAULT_LIMIT},
    });
    let after = json!({
        "name": "after",
        "in": "query",
        "description": "Where the page begins: what the Link header of the page before says.",
        "schema": {"type": "string"},
    });
    let filters = model_schema
        .fields
        .iter()
        .filter(|field| field.field_type != FieldType::Json)
        .map(|field| {
            json!({
                "name": field.name,
                "in": "query",
                "description": format!("Rows whose {} equals: eq.value", field.name),
                "schema": {"type": "string", "pattern": condition_pattern(&field.field_type)},
            })
        });
    [limit, after].into_iter().chain(filters).collect()
}

/// What a condition on a field looks like.
fn condition_pattern(field_type: &FieldType) -> &'static str {
    match field_type {
        FieldType::Bool => "^eq\\.(true|false)$",
        FieldType::I16 | FieldType::I32 | FieldType::I64 => "^eq\\.-?[0-9]+$",
        _ => "^eq\\.",
    }
}
