//! The plain statements of each change.

use std::fmt::Write;

use super::{alter, clause, enum_type, index, row_security, trigger};
use crate::dialect::{Dialect, identifier, literal, table_identifier, within};
use crate::plan::Change;
use crate::schema::TableName;
use crate::snapshot::{Column, ForeignKey, Table};

/// The plain statements of a change, without semicolons: those that suit a table whose users can
/// wait a moment.
pub(super) fn statements(change: &Change, dialect: &dyn Dialect) -> Vec<String> {
    let quoted = identifier;
    let one = match change {
        // Another application may have made it meanwhile.
        Change::CreateSchema { schema, .. } => {
            format!("CREATE SCHEMA IF NOT EXISTS {}", quoted(schema))
        }
        Change::CreateEnumType { enum_type, .. } => enum_type::create(enum_type),
        Change::AddLabels { found, wanted, .. } => {
            return enum_type::add_labels(&found.column_type(), &found.labels, wanted);
        }
        Change::CreateTable(table) => create_table(table, dialect),
        Change::DropTable { table, functions } => {
            let drop = format!("DROP TABLE {}", table_identifier(table));
            let functions = functions.iter();
            let left = functions.map(|function| trigger::drop_function(function));
            return [drop].into_iter().chain(left).collect();
        }
        Change::RenameTable { from, to } => return alter::rename_table(from, to),
        Change::RebuildTable { .. } => {
            unreachable!("a table is rebuilt where it cannot be altered")
        }
        Change::Imitate { .. } => unreachable!("its statements were told"),
        Change::AddColumn {
            table,
            column,
            foreign_key,
        } => add_column(table, column, foreign_key.as_ref()),
        Change::DropColumn { table, column } => {
            alter::alter_table(table, &format!("DROP COLUMN {}", quoted(column)))
        }
        Change::RenameColumn { table, from, to } => {
            let what = format!("RENAME COLUMN {} TO {}", quoted(from), quoted(to));
            alter::alter_table(table, &what)
        }
        Change::SetType {
            table,
            column,
            found,
            ..
        } => alter::set_type(table, column, found, dialect),
        Change::DropNotNull { table, column } => {
            let what = format!("ALTER COLUMN {} DROP NOT NULL", quoted(column));
            alter::alter_table(table, &what)
        }
        Change::SetNotNull { table, column, .. } => alter::set_not_null(table, &column.name),
        Change::SetDefault { table, column, .. } => alter::set_default(table, column),
        Change::CreateIndex { table, index, .. } => index::create(table, index, ""),
        Change::DropIndex {
            table,
            index,
            is_constraint,
        } => match is_constraint {
            true => alter::alter_table(table, &format!("DROP CONSTRAINT {}", quoted(&index.name))),
            false => format!("DROP INDEX {}", within(table, &index.name)),
        },
        Change::RenameIndex { table, from, index } => {
            if !dialect.capability().rename_index {
                let drop = format!("DROP INDEX {}", quoted(from));
                return vec![drop, index::create(table, index, "")];
            }
            let (from, to) = (within(table, from), quoted(&index.name));
            format!("ALTER INDEX {from} RENAME TO {to}")
        }
        Change::AddCheck { table, check } => {
            alter::alter_table(table, &format!("ADD {}", clause::check(check)))
        }
        Change::SetComment {
            table,
            column,
            comment,
        } => {
            let place = match column {
                Some(column) => format!("COLUMN {}.{}", table_identifier(table), quoted(column)),
                None => format!("TABLE {}", table_identifier(table)),
            };
            format!("COMMENT ON {place} IS {}", literal(comment))
        }
        Change::SetGenerated { table, column, .. } => set_generated(table, column),
        Change::SetCollation { table, column, .. } => alter::set_collation(table, column),
        Change::SetGuard { .. } | Change::SetLimit { .. } | Change::DropRowid { .. } => {
            unreachable!("only where a table is rebuilt is there such a thing")
        }
        Change::ReplaceCheck {
            table,
            found,
            check,
        } => alter::replace(table, &found.name, &clause::check(check)),
        Change::ReplaceForeignKey {
            table,
            found,
            foreign_key,
        } => alter::replace(table, &found.name, &clause::foreign_key(foreign_key)),
        Change::AddForeignKey { table, foreign_key } => {
            alter::alter_table(table, &format!("ADD {}", clause::foreign_key(foreign_key)))
        }
        Change::DropConstraint { table, constraint } => {
            alter::alter_table(table, &format!("DROP CONSTRAINT {}", quoted(constraint)))
        }
        Change::RenameConstraint { table, from, to } => {
            let what = format!("RENAME CONSTRAINT {} TO {}", quoted(from), quoted(to));
            alter::alter_table(table, &what)
        }
        Change::SetTriggers {
            table,
            triggers,
            found,
            after_gap,
        } => {
            let dropped = found.iter();
            let dropped = dropped.flat_map(|trigger| dialect.drop_trigger(table, trigger));
            let made = triggers.iter().flat_map(|trigger| &trigger.statements);
            let is_marked = *after_gap && !triggers.is_empty();
            let marked = is_marked.then(|| trigger::mark_gap(table));
            return dropped.chain(made.cloned()).chain(marked).collect();
        }
        Change::SetRowSecurity {
            table,
            wanted,
            found,
            ..
        } => return row_security::set(table, wanted.as_ref(), found.as_ref()),
        Change::ValidateConstraint { table, constraint } => {
            let what = format!("VALIDATE CONSTRAINT {}", quoted(constraint));
            alter::alter_table(table, &what)
        }
    };
    vec![one]
}

