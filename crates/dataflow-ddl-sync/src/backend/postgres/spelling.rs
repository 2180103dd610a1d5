//! What models declare, in the words of the catalogue.
//!
//! PostgreSQL keeps an expression as a tree and writes it out in its own words: `price > 0` comes
//! back as `(price > (0)::numeric)`. Only it knows how, so the declared tables are made among the
//! temporary ones, read back as all tables are, and undone.

use dataflow_core::ddl::Executor;
use dataflow_core::dialect;
use dataflow_core::error::Result;
use dataflow_core::plan::{Hints, plan};
use dataflow_core::schema::TableName;
use dataflow_core::snapshot::{Check, DatabaseSnapshot, Table};
use postgres::SimpleQueryRow;
use postgres::error::SqlState;

use super::{Session, newer};
use crate::error::postgres::translate_together;
use crate::inspect;

/// What is made first in the search path is made in its first schema; everything else is found
/// where it was before, and so is written out with the same names.
const AMONG_TEMPORARY_TABLES: &str =
    "SELECT set_config('search_path', 'pg_temp, ' || current_setting('search_path'), true)";

/// The desired tables, those that exist and could differ in words alone as the catalogue would
/// describe them. A role that may make no temporary table gets them as they are.
pub(super) fn spelled(
    session: &mut Session,
    desired: &DatabaseSnapshot,
    found: &DatabaseSnapshot,
) -> Result<DatabaseSnapshot> {
    newer::is_known(session, desired)?;
    let mut spelled = desired.clone();
    let mut in_doubt: Vec<&mut Table> = spelled
        .tables
        .iter_mut()
        .filter(|table| {
            found
                .table(&table.name)
                .is_some_and(|found| differ(table, found))
        })
        .collect();
    if in_doubt.is_empty() {
        return Ok(spelled);
    }
    in_doubt.sort_by(|left, right| left.name.schema.cmp(&right.name.schema));
    let names: Vec<TableName> = in_doubt.iter().map(|table| table.name.clone()).collect();
    let enum_types = desired.enum_types.iter();
    let types = enum_types.map(|enum_type| dialect::create_enum_type(enum_type) + ";\n");
    let types: String = types.collect();
    let Some(rows) = undone(session, &(types + &made_by_schema(&in_doubt)))? else {
        return Ok(spelled);
    };
    let written_out = inspect::postgres::read(&names, &rows).tables;
    for table in &mut in_doubt {
        let other = written_out.iter().find(|other| other.name == table.name);
        if let (Some(other), Some(found)) = (other, found.table(&table.name)) {
            adopt(table, other.clone(), found);
        }
    }
    Ok(spelled)
}

/// Whether an expression of a table is not found in the same words.
fn differ(desired: &Table, found: &Table) -> bool {
    let columns_differ = desired.columns.iter().any(|column| {
        let existing = found.column(&column.name);
        existing.is_some_and(|existing| {
            column.default != existing.default || column.generated != existing.generated
        })
    });
    let mut checks = desired.checks.iter();
    let is_found = |expression: &String| {
        found
            .checks
            .iter()
            .any(|other| other.expression == *expression)
    };
    columns_differ
        || checks.any(|check| !is_found(&check.expression))
        || indexes_differ(desired, found)
}

fn indexes_differ(desired: &Table, found: &Table) -> bool {
    desired.indexes.iter().any(|index| {
        index.has_expression() && !found.indexes.iter().any(|other| other.serves_as(index))
    })
}

/// The statements that make tables, which are ordered by their schemas, and read them back. Those of
/// one schema are undone before the next one's are made: all are made in the same place, where no
/// two have one name.
fn made_by_schema(tables: &[&mut Table]) -> String {
    let mut statements = Vec::new();
    let mut first = 0;
    for tables in tables.chunk_by(|one, next| one.name.schema == next.name.schema) {
        let names = tables
            .iter()
            .map(|table| TableName::new(table.name.name.clone()));
        let names: Vec<TableName> = names.collect();
        statements.push("SAVEPOINT of_one_schema".to_owned());
        statements.extend(tables.iter().flat_map(|table| creation(table)));
        statements.push(inspect::postgres::query(&names, first));
        statements.push("ROLLBACK TO SAVEPOINT of_one_schema".to_owned());
        first += tables.len();
    }
    statements.join(";\n")
}

/// The statements that make a table by itself, in whatever schema comes first.
fn creation(table: &Table) -> Vec<String> {
    let alone = Table {
        name: TableName::new(table.name.name.clone()),
        foreign_keys: Vec::new(),
        triggers: None,
        row_security: None,
        ..table.clone()
    };
    let desired = DatabaseSnapshot {
        tables: vec![alone],
        ..DatabaseSnapshot::default()
    };
    let nothing = DatabaseSnapshot::default();
    let plan = plan(&desired, &nothing, &Hints::default(), &dialect::Postgres);
    let statements = plan.steps.into_iter().flat_map(|step| step.statements);
    statements.map(|statement| statement.sql).collect()
}

/// What points at another table could not be made beside it; what writes its changes down, and who
/// is shown its rows, need not be. A condition that is found in the declared words has them already:
/// some come back in others each time that they are read.
fn adopt(table: &mut Table, mut written_out: Table, found: &Table) {
    for check in &mut written_out.checks {
        let is_it = |other: &&Check| other.name == check.name;
        let mut declared = table.checks.iter().filter(is_it);
        let is_found = |declared: &&Check| {
            let mut found = found.checks.iter();
            found.any(|other| other.expression == declared.expression)
        };
        if let Some(declared) = declared.next().filter(is_found) {
            check.expression.clone_from(&declared.expression);
        }
    }
    *table = Table {
        name: table.name.clone(),
        foreign_keys: std::mem::take(&mut table.foreign_keys),
        triggers: table.triggers.take(),
        row_security: table.row_security.take(),
        ..written_out
    };
}

/// The rows of statements whose effects are undone; none when the role may not make them.
fn undone(session: &mut Session, statements: &str) -> Result<Option<Vec<SimpleQueryRow>>> {
    if session.is_in_transaction {
        return undone_inside(session, statements);
    }
    session.begin("")?;
    let rows = undone_inside(session, statements);
    session.rollback();
    rows
}

fn undone_inside(session: &mut Session, statements: &str) -> Result<Option<Vec<SimpleQueryRow>>> {
    const FORBIDDEN: [&SqlState; 2] = [
        &SqlState::INSUFFICIENT_PRIVILEGE,
        &SqlState::READ_ONLY_SQL_TRANSACTION,
    ];
    let sql = format!(
        "SAVEPOINT spelling; {AMONG_TEMPORARY_TABLES};\n{statements};\n\
         ROLLBACK TO SAVEPOINT spelling"
    );
    match session.send(&sql) {
        // The first row is the answer of `set_config`.
        Ok(mut rows) => Ok(Some(rows.split_off(1))),
        Err(fault) if fault.code().is_some_and(|code| FORBIDDEN.contains(&code)) => {
            Session::rows(session, "ROLLBACK TO SAVEPOINT spelling")?;
            Ok(None)
        }
        Err(fault) => Err(translate_together(&session.endpoint, &sql, &fault)),
    }
}
