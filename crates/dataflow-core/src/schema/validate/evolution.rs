//! What is said about versions before, against what is declared now.

use super::Models;
use crate::schema::{ModelSchema, TableName, Text};

pub(super) fn dropped_tables_have_no_model(
    models: &Models,
    dropped_tables: &[TableName],
    mistakes: &mut Vec<String>,
) {
    for model in models
        .iter()
        .filter(|model| dropped_tables.contains(&model.table))
    {
        mistakes.push(format!(
            "table {:?} is to be dropped, but model {:?} is stored in it",
            model.table, model.name
        ));
    }
}

pub(super) fn what_goes_is_not_declared(model: &ModelSchema, mistakes: &mut Vec<String>) {
    let evolution = &model.evolution;
    let is_column = |name: &Text| model.fields.iter().any(|field| field.column == *name);
    let mut refuse = |what: String| mistakes.push(format!("model {:?}: {what}", model.name));
    if evolution.renamed_from.as_ref() == Some(&model.table.name) {
        refuse(format!(
            "renamed_from is the name that table {:?} has",
            model.table
        ));
    }
    if evolution.moved_from.is_some() && evolution.moved_from == model.table.schema {
        refuse(format!(
            "moved_from is the schema that table {:?} is in",
            model.table
        ));
    }
    for column in evolution
        .dropped_columns
        .iter()
        .filter(|name| is_column(name))
    {
        refuse(format!(
            "column {column:?} is to be dropped, but a field declares it"
        ));
    }
    for renamed in evolution.renamed_fields.iter() {
        match model.field(&renamed.field) {
            None => refuse(format!(
                "field {:?} is said to be renamed, but not declared",
                renamed.field
            )),
            Some(field) if field.column == renamed.from => refuse(format!(
                "renamed_from is the name that the column of field {:?} has",
                field.name
            )),
            Some(_) => {}
        }
    }
}
