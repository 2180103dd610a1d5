//! What must hold between the indexes of a model.

use std::collections::HashSet;

use syn::LitStr;
use syn::ext::IdentExt;

use crate::errors::Errors;
use crate::parsed::{
    INITIALLY_DEFERRED, INITIALLY_IMMEDIATE, NOT_DISTINCT, ParsedField, ParsedIndex, ParsedMember,
    ParsedModel,
};
use crate::words;

pub(super) fn an_index_is_unique_or_plain(
    model: &ParsedModel,
    field: &ParsedField,
    errors: &mut Errors,
) {
    let is_whole_key = field.primary_key.is_some() && !model.has_composite_key();
    if let (Some(_), Some(index), false) = (&field.unique, &field.index, is_whole_key) {
        errors.add(index, "`unique` brings an index already; remove `index`");
    }
}

pub(super) fn indexes_cover_declared_fields(model: &ParsedModel, errors: &mut Errors) {
    let names = || model.fields.iter().map(|field| field.name.as_str());
    for ident in model.indexes.iter().flat_map(ParsedIndex::fields) {
        let name = ident.unraw().to_string();
        if !names().any(|known| known == name) {
            let advice = words::nearest(&name, names());
            let message = format!("model `{}` has no field `{name}`; {advice}", model.name);
            errors.add(ident, message);
        }
    }
}

pub(super) fn indexes_cover_a_field_once(model: &ParsedModel, errors: &mut Errors) {
    for index in &model.indexes {
        let mut seen = HashSet::new();
        for ident in index.covered() {
            let name = ident.unraw().to_string();
            if !seen.insert(name.clone()) {
                errors.add(
                    ident,
                    format!("the index covers `{name}` twice; remove one"),
                );
            }
        }
    }
}

pub(super) fn no_two_indexes_cover_the_same_fields(model: &ParsedModel, errors: &mut Errors) {
    let has_index = |field: &&ParsedField| field.unique.is_some() || field.index.is_some();
    let of_fields = model.fields.iter().filter(has_index);
    let mut seen: HashSet<Vec<String>> = of_fields.map(|field| vec![field.name.clone()]).collect();
    for index in &model.indexes {
        if index
            .plain_fields()
            .is_some_and(|fields| !seen.insert(fields))
        {
            errors.add(
                &index.word,
                "another index covers the same fields; remove one",
            );
        }
    }
}

pub(super) fn options_say_what_they_can(model: &ParsedModel, errors: &mut Errors) {
    let mut one_of = |word, value: &Option<LitStr>, known: &[&str]| {
        let Some(value) = value else { return };
        if !known.contains(&&*value.value()) {
            let known = known.iter().map(|known| format!("`{word} = {known:?}`"));
            let known: Vec<String> = known.collect();
            errors.add(value, format!("write {}", known.join(" or ")));
        }
    };
    for index in &model.indexes {
        let moments = [INITIALLY_DEFERRED, INITIALLY_IMMEDIATE];
        one_of("deferrable", &index.deferrable, &moments);
        one_of("nulls", &index.nulls, &[NOT_DISTINCT]);
    }
}

/// A database knows such a thing as a constraint alone.
pub(super) fn what_is_deferrable_is_unique_over_fields_of_all_rows(
    model: &ParsedModel,
    errors: &mut Errors,
) {
    for index in &model.indexes {
        let is_plain = index.members.iter().all(ParsedMember::is_plain);
        let only_unique = [&index.deferrable, &index.nulls];
        match (&index.deferrable, &index.predicate) {
            _ if index.word != "unique" => only_unique.into_iter().flatten().for_each(|value| {
                errors.add(
                    value,
                    "only `unique(…)` refuses rows; use that, or remove it",
                );
            }),
            (Some(_), Some(condition)) => errors.add(
                condition,
                "what is deferrable holds for all rows; remove `where` or `deferrable`",
            ),
            (Some(value), None) if !is_plain || index.method.is_some() => errors.add(
                value,
                "what is deferrable covers fields alone, sorted as usual; remove it, or the rest",
            ),
            _ => {}
        }
    }
}
