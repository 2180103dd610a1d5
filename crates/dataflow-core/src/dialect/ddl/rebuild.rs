//! A table written anew, where a database cannot change it in place.
//!
//! The new `CREATE TABLE` is the old one with single pieces changed: whatever else somebody wrote
//! into it stays. Foreign keys are not enforced meanwhile, else dropping the old table would delete
//! the rows that point at it.

mod column;
mod layout;

use super::narrowing::limit_condition;
use super::{alter, clause};
use crate::dialect::{identifier, literal};
use crate::plan::{Change, Statement};
use crate::schema::TableName;
use crate::snapshot::{Attachment, Definition, Table};
use layout::Layout;

/// What the name of the new table begins with until the old one is gone.
pub const PREFIX: &str = "dataflow_new_";

/// Whether a table can be written anew: its statement is one that can be taken apart.
pub(crate) fn can_rebuild(table: &Table) -> bool {
    layout(table).is_some()
}

/// Whether the statement of a table names a constraint so.
pub(crate) fn names_constraint(table: &Table, constraint: &str) -> bool {
    layout(table).is_some_and(|layout| layout.names_constraint(constraint))
}

/// The statements that write a table anew.
pub(super) fn statements(table: &Table, changes: &[Change]) -> Vec<Statement> {
    let before = layout(table).expect("a table is rebuilt only if it can be taken apart");
    let mut after = before.clone();
    for change in changes {
        apply(change, &mut after);
    }
    let copy = copy(table, &temporary(&table.name.name), changes, &after);
    let attachments = attachments(table, changes);
    let attachments = attachments.map(|attachment| attachment.sql.clone());
    let too_small = changes
        .iter()
        .filter_map(|change| values_fit(&table.name, change));
    let mut statements: Vec<Statement> = too_small.collect();
    statements.extend(replaced(
        &table.name.name,
        &before,
        &after,
        copy,
        attachments,
    ));
    statements.push(keys_lead_somewhere(&table.name.name, &[]));
    statements
}

/// The statements that write a table anew as another statement makes it, and others that are made
/// on it then; [where its keys lead](keys_lead_somewhere) is not looked at yet. Its indexes and
/// triggers go. None where one of the statements cannot be taken apart, or the tables share no column.
pub(crate) fn rebuilt_as_written(
    table: &str,
    found: &str,
    wanted: &str,
    attachments: impl Iterator<Item = String>,
) -> Option<Vec<Statement>> {
    let (before, after) = (Layout::of(found)?, Layout::of(wanted)?);
    let has_key = |sql: &str| sql.to_uppercase().contains("PRIMARY");
    let is_there = |name: &str| {
        let mut columns = before.columns();
        columns.any(|column| column.name.eq_ignore_ascii_case(name))
    };
    let shared = after
        .columns()
        .filter(|column| is_there(&column.name) && !column.is_computed());
    let mut columns: Vec<String> = shared.map(|column| identifier(&column.name)).collect();
    // Rows keep their `rowid`, which a database may hold elsewhere; a key may be another name of it.
    if !has_key(found) && !has_key(wanted) && !is_there("rowid") {
        columns.push("rowid".to_owned());
    }
    if columns.is_empty() {
        return None;
    }
    let columns = columns.join(", ");
    let copy = format!(
        "INSERT INTO {} ({columns}) SELECT {columns} FROM {}",
        identifier(&temporary(table)),
        identifier(table)
    );
    Some(replaced(table, &before, &after, copy, attachments))
}

fn temporary(table: &str) -> String {
    format!("{PREFIX}{table}")
}

