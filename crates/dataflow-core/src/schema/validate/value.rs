//! What must hold of the values that a field takes, and of where they come from.

use crate::error::Result;
use crate::schema::{
    Checker, DefaultValue, Field, FieldType, ModelSchema, Stamp, access, rules, version,
};

pub(super) fn defaults_fit_their_fields(model: &ModelSchema, mistakes: &mut Vec<String>) {
    for field in model.fields.iter() {
        if let Some(default) = &field.default
            && let Err(refusal) = default_fits(field, default)
        {
            mistakes.push(format!(
                "model {:?}: the default of field {:?} is refused: {refusal}",
                model.name, field.name
            ));
        }
        let is_stamped = matches!(field.stamp, Some(Stamp::Created | Stamp::Updated));
        if is_stamped && !field.field_type.is_time() {
            mistakes.push(format!(
                "model {:?}: field {:?} is stamped with a time but is not a timestamp",
                model.name, field.name
            ));
        }
    }
}

/// A JSON document or a list stands in its default as text.
fn default_fits(field: &Field, default: &DefaultValue) -> Result<(), String> {
    let json = match (&field.field_type, default) {
        (FieldType::Json | FieldType::Array(_), DefaultValue::Text(text)) => {
            crate::value::parse_value(text.as_bytes())
                .map_err(|_| format!("expected {}", field.field_type.describe()))?
        }
        (_, DefaultValue::Sql(_)) => return Ok(()),
        _ => default
            .to_json()
            .expect("a default is a value or an expression"),
    };
    let value = crate::value::from_json(&field.field_type, &json);
    let value = value.map_err(|(_, refusal)| refusal)?;
    let limit = field
        .limit
        .and_then(|limit| limit.mistake(&field.field_type));
    if limit.is_some() || !rules::mistakes(field).is_empty() {
        return Ok(());
    }
    let faults = Checker::of([field]).faults(0, &value);
    match faults.into_iter().next() {
        Some((_, detail)) => Err(format!("the field {detail}")),
        None => Ok(()),
    }
}

pub(super) fn generated_fields_have_one_source(model: &ModelSchema, mistakes: &mut Vec<String>) {
    for field in model
        .fields
        .iter()
        .filter(|field| field.generated.is_some())
    {
        if field.default.is_some() || field.stamp.is_some() {
            mistakes.push(format!(
                "model {:?}: field {:?} is generated, so it can have no other value",
                model.name, field.name
            ));
        }
    }
}

pub(super) fn limits_fit_their_fields(model: &ModelSchema, mistakes: &mut Vec<String>) {
    for field in model.fields.iter() {
        if let Some(mistake) = field
            .limit
            .and_then(|limit| limit.mistake(&field.field_type))
        {
            mistakes.push(format!(
                "model {:?}: the limit of field {:?} is refused: {mistake}",
                model.name, field.name
            ));
        }
    }
}

pub(super) fn rules_fit_their_fields(model: &ModelSchema, mistakes: &mut Vec<String>) {
    for field in model.fields.iter() {
        let wrong = rules::mistakes(field).into_iter();
        mistakes.extend(wrong.map(|mistake| {
            format!(
                "model {:?}: a rule of field {:?} is refused: {mistake}",
                model.name, field.name
            )
        }));
    }
}

pub(super) fn a_version_counts(model: &ModelSchema, mistakes: &mut Vec<String>) {
    let mistake = version::mistake(model);
    mistakes.extend(mistake.map(|mistake| format!("model {:?}: {mistake}", model.name)));
}

pub(super) fn every_field_goes_some_way(model: &ModelSchema, mistakes: &mut Vec<String>) {
    for field in model.fields.iter() {
        let mistake = access::mistake(model, field);
        mistakes.extend(mistake.map(|mistake| {
            format!(
                "model {:?}: the access of field {:?} is refused: {mistake}",
                model.name, field.name
            )
        }));
    }
}

pub(super) fn collations_sort_texts(model: &ModelSchema, mistakes: &mut Vec<String>) {
    let collated = model
        .fields
        .iter()
        .filter(|field| field.collation.is_some());
    for field in collated {
        if !field.field_type.is_text() || field.collation.as_deref() == Some("") {
            mistakes.push(format!(
                "model {:?}: the collation of field {:?} is refused: only a text has one, and it \
                 has a name",
                model.name, field.name
            ));
        }
    }
}
