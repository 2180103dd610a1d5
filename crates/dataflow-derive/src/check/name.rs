//! What must hold of names, and of words for people.

use std::collections::HashSet;

use syn::LitStr;

use crate::errors::Errors;
use crate::parsed::{ParsedEnum, ParsedModel};

/// Databases differ in whether they tell names apart by case, so no two columns differ by case alone.
pub(super) fn columns_are_unique(model: &ParsedModel, errors: &mut Errors) {
    let mut seen = HashSet::new();
    for field in &model.fields {
        let column = field.column_name();
        if seen.insert(column.to_lowercase()) {
            continue;
        }
        let message = format!("column `{column}` stands twice; give one field another `column`");
        match &field.column {
            Some(literal) => errors.add(literal, message),
            None => errors.add(&field.ident, message),
        }
    }
}

pub(super) fn names_are_not_empty(model: &ParsedModel, errors: &mut Errors) {
    is_not_empty("table", model.table.as_ref(), errors);
    is_not_empty("schema", model.schema.as_ref(), errors);
    is_not_empty("renamed_from", model.renamed_from.as_ref(), errors);
    is_not_empty("moved_from", model.moved_from.as_ref(), errors);
    comments_are_not_empty(model, errors);
    for field in &model.fields {
        is_not_empty("column", field.column.as_ref(), errors);
        is_not_empty("adopts", field.adopts.as_ref(), errors);
        is_not_empty("collation", field.collation.as_ref(), errors);
        is_not_empty("renamed_from", field.renamed_from.as_ref(), errors);
    }
}

pub(super) fn stored_names_are_unique(parsed: &ParsedEnum, errors: &mut Errors) {
    let mut seen = HashSet::new();
    for variant in &parsed.variants {
        let name = variant.stored_name();
        let message =
            format!("two variants are stored as `{name}`; give one of them another `rename`");
        if seen.insert(name) {
            continue;
        }
        match &variant.rename {
            Some(literal) => errors.add(literal, message),
            None => errors.add(&variant.ident, message),
        }
    }
}

fn comments_are_not_empty(model: &ParsedModel, errors: &mut Errors) {
    let of_fields = model.fields.iter().map(|field| &field.comment);
    let comments = of_fields.chain([&model.comment]).flatten();
    for comment in comments.filter(|comment| comment.value().is_empty()) {
        errors.add(comment, "the comment is empty; say something, or remove it");
    }
}

pub(super) fn is_not_empty(word: &str, name: Option<&LitStr>, errors: &mut Errors) {
    if let Some(name) = name.filter(|name| name.value().is_empty()) {
        errors.add(
            name,
            format!("`{word}` is empty; give a name, or remove it for the usual one"),
        );
    }
}