/// A column that is computed otherwise is another one; what it was computed to stays when it is
/// computed no longer.
fn set_generated(table: &TableName, column: &Column) -> String {
    let name = identifier(&column.name);
    let what = match column.generated {
        Some(_) => format!("DROP COLUMN {name}, ADD COLUMN {}", clause::column(column)),
        None => format!("ALTER COLUMN {name} DROP EXPRESSION"),
    };
    alter::alter_table(table, &what)
}

/// A column of a table that exists, with its foreign key where that cannot follow.
pub(super) fn add_column(
    table: &TableName,
    column: &Column,
    foreign_key: Option<&ForeignKey>,
) -> String {
    let reference = foreign_key.map_or_else(String::new, |foreign_key| {
        let constraint = identifier(&foreign_key.name);
        let references = clause::references(foreign_key);
        format!(" CONSTRAINT {constraint} {references}")
    });
    let column = clause::column(column);
    alter::alter_table(table, &format!("ADD COLUMN {column}{reference}"))
}

fn create_table(table: &Table, dialect: &dyn Dialect) -> String {
    let mut sql = format!("CREATE TABLE {} (", table_identifier(&table.name));
    let mut key_is_declared = false;
    for (position, column) in table.columns.iter().enumerate() {
        let separator = if position == 0 { "" } else { "," };
        let _ = write!(sql, "{separator}\n  {}", clause::column(column));
        if column.is_serial {
            let clause = dialect.serial_clause();
            let _ = write!(sql, " {clause}");
            key_is_declared |= clause.starts_with("PRIMARY KEY");
        }
    }
    if !key_is_declared && !table.primary_key.is_empty() {
        let _ = write!(
            sql,
            ",\n  PRIMARY KEY ({})",
            clause::names(&table.primary_key)
        );
    }
    for foreign_key in &table.foreign_keys {
        let _ = write!(sql, ",\n  {}", clause::foreign_key(foreign_key));
    }
    for check in &table.checks {
        let _ = write!(sql, ",\n  {}", clause::check(check));
    }
    sql += "\n)";
    sql += dialect.table_suffix();
    if table.without_rowid {
        sql += ", WITHOUT ROWID";
    }
    sql
}
