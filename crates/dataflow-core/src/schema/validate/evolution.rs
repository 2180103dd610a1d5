//! What is said about versions before, against what is declared now.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

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

pub(super) fn dropped_tables_become_no_model(
    models: &Models,
    dropped_tables: &[TableName],
    mistakes: &mut Vec<String>,
) {
    for (model, former) in former_tables(models) {
        if dropped_tables.contains(&former) {
            mistakes.push(format!(
                "table {former:?} is to be dropped, but model {:?} is renamed from it",
                model.name
            ));
        }
    }
}

pub(super) fn a_table_becomes_one_model(models: &Models, mistakes: &mut Vec<String>) {
    let mut seen: HashMap<TableName, &ModelSchema> = HashMap::new();
    for (model, former) in former_tables(models) {
        match seen.entry(former) {
            Entry::Vacant(place) => _ = place.insert(model),
            Entry::Occupied(place) => mistakes.push(format!(
                "models {:?} and {:?} are both renamed from table {:?}",
                place.get().name,
                model.name,
                place.key()
            )),
        }
    }
}

fn former_tables(models: &Models) -> impl Iterator<Item = (&ModelSchema, TableName)> {
    models.iter().filter_map(|model| {
        let former = model.evolution.former_table(&model.table)?;
        Some((&**model, former))
    })
}

pub(super) fn what_is_renamed_does_not_go(model: &ModelSchema, mistakes: &mut Vec<String>) {
    let evolution = &model.evolution;
    for renamed in evolution.renamed_fields.iter() {
        if evolution.dropped_columns.contains(&renamed.from) {
            mistakes.push(format!(
                "model {:?}: column {:?} is to be dropped, but field {:?} is renamed from it",
                model.name, renamed.from, renamed.field
            ));
        }
    }
}

pub(super) fn a_column_becomes_one_field(model: &ModelSchema, mistakes: &mut Vec<String>) {
    let renamed_fields = &model.evolution.renamed_fields;
    for (at, renamed) in renamed_fields.iter().enumerate() {
        let mut before = renamed_fields[..at].iter();
        if let Some(other) = before.find(|other| other.from == renamed.from) {
            mistakes.push(format!(
                "model {:?}: fields {:?} and {:?} are both renamed from column {:?}",
                model.name, other.field, renamed.field, renamed.from
            ));
        }
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
