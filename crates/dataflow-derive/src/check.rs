//! What must hold between the attributes of a model, rule by rule.

mod access;
mod key;
mod rules;

use std::collections::HashSet;

use syn::ext::IdentExt;
use syn::{LitInt, LitStr};

use crate::errors::Errors;
use crate::parsed::{ParsedEnum, ParsedField, ParsedIndex, ParsedModel};
use crate::words;

pub(crate) use key::MOST_KEY_FIELDS;

/// Checks every rule of a model and reports every mistake.
pub(crate) fn model(model: &ParsedModel, errors: &mut Errors) {
    key::a_row_has_a_key(model, errors);
    key::a_key_of_several_fields_is_given(model, errors);
    key::what_has_no_rowid_counts_no_keys_up(model, errors);
    for field in &model.fields {
        key::generators_belong_to_the_key(field, errors);
        key::a_key_comes_without_further_rules(model, field, errors);
        a_stamped_field_is_written_by_its_stamp_alone(field, errors);
        a_generated_field_has_no_other_source(field, errors);
        a_tenant_is_written_by_the_library_alone(field, errors);
        a_default_is_declared_once(field, errors);
        limits_go_together(field, errors);
        rules::a_value_can_fulfill_all_rules(field, errors);
        rules::rules_are_for_what_is_given(field, errors);
        access::a_field_goes_some_way(field, errors);
        rules_belong_to_a_relation(field, errors);
        an_index_is_unique_or_plain(model, field, errors);
    }
    what_is_only_added_does_not_change(model, errors);
    each_behavior_stands_on_one_field(model, errors);
    rows_that_are_kept_apart_have_a_tenant(model, errors);
    relations_have_names_of_their_own(model, errors);
    indexes_cover_declared_fields(model, errors);
    indexes_cover_a_field_once(model, errors);
    no_two_indexes_cover_the_same_fields(model, errors);
    columns_are_unique(model, errors);
    rules::a_row_has_one_version(model, errors);
    names_are_not_empty(model, errors);
}

/// Checks every rule of an enum and reports every mistake.
pub(crate) fn enumeration(parsed: &ParsedEnum, errors: &mut Errors) {
    if parsed.variants.is_empty() {
        errors.add(
            &parsed.ident,
            "an enum without variants has no value to store; add a variant",
        );
    }
    stored_names_are_unique(parsed, errors);
    is_not_empty("type", parsed.type_name.as_ref(), errors);
    for variant in &parsed.variants {
        is_not_empty("rename", variant.rename.as_ref(), errors);
    }
}

fn a_stamped_field_is_written_by_its_stamp_alone(field: &ParsedField, errors: &mut Errors) {
    let mut stamps = field.stamps();
    let Some(stamp) = stamps.next() else {
        return;
    };
    for second in stamps {
        errors.add(
            second,
            format!("`{stamp}` already gives the value; use two fields"),
        );
    }
    if let Some(default) = &field.default {
        errors.add(
            &default.tokens,
            format!("`{stamp}` already gives the value; remove the default"),
        );
    }
    if let Some(expression) = &field.default_sql {
        errors.add(
            expression,
            format!("`{stamp}` already gives the value; remove the default"),
        );
    }
}

fn a_generated_field_has_no_other_source(field: &ParsedField, errors: &mut Errors) {
    let Some(generated) = &field.generated else {
        if let Some(word) = field.is_virtual.as_ref().filter(|_| !field.incomplete) {
            errors.add(
                word,
                "only a `generated` field is virtual; say how, or remove it",
            );
        }
        return;
    };
    let is_stamped = field.stamps().next().is_some();
    if is_stamped || field.default.is_some() || field.default_sql.is_some() {
        errors.add(
            generated,
            "a generated field has no other value; remove the default or the stamp",
        );
    }
}

fn a_tenant_is_written_by_the_library_alone(field: &ParsedField, errors: &mut Errors) {
    let Some(word) = &field.tenant else {
        return;
    };
    let has_default = field.default.is_some() || field.default_sql.is_some();
    let has_source = has_default || field.generated.is_some() || field.stamps().next().is_some();
    if has_source {
        errors.add(
            word,
            "the tenant of a row is whoever writes it, and no other value; remove the others",
        );
    }
}

fn what_is_only_added_does_not_change(model: &ParsedModel, errors: &mut Errors) {
    if model.append_only.is_none() {
        return;
    }
    for field in &model.fields {
        for word in [&field.updated_at, &field.soft_delete]
            .into_iter()
            .flatten()
        {
            errors.add(
                word,
                format!("rows of an `append_only` model do not change; remove `{word}`"),
            );
        }
    }
}

fn rows_that_are_kept_apart_have_a_tenant(model: &ParsedModel, errors: &mut Errors) {
    let is_complete = model.fields.iter().all(|field| !field.incomplete);
    let has_tenant = model.fields.iter().any(|field| field.tenant.is_some());
    if let Some(word) = model
        .row_level_security
        .as_ref()
        .filter(|_| is_complete && !has_tenant)
    {
        errors.add(
            word,
            "rows are kept apart by their tenant; say whose row it is with `#[model(tenant)]` on a \
             field",
        );
    }
}

