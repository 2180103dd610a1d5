//! What must hold of names, and of words for people.

use std::collections::HashSet;

use super::Models;
use crate::schema::{Field, ModelSchema};

/// PostgreSQL cuts longer names off in silence (`NAMEDATALEN`), so they are refused.
pub(crate) const LONGEST_NAME: usize = 63;

/// The prefix of the tables that the house keeps for itself.
const RESERVED_PREFIX: &str = "dataflow_";

pub(super) fn model_names_are_unique(models: &Models, mistakes: &mut Vec<String>) {
    let mut seen = HashSet::new();
    for model in models {
        if !seen.insert(&model.name) {
            mistakes.push(format!("model {:?} is registered twice", model.name));
        }
    }
}

pub(super) fn table_names_are_unique(models: &Models, mistakes: &mut Vec<String>) {
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

pub(super) fn names_are_storable(model: &ModelSchema, mistakes: &mut Vec<String>) {
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
pub(super) fn fields_and_columns_are_unique(model: &ModelSchema, mistakes: &mut Vec<String>) {
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

/// PostgreSQL takes an empty comment for none.
pub(super) fn comments_say_something(model: &ModelSchema, mistakes: &mut Vec<String>) {
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
