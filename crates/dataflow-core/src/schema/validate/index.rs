//! What must hold of indexes and checks.

use crate::schema::{Index, IndexMember, ModelSchema};

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

/// PostgreSQL knows such a thing as a constraint alone, over columns of all rows.
pub(super) fn what_may_agree_for_a_while_covers_fields_of_all_rows(
    model: &ModelSchema,
    mistakes: &mut Vec<String>,
) {
    let may_agree = |index: &&Index| index.deferrable.is_some();
    for index in model.indexes.iter().filter(may_agree) {
        let is_plain = index.members.iter().all(IndexMember::is_plain);
        let mistake = if !index.unique {
            "is not unique, so nothing of it is deferrable"
        } else if !is_plain || index.method.is_some() {
            "is deferrable, so it covers fields alone, sorted as usual"
        } else if index.predicate.is_some() || model.deleted().is_some() {
            "is deferrable, so it covers all rows: without a condition, and without soft_delete, \
             which brings one"
        } else {
            continue;
        };
        mistakes.push(format!("model {:?}: an index {mistake}", model.name));
    }
}

pub(super) fn only_what_is_unique_tells_nulls_apart(
    model: &ModelSchema,
    mistakes: &mut Vec<String>,
) {
    let mut indexes = model.indexes.iter();
    if indexes.any(|index| index.nulls_not_distinct && !index.unique) {
        mistakes.push(format!(
            "model {:?}: an index is not unique, so nulls in it need not be distinct",
            model.name
        ));
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
