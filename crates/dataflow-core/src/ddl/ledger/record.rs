//! What is written down about a migration: that it has begun, how far it is, how it ended.

use super::{HISTORY_TABLE, REGISTRY_TABLE, STATE_TABLE, VERSION_TABLE};
use crate::ddl::{Cookie, Fingerprint, Persistence, SyncOptions};
use crate::dialect::literal;
use crate::plan::Plan;
use crate::schema::ModelSchema;

/// The statements that record a migration in the transaction that makes its changes. Until it is
/// finished, there is no state: the next start looks at everything again.
pub(in crate::ddl) fn begun(
    models: &[&ModelSchema],
    options: &SyncOptions,
    plan: &Plan,
) -> Vec<String> {
    let application = literal(&options.application);
    let changes: Vec<String> = plan
        .steps
        .iter()
        .map(|step| step.change.to_string())
        .collect();
    let mut statements = vec![
        forget_state(options),
        format!(
            "UPDATE {HISTORY_TABLE} SET status = 'failed' \
             WHERE application = {application} AND status = 'running'"
        ),
        format!(
            "INSERT INTO {HISTORY_TABLE} \
             (application, fingerprint, changes, made_by, plan, status) \
             VALUES ({application}, '', {}, {}, '{}', 'running')",
            literal(&changes.join("\n")),
            literal(concat!("dataflow ", env!("CARGO_PKG_VERSION"))),
            plan.hash(),
        ),
    ];
    if options.persistence == Persistence::Full && !models.is_empty() {
        statements.push(models_now(models, &application));
        statements.push(versions_of(models, &application));
    }
    statements
}

/// The statement that says which step is being made.
pub(in crate::ddl) fn progress(options: &SyncOptions, step: &str) -> String {
    update(options, &format!("step = {}", literal(step)))
}

/// The statement that says that the step did not succeed.
pub(in crate::ddl) fn failed(options: &SyncOptions) -> String {
    update(options, "status = 'failed'")
}

/// The statements that record the state the database is left in; without a cookie, that it differs
/// from the models.
pub(in crate::ddl) fn finished(
    options: &SyncOptions,
    fingerprint: Fingerprint,
    cookie: Option<&Cookie>,
) -> [String; 3] {
    let (schema, catalogue) = match cookie {
        Some(cookie) => (literal(&cookie.schema), literal(&cookie.catalogue)),
        None => ("NULL".to_owned(), "''".to_owned()),
    };
    [
        update(
            options,
            &format!("status = 'done', step = NULL, fingerprint = '{fingerprint}'"),
        ),
        forget_state(options),
        format!(
            "INSERT INTO {STATE_TABLE} (application, fingerprint, schema, cookie) \
             VALUES ({}, '{fingerprint}', {schema}, {catalogue})",
            literal(&options.application),
        ),
    ]
}

fn forget_state(options: &SyncOptions) -> String {
    let application = literal(&options.application);
    format!("DELETE FROM {STATE_TABLE} WHERE application = {application}")
}

/// The newest migration of an application is the one that is being made: there is one at a time.
fn update(options: &SyncOptions, assignments: &str) -> String {
    format!(
        "UPDATE {HISTORY_TABLE} SET {assignments} WHERE id = \
         (SELECT max(id) FROM {HISTORY_TABLE} WHERE application = {})",
        literal(&options.application)
    )
}

/// A model's version goes up when its fingerprint changes, and only then.
fn models_now(models: &[&ModelSchema], application: &str) -> String {
    let rows: Vec<String> = models
        .iter()
        .map(|model| {
            let definition = serde_json::to_string(model).expect("a schema serializes into memory");
            format!(
                "({application}, {}, 1, '{}', {})",
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

fn versions_of(models: &[&ModelSchema], application: &str) -> String {
    let names: Vec<String> = models.iter().map(|model| literal(&model.name)).collect();
    format!(
        "INSERT INTO {VERSION_TABLE} (application, model, version, fingerprint, definition) \
         SELECT application, model, version, fingerprint, definition FROM {REGISTRY_TABLE} \
         WHERE application = {application} AND model IN ({}) \
         ON CONFLICT (application, model, version) DO NOTHING",
        names.join(", ")
    )
}
