//! The statements of each change, in order, and how each is run.

use super::{alter, clause, index, plain, rebuild};
use crate::dialect::{Dialect, TypeChange, identifier, table_identifier, within};
use crate::plan::{Change, Run, Statement};
use crate::schema::TableName;
use crate::snapshot::{Check, Column, ForeignKey, Index, not_null_name};

/// The statements that make a change of a table with so many rows.
///
/// A table with rows has users who wait for nobody: what reads all of it runs after the shared
/// transaction, while they go on, and is looked at before anything is changed.
pub(crate) fn statements(change: &Change, rows: u64, dialect: &dyn Dialect) -> Vec<Statement> {
    let is_online = rows > 0 && dialect.capability().online_changes;
    match change {
        Change::RebuildTable { table, changes } => rebuild::statements(table, changes),
        Change::CreateIndex {
            table,
            index,
            is_left_over,
        } if is_online || *is_left_over => index_beside_writers(table, index, *is_left_over),
        Change::AddForeignKey { table, foreign_key } if is_online => {
            foreign_key_beside_writers(table, foreign_key)
        }
        Change::AddCheck { table, check } if is_online => check_beside_writers(table, check),
        Change::ReplaceForeignKey {
            table,
            found,
            foreign_key,
        } if is_online => {
            let clause = clause::foreign_key(foreign_key) + " NOT VALID";
            vec![
                Statement::together(alter::replace(table, &found.name, &clause)),
                Statement::alone(validate(table, &foreign_key.name)),
            ]
        }
        Change::ReplaceCheck {
            table,
            found,
            check,
        } if is_online => {
            let clause = clause::check(check) + " NOT VALID";
            vec![
                rows_fulfill(table, check),
                Statement::together(alter::replace(table, &found.name, &clause)),
                Statement::alone(validate(table, &check.name)),
            ]
        }
        Change::SetType {
            table,
            column,
            found,
            ..
        } if rows > 0 => {
            let fits = values_fit(table, column, found, dialect);
            let changed = alter::set_type(table, column, found, dialect);
            fits.into_iter()
                .chain([Statement::together(changed)])
                .collect()
        }
        Change::SetNotNull { table, column, .. } if is_online => {
            not_null_beside_writers(table, column)
        }
        Change::AddColumn { table, column, .. }
            if is_online && is_filled_in_later(column, dialect) =>
        {
            filled_column_beside_writers(table, column)
        }
        Change::ValidateConstraint { table, constraint } => {
            vec![Statement::alone(validate(table, constraint))]
        }
        Change::DropIndex {
            table,
            index,
            is_constraint: false,
        } if is_online => {
            let name = within(table, &index.name);
            vec![Statement::outside(format!(
                "DROP INDEX CONCURRENTLY IF EXISTS {name}"
            ))]
        }
        Change::SetNotNull { table, column, .. } if column.default.is_some() => vec![
            Statement::together(fill_in(table, column)),
            Statement::together(alter::set_not_null(table, &column.name)),
        ],
        _ => plain::statements(change, dialect)
            .into_iter()
            .map(Statement::together)
            .collect(),
    }
}

/// Whether the rows that exist need a value each, which a new column alone would give them only
/// while everybody waits.
pub(crate) fn is_filled_in_later(column: &Column, dialect: &dyn Dialect) -> bool {
    column
        .default
        .as_deref()
        .is_some_and(|default| dialect.is_volatile(default))
}

fn index_beside_writers(table: &TableName, index: &Index, is_left_over: bool) -> Vec<Statement> {
    let drop = |name: &str| {
        let name = within(table, name);
        format!("DROP INDEX CONCURRENTLY IF EXISTS {name}")
    };
    let mut statements = Vec::new();
    if let Some(duplicates) = index::duplicates(table, index) {
        let refusal = format!("index {:?}: rows hold duplicate values", index.name);
        statements.push(Statement::before(duplicates, refusal));
    }
    if is_left_over {
        statements.push(Statement::outside(drop(&index.name)));
    }
    // By another name it is not taken for an index of ours where the last step is never made.
    let made = match index.deferrable {
        Some(_) => Index {
            name: index.begun_name(),
            deferrable: None,
            ..index.clone()
        },
        None => index.clone(),
    };
    if index.deferrable.is_some() {
        statements.push(Statement::outside(drop(&made.name)));
    }
    statements.push(Statement {
        sql: index::create(table, &made, "CONCURRENTLY "),
        run: Run::Outside {
            undo: Some(drop(&made.name)),
        },
    });
    let defer = |deferrable| index::defer(table, &index.name, &made.name, deferrable);
    statements.extend(index.deferrable.map(defer).map(Statement::alone));
    statements
}

