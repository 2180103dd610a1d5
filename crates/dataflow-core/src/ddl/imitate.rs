//! From one database to another that is like it.

use std::collections::HashMap;

use super::synchronize::apply::{
    Batch, Left, Shared, allowed, expect_no_rows, lock_tables, numbered, shared,
};
use super::synchronize::refusal;
use super::{Executor, Outcome, Progress, Watch};
use crate::error::{Error, Kind, Result};
use crate::inventory::{Inventory, ItemKind, Whole};
use crate::plan::{self, Class, Plan, Policy, Step};

/// What has to change in a database for its schema to hold exactly what another one holds, without
/// the tables that the house keeps for itself. Nothing is changed and no lock is taken.
///
/// What no step can make, change or drop is a finding that blocks.
///
/// # Errors
///
/// [`Kind::Unsupported`] when the inventory is of another kind of database; else whatever the
/// executor reports.
pub fn unlikeness(executor: &mut dyn Executor, wanted: &Inventory) -> Result<Plan> {
    let dialect = executor.dialect();
    if wanted.dialect != dialect.name() {
        let message = format!(
            "a {} database cannot be made like a {} one",
            dialect.name(),
            wanted.dialect
        );
        return Err(Error::new(Kind::Unsupported, message));
    }
    let found = executor.inventory(&wanted.schemas)?.without_ledger();
    named_schemas_exist(wanted, &found)?;
    let plan = plan::likeness(wanted, &found, &HashMap::new(), dialect);
    let tables = plan.existing_tables();
    if tables.is_empty() {
        return Ok(plan);
    }
    let rows = executor.rows(&tables)?;
    let rows = tables.into_iter().zip(rows);
    Ok(plan::likeness(wanted, &found, &rows.collect(), dialect))
}

/// A schema that is in neither database is more likely misspelled than meant.
fn named_schemas_exist(wanted: &Inventory, found: &Inventory) -> Result<()> {
    let is_in = |inventory: &Inventory, name: &String| {
        let kind = ItemKind::Whole(Whole::Schema);
        let mut items = inventory.items.iter();
        items.any(|item| item.kind == kind && item.name == *name)
    };
    let names = wanted.schemas.names().iter();
    let missing = |name: &&String| !is_in(wanted, name) && !is_in(found, name);
    let missing: Vec<String> = names
        .filter(missing)
        .map(|name| format!("{name:?}"))
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    let message = format!("neither database has the schema {}", missing.join(", "));
    Err(Error::new(Kind::NotFound, message)
        .with_help("correct the name; case matters, and the server's own schemas are nobody's"))
}

/// Makes the schema of a database like another one, as far as a policy allows every step of it;
/// else nothing is changed.
///
/// What can be part of one transaction is made in it, and then the schema is read again: unless it
/// is like the other one in everything, all is undone. Where steps follow outside of it, the schema
/// is read again after the last.
///
/// # Errors
///
/// [`Kind::Schema`] when something differs that no step can change, or a step is not allowed;
/// whatever the executor reports otherwise.
pub fn imitate(
    executor: &mut dyn Executor,
    wanted: &Inventory,
    policy: Policy,
    watch: Watch<'_>,
) -> Result<Outcome> {
    let mut steps = 0;
    let mut shared = shared(executor, |executor, left| {
        share(executor, wanted, policy, &mut steps, left, &mut *watch)
    });
    if let Ok(Shared::Left(plan)) = &shared {
        shared = finish(executor, plan, wanted, watch).map(|()| Shared::Done);
    }
    executor.release();
    shared?;
    Ok(match steps {
        0 => Outcome::Unchanged,
        steps => Outcome::Applied { steps },
    })
}

fn share(
    executor: &mut dyn Executor,
    wanted: &Inventory,
    policy: Policy,
    steps: &mut usize,
    left: Left,
    watch: Watch<'_>,
) -> Result<Shared> {
    let mut plan = unlikeness(executor, wanted)?;
    left.complete(&mut plan);
    let plan = wholly_allowed(plan, policy)?;
    if left == Left::NeedsLock && plan.steps.iter().any(|step| !step.is_transactional()) {
        return Ok(Shared::NeedsLock);
    }
    expect_no_rows(executor, &plan)?;
    if left == Left::ComesAhead && plan.steps.iter().any(Step::has_ahead) {
        return Ok(Shared::Ahead(plan));
    }
    lock_tables(executor, &plan, policy)?;
    run_together(executor, &plan, watch)?;
    *steps = plan.steps.len();
    if plan.steps.iter().any(|step| step.later().next().is_some()) {
        return Ok(Shared::Left(plan));
    }
    if !plan.steps.is_empty() {
        is_like(executor, wanted, "nothing was changed")?;
    }
    Ok(Shared::Done)
}

/// The statements that belong into one transaction, step by step, so that a fault has a name.
fn run_together(executor: &mut dyn Executor, plan: &Plan, watch: Watch<'_>) -> Result<()> {
    for (number, step) in numbered(plan).filter(|(_, step)| step.together().next().is_some()) {
        if step.is_transactional() {
            watch(Progress::of(number, plan, step));
        }
        let mut batch = Batch::default();
        let mut statements = step.together();
        statements
            .try_for_each(|statement| batch.run(executor, statement))
            .and_then(|()| batch.flush(executor))
            .map_err(|error| error.within(&step.change))?;
    }
    Ok(())
}

/// Half of the way leads to a schema that nobody has seen. What is dropped was declared by nobody, so
/// no policy allows it but approval.
fn wholly_allowed(plan: Plan, policy: Policy) -> Result<Plan> {
    let (hash, count) = (plan.hash(), plan.steps.len());
    let policy = match policy {
        Policy::Full if plan.class() >= Some(Class::Destructive) => Policy::Safe,
        policy => policy,
    };
    let refused = plan.clone().allowed_by(policy);
    let plan = allowed(plan, policy)?;
    if plan.steps.len() == count {
        return Ok(plan);
    }
    let summary = "the policy does not allow every step of the plan";
    let details = refused.findings.iter().map(ToString::to_string);
    Err(refusal(summary, details.collect()).with_help(format!(
        "nothing was changed; approve plan {hash} if it is right"
    )))
}

/// What could not be part of the transaction, step by step.
fn finish(
    executor: &mut dyn Executor,
    plan: &Plan,
    wanted: &Inventory,
    watch: Watch<'_>,
) -> Result<()> {
    for (number, step) in numbered(plan).filter(|(_, step)| step.later().next().is_some()) {
        let begun = Progress::of(number, plan, step);
        watch(begun);
        for statement in step.later() {
            let made = executor.execute_later(statement, &mut |so_far| watch(begun.after(so_far)));
            made.map_err(|error| {
                let help =
                    "the steps before it were made; put right what it names, then plan again";
                error.within(&step.change).with_help(help)
            })?;
        }
    }
    is_like(executor, wanted, "all steps were made; plan again")
}

/// Sees that every statement did what was expected of it.
fn is_like(executor: &mut dyn Executor, wanted: &Inventory, state: &str) -> Result<()> {
    let differences = executor
        .inventory(&wanted.schemas)?
        .without_ledger()
        .differences(wanted);
    if differences.is_empty() {
        return Ok(());
    }
    let summary = "the steps do not lead to the target";
    Err(refusal(summary, differences).with_help(format!("change by hand what is named; {state}")))
}
