//! The types of named values that columns have.

use super::Difference;
use crate::dialect::{enum_type, literal};
use crate::plan::{Change, FindingKind, Run, Statement, Step};
use crate::snapshot::{Column, DatabaseSnapshot, EnumType, Table};

impl Difference<'_> {
    /// Labels are added where they stand; one that nobody declares stays, as a column does.
    pub(super) fn of_enum_types(&mut self, desired: &DatabaseSnapshot, found: &DatabaseSnapshot) {
        for wanted in &desired.enum_types {
            let Some((table, column)) = first_column(desired, wanted) else {
                continue;
            };
            let Some(existing) = found.enum_type(&wanted.name) else {
                self.changes.push(Change::CreateEnumType {
                    table: table.name.clone(),
                    enum_type: wanted.clone(),
                });
                continue;
            };
            let is_missing = |label: &String| !existing.labels.contains(label);
            if wanted.labels.iter().any(is_missing) {
                self.changes.push(Change::AddLabels {
                    table: table.name.clone(),
                    found: existing.clone(),
                    wanted: wanted.labels.clone(),
                });
            }
            if !enum_type::are_kept(&existing.labels, &wanted.labels) {
                let kind = FindingKind::Labels {
                    found: existing.labels.clone(),
                    wanted: wanted.labels.clone(),
                };
                self.find(table, Some(&column.name), kind);
            }
        }
    }
}

fn first_column<'a>(
    desired: &'a DatabaseSnapshot,
    enum_type: &EnumType,
) -> Option<(&'a Table, &'a Column)> {
    desired.tables.iter().find_map(|table| {
        let mut columns = table.columns.iter();
        let column = columns.find(|column| enum_type.is_in(column))?;
        Some((table, column))
    })
}

/// A transaction cannot use a label that it added itself, so labels that other steps use are added
/// in one of their own.
pub(super) fn commit_what_is_used(steps: &mut [Step]) {
    for at in 0..steps.len() {
        let Change::AddLabels { found, wanted, .. } = &steps[at].change else {
            continue;
        };
        let added = wanted.iter().filter(|label| !found.labels.contains(label));
        let added: Vec<String> = added.map(|label| literal(label)).collect();
        // In the text of a list a label stands in another spelling.
        let list_type = found.column_type() + "[]";
        let uses = |step: &Step| {
            let is_of_type = matches!(
                &step.change,
                Change::SetType { column, .. } if found.is_in(column)
            );
            let mentions = |label: &String| {
                let mut statements = step.statements.iter();
                statements.any(|statement| statement.sql.contains(label))
            };
            let mentions_lists = |statement: &Statement| statement.sql.contains(&list_type);
            is_of_type || added.iter().any(mentions) || step.statements.iter().any(mentions_lists)
        };
        let (before, rest) = steps.split_at(at);
        if before.iter().chain(&rest[1..]).any(uses) {
            for statement in &mut steps[at].statements {
                statement.run = Run::Ahead;
            }
        }
    }
}