fn each_behavior_stands_on_one_field(model: &ParsedModel, errors: &mut Errors) {
    let fields = || model.fields.iter();
    let deletions = fields().filter_map(|field| field.soft_delete.as_ref());
    let tenants = fields().filter_map(|field| field.tenant.as_ref());
    for second in deletions.skip(1).chain(tenants.skip(1)) {
        errors.add(
            second,
            format!("`{second}` stands on another field already; remove one"),
        );
    }
}

fn a_default_is_declared_once(field: &ParsedField, errors: &mut Errors) {
    if let (Some(_), Some(second)) = (&field.default, &field.default_sql) {
        errors.add(second, "`default` already gives the value; remove one");
    }
}

fn limits_go_together(field: &ParsedField, errors: &mut Errors) {
    let limit = &field.limit;
    let digits = |literal: &LitInt| literal.base10_parse::<u64>().unwrap_or_default();
    match (&limit.precision, &limit.scale) {
        (None, Some(scale)) if !field.incomplete => errors.add(
            scale,
            "`scale` says how many of the digits stand after the point; add `precision`",
        ),
        (Some(precision), Some(scale)) if digits(scale) > digits(precision) => errors.add(
            scale,
            "more digits after the point than in all; raise `precision`",
        ),
        _ => {}
    }
    if let (Some(_), Some(precision)) = (&limit.max_length, &limit.precision) {
        errors.add(
            precision,
            "`max_length` is for a text, `precision` for a decimal; remove one",
        );
    }
}

fn rules_belong_to_a_relation(field: &ParsedField, errors: &mut Errors) {
    if field.belongs_to.is_some() || field.incomplete {
        return;
    }
    let message = "this says what happens to a foreign key; add `belongs_to`, or remove it";
    let rules = &field.rules;
    for action in [&rules.on_delete, &rules.on_update].into_iter().flatten() {
        errors.add(&action.literal, message);
    }
    if let Some(word) = &rules.deferred {
        errors.add(word, message);
    }
    if let Some(name) = &rules.name {
        errors.add(
            name,
            "this names a relation; add `belongs_to`, or remove it",
        );
    }
}

/// Fields and relations are constants of the struct, in capitals.
fn relations_have_names_of_their_own(model: &ParsedModel, errors: &mut Errors) {
    let mut seen: HashSet<String> = model
        .fields
        .iter()
        .map(|field| field.name.to_uppercase())
        .collect();
    let own = model
        .fields
        .iter()
        .filter(|field| field.belongs_to.is_some());
    let own = own.filter_map(|field| Some((model.relation_name(field)?, &field.ident)));
    let inverses = model.inverses.iter();
    let inverses = inverses.map(|inverse| (inverse.name(), &inverse.ident));
    for (name, ident) in own.chain(inverses) {
        if !seen.insert(name.to_uppercase()) {
            errors.add(
                ident,
                format!("`{name}` is a field or another relation; give this one another name"),
            );
        }
    }
}

fn an_index_is_unique_or_plain(model: &ParsedModel, field: &ParsedField, errors: &mut Errors) {
    let is_whole_key = field.primary_key.is_some() && !model.has_composite_key();
    if let (Some(_), Some(index), false) = (&field.unique, &field.index, is_whole_key) {
        errors.add(index, "`unique` brings an index already; remove `index`");
    }
}

fn indexes_cover_declared_fields(model: &ParsedModel, errors: &mut Errors) {
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

fn indexes_cover_a_field_once(model: &ParsedModel, errors: &mut Errors) {
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

fn no_two_indexes_cover_the_same_fields(model: &ParsedModel, errors: &mut Errors) {
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

/// Databases differ in whether they tell names apart by case, so no two columns differ by case alone.
fn columns_are_unique(model: &ParsedModel, errors: &mut Errors) {
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

fn names_are_not_empty(model: &ParsedModel, errors: &mut Errors) {
    is_not_empty("table", model.table.as_ref(), errors);
    is_not_empty("schema", model.schema.as_ref(), errors);
    is_not_empty("renamed_from", model.renamed_from.as_ref(), errors);
    is_not_empty("moved_from", model.moved_from.as_ref(), errors);
    comments_are_not_empty(model, errors);
    for field in &model.fields {
        is_not_empty("column", field.column.as_ref(), errors);
        is_not_empty("collation", field.collation.as_ref(), errors);
        is_not_empty("renamed_from", field.renamed_from.as_ref(), errors);
    }
}

fn comments_are_not_empty(model: &ParsedModel, errors: &mut Errors) {
    let of_fields = model.fields.iter().map(|field| &field.comment);
    let comments = of_fields.chain([&model.comment]).flatten();
    for comment in comments.filter(|comment| comment.value().is_empty()) {
        errors.add(comment, "the comment is empty; say something, or remove it");
    }
}

fn is_not_empty(word: &str, name: Option<&LitStr>, errors: &mut Errors) {
    if let Some(name) = name.filter(|name| name.value().is_empty()) {
        errors.add(
            name,
            format!("`{word}` is empty; give a name, or remove it for the usual one"),
        );
    }
}

fn stored_names_are_unique(parsed: &ParsedEnum, errors: &mut Errors) {
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
