//! Which changes a database makes only by writing the whole table anew.

use super::rename::Renames;
use super::{Change, Finding, FindingKind};
use crate::dialect::{self, Dialect};
use crate::snapshot::{DatabaseSnapshot, Table};

/// The changes, with those that need a table to be written anew gathered into one for each table.
///
/// Once a table is written anew, its other changes that can be part of that are: what the new
/// statement is made from is the table as it was found.
pub(super) fn gathered(
    changes: Vec<Change>,
    found: &DatabaseSnapshot,
    renames: &Renames,
    dialect: &dyn Dialect,
    findings: &mut Vec<Finding>,
) -> Vec<Change> {
    if dialect.capability().alter_column {
        return changes;
    }
    let existing = |change: &Change| found.table(renames.old_table(change.table()));
    let rebuilt: Vec<&Table> = changes
        .iter()
        .filter(|change| {
            existing(change).is_some_and(|table| asks_for_rebuild(change, table, dialect))
        })
        .filter_map(existing)
        .collect();
    let (parts, mut rest): (Vec<Change>, Vec<Change>) = changes.into_iter().partition(|change| {
        let is_rebuilt = |table: &Table| rebuilt.iter().any(|other| other.name == table.name);
        can_be_part(change) && existing(change).is_some_and(is_rebuilt)
    });
    let mut rebuilds: Vec<(&Table, Vec<Change>)> = Vec::new();
    for part in parts {
        let Some(table) = found.table(renames.old_table(part.table())) else {
            continue;
        };
        let part = renames.in_old_names(part);
        match rebuilds
            .iter_mut()
            .find(|(other, _)| other.name == table.name)
        {
            Some((_, changes)) => changes.push(part),
            None => rebuilds.push((table, vec![part])),
        }
    }
    for (table, changes) in rebuilds {
        if dialect::can_rebuild(table) {
            let table = table.clone();
            rest.push(Change::RebuildTable { table, changes });
            continue;
        }
        findings.extend(changes.iter().map(|change| Finding {
            table: table.name.clone(),
            column: None,
            kind: FindingKind::CannotRebuild {
                change: change.to_string(),
            },
        }));
    }
    rest
}

fn asks_for_rebuild(change: &Change, table: &Table, dialect: &dyn Dialect) -> bool {
    match change {
        Change::AddForeignKey { .. } => !dialect.capability().add_foreign_key,
        Change::AddColumn {
            column,
            foreign_key,
            ..
        } => {
            let is_constant = column.default.is_none() || column.has_constant_default();
            let is_simple = foreign_key.is_none() || column.default.is_none();
            let is_added = dialect.capability().add_computed_default || is_constant && is_simple;
            !is_added || column.is_stored()
        }
        Change::DropColumn { column, .. } => is_used(table, column),
        change => is_only_made_anew(change),
    }
}

/// Whether no statement makes it in a table that stays.
fn is_only_made_anew(change: &Change) -> bool {
    matches!(
        change,
        Change::SetType { .. }
            | Change::SetGenerated { .. }
            | Change::SetCollation { .. }
            | Change::DropRowid { .. }
            | Change::SetGuard { .. }
            | Change::SetLimit { .. }
            | Change::ReplaceCheck { .. }
            | Change::ReplaceForeignKey { .. }
            | Change::SetNotNull { .. }
            | Change::DropNotNull { .. }
            | Change::SetDefault { .. }
            | Change::AddCheck { .. }
            | Change::DropConstraint { .. }
    )
}

fn can_be_part(change: &Change) -> bool {
    is_only_made_anew(change)
        || matches!(
            change,
            Change::AddForeignKey { .. }
                | Change::AddColumn { .. }
                | Change::DropColumn { .. }
                // Else it would be made again with the others of its table.
                | Change::DropIndex { .. }
        )
}

/// Whether something in the table is about the column, which then does not go by itself.
fn is_used(table: &Table, column: &str) -> bool {
    let is_it = |name: &String| name == column;
    table.indexes.iter().any(|index| index.is_about(column))
        || table
            .foreign_keys
            .iter()
            .any(|foreign_key| is_it(&foreign_key.column))
        || table
            .expressions()
            .any(|expression| dialect::mentions(expression, column))
}
