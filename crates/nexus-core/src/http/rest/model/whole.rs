//! A row that is replaced as a whole.

use dataflow_core::ModelSchema;
use dataflow_core::error::{Error, Fault, FaultCode};
use dataflow_core::node::Object;
use dataflow_core::schema::{DefaultValue, Field, FieldType};
use serde_json::Value as Json;

use crate::http::Problem;

/// Makes changes to a row the whole row: what the body leaves out becomes what a new row would hold.
pub(super) fn complete(model_schema: &ModelSchema, input: &mut Object) -> Result<(), Problem> {
    let mut missing = Vec::new();
    for field in model_schema.fields.iter() {
        if input.contains_key(field.name.as_ref()) || !field.is_given() {
            continue;
        }
        match value_when_left_out(field) {
            Some(value) => {
                input.insert(field.name.to_string(), value);
            }
            None => missing.push(Fault::of_field(
                &field.name,
                FaultCode::Required,
                "is required",
            )),
        }
    }
    if missing.is_empty() {
        Ok(())
    } else {
        Err(Error::invalid(missing).into())
    }
}

fn value_when_left_out(field: &Field) -> Option<Json> {
    match (&field.default, &field.field_type) {
        (Some(DefaultValue::Text(document)), FieldType::Json | FieldType::Array(_)) => {
            serde_json::from_str(document).ok()
        }
        (Some(default), _) => default.to_json(),
        (None, _) => field.nullable.then_some(Json::Null),
    }
}
