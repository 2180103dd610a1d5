//! The statement of each change.

use std::fmt::Write;

use super::{Dialect, identifier};
use crate::plan::Change;
use crate::snapshot::{Column, ForeignKey, Index, Table};

/// The statement that makes a change, without a semicolon.
pub fn statement(change: &Change, dialect: &dyn Dialect) -> String {
    match change {
        Change::CreateTable(table) => create_table(table, dialect),
        Change::AddColumn {
            table,
            column,
            foreign_key,
        } => {
            let reference = foreign_key
                .as_ref()
                .map_or_else(String::new, |foreign_key| {
                    let constraint = identifier(&foreign_key.name);
                    format!(
                        " CONSTRAINT {constraint} {}",
                        references_clause(foreign_key)
                    )
                });
            let column = column_clause(column);
            let table = identifier(table);
            format!("ALTER TABLE {table} ADD COLUMN {column}{reference}")
        }
        Change::CreateIndex { table, index } => create_index(table, index),
        Change::AddForeignKey { table, foreign_key } => format!(
            "ALTER TABLE {} ADD {}",
            identifier(table),
            foreign_key_clause(foreign_key)
        ),
    }
}

fn create_table(table: &Table, dialect: &dyn Dialect) -> String {
    let mut sql = format!("CREATE TABLE {} (", identifier(&table.name));
    let mut key_is_declared = false;
    for (position, column) in table.columns.iter().enumerate() {
        let separator = if position == 0 { "" } else { "," };
        let _ = write!(sql, "{separator}\n  {}", column_clause(column));
        if column.is_serial {
            let clause = dialect.serial_clause();
            let _ = write!(sql, " {clause}");
            key_is_declared |= clause.starts_with("PRIMARY KEY");
        }
    }
    if !key_is_declared {
        let _ = write!(sql, ",\n  PRIMARY KEY ({})", name_list(&table.primary_key));
    }
    for foreign_key in &table.foreign_keys {
        let _ = write!(sql, ",\n  {}", foreign_key_clause(foreign_key));
    }
    sql + "\n)" + dialect.table_suffix()
}

fn column_clause(column: &Column) -> String {
    let mut clause = format!("{} {}", identifier(&column.name), column.column_type);
    if !column.nullable {
        clause.push_str(" NOT NULL");
    }
    match &column.default {
        Some(default) if column.has_constant_default() => {
            let _ = write!(clause, " DEFAULT {default}");
        }
        Some(computed) => {
            let _ = write!(clause, " DEFAULT ({computed})");
        }
        None => {}
    }
    clause
}

fn foreign_key_clause(foreign_key: &ForeignKey) -> String {
    format!(
        "CONSTRAINT {} FOREIGN KEY ({}) {}",
        identifier(&foreign_key.name),
        identifier(&foreign_key.column),
        references_clause(foreign_key)
    )
}

fn references_clause(foreign_key: &ForeignKey) -> String {
    format!(
        "REFERENCES {} ({})",
        identifier(&foreign_key.referenced_table),
        identifier(&foreign_key.referenced_column)
    )
}

fn create_index(table: &str, index: &Index) -> String {
    let unique = if index.unique { "UNIQUE " } else { "" };
    format!(
        "CREATE {unique}INDEX {} ON {} ({})",
        identifier(&index.name),
        identifier(table),
        name_list(&index.columns)
    )
}

fn name_list(names: &[String]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| identifier(name)).collect();
    quoted.join(", ")
}
