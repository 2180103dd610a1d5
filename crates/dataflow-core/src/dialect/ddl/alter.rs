//! The texts that change and remove what is there.

use super::{clause, type_change};
use crate::dialect::{Dialect, TypeChange, identifier, literal, table_identifier};
use crate::schema::TableName;
use crate::snapshot::{Check, Column, ForeignKey};

/// `ALTER TABLE "table" what`.
pub(super) fn alter_table(table: &TableName, what: &str) -> String {
    format!("ALTER TABLE {} {what}", table_identifier(table))
}

/// Another name of a table, in its schema or in another one. That which new tables are made in has
/// no name of its own here.
pub(super) fn rename_table(from: &TableName, to: &TableName) -> Vec<String> {
    let mut statements = Vec::new();
    if from.schema != to.schema {
        statements.push(match &to.schema {
            Some(schema) => alter_table(from, &format!("SET SCHEMA {}", identifier(schema))),
            None => {
                let text = literal(&alter_table(from, "SET SCHEMA "));
                let body = format!("BEGIN EXECUTE {text} || quote_ident(current_schema()); END");
                format!("DO {}", literal(&body))
            }
        });
    }
    if from.name != to.name {
        let moved = to.sibling(from.name.clone());
        statements.push(alter_table(
            &moved,
            &format!("RENAME TO {}", identifier(&to.name)),
        ));
    }
    statements
}

/// A constraint in the place of another.
pub(super) fn replace(table: &TableName, constraint: &str, clause: &str) -> String {
    let what = format!("DROP CONSTRAINT {}, ADD {clause}", identifier(constraint));
    alter_table(table, &what)
}

/// Another type, and the default in that type. A value is converted only where nothing else says
/// how: a conversion that is asked for cuts a text that is too long, where one that is not refuses.
pub(super) fn set_type(
    table: &TableName,
    column: &Column,
    found: &str,
    dialect: &dyn Dialect,
) -> String {
    let name = identifier(&column.name);
    let wanted = &column.column_type;
    let collate = match clause::collate(column) {
        clause if clause.is_empty() => clause,
        clause => format!(" {clause}"),
    };
    let cast = match dialect.type_change(found, wanted) {
        TypeChange::Lossy => Some(format!("{name}::{wanted}")),
        TypeChange::Parsed => Some(format!("{name}::text::{wanted}")),
        TypeChange::Free | TypeChange::Rewrite | TypeChange::Zoned => None,
    };
    let cast = type_change::in_utc(&name, found, wanted).or(cast);
    let using = cast.map_or_else(String::new, |cast| format!(" USING {cast}"));
    if column.is_serial {
        return alter_table(
            table,
            &format!("ALTER COLUMN {name} TYPE {wanted}{collate}{using}"),
        );
    }
    let default = match clause::default(column) {
        clause if clause.is_empty() => clause,
        clause => format!(", ALTER COLUMN {name} SET {clause}"),
    };
    let what = format!(
        "ALTER COLUMN {name} DROP DEFAULT, ALTER COLUMN {name} TYPE {wanted}{collate}{using}{default}"
    );
    alter_table(table, &what)
}

/// Another collation of the same type.
pub(super) fn set_collation(table: &TableName, column: &Column) -> String {
    let what = format!(
        "ALTER COLUMN {} TYPE {} {}",
        identifier(&column.name),
        column.column_type,
        clause::collate(column)
    );
    alter_table(table, &what)
}

/// `SET DEFAULT …`, or `DROP DEFAULT` where there is to be none.
pub(super) fn set_default(table: &TableName, column: &Column) -> String {
    let name = identifier(&column.name);
    let what = match clause::default(column) {
        clause if clause.is_empty() => format!("ALTER COLUMN {name} DROP DEFAULT"),
        clause => format!("ALTER COLUMN {name} SET {clause}"),
    };
    alter_table(table, &what)
}

/// `SET NOT NULL`, which reads all rows unless a constraint says already what it would find.
pub(super) fn set_not_null(table: &TableName, column: &str) -> String {
    alter_table(
        table,
        &format!("ALTER COLUMN {} SET NOT NULL", identifier(column)),
    )
}

/// A constraint that refuses null in what is written from now on.
pub(super) fn refuse_null(table: &TableName, column: &str, constraint: &str) -> String {
    stand_in(
        table,
        constraint,
        &format!("{} IS NOT NULL", identifier(column)),
    )
}

/// A constraint that refuses nothing yet. Whoever finds it knows that null is to be refused.
pub(super) fn announce(table: &TableName, constraint: &str) -> String {
    stand_in(table, constraint, "true")
}

/// A constraint for what is written from now on, whatever an attempt before left under its name.
fn stand_in(table: &TableName, constraint: &str, condition: &str) -> String {
    let constraint = identifier(constraint);
    let what = format!(
        "DROP CONSTRAINT IF EXISTS {constraint}, \
         ADD CONSTRAINT {constraint} CHECK ({condition}) NOT VALID"
    );
    alter_table(table, &what)
}

/// A query for rows that a condition is true of.
pub(super) fn rows_with(table: &TableName, condition: &str) -> String {
    format!(
        "SELECT 1 FROM {} WHERE {condition} LIMIT 1",
        table_identifier(table)
    )
}

/// A query for rows that hold null.
pub(super) fn holds_null(table: &TableName, column: &str) -> String {
    rows_with(table, &format!("{} IS NULL", identifier(column)))
}

/// A query for rows that do not fulfill a condition; null fulfills it.
pub(super) fn fails_check(table: &TableName, check: &Check) -> String {
    rows_with(table, &format!("NOT ({})", check.expression))
}

/// A query for rows that point at none.
pub(super) fn points_nowhere(table: &TableName, foreign_key: &ForeignKey) -> String {
    let column = identifier(&foreign_key.column);
    format!(
        "SELECT 1 FROM {} child WHERE child.{column} IS NOT NULL AND NOT EXISTS \
         (SELECT 1 FROM {} parent WHERE parent.{} = child.{column}) LIMIT 1",
        table_identifier(table),
        table_identifier(&foreign_key.referenced_table),
        identifier(&foreign_key.referenced_column)
    )
}
