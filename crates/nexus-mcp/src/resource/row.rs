//! Rows, read through the operations that every door uses.

use dataflow_core::ModelSchema;
use dataflow_core::error::{Error, Kind, Result};
use dataflow_core::node::{Context, ModelVerb, Object};
use dataflow_core::schema::{Field, FieldType};
use nexus_core::{Dispatch, Operation};
use serde_json::Value as Json;

use super::model;
use crate::output::Output;

/// The row of a model by the texts of its key's fields, as JSON text.
///
/// # Errors
///
/// When the model or the row does not exist, or the texts cannot be a key of this model.
pub(super) async fn read(
    dispatch: &Dispatch,
    context: &Context,
    noun: &str,
    key: &[String],
) -> Result<String> {
    let schema = model::find(dispatch.registry(), noun)?;
    let operation = operation(dispatch, schema, ModelVerb::Read)?;
    let input = input(schema, key)?;
    let answer = dispatch.call(operation, context, input).await?;
    let text = answer.body.into_bytes();
    Ok(String::from_utf8_lossy(&text).into_owned())
}

/// The first rows of a model, as JSON text.
///
/// # Errors
///
/// When the model does not exist, or its rows cannot be read.
pub(super) async fn list(dispatch: &Dispatch, context: &Context, noun: &str) -> Result<String> {
    let schema = model::find(dispatch.registry(), noun)?;
    let operation = operation(dispatch, schema, ModelVerb::List)?;
    let answer = dispatch.call(operation, context, Object::new()).await?;
    let shape = operation.descriptor().output();
    Ok(Output::of(operation).wrap(answer, shape).to_string())
}

fn operation<'a>(
    dispatch: &'a Dispatch,
    schema: &ModelSchema,
    verb: ModelVerb,
) -> Result<&'a Operation> {
    let operation = model::operation(dispatch.registry(), schema, verb);
    operation.ok_or_else(|| {
        let message = format!("rows of {:?} cannot be read", schema.noun());
        Error::new(Kind::NotFound, message)
    })
}

/// The key as the operation takes it. In a key of one field, a comma is like any other character.
pub(super) fn input(schema: &ModelSchema, key: &[String]) -> Result<Object> {
    let texts = match schema.key.is_composite() {
        false => vec![key.join(",")],
        true => key.to_vec(),
    };
    if texts.len() != schema.key.fields.len() {
        let message = format!("the key in the URI: expected {}", schema.key);
        return Err(Error::new(Kind::Malformed, message)
            .with_help("write a comma between the fields, and any other comma as %2C"));
    }
    let fields = schema.key_fields().zip(texts);
    Ok(fields
        .map(|(field, text)| (field.name.to_string(), operand(field, text)))
        .collect())
}

/// A field of a key as JSON. What is not a number where one is wanted stays text, for the operation
/// to refuse in its own words.
fn operand(field: &Field, text: String) -> Json {
    match field.field_type {
        FieldType::I16 | FieldType::I32 | FieldType::I64 => {
            text.parse::<i64>().map_or_else(|_| text.into(), Json::from)
        }
        _ => text.into(),
    }
}