fn foreign_key_beside_writers(table: &TableName, foreign_key: &ForeignKey) -> Vec<Statement> {
    let refusal = format!(
        "table {table:?}, column {:?}: rows point at rows that do not exist",
        foreign_key.column
    );
    let clause = clause::foreign_key(foreign_key);
    vec![
        Statement::before(alter::points_nowhere(table, foreign_key), refusal),
        Statement::together(alter::alter_table(
            table,
            &format!("ADD {clause} NOT VALID"),
        )),
        Statement::alone(validate(table, &foreign_key.name)),
    ]
}

fn check_beside_writers(table: &TableName, check: &Check) -> Vec<Statement> {
    let clause = clause::check(check);
    vec![
        rows_fulfill(table, check),
        Statement::together(alter::alter_table(
            table,
            &format!("ADD {clause} NOT VALID"),
        )),
        Statement::alone(validate(table, &check.name)),
    ]
}

fn rows_fulfill(table: &TableName, check: &Check) -> Statement {
    let refusal = format!(
        "table {table:?}: rows do not fulfill check {:?}",
        check.name
    );
    Statement::before(alter::fails_check(table, check), refusal)
}

/// A value that is too long would be cut, or stop the change half-way.
fn values_fit(
    table: &TableName,
    column: &Column,
    found: &str,
    dialect: &dyn Dialect,
) -> Option<Statement> {
    let misfits = dialect.misfits(&column.name, found, &column.column_type)?;
    let refusal = format!(
        "table {table:?}, column {:?}: rows hold what does not fit into {}",
        column.name, column.column_type
    );
    let query = alter::rows_with(table, &misfits);
    Some(match dialect.type_change(found, &column.column_type) {
        // The type may be one of the plan's own.
        TypeChange::Parsed => Statement::check(query, refusal),
        TypeChange::Free | TypeChange::Rewrite | TypeChange::Zoned | TypeChange::Lossy => {
            Statement::before(query, refusal)
        }
    })
}

fn not_null_beside_writers(table: &TableName, column: &Column) -> Vec<Statement> {
    let constraint = not_null_constraint(table, column);
    if column.default.is_some() {
        return filled_in(table, column, &constraint);
    }
    let refusal = format!("table {table:?}, column {:?}: rows hold null", column.name);
    let query = alter::holds_null(table, &column.name);
    let refuse = alter::refuse_null(table, &column.name, &constraint);
    let mut statements = vec![
        Statement::before(query, refusal),
        Statement::together(refuse),
    ];
    statements.extend(once_refused(table, column, &constraint));
    statements
}

fn filled_column_beside_writers(table: &TableName, column: &Column) -> Vec<Statement> {
    let empty = Column {
        default: None,
        nullable: true,
        ..column.clone()
    };
    let mut statements = vec![
        Statement::together(plain::add_column(table, &empty, None)),
        Statement::together(alter::set_default(table, column)),
    ];
    if !column.nullable {
        let constraint = not_null_constraint(table, column);
        statements.extend(filled_in(table, column, &constraint));
    }
    statements
}

/// Null is refused once the rows are filled in: a check that were there before would refuse every
/// update of a row whose turn has not come. What somebody wrote null to in between is filled in
/// once more.
fn filled_in(table: &TableName, column: &Column, constraint: &str) -> Vec<Statement> {
    let run = Run::InBatches {
        table: table.clone(),
    };
    let sql = fill_in(table, column);
    let mut statements = vec![
        Statement::together(alter::announce(table, constraint)),
        Statement { sql, run },
        Statement::alone(alter::refuse_null(table, &column.name, constraint)),
        Statement::alone(fill_in(table, column)),
    ];
    statements.extend(once_refused(table, column, constraint));
    statements
}

fn once_refused(table: &TableName, column: &Column, constraint: &str) -> [Statement; 2] {
    let drop = format!("DROP CONSTRAINT {}", identifier(constraint));
    let not_null = alter::set_not_null(table, &column.name);
    [
        Statement::alone(validate(table, constraint)),
        Statement::alone(format!("{not_null}; {}", alter::alter_table(table, &drop))),
    ]
}

fn fill_in(table: &TableName, column: &Column) -> String {
    let name = identifier(&column.name);
    format!(
        "UPDATE {} SET {name} = DEFAULT WHERE {name} IS NULL",
        table_identifier(table)
    )
}

fn validate(table: &TableName, constraint: &str) -> String {
    alter::alter_table(
        table,
        &format!("VALIDATE CONSTRAINT {}", identifier(constraint)),
    )
}

/// The constraint that stands in for `NOT NULL` until all rows are filled in.
fn not_null_constraint(table: &TableName, column: &Column) -> String {
    not_null_name(table, &column.name)
}
