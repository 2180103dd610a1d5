//! What the ledger's tables look like.

use super::{HISTORY_TABLE, REGISTRY_TABLE, STATE_TABLE, VERSION_TABLE};
use crate::ddl::Persistence;
use crate::dialect::Dialect;
use crate::plan::{self, Hints, Statement, Step};
use crate::schema::{FieldType, TableName};
use crate::snapshot::{Column, DatabaseSnapshot, Table};

/// The names of the ledger's tables.
pub(in crate::ddl) fn names() -> [TableName; 4] {
    [HISTORY_TABLE, STATE_TABLE, REGISTRY_TABLE, VERSION_TABLE].map(TableName::from)
}

/// The statements that bring the ledger's tables to what they are today: tables and columns that
/// are missing are added, as for any model.
pub(in crate::ddl) fn changes(
    found: &DatabaseSnapshot,
    persistence: Persistence,
    dialect: &dyn Dialect,
) -> Vec<String> {
    let tables = match persistence {
        Persistence::Full => vec![
            history(dialect),
            state(dialect),
            registry(REGISTRY_TABLE, &["application", "model"], dialect),
            registry(VERSION_TABLE, &["application", "model", "version"], dialect),
        ],
        Persistence::HistoryOnly => vec![history(dialect), state(dialect)],
        Persistence::None => Vec::new(),
    };
    let plan = plan::plan(
        &DatabaseSnapshot {
            tables,
            ..DatabaseSnapshot::default()
        },
        found,
        &Hints::default(),
        dialect,
    );
    let missing = plan.steps.iter().flat_map(Step::together);
    let missing = missing.map(|statement: &Statement| statement.sql.clone());
    moved_cookie(found).into_iter().chain(missing).collect()
}

/// Histories kept the cookie before there was a table for the state, and demanded one of every row.
fn moved_cookie(found: &DatabaseSnapshot) -> Option<String> {
    let history = found.table(&HISTORY_TABLE.into())?;
    history.column("cookie")?;
    Some(format!("ALTER TABLE {HISTORY_TABLE} DROP COLUMN cookie"))
}

fn registry(name: &'static str, key: &[&str], dialect: &dyn Dialect) -> Table {
    Table {
        name: name.into(),
        columns: vec![
            column("application", dialect, &FieldType::String),
            column("model", dialect, &FieldType::String),
            column("version", dialect, &FieldType::I32),
            column("fingerprint", dialect, &FieldType::String),
            column("definition", dialect, &FieldType::String),
            now("registered_at", dialect),
        ],
        primary_key: key.iter().map(ToString::to_string).collect(),
        ..Table::default()
    }
}

fn history(dialect: &dyn Dialect) -> Table {
    Table {
        name: HISTORY_TABLE.into(),
        columns: vec![
            Column {
                is_serial: true,
                ..column("id", dialect, &FieldType::I64)
            },
            column("application", dialect, &FieldType::String),
            column("fingerprint", dialect, &FieldType::String),
            column("changes", dialect, &FieldType::String),
            column("made_by", dialect, &FieldType::String),
            now("applied_at", dialect),
            optional("plan", dialect),
            optional("status", dialect),
            optional("step", dialect),
        ],
        primary_key: vec!["id".to_owned()],
        ..Table::default()
    }
}

/// Every start reads it, mostly over a fresh connection, which would pay more for opening an index
/// than for all the rows there are. So it has no key; who writes it holds the migration lock. The
/// schema has a column of its own, because the cookie grows with the number of tables.
fn state(dialect: &dyn Dialect) -> Table {
    Table {
        name: STATE_TABLE.into(),
        columns: vec![
            column("application", dialect, &FieldType::String),
            column("fingerprint", dialect, &FieldType::String),
            optional("schema", dialect),
            column("cookie", dialect, &FieldType::String),
        ],
        ..Table::default()
    }
}

fn column(name: &str, dialect: &dyn Dialect, field_type: &FieldType) -> Column {
    Column {
        name: name.to_owned(),
        column_type: dialect.column_type(field_type).into_owned(),
        ..Column::default()
    }
}

/// A text that rows written before it was thought of do not have.
fn optional(name: &str, dialect: &dyn Dialect) -> Column {
    Column {
        nullable: true,
        ..column(name, dialect, &FieldType::String)
    }
}

fn now(name: &str, dialect: &dyn Dialect) -> Column {
    Column {
        default: Some(dialect.now(&FieldType::Timestamp).to_owned()),
        ..column(name, dialect, &FieldType::Timestamp)
    }
}
