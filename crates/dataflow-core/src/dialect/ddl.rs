//! The plain statements of each change, and the clauses that they are made of.

use std::fmt::Write;

use super::narrowing::limit_condition;
use super::{
    Dialect, alter, enum_type, identifier, literal, row_security, table_identifier, trigger, within,
};
use crate::plan::Change;
use crate::schema::{Action, Kept, Nulls, TableName};
use crate::snapshot::{
    Check, Column, ForeignKey, Generated, Guard, Index, IndexKey, IndexMember, Limit, Table,
};

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
        } => alter::set_type(table, column, found, dialect),
        Change::DropNotNull { table, column } => {
            let what = format!("ALTER COLUMN {} DROP NOT NULL", quoted(column));
            alter::alter_table(table, &what)
        }
        Change::SetNotNull { table, column, .. } => alter::set_not_null(table, &column.name),
        Change::SetDefault { table, column, .. } => alter::set_default(table, column),
        Change::CreateIndex { table, index, .. } => create_index(table, index, ""),
        Change::DropIndex { table, index } => {
            format!("DROP INDEX {}", within(table, &index.name))
        }
        Change::RenameIndex { table, from, index } => {
            if !dialect.capability().rename_index {
                let drop = format!("DROP INDEX {}", quoted(from));
                return vec![drop, create_index(table, index, "")];
            }
            let (from, to) = (within(table, from), quoted(&index.name));
            format!("ALTER INDEX {from} RENAME TO {to}")
        }
        Change::AddCheck { table, check } => {
            alter::alter_table(table, &format!("ADD {}", check_clause(check)))
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
        } => alter::replace(table, &found.name, &check_clause(check)),
        Change::ReplaceForeignKey {
            table,
            found,
            foreign_key,
        } => alter::replace(table, &found.name, &foreign_key_clause(foreign_key)),
        Change::AddForeignKey { table, foreign_key } => {
            alter::alter_table(table, &format!("ADD {}", foreign_key_clause(foreign_key)))
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
        Some(_) => format!("DROP COLUMN {name}, ADD COLUMN {}", column_clause(column)),
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
        let references = references_clause(foreign_key);
        format!(" CONSTRAINT {constraint} {references}")
    });
    let column = column_clause(column);
    alter::alter_table(table, &format!("ADD COLUMN {column}{reference}"))
}

fn create_table(table: &Table, dialect: &dyn Dialect) -> String {
    let mut sql = format!("CREATE TABLE {} (", table_identifier(&table.name));
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
    for check in &table.checks {
        let _ = write!(sql, ",\n  {}", check_clause(check));
    }
    sql += "\n)";
    sql += dialect.table_suffix();
    if table.without_rowid {
        sql += ", WITHOUT ROWID";
    }
    sql
}

/// A column as it stands in `CREATE TABLE`.
pub(super) fn column_clause(column: &Column) -> String {
    let mut clause = format!("{} {}", identifier(&column.name), column.column_type);
    match collate_clause(column) {
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
        default_clause(column),
        generated_clause(column),
        guard_clause(column),
        limit_clause(column),
    ] {
        if !part.is_empty() {
            clause.push(' ');
            clause.push_str(&part);
        }
    }
    clause
}

/// `COLLATE …`, or nothing.
pub(super) fn collate_clause(column: &Column) -> String {
    let collation = column.collation.as_deref();
    collation.map_or_else(String::new, |name| format!("COLLATE {}", qualified(name)))
}

/// `CONSTRAINT … CHECK …` for what keeps a column to its type, or nothing.
pub(super) fn guard_clause(column: &Column) -> String {
    let Some(Guard { name, condition }) = &column.guard else {
        return String::new();
    };
    format!("CONSTRAINT {} CHECK ({condition})", identifier(name))
}

/// `CONSTRAINT … CHECK …` for a limit that the type does not tell, or nothing.
pub(super) fn limit_clause(column: &Column) -> String {
    let Some(Limit { name, takes }) = &column.limit else {
        return String::new();
    };
    let condition = limit_condition(&column.name, *takes);
    format!("CONSTRAINT {} CHECK ({condition})", identifier(name))
}

/// `GENERATED …`, or nothing.
pub(super) fn generated_clause(column: &Column) -> String {
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
pub(super) fn default_clause(column: &Column) -> String {
    match &column.default {
        Some(default) if column.has_constant_default() => format!("DEFAULT {default}"),
        Some(computed) => format!("DEFAULT ({computed})"),
        None => String::new(),
    }
}

/// A condition as it stands in `CREATE TABLE`.
pub(super) fn check_clause(check: &Check) -> String {
    let constraint = identifier(&check.name);
    format!("CONSTRAINT {constraint} CHECK ({})", check.expression)
}

/// A foreign key as it stands in `CREATE TABLE`.
pub(super) fn foreign_key_clause(foreign_key: &ForeignKey) -> String {
    format!(
        "CONSTRAINT {} FOREIGN KEY ({}) {}",
        identifier(&foreign_key.name),
        identifier(&foreign_key.column),
        references_clause(foreign_key)
    )
}

fn references_clause(foreign_key: &ForeignKey) -> String {
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
        let action = action_clause(action)?;
        Some(format!("{event} {action}"))
    });
    let deferred = "DEFERRABLE INITIALLY DEFERRED".to_owned();
    let rules: Vec<String> = actions
        .chain(foreign_key.deferred.then_some(deferred))
        .collect();
    rules.join(" ")
}

/// The usual action is not said.
fn action_clause(action: Action) -> Option<&'static str> {
    match action {
        Action::NoAction => None,
        Action::Restrict => Some("RESTRICT"),
        Action::Cascade => Some("CASCADE"),
        Action::SetNull => Some("SET NULL"),
        Action::SetDefault => Some("SET DEFAULT"),
    }
}

/// An index; `manner` is what stands before its name.
pub(super) fn create_index(table: &TableName, index: &Index, manner: &str) -> String {
    let unique = if index.unique { "UNIQUE " } else { "" };
    format!(
        "CREATE {unique}INDEX {manner}{} ON {} {}",
        identifier(&index.name),
        table_identifier(table),
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

fn name_list(names: &[String]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| identifier(name)).collect();
    quoted.join(", ")
}
