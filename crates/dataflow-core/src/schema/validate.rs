//! What must hold between and within the models of a set, rule by rule.

mod behavior;
mod enumeration;
mod evolution;
mod key;
mod relation;

use std::borrow::Cow;
use std::collections::HashSet;

use super::{
    Checker, DefaultValue, Field, FieldType, IndexMember, ModelSchema, Stamp, TableName, access,
    rules, version,
};
use crate::error::{Error, Kind, Result};

/// PostgreSQL cuts longer names off in silence (`NAMEDATALEN`), so they are refused.
pub(crate) const LONGEST_NAME: usize = 63;

/// The prefix of the tables that the house keeps for itself.
const RESERVED_PREFIX: &str = "dataflow_";

type Models = [Cow<'static, ModelSchema>];

/// Checks every rule and reports every mistake at once.
pub(super) fn check(models: &Models, dropped_tables: &[TableName]) -> Result<()> {
    let mut mistakes = Vec::new();
    model_names_are_unique(models, &mut mistakes);
    table_names_are_unique(models, &mut mistakes);
    evolution::dropped_tables_have_no_model(models, dropped_tables, &mut mistakes);
    for model in models {
        evolution::what_goes_is_not_declared(model, &mut mistakes);
        names_are_storable(model, &mut mistakes);
        fields_and_columns_are_unique(model, &mut mistakes);
        key::the_key_is_made_of_plain_fields(model, &mut mistakes);
        key::a_key_of_several_fields_is_given(model, &mut mistakes);
        key::what_has_no_rowid_counts_no_keys_up(model, &mut mistakes);
        defaults_fit_their_fields(model, &mut mistakes);
        generated_fields_have_one_source(model, &mut mistakes);
        behavior::a_deletion_is_a_time_or_null(model, &mut mistakes);
        behavior::what_is_only_added_does_not_change(model, &mut mistakes);
        behavior::a_tenant_is_one_plain_field(model, &mut mistakes);
        behavior::rows_that_are_kept_apart_have_a_tenant(model, &mut mistakes);
        limits_fit_their_fields(model, &mut mistakes);
        rules_fit_their_fields(model, &mut mistakes);
        a_version_counts(model, &mut mistakes);
        every_field_goes_some_way(model, &mut mistakes);
        collations_sort_texts(model, &mut mistakes);
        comments_say_something(model, &mut mistakes);
        indexes_cover_declared_fields(model, &mut mistakes);
        checks_say_something(model, &mut mistakes);
        relation::relations_point_at_registered_models(model, models, &mut mistakes);
        relation::relations_have_names_of_their_own(model, &mut mistakes);
        relation::inverses_are_relations_read_backwards(model, models, &mut mistakes);
    }
    behavior::tenants_are_of_one_type(models, &mut mistakes);
    enumeration::a_type_has_one_set_of_names(models, &mut mistakes);
    match mistakes.as_slice() {
        [] => Ok(()),
        [only] => Err(Error::new(Kind::Configuration, only.clone())),
        many => {
            let summary = format!("{} mistakes in the models", many.len());
            Err(Error::new(Kind::Configuration, summary).with_details(mistakes))
        }
    }
}

fn model_names_are_unique(models: &Models, mistakes: &mut Vec<String>) {
    let mut seen = HashSet::new();
    for model in models {
        if !seen.insert(&model.name) {
            mistakes.push(format!("model {:?} is registered twice", model.name));
        }
    }
}

fn table_names_are_unique(models: &Models, mistakes: &mut Vec<String>) {
    let mut seen = HashSet::new();
    for model in models {
        if !seen.insert(model.table.to_string().to_lowercase()) {
            mistakes.push(format!(
                "table {:?} belongs to two models; give one of them #[model(table = \"…\")]",
                model.table
            ));
        }
    }
}

fn names_are_storable(model: &ModelSchema, mistakes: &mut Vec<String>) {
    let columns = model.fields.iter().map(|field| ("column", &field.column));
    let indexes = model.indexes.iter().filter_map(|index| {
        let name = index.name.as_ref()?;
        Some(("index", name))
    });
    let checks = model.checks.iter().filter_map(|check| {
        let name = check.name.as_ref()?;
        Some(("check", name))
    });
    let table = [("table", &model.table.name)].into_iter();
    let schema = model.table.schema.iter().map(|schema| ("schema", schema));
    let names = columns.chain(indexes).chain(checks);
    for (what, name) in names.chain(table).chain(schema) {
        let fault = match name.len() {
            0 => "is empty",
            LONGEST_NAME.. if name.len() > LONGEST_NAME => "is longer than 63 bytes",
            _ if name.contains('\0') => "contains U+0000",
            _ => continue,
        };
        mistakes.push(format!(
            "model {:?}: {what} name {name:?} {fault}",
            model.name
        ));
    }
    if model.table.name.starts_with(RESERVED_PREFIX) {
        mistakes.push(format!(
            "table {:?}: names that begin with {RESERVED_PREFIX:?} are reserved",
            model.table
        ));
    }
}

/// Each field against those before it: most models have so few that a table of names costs more.
fn fields_and_columns_are_unique(model: &ModelSchema, mistakes: &mut Vec<String>) {
    for (position, field) in model.fields.iter().enumerate() {
        let earlier = &model.fields[..position];
        if earlier.iter().any(|other| other.name == field.name) {
            mistakes.push(format!(
                "model {:?}: field {:?} stands twice",
                model.name, field.name
            ));
        }
        let is_same_column = |other: &Field| other.column.eq_ignore_ascii_case(&field.column);
        if earlier.iter().any(is_same_column) {
            mistakes.push(format!(
                "model {:?}: column {:?} stands twice",
                model.name, field.column
            ));
        }
    }
}

fn defaults_fit_their_fields(model: &ModelSchema, mistakes: &mut Vec<String>) {
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

fn generated_fields_have_one_source(model: &ModelSchema, mistakes: &mut Vec<String>) {
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

fn limits_fit_their_fields(model: &ModelSchema, mistakes: &mut Vec<String>) {
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

fn rules_fit_their_fields(model: &ModelSchema, mistakes: &mut Vec<String>) {
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

fn a_version_counts(model: &ModelSchema, mistakes: &mut Vec<String>) {
    let mistake = version::mistake(model);
    mistakes.extend(mistake.map(|mistake| format!("model {:?}: {mistake}", model.name)));
}

fn every_field_goes_some_way(model: &ModelSchema, mistakes: &mut Vec<String>) {
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

fn collations_sort_texts(model: &ModelSchema, mistakes: &mut Vec<String>) {
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

/// PostgreSQL takes an empty comment for none.
fn comments_say_something(model: &ModelSchema, mistakes: &mut Vec<String>) {
    let of_fields = model.fields.iter().map(|field| &field.comment);
    let comments = of_fields.chain([&model.comment]).flatten();
    if comments
        .into_iter()
        .any(|comment| comment.is_empty() || comment.contains('\0'))
    {
        mistakes.push(format!(
            "model {:?}: a comment is empty or contains U+0000",
            model.name
        ));
    }
}

fn checks_say_something(model: &ModelSchema, mistakes: &mut Vec<String>) {
    for check in model.checks.iter() {
        if check.expression.trim().is_empty() {
            mistakes.push(format!("model {:?}: a check has no condition", model.name));
        }
        if let Some(name) = check
            .field
            .as_deref()
            .filter(|name| model.field(name).is_none())
        {
            mistakes.push(format!(
                "model {:?}: a check stands on field {name:?}, which is not declared",
                model.name
            ));
        }
    }
}

fn indexes_cover_declared_fields(model: &ModelSchema, mistakes: &mut Vec<String>) {
    for index in model.indexes.iter() {
        let covered = index.members.iter().filter_map(IndexMember::as_field);
        for name in covered.chain(index.include.iter().map(AsRef::as_ref)) {
            if model.field(name).is_none() {
                mistakes.push(format!(
                    "model {:?}: an index covers field {name:?}, which is not declared",
                    model.name
                ));
            }
        }
        if index.members.is_empty() {
            mistakes.push(format!("model {:?}: an index covers no field", model.name));
        }
    }
}
