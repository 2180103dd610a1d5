//! The key of a row as one segment of a path.
//!
//! Several fields stand in their order with commas between: `/api/post_tags/7,rust`. Each of them is
//! percent-encoded, commas included, which RFC 3986 tells apart from commas that are not.

use dataflow_core::ModelSchema;
use dataflow_core::node::Object;

use super::{percent, query};
use crate::http::Problem;

/// What stands between the fields of a key.
const SEPARATOR: char = ',';

/// The segment of a key.
pub(super) fn segment(key: &[String]) -> String {
    let fields: Vec<String> = key.iter().map(|field| percent::encode(field)).collect();
    fields.join(&SEPARATOR.to_string())
}

/// The segment of the rows of a model, with the names of its parameters in braces.
pub(super) fn template(model_schema: &ModelSchema) -> String {
    let names = parameters(model_schema).map(|name| format!("{{{name}}}"));
    names.collect::<Vec<_>>().join(&SEPARATOR.to_string())
}

/// The names of the parameters that a segment is made of. A key of one field is always `id`.
pub(crate) fn parameters(model_schema: &ModelSchema) -> impl Iterator<Item = &str> {
    let is_composite = model_schema.key.is_composite();
    let names = model_schema.key.fields.iter();
    names.map(move |name| if is_composite { name } else { "id" })
}

/// The key that a segment stands for, as a node takes it.
///
/// # Errors
///
/// When it is not the key of a row of this model, whether or not there is such a row.
pub(super) fn object(model_schema: &ModelSchema, segment: &str) -> Result<Object, Problem> {
    let wanted = &model_schema.key.fields;
    let parts: Vec<&str> = match model_schema.key.is_composite() {
        false => vec![segment],
        true => segment.split(SEPARATOR).collect(),
    };
    if parts.len() != wanted.len() {
        let message = format!(
            "the key in the path: expected {}, with a comma between and any other comma as %2C",
            model_schema.key
        );
        return Err(Problem::malformed(message));
    }
    let fields = model_schema.key_fields().zip(parts);
    let named = fields.map(|(field, part)| {
        let text = percent::decode(part, "the key in the path")?;
        let value = query::operand_of(&field.field_type, &text).ok_or_else(|| {
            let expected = field.field_type.describe();
            let place = match model_schema.key.is_composite() {
                false => String::new(),
                true => format!(", {}", field.name),
            };
            let message = format!("the key in the path{place}: expected {expected}");
            Problem::malformed(message)
        })?;
        Ok((field.name.to_string(), value))
    });
    named.collect()
}
