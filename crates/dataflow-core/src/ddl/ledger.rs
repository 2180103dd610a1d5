//! The house's own two tables, and what is written into them.

use super::{Fingerprint, Persistence, SyncOptions};
use crate::dialect::{self, Dialect, literal};
use crate::plan::{Change, Plan};
use crate::schema::{FieldType, SchemaSet};
use crate::snapshot::{Column, Table};

/// Every model of every application: version, fingerprint and definition.
pub const REGISTRY_TABLE: &str = "dataflow_model_registry";

/// Every migration of every application; the newest row is the state the database was left in.
pub const HISTORY_TABLE: &str = "dataflow_migration_history";

/// The statements that create those of the ledger's tables that `existing` does not name.
pub(super) fn create_missing(
    existing: &[String],
    persistence: Persistence,
    dialect: &dyn Dialect,
) -> Vec<String> {
    let wanted = match persistence {
        Persistence::Full => vec![history_table(dialect), registry_table(dialect)],
        Persistence::HistoryOnly => vec![history_table(dialect)],
        Persistence::None => Vec::new(),
    };
    wanted
        .into_iter()
        .filter(|table| !existing.contains(&table.name))
        .map(|table| dialect::statement(&Change::CreateTable(table), dialect))
        .collect()
}

/// The statements that record a migration.
pub(super) fn record(
    schema_set: &SchemaSet,
    options: &SyncOptions,
    fingerprint: Fingerprint,
    cookie: &str,
    plan: &Plan,
) -> Vec<String> {
    let mut statements = vec![record_migration(options, fingerprint, cookie, plan)];
    if options.persistence == Persistence::Full && !schema_set.is_empty() {
        statements.push(record_models(schema_set, options));
    }
    statements
}

fn record_migration(
    options: &SyncOptions,
    fingerprint: Fingerprint,
    cookie: &str,
    plan: &Plan,
) -> String {
    let changes: Vec<String> = plan
        .steps
        .iter()
        .map(|step| step.change.to_string())
        .collect();
    format!(
        "INSERT INTO {HISTORY_TABLE} (application, fingerprint, cookie, changes, made_by) \
         VALUES ({}, '{fingerprint}', {}, {}, {})",
        literal(&options.application),
        literal(cookie),
        literal(&changes.join("\n")),
        literal(concat!("dataflow ", env!("CARGO_PKG_VERSION"))),
    )
}

/// A model's version goes up when its fingerprint changes, and only then.
fn record_models(schema_set: &SchemaSet, options: &SyncOptions) -> String {
    let rows: Vec<String> = schema_set
        .models()
        .map(|model| {
            let definition = serde_json::to_string(model).expect("a schema serializes into memory");
            format!(
                "({}, {}, 1, '{}', {})",
                literal(&options.application),
                literal(&model.name),
                Fingerprint::of_model(model),
                literal(&definition),
            )
        })
        .collect();
    format!(
        "INSERT INTO {REGISTRY_TABLE} (application, model, version, fingerprint, definition) \
         VALUES {} \
         ON CONFLICT (application, model) DO UPDATE SET \
         version = {REGISTRY_TABLE}.version \
         + CASE WHEN {REGISTRY_TABLE}.fingerprint = excluded.fingerprint THEN 0 ELSE 1 END, \
         fingerprint = excluded.fingerprint, definition = excluded.definition",
        rows.join(", ")
    )
}

fn registry_table(dialect: &dyn Dialect) -> Table {
    Table {
        name: REGISTRY_TABLE.to_owned(),
        columns: vec![
            column("application", dialect, &FieldType::String),
            column("model", dialect, &FieldType::String),
            column("version", dialect, &FieldType::I32),
            column("fingerprint", dialect, &FieldType::String),
            column("definition", dialect, &FieldType::String),
            now("registered_at", dialect),
        ],
        primary_key: vec!["application".to_owned(), "model".to_owned()],
        ..Table::default()
    }
}

fn history_table(dialect: &dyn Dialect) -> Table {
    Table {
        name: HISTORY_TABLE.to_owned(),
        columns: vec![
            Column {
                is_serial: true,
                ..column("id", dialect, &FieldType::I64)
            },
            column("application", dialect, &FieldType::String),
            column("fingerprint", dialect, &FieldType::String),
            column("cookie", dialect, &FieldType::String),
            column("changes", dialect, &FieldType::String),
            column("made_by", dialect, &FieldType::String),
            now("applied_at", dialect),
        ],
        primary_key: vec!["id".to_owned()],
        ..Table::default()
    }
}

fn column(name: &str, dialect: &dyn Dialect, field_type: &FieldType) -> Column {
    Column {
        name: name.to_owned(),
        column_type: dialect.column_type(field_type).to_owned(),
        ..Column::default()
    }
}

fn now(name: &str, dialect: &dyn Dialect) -> Column {
    Column {
        default: Some(dialect.now().to_owned()),
        ..column(name, dialect, &FieldType::Timestamp)
    }
}
