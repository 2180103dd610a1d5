//! What must hold between the attributes of a model, rule by rule.

mod access;
mod index;
mod key;
mod name;
mod relation;
mod row;
mod rules;

use syn::LitInt;

use crate::errors::Errors;
use crate::parsed::{ParsedEnum, ParsedField, ParsedModel};

pub(crate) use key::MOST_KEY_FIELDS;
pub(crate) use row::row;

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
        relation::rules_belong_to_a_relation(field, errors);
        index::an_index_is_unique_or_plain(model, field, errors);
    }
    what_is_only_added_does_not_change(model, errors);
    each_behavior_stands_on_one_field(model, errors);
    rows_that_are_kept_apart_have_a_tenant(model, errors);
    relation::relations_have_names_of_their_own(model, errors);
    index::indexes_cover_declared_fields(model, errors);
    index::indexes_cover_a_field_once(model, errors);
    index::no_two_indexes_cover_the_same_fields(model, errors);
    index::options_say_what_they_can(model, errors);
    index::what_is_deferrable_is_unique_over_fields_of_all_rows(model, errors);
    name::columns_are_unique(model, errors);
    rules::a_row_has_one_version(model, errors);
    name::names_are_not_empty(model, errors);
}

/// Checks every rule of an enum and reports every mistake.
pub(crate) fn enumeration(parsed: &ParsedEnum, errors: &mut Errors) {
    if parsed.variants.is_empty() {
        errors.add(
            &parsed.ident,
            "an enum without variants has no value to store; add a variant",
        );
    }
    name::stored_names_are_unique(parsed, errors);
    name::is_not_empty("type", parsed.type_name.as_ref(), errors);
    for variant in &parsed.variants {
        name::is_not_empty("rename", variant.rename.as_ref(), errors);
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
            "`max_length` is for a text, `precision` for a decimal or a time; remove one",
        );
    }
}
