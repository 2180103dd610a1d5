//! Indexes.

use std::fmt::Write;

use super::alter::alter_table;
use super::clause::{names, qualified};
use crate::dialect::{identifier, table_identifier};
use crate::schema::{Deferrable, Nulls, TableName};
use crate::snapshot::{Index, IndexKey, IndexMember};

/// An index; `manner` is what stands before its name. What rows may break for a while is a constraint,
/// with an index of the same name.
pub(super) fn create(table: &TableName, index: &Index, manner: &str) -> String {
    if let Some(deferrable) = index.deferrable {
        let nulls = nulls(index);
        let clause = format!("UNIQUE{nulls} {}", covered(index));
        return add_constraint(table, &index.name, &clause, deferrable);
    }
    let unique = if index.unique { "UNIQUE " } else { "" };
    format!(
        "CREATE {unique}INDEX {manner}{} ON {} {}",
        identifier(&index.name),
        table_identifier(table),
        definition(index)
    )
}

/// The constraint that an index which was made under another name becomes; from then on it has the name
/// of the constraint.
pub(super) fn defer(table: &TableName, name: &str, made: &str, deferrable: Deferrable) -> String {
    let clause = format!("UNIQUE USING INDEX {}", identifier(made));
    add_constraint(table, name, &clause, deferrable)
}

fn add_constraint(table: &TableName, name: &str, clause: &str, deferrable: Deferrable) -> String {
    let (name, deferrable) = (identifier(name), deferrable.as_sql());
    let what = format!("ADD CONSTRAINT {name} {clause} DEFERRABLE {deferrable}");
    alter_table(table, &what)
}

/// What an index covers and how it is built, as SQL.
pub(crate) fn definition(index: &Index) -> String {
    let mut sql = covered(index);
    if let Some(method) = &index.method {
        sql.insert_str(0, &format!("USING {} ", identifier(method)));
    }
    sql.push_str(nulls(index));
    if let Some(predicate) = &index.predicate {
        let _ = write!(sql, " WHERE ({predicate})");
    }
    sql
}

fn covered(index: &Index) -> String {
    let members: Vec<String> = index.members.iter().map(member).collect();
    let mut sql = format!("({})", members.join(", "));
    if !index.include.is_empty() {
        let _ = write!(sql, " INCLUDE ({})", names(&index.include));
    }
    sql
}

fn nulls(index: &Index) -> &'static str {
    match index.nulls_not_distinct {
        true => " NULLS NOT DISTINCT",
        false => "",
    }
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
    let are_told_apart = keys.iter().filter(|_| !index.nulls_not_distinct);
    let are_given = are_told_apart.map(|key| format!("{key} IS NOT NULL"));
    let predicate = index.predicate.iter();
    let conditions = are_given.chain(predicate.map(|predicate| format!("({predicate})")));
    let conditions: Vec<String> = conditions.collect();
    let condition = match conditions.is_empty() {
        true => String::new(),
        false => format!(" WHERE {}", conditions.join(" AND ")),
    };
    index.unique.then(|| {
        format!(
            "SELECT 1 FROM {}{condition} GROUP BY {} HAVING count(*) > 1 LIMIT 1",
            table_identifier(table),
            keys.join(", ")
        )
    })
}
