//! From models to a database that holds them.

mod apply;
mod difference;
mod learned;

use super::refusal::{mistakes, refusal};
use super::{
    DriftCheck, Executor, Fingerprint, Migrate, Outcome, Recall, SchemaReady, SyncOptions, Watch,
};
use crate::error::Result;
use crate::schema::SchemaSet;

use difference::Outdated;

pub use difference::difference;

/// Brings a database to what a set of models needs, and returns the receipt.
///
/// When nothing changed since the last time, this is one round trip. Else the migration lock is
/// taken, the state is read again (another replica may have done the work), and the difference is
/// planned. What the policy allows is made and recorded in one transaction; what cannot be part of
/// one follows step by step under the same lock, and is continued by the next start if this one
/// dies.
///
/// # Errors
///
/// Those of [`SchemaSet::validated`], before the database is asked for anything.
/// [`Kind::Schema`](crate::error::Kind::Schema) when the difference cannot or may not be made; the database is then as it was.
/// Whatever the executor reports otherwise.
pub fn synchronize(
    executor: &mut dyn Executor,
    schema_set: &SchemaSet,
    options: &SyncOptions,
) -> Result<SchemaReady> {
    synchronize_watched(executor, schema_set, options, &mut |_| {})
}

/// As [`synchronize`], and tells what it does at the moment.
///
/// # Errors
///
/// Those of [`synchronize`].
pub fn synchronize_watched(
    executor: &mut dyn Executor,
    schema_set: &SchemaSet,
    options: &SyncOptions,
    watch: Watch<'_>,
) -> Result<SchemaReady> {
    let schema_set = &*schema_set.to_validated()?;
    if options.migrate != Migrate::Skip {
        executor.connect_ahead();
    }
    let fingerprint = Fingerprint::of_set(schema_set, executor.dialect());
    let mut ready = SchemaReady {
        database: executor.identity(),
        fingerprint,
        outcome: Outcome::Unchanged,
        findings: Vec::new(),
    };
    match options.migrate {
        Migrate::Skip => ready.outcome = Outcome::Unchecked,
        _ if is_unchanged(executor, schema_set, fingerprint, options)? => {}
        Migrate::Verify | Migrate::Warn => verify(executor, schema_set, options, &mut ready)?,
        Migrate::Apply => apply::apply(executor, schema_set, options, &mut ready, watch)?,
    }
    Ok(ready)
}

/// Whether nothing has changed since what was recorded.
fn is_unchanged(
    executor: &mut dyn Executor,
    schema_set: &SchemaSet,
    fingerprint: Fingerprint,
    options: &SyncOptions,
) -> Result<bool> {
    Ok(options.drift_check != DriftCheck::Full
        && recalled(executor, schema_set, fingerprint, options)? == Recalled::Unchanged)
}

/// What is remembered of the last time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Recalled {
    /// Nothing has changed since.
    Unchanged,
    /// The same models; the tables may have changed since, or differed from them then.
    SameModels,
    /// Other models, or nothing.
    Other,
}

fn recalled(
    executor: &mut dyn Executor,
    schema_set: &SchemaSet,
    fingerprint: Fingerprint,
    options: &SyncOptions,
) -> Result<Recalled> {
    let Some(recall) = Recall::with(fingerprint, schema_set, options) else {
        return Ok(Recalled::Other);
    };
    let recorded = executor.recorded(recall.application(), recall.probe())?;
    let is_enough = options.drift_check != DriftCheck::Full;
    Ok(match recorded {
        Some(recorded) if is_enough && recall.agrees(&recorded) => Recalled::Unchanged,
        Some(recorded) if recorded.fingerprint == fingerprint => Recalled::SameModels,
        _ => Recalled::Other,
    })
}

/// A difference matters when a program cannot work with it; what only its text differs in is
/// reported.
fn verify(
    executor: &mut dyn Executor,
    schema_set: &SchemaSet,
    options: &SyncOptions,
    ready: &mut SchemaReady,
) -> Result<()> {
    let (plan, _) = difference::with_ledger(executor, schema_set, options, Outdated::LeftAlone)?;
    let plan = plan.unmade();
    let matters = plan.blocking().next().is_some();
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