/// One table in the place of another, with the rows that a statement copies.
fn replaced(
    table: &str,
    before: &Layout,
    after: &Layout,
    copy: String,
    attachments: impl Iterator<Item = String>,
) -> Vec<Statement> {
    let old = identifier(table);
    let temporary = temporary(table);
    let new = identifier(&temporary);

    let mut statements = vec![
        Statement::together(after.to_sql(&temporary)),
        Statement::together(copy),
        Statement::check(
            format!("SELECT 1 WHERE (SELECT count(*) FROM {old}) <> (SELECT count(*) FROM {new})"),
            format!("table {table:?}: rows would be lost"),
        ),
    ];
    if before.has("AUTOINCREMENT") && after.has("AUTOINCREMENT") {
        statements.extend(keep_sequence(table, &temporary).map(Statement::together));
    }
    // With the modern way of renaming, SQLite refuses while a view names the table that is gone.
    statements.extend(
        [
            format!("DROP TABLE {old}"),
            "PRAGMA legacy_alter_table = ON".to_owned(),
            format!("ALTER TABLE {new} RENAME TO {old}"),
            "PRAGMA legacy_alter_table = OFF".to_owned(),
        ]
        .map(Statement::together),
    );
    statements.extend(attachments.map(Statement::together));
    // A name that does not change makes SQLite read all views and triggers, and refuse if one of them
    // has lost what it needs. It writes those anew that name the column, so it is nobody's.
    let probe = [
        format!("CREATE TABLE {new} (x)"),
        format!("ALTER TABLE {new} RENAME COLUMN x TO x"),
        format!("DROP TABLE {new}"),
    ];
    statements.extend(probe.map(Statement::together));
    statements
}

/// Sees that what points at rows, from a table that is written anew or at it, points at some. What
/// points from some others cannot be asked for.
pub(crate) fn keys_lead_somewhere(table: &str, but_from: &[&str]) -> Statement {
    let name = literal(table);
    let others: Vec<String> = but_from.iter().map(|table| literal(table)).collect();
    let faults = match others.as_slice() {
        [] => "pragma_foreign_key_check".to_owned(),
        others => format!(
            "sqlite_schema entry JOIN pragma_foreign_key_check(entry.name) \
             ON entry.type = 'table' AND entry.name NOT IN ({})",
            others.join(", ")
        ),
    };
    Statement::check(
        format!("SELECT 1 FROM {faults} WHERE \"table\" = {name} OR parent = {name} LIMIT 1"),
        format!("table {table:?}: rows point at rows that do not exist"),
    )
}

/// Sees that no row holds more than a column is to take from now on.
fn values_fit(table: &TableName, change: &Change) -> Option<Statement> {
    let Change::SetLimit { column, .. } = change else {
        return None;
    };
    let limit = column.limit.as_ref()?;
    let (condition, takes) = (limit_condition(&column.name, limit), limit.takes);
    let query = alter::rows_with(table, &format!("NOT ({condition})"));
    let refusal = format!(
        "table {table:?}, column {:?}: rows hold more than {takes}",
        column.name
    );
    Some(Statement::before(query, refusal))
}

fn layout(table: &Table) -> Option<Layout> {
    Layout::of(&table.existing.definition.as_ref()?.sql)
}

fn apply(change: &Change, layout: &mut Layout) {
    match change {
        Change::AddColumn {
            column,
            foreign_key,
            ..
        } => {
            layout.add_column(&clause::column(column));
            if let Some(foreign_key) = foreign_key {
                layout.add_constraint(clause::foreign_key(foreign_key));
            }
        }
        Change::DropColumn { column, .. } => layout.drop_column(column),
        Change::AddForeignKey { foreign_key, .. } => {
            layout.add_constraint(clause::foreign_key(foreign_key));
        }
        // It goes with the old table.
        Change::DropIndex { .. } => {}
        Change::AddCheck { check, .. } => layout.add_constraint(clause::check(check)),
        Change::DropConstraint { constraint, .. } => layout.drop_constraint(constraint),
        Change::ReplaceCheck { found, check, .. } => {
            layout.drop_constraint(&found.name);
            layout.add_constraint(clause::check(check));
        }
        Change::ReplaceForeignKey {
            found, foreign_key, ..
        } => {
            layout.drop_foreign_key(&found.column, &found.referenced_table.name);
            layout.add_constraint(clause::foreign_key(foreign_key));
        }
        Change::SetGenerated { column, .. } => {
            if let Some(text) = layout.column_mut(&column.name) {
                text.set_generated(clause::generated(column));
            }
        }
        Change::SetCollation { column, .. } => {
            if let Some(text) = layout.column_mut(&column.name) {
                text.set_collation(clause::collate(column));
            }
        }
        Change::DropRowid { .. } => layout.drop_rowid(),
        Change::SetGuard { column, found, .. } => {
            if let Some(found) = found {
                layout.drop_check(&found.condition);
            }
            if let Some(text) = layout.column_mut(&column.name) {
                text.add_check(clause::guard(column));
            }
        }
        Change::SetLimit { column, found, .. } => {
            if let Some(found) = found {
                layout.drop_check(&limit_condition(&column.name, found));
            }
            if let Some(text) = layout.column_mut(&column.name) {
                text.add_check(clause::limit(column));
            }
        }
        Change::SetType { column, .. } => {
            if let Some(text) = layout.column_mut(&column.name) {
                text.set_type(&column.column_type);
                text.set_default(clause::default(column));
            }
        }
        Change::SetDefault { column, .. } => {
            if let Some(text) = layout.column_mut(&column.name) {
                text.set_default(clause::default(column));
            }
        }
        Change::SetNotNull { column, .. } => {
            if let Some(text) = layout.column_mut(&column.name) {
                text.set_not_null();
            }
        }
        Change::DropNotNull { column, .. } => {
            if let Some(text) = layout.column_mut(column) {
                text.take_null();
            }
        }
        _ => unreachable!("no other change asks for a table to be written anew"),
    }
}

