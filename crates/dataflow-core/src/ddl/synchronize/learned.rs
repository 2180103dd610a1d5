//! What the versions of before tell about the way to the models of now.

use crate::ddl::{Executor, SyncOptions, ledger};
use crate::error::Result;
use crate::plan::{Finding, FindingKind, Hints};
use crate::schema::{ModelSchema, SchemaSet, TableName};
use crate::snapshot::{Column, DatabaseSnapshot};

/// A column that the version before did not declare either belongs to somebody else, not to a field
/// that got another name.
pub(super) fn known_columns(
    hints: &mut Hints,
    desired: &DatabaseSnapshot,
    found: &DatabaseSnapshot,
    versions: &ledger::Versions,
) {
    for table in &desired.tables {
        let names = names(hints, &table.name);
        let Some(definition) = versions.definition_of_table(&names) else {
            continue;
        };
        let Some(existing) = names.iter().find_map(|name| found.table(name)) else {
            continue;
        };
        let is_declared = |name: &str| definition.fields.iter().any(|field| field.column == name);
        let known: Vec<String> = existing
            .columns
            .iter()
            .filter(|column| !is_declared(&column.name))
            .map(|column| column.name.clone())
            .collect();
        if !known.is_empty() {
            hints.entry(&table.name).known_columns = known;
        }
    }
}

/// A default that no field has any longer, but that one had in some version, may go. Where no
/// column has one too many, nothing is asked.
pub(super) fn declared_defaults(
    hints: &mut Hints,
    desired: &DatabaseSnapshot,
    found: &DatabaseSnapshot,
    versions: &ledger::Versions,
    executor: &mut dyn Executor,
    options: &SyncOptions,
) -> Result<()> {
    let dialect = executor.dialect();
    for table in &desired.tables {
        let Some(existing) = found.table(&table.name) else {
            continue;
        };
        let has_one_too_many = |column: &&Column| {
            let existing = existing.column(&column.name);
            column.default.is_none() && existing.is_some_and(|existing| existing.default.is_some())
        };
        let columns: Vec<&Column> = table.columns.iter().filter(has_one_too_many).collect();
        if columns.is_empty() {
            continue;
        }
        let names = names(hints, &table.name);
        let definitions = versions.all_of_table(executor, &options.application, &names)?;
        let hints = hints.entry(&table.name);
        let was_declared = |column: &&Column| {
            let renames = hints.renamed_columns.iter();
            let former = renames.filter(|rename| rename.to == column.name);
            let mut names = former.map(|rename| &rename.from).chain([&column.name]);
            names.any(|name| {
                let fields = definitions.iter().flat_map(|model| model.fields.iter());
                let mut there = fields.filter(|field| field.column == *name);
                there.any(|field| dialect.default_expression(field).is_some())
            })
        };
        let declared = columns.into_iter().filter(was_declared);
        hints.declared_defaults = declared.map(|column| column.name.clone()).collect();
    }
    Ok(())
}

/// The tables of before that are there while their models have others that are not, and nobody said
/// what becomes of them: a program would begin again without a row.
pub(super) fn tables_of_before<'m>(
    executor: &mut dyn Executor,
    schema_set: &SchemaSet,
    missing: impl Iterator<Item = &'m ModelSchema>,
    versions: &ledger::Versions,
) -> Result<Vec<Finding>> {
    let is_settled = |former: &TableName| {
        schema_set.tables().any(|table| table == *former)
            || schema_set.dropped_tables().any(|table| table == former)
    };
    let former = missing.filter_map(|model| {
        let former = versions.table_of(model)?;
        (!is_settled(former)).then(|| (model.table.clone(), former.clone()))
    });
    let former: Vec<(TableName, TableName)> = former.collect();
    if former.is_empty() {
        return Ok(Vec::new());
    }
    let names: Vec<TableName> = former.iter().map(|(_, former)| former.clone()).collect();
    let there = executor.inspect(&names)?;
    let findings = former.into_iter().filter_map(|(table, former)| {
        there.table(&former).map(|_| Finding {
            table,
            column: None,
            kind: FindingKind::PerhapsRenamedTable { former },
        })
    });
    Ok(findings.collect())
}

/// The names that a table has and had.
fn names(hints: &Hints, table: &TableName) -> Vec<TableName> {
    let former = hints
        .of_table(table)
        .and_then(|hints| hints.renamed_from.clone());
    [table.clone()].into_iter().chain(former).collect()
}
