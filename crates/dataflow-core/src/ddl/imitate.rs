//! From one database to another that is like it.

use super::batch::Batch;
use super::refusal::{allowed, refusal};
use super::work::{self, Left, Work};
use super::{Executor, Outcome, Progress, Watch};
use crate::error::{Error, Kind, Result};
use crate::inventory::{Inventory, ItemKind, Whole};
use crate::plan::{self, Class, Learned, Plan, Policy, Step};

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
    let mut learned = Learned {
        unknown: executor.unknown_conversions(&plan::conversions(wanted, &found))?,
        ..Learned::default()
    };
    let plan = plan::likeness(wanted, &found, &learned, dialect);
    let tables = plan.existing_tables();
    if tables.is_empty() {
        return Ok(plan);
    }
    let rows = executor.rows(&tables)?;
    learned.rows = tables.into_iter().zip(rows).collect();
    Ok(plan::likeness(wanted, &found, &learned, dialect))
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
    let mut imitation = Imitation {
        wanted,
        policy,
        steps: 0,
        watch,
    };
    work::run(executor, policy, &mut imitation)?;
    Ok(match imitation.steps {
        0 => Outcome::Unchanged,
        steps => Outcome::Applied { steps },
    })
}

/// The imitation of another schema.
struct Imitation<'a> {
    wanted: &'a Inventory,
    policy: Policy,
    /// How many steps were made.
    steps: usize,
    watch: Watch<'a>,
}

/// What to know where a step fails that could not be part of the transaction.
const GOES_ON: &str = "the steps before it were made; put right what it names, then plan again";

impl Work for Imitation<'_> {
    type Known = ();

    fn plan(&mut self, executor: &mut dyn Executor, left: &Left) -> Result<Option<(Plan, ())>> {
        let mut plan = unlikeness(executor, self.wanted)?;
        left.complete(&mut plan);
        Ok(Some((wholly_allowed(plan, self.policy)?, ())))
    }

    /// Step by step, so that a fault has a name.
    fn share(&mut self, executor: &mut dyn Executor, plan: &Plan, (): &()) -> Result<()> {
        for begun in Progress::of_each(plan).filter(|begun| begun.step.is_shared()) {
            let step = begun.step;
            if step.is_transactional() {
                (self.watch)(begun);
            }
            let mut batch = Batch::default();
            let mut statements = step.together();
            statements
                .try_for_each(|statement| batch.run(executor, statement))
                .and_then(|()| batch.flush(executor))
                .map_err(|error| error.within(&step.change))?;
        }
        self.steps = plan.steps.len();
        if self.steps == 0 || plan.steps.iter().any(Step::has_later) {
            return Ok(());
        }
        is_like(executor, self.wanted, "nothing was changed")
    }

    fn finish(&mut self, executor: &mut dyn Executor, plan: &Plan) -> Result<()> {
        for begun in Progress::of_each(plan).filter(|begun| begun.step.has_later()) {
            let step = begun.step;
            (self.watch)(begun);
            for statement in step.later() {
                let mut after = |batches| (self.watch)(begun.after(batches));
                let made = executor.execute_later(statement, &mut after);
                made.map_err(|error| error.within(&step.change).with_help(GOES_ON))?;
            }
        }
        is_like(executor, self.wanted, "all steps were made; plan again")
    }
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
