//! From models to a database that holds them.

use super::{
    DriftCheck, Executor, Fingerprint, HISTORY_TABLE, Migrate, Outcome, Persistence,
    REGISTRY_TABLE, SchemaReady, SyncOptions, ledger,
};
use crate::dialect;
use crate::error::{Error, Kind, Result};
use crate::plan::{self, Plan, Requirement};
use crate::schema::SchemaSet;
use crate::snapshot;

/// Brings a database to what a validated set of models needs, and returns the receipt.
///
/// When nothing changed since the last time, this is one round trip. Else the migration lock is
/// taken, the state is read again (another replica may have done the work), the difference is
/// planned, and all of it is made and recorded in one transaction.
///
/// # Errors
///
/// [`Kind::Schema`] when the difference cannot or may not be made; the database is then as it was.
/// Whatever the executor reports otherwise.
pub fn synchronize(
    executor: &mut dyn Executor,
    schema_set: &SchemaSet,
    options: &SyncOptions,
) -> Result<SchemaReady> {
    let fingerprint = Fingerprint::of_set(schema_set, executor.dialect());
    let mut ready = SchemaReady {
        database: executor.identity(),
        fingerprint,
        outcome: Outcome::Unchanged,
        findings: Vec::new(),
    };
    match options.migrate {
        Migrate::Skip => ready.outcome = Outcome::Unchecked,
        _ if is_unchanged(executor, fingerprint, options)? => {}
        Migrate::Verify | Migrate::Warn => verify(executor, schema_set, options, &mut ready)?,
        Migrate::Apply => {
            executor.lock(options.lock_timeout)?;
            let applied =
                apply(executor, schema_set, options, &mut ready).and_then(|()| executor.commit());
            if let Err(error) = applied {
                executor.rollback();
                return Err(error);
            }
        }
    }
    Ok(ready)
}

fn is_unchanged(
    executor: &mut dyn Executor,
    fingerprint: Fingerprint,
    options: &SyncOptions,
) -> Result<bool> {
    if options.persistence == Persistence::None || options.drift_check == DriftCheck::Full {
        return Ok(false);
    }
    let probe = options.drift_check == DriftCheck::Probe;
    let recorded = executor.recorded(&options.application, probe)?;
    Ok(recorded.is_some_and(|state| state.fingerprint == fingerprint && state.is_unmoved))
}

fn verify(
    executor: &mut dyn Executor,
    schema_set: &SchemaSet,
    options: &SyncOptions,
    ready: &mut SchemaReady,
) -> Result<()> {
    let (plan, _) = difference(executor, schema_set)?;
    let matters = !plan.steps.is_empty() || plan.blocking().next().is_some();
    if matters && options.migrate == Migrate::Verify {
        return Err(
            refusal("the tables are not what the models need", mistakes(&plan))
                .with_help("turn auto_migrate on, or migrate first"),
        );
    }
    if matters {
        ready.outcome = Outcome::Drifted;
    }
    ready.findings = plan.findings;
    Ok(())
}

fn apply(
    executor: &mut dyn Executor,
    schema_set: &SchemaSet,
    options: &SyncOptions,
    ready: &mut SchemaReady,
) -> Result<()> {
    // Whoever held the lock may have done the work meanwhile.
    if is_unchanged(executor, ready.fingerprint, options)? {
        return Ok(());
    }
    let (plan, ledger_tables) = difference(executor, schema_set)?;
    let blocking: Vec<String> = plan.blocking().map(ToString::to_string).collect();
    if !blocking.is_empty() {
        return Err(refusal(
            "the tables differ from the models in ways that matter",
            blocking,
        )
        .with_help("change the model or the table so that they agree; nothing was changed"));
    }
    check_requirements(executor, &plan)?;

    let dialect = executor.dialect();
    let changes = plan
        .steps
        .iter()
        .map(|step| dialect::statement(&step.change, dialect));
    let mut statements = ledger::create_missing(&ledger_tables, options.persistence, dialect);
    statements.extend(changes);
    if !statements.is_empty() {
        executor.execute(&statements.join(";\n"))?;
    }
    if options.persistence != Persistence::None {
        let tables: Vec<&str> = schema_set.models().map(|model| &*model.table).collect();
        let cookie = executor.cookie(&tables)?;
        let record = ledger::record(schema_set, options, ready.fingerprint, &cookie, &plan);
        executor.execute(&record.join(";\n"))?;
    }
    if !plan.steps.is_empty() {
        ready.outcome = Outcome::Applied {
            steps: plan.steps.len(),
        };
    }
    ready.findings = plan.findings;
    Ok(())
}

/// The plan, and the names of the ledger's tables that exist.
fn difference(executor: &mut dyn Executor, schema_set: &SchemaSet) -> Result<(Plan, Vec<String>)> {
    let dialect = executor.dialect();
    let desired = snapshot::desired(schema_set, dialect)?;
    let mut names: Vec<&str> = desired.tables.iter().map(|table| &*table.name).collect();
    names.extend([HISTORY_TABLE, REGISTRY_TABLE]);
    let found = executor.inspect(&names)?;
    let desired = executor.spelled(&desired, &found)?;
    let ledger_tables = [HISTORY_TABLE, REGISTRY_TABLE]
        .into_iter()
        .filter(|name| found.table(name).is_some())
        .map(ToOwned::to_owned)
        .collect();
    Ok((
        plan::plan(&desired, &found, dialect.capability()),
        ledger_tables,
    ))
}

fn check_requirements(executor: &mut dyn Executor, plan: &Plan) -> Result<()> {
    let mut unmet = Vec::new();
    let mut advice = None;
    for step in &plan.steps {
        if let (Requirement::EmptyTable { remedy }, Some(table)) =
            (step.requires, step.change.existing_table())
            && executor.has_rows(table)?
        {
            unmet.push(format!("cannot {}: the table has rows", step.change));
            advice = Some(remedy);
        }
    }
    match advice {
        Some(advice) => {
            Err(refusal("the tables cannot become what the models need", unmet).with_help(advice))
        }
        None => Ok(()),
    }
}

fn mistakes(plan: &Plan) -> Vec<String> {
    let missing = plan
        .steps
        .iter()
        .map(|step| format!("missing: {}", step.change));
    missing
        .chain(plan.blocking().map(ToString::to_string))
        .collect()
}

fn refusal(summary: &'static str, details: Vec<String>) -> Error {
    Error::new(Kind::Schema, summary).with_details(details)
}
