//! The statement of each change.

use std::fmt::Write;

use super::{Dialect, identifier};
use crate::plan::Change;
use crate::schema::Nulls;
use crate::snapshot::{Column, ForeignKey, Index, IndexKey, IndexMember, Table};

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
        "CREATE {unique}INDEX {} ON {} {}",
        identifier(&index.name),
        identifier(table),
        index_definition(index)
    )
}

/// What an index covers and how it is built, as SQL.
pub(crate) fn index_definition(index: &Index) -> String {
    let members: Vec<String> = index.members.iter().map(index_member).collect();
    let mut sql = match &index.method {
        Some(method) => format!("USING {} ({})", identifier(method), members.join(", ")),
        None => format!("({})", members.join(", ")),
    };
    if !index.include.is_empty() {
        let _ = write!(sql, " INCLUDE ({})", name_list(&index.include));
    }
    if let Some(predicate) = &index.predicate {
        let _ = write!(sql, " WHERE ({predicate})");
    }
    sql
}

fn index_member(member: &IndexMember) -> String {
    let mut sql = match &member.key {
        IndexKey::Column(column) => identifier(column),
        IndexKey::Expression(expression) => format!("({expression})"),
    };
    if let Some(collation) = &member.collation {
        let _ = write!(sql, " COLLATE {}", identifier(collation));
    }
    if let Some(operator_class) = &member.operator_class {
        let _ = write!(sql, " {}", qualified(operator_class));
    }
    if member.descending {
        sql.push_str(" DESC");
    }
    match member.nulls {
        Some(Nulls::First) => sql.push_str(" NULLS FIRST"),
        Some(Nulls::Last) => sql.push_str(" NULLS LAST"),
        None => {}
    }
    sql
}

/// A name that may stand after the name of its schema.
fn qualified(name: &str) -> String {
    let parts: Vec<String> = name.split('.').map(identifier).collect();
    parts.join(".")
}

fn name_list(names: &[String]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| identifier(name)).collect();
    quoted.join(", ")
}
