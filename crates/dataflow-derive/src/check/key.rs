//! Rules of what identifies a row.

use crate::errors::Errors;
use crate::parsed::{Generator, ParsedField, ParsedModel};

/// The most fields that a key has: a tuple of so many is a key's type.
pub(crate) const MOST_KEY_FIELDS: usize = 8;

pub(super) fn a_row_has_a_key(model: &ParsedModel, errors: &mut Errors) {
    let may_be_misspelled = model.fields.iter().any(|field| field.incomplete);
    if model.key().next().is_none() && !may_be_misspelled {
        errors.add(
            &model.ident,
            format!(
                "model `{}` has no primary key; put `#[model(primary_key)]` on one field, or on \
                 several together",
                model.name
            ),
        );
    }
    for word in model
        .key()
        .skip(MOST_KEY_FIELDS)
        .filter_map(|field| field.primary_key.as_ref())
    {
        errors.add(
            word,
            "a primary key has eight fields at the most; give the rows one of their own",
        );
    }
}

/// Nobody can make one value of which the rest follows.
pub(super) fn a_key_of_several_fields_is_given(model: &ParsedModel, errors: &mut Errors) {
    if !model.has_composite_key() {
        return;
    }
    for field in model.key() {
        let message = "a primary key of several fields is given whole by the caller; remove this";
        if let Some(generator) = &field.generate {
            errors.add(&generator.literal, message);
        }
        if let Some(word) = &field.client_key {
            errors.add(word, message);
        }
    }
}

pub(super) fn what_has_no_rowid_counts_no_keys_up(model: &ParsedModel, errors: &mut Errors) {
    if model.without_rowid.is_none() {
        return;
    }
    for generator in model.key().filter_map(|field| field.generate.as_ref()) {
        if matches!(generator.kind, Generator::Serial) {
            errors.add(
                &generator.literal,
                "a table without rowid counts no keys up; let the caller give them (`generate = \
                 \"none\"`), or remove `without_rowid`",
            );
        }
    }
}

pub(super) fn generators_belong_to_the_key(field: &ParsedField, errors: &mut Errors) {
    if field.primary_key.is_some() || field.incomplete {
        return;
    }
    if let Some(generator) = &field.generate {
        errors.add(
            &generator.literal,
            "only a key is generated; add `primary_key`, or use `default`",
        );
    }
    if let Some(word) = &field.client_key {
        errors.add(
            word,
            "`client_key` says who gives the key; add `primary_key`, or remove it",
        );
    }
}

/// What makes sense beside a key that is one field, or part of one.
pub(super) fn a_key_comes_without_further_rules(
    model: &ParsedModel,
    field: &ParsedField,
    errors: &mut Errors,
) {
    if field.primary_key.is_none() {
        return;
    }
    if let Some(default) = &field.default {
        errors.add(
            &default.tokens,
            "a default would give every row the same key; use `generate`",
        );
    }
    for expression in [&field.default_sql, &field.generated].into_iter().flatten() {
        errors.add(
            expression,
            "the library must know the key of a row that it writes; use `generate`",
        );
    }
    // The index of a key of several fields finds no row by one of them alone.
    let of_whole_key = [&field.unique, &field.index].into_iter().flatten();
    for word in of_whole_key.filter(|_| !model.has_composite_key()) {
        errors.add(
            word,
            format!("the primary key is unique and has an index already; remove `{word}`"),
        );
    }
    for word in field.stamps() {
        errors.add(
            word,
            format!("what changes with each write does not identify a row; remove `{word}`"),
        );
    }
    if let Some(word) = &field.tenant {
        errors.add(
            word,
            "a tenant has many rows, so it does not identify one; remove `tenant`",
        );
    }
}
