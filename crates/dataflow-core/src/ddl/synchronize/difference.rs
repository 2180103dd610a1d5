//! What differs between a set of models and a database.

use super::learned;
use crate::ddl::{Executor, Persistence, SyncOptions, VERSION_TABLE, ledger};
use crate::error::Result;
use crate::plan::{self, Hints, Plan};
use crate::schema::{ModelSchema, SchemaSet, TableName};
use crate::snapshot::{self, DatabaseSnapshot, Table};

/// What has to change in a database for it to hold what a set of models needs, whatever a newer
/// version of the models left there. Nothing is changed and no lock is taken.
///
/// # Errors
///
/// Those of [`SchemaSet::validated`], before the database is asked for anything; else whatever the
/// executor reports.
pub fn difference(
    executor: &mut dyn Executor,
    schema_set: &SchemaSet,
    options: &SyncOptions,
) -> Result<Plan> {
    let schema_set = &*schema_set.to_validated()?;
    let (plan, _) = with_ledger(executor, schema_set, options, Outdated::Planned)?;
    Ok(plan)
}

/// What becomes of models of which a newer version has been here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outdated {
    /// Their tables stay as they are, and it is only looked whether a program can work with them.
    LeftAlone,
    /// Their tables are planned like all others.
    Planned,
}

/// What the ledger says about a plan.
pub(super) struct Known<'a> {
    /// The ledger's tables that exist.
    pub(super) ledger: DatabaseSnapshot,
    pub(super) versions: ledger::Versions,
    /// The models that are planned for.
    pub(super) current: Vec<&'a ModelSchema>,
}

/// The difference, and what the ledger says about it.
pub(super) fn with_ledger<'a>(
    executor: &mut dyn Executor,
    schema_set: &'a SchemaSet,
    options: &SyncOptions,
    outdated: Outdated,
) -> Result<(Plan, Known<'a>)> {
    let dialect = executor.dialect();
    let desired = snapshot::desired(schema_set, dialect)?;
    let mut hints = Hints::of(schema_set);
    let (mut found, ledger) = inspect(executor, &desired, &hints)?;
    let renamed = plan::renamed(&desired, &found, &hints);
    let desired = snapshot::with_types_that_are_there(desired, &renamed, dialect);
    let desired = executor.spelled(&desired, &renamed)?;
    let knows_versions =
        options.persistence == Persistence::Full && ledger.table(&VERSION_TABLE.into()).is_some();
    let versions = match knows_versions {
        true => ledger::Versions::read(executor, &options.application)?,
        false => ledger::Versions::default(),
    };
    let is_current =
        |model: &&ModelSchema| outdated == Outdated::Planned || !versions.is_outdated(model);
    let (current, left): (Vec<_>, Vec<_>) = schema_set.models().partition(is_current);
    let missing = current.iter().copied();
    let missing = missing.filter(|model| renamed.table(&model.table).is_none());
    let questions = learned::tables_of_before(executor, schema_set, missing, &versions)?;
    learned::known_columns(&mut hints, &desired, &found, &versions);
    learned::declared_defaults(&mut hints, &desired, &renamed, &versions, executor, options)?;

    let mut plan = plan::plan(&desired, &found, &hints, dialect);
    if count_rows(executor, &plan, &mut found)? {
        plan = plan::plan(&desired, &found, &hints, dialect);
    }
    if !left.is_empty() {
        let tables: Vec<TableName> = left.iter().map(|model| model.table.clone()).collect();
        plan = plan.leaving_alone(&tables);
    }
    plan.findings.extend(questions);
    let known = Known {
        ledger,
        versions,
        current,
    };
    Ok((plan, known))
}

/// The tables that models or hints name, and those of the ledger, in one look at the catalogue.
fn inspect(
    executor: &mut dyn Executor,
    desired: &DatabaseSnapshot,
    hints: &Hints,
) -> Result<(DatabaseSnapshot, DatabaseSnapshot)> {
    let former = hints.tables.iter();
    let former = former.filter_map(|hints| hints.renamed_from.as_ref());
    let names = desired.tables.iter().map(|table| &table.name);
    let names = names.chain(former).chain(&hints.dropped_tables).cloned();
    let mut names: Vec<TableName> = names.chain(ledger::names()).collect();
    names.sort_unstable();
    names.dedup();
    let mut found = executor.inspect(&names)?;
    let is_ours = |table: &Table| ledger::names().contains(&table.name);
    let (tables, rest) = found.tables.into_iter().partition(is_ours);
    found.tables = rest;
    let ledger = DatabaseSnapshot {
        tables,
        ..DatabaseSnapshot::default()
    };
    Ok((found, ledger))
}

/// Tells the rows of the tables that are to change; says whether there are any.
fn count_rows(
    executor: &mut dyn Executor,
    plan: &Plan,
    found: &mut DatabaseSnapshot,
) -> Result<bool> {
    let tables = plan.existing_tables();
    if tables.is_empty() {
        return Ok(false);
    }
    let counts = executor.rows(&tables)?;
    for (name, rows) in tables.iter().zip(&counts) {
        if let Some(table) = found.table_mut(name) {
            table.existing.rows = *rows;
        }
    }
    Ok(counts.iter().any(|rows| *rows > 0))
}