/// `INSERT INTO … SELECT …` for what both tables hold. Rows keep their `rowid`, which a database
/// may hold elsewhere.
fn copy(table: &Table, temporary: &str, changes: &[Change], after: &Layout) -> String {
    let is_old = |name: &str| {
        let is_it = |column: &crate::snapshot::Column| column.name.eq_ignore_ascii_case(name);
        table.columns.iter().any(is_it)
    };
    let mut columns = Vec::new();
    let mut values = Vec::new();
    if keeps_rowid(table, after) {
        columns.push("rowid".to_owned());
        values.push("rowid".to_owned());
    }
    for column in after.columns() {
        if !is_old(&column.name) || column.is_computed() {
            continue;
        }
        let name = identifier(&column.name);
        values.push(match filled_in(changes, &column.name) {
            Some(default) => format!("coalesce({name}, {default})"),
            None => name.clone(),
        });
        columns.push(name);
    }
    format!(
        "INSERT INTO {} ({}) SELECT {} FROM {}",
        identifier(temporary),
        columns.join(", "),
        values.join(", "),
        identifier(&table.name.name)
    )
}

fn keeps_rowid(table: &Table, after: &Layout) -> bool {
    let is_taken = |column: &crate::snapshot::Column| {
        column.is_serial || column.name.eq_ignore_ascii_case("rowid")
    };
    !table.without_rowid && !after.has("WITHOUT") && !table.columns.iter().any(is_taken)
}

/// What rows that hold null get in a column that refuses it from now on.
fn filled_in<'a>(changes: &'a [Change], name: &str) -> Option<&'a str> {
    changes.iter().find_map(|change| match change {
        Change::SetNotNull { column, .. } if column.name == name => column.default.as_deref(),
        _ => None,
    })
}

/// The largest key ever given out, so that none is given out twice.
fn keep_sequence(table: &str, temporary: &str) -> [String; 2] {
    let (old, new) = (literal(table), literal(temporary));
    [
        format!("DELETE FROM sqlite_sequence WHERE name = {new}"),
        format!(
            "INSERT INTO sqlite_sequence (name, seq) \
             SELECT {new}, seq FROM sqlite_sequence WHERE name = {old}"
        ),
    ]
}

/// The indexes and triggers of a table that stay: all but the indexes that go, by themselves or
/// with a column.
fn attachments<'a>(
    table: &'a Table,
    changes: &'a [Change],
) -> impl Iterator<Item = &'a Attachment> {
    let dropped = changes.iter().filter_map(|change| match change {
        Change::DropColumn { column, .. } => Some(column),
        _ => None,
    });
    let is_dropped = |name: &str| {
        let is_it = |change: &Change| matches!(change, Change::DropIndex { index, .. } if index.name == name);
        changes.iter().any(is_it)
    };
    let goes = move |attachment: &&Attachment| {
        if is_dropped(&attachment.name) {
            return true;
        }
        let index = table
            .indexes
            .iter()
            .find(|index| index.name == attachment.name);
        index.is_some_and(|index| dropped.clone().any(|column| index.is_about(column)))
    };
    let definition = table.existing.definition.as_ref();
    definition
        .into_iter()
        .flat_map(|definition: &Definition| &definition.attachments)
        .filter(move |attachment| !goes(attachment))
}
