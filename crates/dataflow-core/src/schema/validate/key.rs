//! What must hold for what identifies a row.

use crate::schema::{Field, FieldType, KeyGenerator, ModelSchema};

pub(super) fn the_key_is_made_of_plain_fields(model: &ModelSchema, mistakes: &mut Vec<String>) {
    let names = &model.key.fields;
    if names.is_empty() || names.iter().any(|name| model.field(name).is_none()) {
        mistakes.push(format!("model {:?} has no primary key", model.name));
        return;
    }
    for (position, field) in model.key_fields().enumerate() {
        if names[..position].contains(&field.name) {
            mistakes.push(format!(
                "model {:?}: primary key names field {:?} twice",
                model.name, field.name
            ));
        }
        if let Some(refusal) = refusal(field, model.key.generator) {
            mistakes.push(format!(
                "model {:?}: primary key {:?} {refusal}",
                model.name, field.name
            ));
        }
    }
}

pub(super) fn a_key_of_several_fields_is_given(model: &ModelSchema, mistakes: &mut Vec<String>) {
    let is_made = model.key.generator != KeyGenerator::None || model.key.client_key;
    if model.key.is_composite() && is_made {
        mistakes.push(format!(
            "model {:?}: a primary key of several fields is given by the caller, never generated",
            model.name
        ));
    }
}

/// SQLite counts rows up by the number that such a table does not have.
pub(super) fn what_has_no_rowid_counts_no_keys_up(model: &ModelSchema, mistakes: &mut Vec<String>) {
    if model.without_rowid && model.key.generator == KeyGenerator::Serial {
        mistakes.push(format!(
            "model {:?}: a table without rowid counts no keys up; let the caller give them \
             (#[model(generate = \"none\")]), or keep the rowid",
            model.name
        ));
    }
}

fn refusal(field: &Field, generator: KeyGenerator) -> Option<&'static str> {
    match (&field.field_type, generator) {
        _ if field.nullable => Some("is nullable"),
        _ if field.default.is_some() || field.is_computed() => Some("has a default"),
        (
            FieldType::Json
            | FieldType::Array(_)
            | FieldType::Bytes
            | FieldType::F32
            | FieldType::F64,
            _,
        ) => Some("has a type that cannot identify a row"),
        (FieldType::I16 | FieldType::I32 | FieldType::I64, KeyGenerator::Serial)
        | (FieldType::Uuid | FieldType::String, KeyGenerator::UuidV7)
        | (_, KeyGenerator::None) => None,
        _ => Some("has a type that its generator cannot make"),
    }
}
