//! What must hold of the fields that say which rows a statement reaches.

use super::Models;
use crate::schema::{Field, ModelSchema, Relation, Stamp};

pub(super) fn a_deletion_is_a_time_or_null(model: &ModelSchema, mistakes: &mut Vec<String>) {
    let is_deletion = |field: &&Field| field.stamp == Some(Stamp::Deleted);
    let deletions = model.fields.iter().filter(is_deletion);
    for (count, field) in deletions.enumerate() {
        if count > 0 {
            mistakes.push(format!(
                "model {:?}: field {:?} is the second that says when a row was deleted",
                model.name, field.name
            ));
        }
        if !field.nullable {
            mistakes.push(format!(
                "model {:?}: field {:?} says when a row was deleted, so it must be an Option",
                model.name, field.name
            ));
        }
    }
}

pub(super) fn what_is_only_added_does_not_change(model: &ModelSchema, mistakes: &mut Vec<String>) {
    if !model.append_only {
        return;
    }
    let is_of_change =
        |field: &&Field| matches!(field.stamp, Some(Stamp::Updated | Stamp::Deleted));
    for field in model.fields.iter().filter(is_of_change) {
        mistakes.push(format!(
            "model {:?}: rows are only added, so field {:?} would never be stamped",
            model.name, field.name
        ));
    }
    let is_changing =
        |relation: &&Relation| relation.on_delete.is_change() || relation.on_update.is_change();
    for relation in model.relations.iter().filter(is_changing) {
        mistakes.push(format!(
            "model {:?}: rows are only added, so none goes or changes with the row that {:?} names",
            model.name, relation.field
        ));
    }
}

pub(super) fn a_tenant_is_one_plain_field(model: &ModelSchema, mistakes: &mut Vec<String>) {
    let tenants = model.fields.iter().filter(|field| field.tenant);
    for (count, field) in tenants.enumerate() {
        let refusal = match &field.field_type {
            _ if count > 0 => "is the second that says whose row this is",
            _ if model.key.contains(&field.name) => {
                "is the key, so it cannot say whose row this is"
            }
            _ if field.nullable => "says whose row this is, so it cannot be an Option",
            _ if field.default.is_some() || field.stamp.is_some() || field.generated.is_some() => {
                "says whose row this is, so it has no other value"
            }
            field_type if !field_type.names_tenants() => {
                "says whose row this is, so it must be a text, a UUID or an integer"
            }
            _ => continue,
        };
        mistakes.push(format!(
            "model {:?}: field {:?} {refusal}",
            model.name, field.name
        ));
    }
}

pub(super) fn rows_that_are_kept_apart_have_a_tenant(
    model: &ModelSchema,
    mistakes: &mut Vec<String>,
) {
    if model.row_level_security && model.tenant().is_none() {
        mistakes.push(format!(
            "model {:?}: row_level_security keeps the rows of tenants apart, and no field says \
             whose row it is; say #[model(tenant)] on one",
            model.name
        ));
    }
}

/// One statement may reach rows of several models, and has one tenant.
pub(super) fn tenants_are_of_one_type(models: &Models, mistakes: &mut Vec<String>) {
    let tenants = models.iter().flat_map(|model| {
        let fields = model.fields.iter().filter(|field| field.tenant);
        fields.map(move |field| (model, field))
    });
    let mut tenants = tenants;
    let Some((_, first)) = tenants.next() else {
        return;
    };
    for (model, field) in tenants.filter(|(_, field)| field.field_type != first.field_type) {
        mistakes.push(format!(
            "model {:?}: field {:?} names the tenant by {}, other models do by {}",
            model.name,
            field.name,
            field.field_type.describe(),
            first.field_type.describe()
        ));
    }
}
