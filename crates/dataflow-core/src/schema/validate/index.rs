//! What must hold of indexes and checks.

use crate::schema::{IndexMember, ModelSchema};

pub(super) fn indexes_cover_declared_fields(model: &ModelSchema, mistakes: &mut Vec<String>) {
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

pub(super) fn checks_say_something(model: &ModelSchema, mistakes: &mut Vec<String>) {
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
