//! One row, read through the operation that every door uses.

use dataflow_core::ModelSchema;
use dataflow_core::error::{Error, Kind, Result};
use dataflow_core::node::{Context, ModelVerb, Object};
use dataflow_core::schema::FieldType;
use nexus_core::Dispatch;
use serde_json::Value as Json;

use super::model;

/// The row of a model by the text of its key, as JSON text.
///
/// # Errors
///
/// When the model or the row does not exist, or the text cannot be a key of this model.
pub(super) async fn read(dispatch: &Dispatch, noun: &str, id: &str) -> Result<String> {
    let schema = model::find(dispatch.registry(), noun)?;
    let operation = model::operation(dispatch.registry(), schema, ModelVerb::Read)
        .ok_or_else(|| Error::new(Kind::NotFound, format!("rows of {noun:?} cannot be read")))?;
    let input = Object::from_iter([(schema.key.field.to_string(), key(schema, id))]);
    let answer = dispatch.call(operation, &Context::default(), input).await?;
    let text = answer.body.into_bytes();
    Ok(String::from_utf8_lossy(&text).into_owned())
}

/// A key as JSON. What is not a number where one is wanted stays text, for the operation to refuse
/// in its own words.
fn key(schema: &ModelSchema, id: &str) -> Json {
    match schema.key_field().field_type {
        FieldType::I16 | FieldType::I32 | FieldType::I64 => {
            id.parse::<i64>().map_or_else(|_| id.into(), Json::from)
        }
        _ => id.into(),
    }
}
