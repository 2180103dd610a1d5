//! What must hold between models that lead to each other.

use std::collections::HashSet;

use super::Models;
use crate::schema::{Arity, Index, Inverse, ModelSchema, Relation, TableName};

pub(super) fn relations_point_at_registered_models(
    model: &ModelSchema,
    models: &Models,
    mistakes: &mut Vec<String>,
) {
    for relation in model.relations.iter() {
        let Some(parent) = models.iter().find(|other| other.table == relation.table) else {
            mistakes.push(format!(
                "model {:?}: field {:?} belongs to table {:?}, whose model is not registered",
                model.name, relation.field, relation.table
            ));
            continue;
        };
        let Some(child) = model.field(&relation.field) else {
            mistakes.push(format!(
                "model {:?}: a relation stands on field {:?}, which is not declared",
                model.name, relation.field
            ));
            continue;
        };
        // That it has no key is a mistake of its own.
        let key = match &parent.key.fields[..] {
            [] => continue,
            [key] => parent.field(key),
            _ => {
                mistakes.push(format!(
                    "model {:?}: field {:?} cannot hold the key of {:?}, which has several fields; \
                     give that model a key of one field, and let these be unique together",
                    model.name, child.name, parent.name
                ));
                continue;
            }
        };
        let Some(key) = key else {
            continue;
        };
        if relation.column != key.column {
            mistakes.push(format!(
                "model {:?}: field {:?} points at column {:?} of {:?}, whose key is {:?}",
                model.name, child.name, relation.column, parent.table, key.column
            ));
        }
        if child.field_type != key.field_type {
            mistakes.push(format!(
                "model {:?}: field {:?} holds {}, but the key of {:?} is {}",
                model.name,
                child.name,
                child.field_type.describe(),
                parent.name,
                key.field_type.describe()
            ));
        }
    }
}

/// In a filter or a selection, a name means a field or a relation. Names that are made of fields
/// differ as these do.
pub(super) fn relations_have_names_of_their_own(model: &ModelSchema, mistakes: &mut Vec<String>) {
    let is_named = model
        .relations
        .iter()
        .any(|relation| relation.name.is_some());
    if model.inverses.is_empty() && !is_named {
        return;
    }
    let mut seen = HashSet::new();
    for name in model.relation_names() {
        if name.is_empty() || name.contains('.') || name.starts_with('$') {
            mistakes.push(format!(
                "model {:?}: no relation can be called {name:?}",
                model.name
            ));
        }
        if model.field(name).is_some() || !seen.insert(name) {
            mistakes.push(format!(
                "model {:?}: relation {name:?} has the name of a field or of another relation",
                model.name
            ));
        }
    }
}

pub(super) fn inverses_are_relations_read_backwards(
    model: &ModelSchema,
    models: &Models,
    mistakes: &mut Vec<String>,
) {
    for inverse in model.inverses.iter() {
        let holders = match &inverse.through {
            None => vec![(&inverse.table, &inverse.field, &model.table)],
            Some(through) => vec![
                (&through.table, &inverse.field, &model.table),
                (&through.table, &through.field, &inverse.table),
            ],
        };
        for (holder, field, target) in holders {
            let Some(holder) = models.iter().find(|other| other.table == *holder) else {
                mistakes.push(is_not_registered(model, inverse, holder));
                continue;
            };
            let points_there =
                |relation: &Relation| relation.field == *field && relation.table == *target;
            if !holder.relations.iter().any(points_there) {
                mistakes.push(format!(
                    "model {:?}: relation {:?} needs field {field:?} of model {:?} to belong to \
                     table {target:?}",
                    model.name, inverse.name, holder.name
                ));
            }
        }
        if inverse.arity == Arity::One && inverse.through.is_none() {
            the_other_row_is_one(model, inverse, models, mistakes);
        }
        let is_registered = models.iter().any(|other| other.table == inverse.table);
        if inverse.through.is_some() && !is_registered {
            mistakes.push(is_not_registered(model, inverse, &inverse.table));
        }
    }
}

/// A field that is not unique may hold the key in more rows than one.
fn the_other_row_is_one(
    model: &ModelSchema,
    inverse: &Inverse,
    models: &Models,
    mistakes: &mut Vec<String>,
) {
    let Some(other) = models.iter().find(|other| other.table == inverse.table) else {
        return;
    };
    let mut unique = other.indexes.iter().filter_map(Index::unique_fields);
    let is_key = other.key.fields[..] == [inverse.field.clone()];
    if !is_key && !unique.any(|fields| fields == [&*inverse.field]) {
        mistakes.push(format!(
            "model {:?}: relation {:?} leads to one row, so field {:?} of model {:?} must be unique",
            model.name, inverse.name, inverse.field, other.name
        ));
    }
}

fn is_not_registered(model: &ModelSchema, inverse: &Inverse, table: &TableName) -> String {
    format!(
        "model {:?}: relation {:?} leads to table {table:?}, whose model is not registered",
        model.name, inverse.name
    )
}
