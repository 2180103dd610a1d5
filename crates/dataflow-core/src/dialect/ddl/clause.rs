//! What tables are made of, as it stands in `CREATE TABLE` and `ALTER TABLE`.

use super::narrowing::limit_condition;
use crate::dialect::{identifier, table_identifier};
use crate::schema::{Action, Kept};
use crate::snapshot::{Check, Column, ForeignKey, Generated, Guard};

/// A column as it stands in `CREATE TABLE`.
pub(super) fn column(column: &Column) -> String {
    let mut clause = format!("{} {}", identifier(&column.name), column.column_type);
    match collate(column) {
        collate if collate.is_empty() => {}
        collate => {
            clause.push(' ');
            clause.push_str(&collate);
        }
    }
    if !column.nullable {
        clause.push_str(" NOT NULL");
    }
    for part in [
        default(column),
        generated(column),
        guard(column),
        limit(column),
    ] {
        if !part.is_empty() {
            clause.push(' ');
            clause.push_str(&part);
        }
    }
    clause
}

/// `COLLATE …`, or nothing.
pub(super) fn collate(column: &Column) -> String {
    let collation = column.collation.as_deref();
    collation.map_or_else(String::new, |name| format!("COLLATE {}", qualified(name)))
}

/// `CONSTRAINT … CHECK …` for what keeps a column to its type, or nothing.
pub(super) fn guard(column: &Column) -> String {
    let Some(Guard { name, condition }) = &column.guard else {
        return String::new();
    };
    format!("CONSTRAINT {} CHECK ({condition})", identifier(name))
}

/// `CONSTRAINT … CHECK …` for a limit that the type does not tell, or nothing.
pub(super) fn limit(column: &Column) -> String {
    let Some(limit) = &column.limit else {
        return String::new();
    };
    let condition = limit_condition(&column.name, limit);
    format!("CONSTRAINT {} CHECK ({condition})", identifier(&limit.name))
}

/// `GENERATED …`, or nothing.
pub(super) fn generated(column: &Column) -> String {
    let Some(Generated { expression, kept }) = &column.generated else {
        return String::new();
    };
    let kept = match kept {
        Kept::Stored => "STORED",
        Kept::Virtual => "VIRTUAL",
    };
    format!("GENERATED ALWAYS AS ({expression}) {kept}")
}

/// `DEFAULT …`, or nothing.
pub(super) fn default(column: &Column) -> String {
    match &column.default {
        Some(default) if column.has_constant_default() => format!("DEFAULT {default}"),
        Some(computed) => format!("DEFAULT ({computed})"),
        None => String::new(),
    }
}

/// A condition as it stands in `CREATE TABLE`.
pub(super) fn check(check: &Check) -> String {
    let constraint = identifier(&check.name);
    format!("CONSTRAINT {constraint} CHECK ({})", check.expression)
}

/// A foreign key as it stands in `CREATE TABLE`.
pub(super) fn foreign_key(foreign_key: &ForeignKey) -> String {
    format!(
        "CONSTRAINT {} FOREIGN KEY ({}) {}",
        identifier(&foreign_key.name),
        identifier(&foreign_key.column),
        references(foreign_key)
    )
}

pub(super) fn references(foreign_key: &ForeignKey) -> String {
    let reference = format!(
        "REFERENCES {} ({})",
        table_identifier(&foreign_key.referenced_table),
        identifier(&foreign_key.referenced_column)
    );
    match foreign_key_rules(foreign_key) {
        rules if rules.is_empty() => reference,
        rules => format!("{reference} {rules}"),
    }
}

/// What a foreign key does beside pointing at its table, as SQL.
pub(crate) fn foreign_key_rules(foreign_key: &ForeignKey) -> String {
    let events = [
        ("ON DELETE", foreign_key.on_delete),
        ("ON UPDATE", foreign_key.on_update),
    ];
    let actions = events.into_iter().filter_map(|(event, action)| {
        let action = words(action)?;
        Some(format!("{event} {action}"))
    });
    let deferred = "DEFERRABLE INITIALLY DEFERRED".to_owned();
    let rules: Vec<String> = actions
        .chain(foreign_key.deferred.then_some(deferred))
        .collect();
    rules.join(" ")
}

/// The usual action is not said.
fn words(action: Action) -> Option<&'static str> {
    match action {
        Action::NoAction => None,
        Action::Restrict => Some("RESTRICT"),
        Action::Cascade => Some("CASCADE"),
        Action::SetNull => Some("SET NULL"),
        Action::SetDefault => Some("SET DEFAULT"),
    }
}

/// Names between commas.
pub(super) fn names(names: &[String]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| identifier(name)).collect();
    quoted.join(", ")
}

/// A name that may stand after the name of its schema.
pub(super) fn qualified(name: &str) -> String {
    let parts: Vec<String> = name.split('.').map(identifier).collect();
    parts.join(".")
}
