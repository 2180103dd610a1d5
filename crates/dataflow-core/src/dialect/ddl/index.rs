//! Indexes.

use std::fmt::Write;

use super::clause::{names, qualified};
use crate::dialect::{identifier, table_identifier};
use crate::schema::{Nulls, TableName};
use crate::snapshot::{Index, IndexKey, IndexMember};

/// An index; `manner` is what stands before its name.
pub(super) fn create(table: &TableName, index: &Index, manner: &str) -> String {
    let unique = if index.unique { "UNIQUE " } else { "" };
    format!(
        "CREATE {unique}INDEX {manner}{} ON {} {}",
        identifier(&index.name),
        table_identifier(table),
        definition(index)
    )
}

/// What an index covers and how it is built, as SQL.
pub(crate) fn definition(index: &Index) -> String {
    let members: Vec<String> = index.members.iter().map(member).collect();
    let mut sql = match &index.method {
        Some(method) => format!("USING {} ({})", identifier(method), members.join(", ")),
        None => format!("({})", members.join(", ")),
    };
    if !index.include.is_empty() {
        let _ = write!(sql, " INCLUDE ({})", names(&index.include));
    }
    if let Some(predicate) = &index.predicate {
        let _ = write!(sql, " WHERE ({predicate})");
    }
    sql
}

fn member(member: &IndexMember) -> String {
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

/// A query for rows that a unique index would refuse; none for an index that refuses no row.
pub(super) fn duplicates(table: &TableName, index: &Index) -> Option<String> {
    let keys = index.members.iter().map(|member| match &member.key {
        IndexKey::Column(column) => identifier(column),
        IndexKey::Expression(expression) => format!("({expression})"),
    });
    let keys: Vec<String> = keys.collect();
    let mut conditions: Vec<String> = keys
        .iter()
        .map(|key| format!("{key} IS NOT NULL"))
        .collect();
    conditions.extend(
        index
            .predicate
            .as_ref()
            .map(|predicate| format!("({predicate})")),
    );
    index.unique.then(|| {
        format!(
            "SELECT 1 FROM {} WHERE {} GROUP BY {} HAVING count(*) > 1 LIMIT 1",
            table_identifier(table),
            conditions.join(" AND "),
            keys.join(", ")
        )
    })
}
