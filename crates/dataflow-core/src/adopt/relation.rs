//! Relations for foreign keys.

use super::Unsaid;
use super::draft::Draft;
use crate::schema::{FieldType, Relation, TableName};
use crate::snapshot::{ForeignKey, Table};

/// The relation of a field that a foreign key stands on.
pub(super) fn relation(field: &str, foreign_key: &ForeignKey) -> Relation {
    Relation {
        on_delete: foreign_key.on_delete,
        on_update: foreign_key.on_update,
        deferred: foreign_key.deferred,
        ..Relation::new(
            field.to_owned(),
            foreign_key.referenced_table.clone(),
            foreign_key.referenced_column.clone(),
        )
    }
}

/// What is told of a foreign key that is no relation.
pub(super) fn unsaid(table: &Table, column: &str, target: &TableName, why: &str) -> Unsaid {
    let what = format!("foreign key of column {column:?} into table {target:?}: {why}");
    Unsaid::part(&table.name, what)
}

/// A relation points at the key of a model; else its column stands alone.
pub(super) fn leave_out_those_to_nobody(drafts: &mut [Draft], unsaid: &mut Vec<Unsaid>) {
    let keys: Vec<(TableName, String, FieldType)> = drafts
        .iter()
        .filter(|draft| !draft.model.key.is_composite())
        .map(|draft| {
            let key = draft.model.key_field();
            let (column, field_type) = (key.column.to_string(), key.field_type.clone());
            (draft.found.name.clone(), column, field_type)
        })
        .collect();
    for draft in drafts {
        let fields = draft.model.fields.clone();
        draft.model.relations.to_mut().retain(|relation| {
            let field = fields.iter().find(|field| field.name == relation.field);
            let points_at_a_model = keys.iter().any(|(parent, column, key_type)| {
                *parent == relation.table
                    && *column == relation.column
                    && field.is_some_and(|field| field.field_type == *key_type)
            });
            if let Some(field) = field.filter(|_| !points_at_a_model) {
                let why = "no model has that for its key";
                unsaid.push(self::unsaid(
                    draft.found,
                    &field.column,
                    &relation.table,
                    why,
                ));
            }
            points_at_a_model
        });
    }
}
