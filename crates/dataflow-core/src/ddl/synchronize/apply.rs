//! A plan made true, and written down.

mod batch;

use super::{Recalled, difference, mistakes, recalled, refusal};
use crate::ddl::{
    Executor, Outcome, Persistence, Probe, Progress, SchemaReady, StatementLimit, SyncOptions,
    Watch, ledger,
};
use crate::error::Result;
use crate::plan::{Change, Lock, Plan, Policy, Statement, Step};
use crate::schema::{SchemaSet, TableName};
use difference::{Known, Outdated};

pub(in crate::ddl) use batch::{Batch, expect_no_rows};

/// Takes the lock and makes what is missing.
pub(super) fn apply(
    executor: &mut dyn Executor,
    schema_set: &SchemaSet,
    options: &SyncOptions,
    ready: &mut SchemaReady,
    watch: Watch<'_>,
) -> Result<()> {
    let mut shared = shared(executor, |executor, left| {
        share(executor, schema_set, options, ready, left, &mut *watch)
    });
    if let Ok(Shared::Left(plan)) = &shared {
        shared = finish(executor, plan, schema_set, options, ready, watch).map(|()| Shared::Done);
    }
    executor.release();
    shared.map(drop)
}

/// How far a shared transaction comes, with what has to come ahead of it. The lock that outlives it
/// is kept where something has to follow.
pub(in crate::ddl) fn shared(
    executor: &mut dyn Executor,
    mut share: impl FnMut(&mut dyn Executor, Left) -> Result<Shared>,
) -> Result<Shared> {
    let mut attempt = |executor: &mut dyn Executor, left| {
        in_transaction(executor, |executor| share(executor, left))
    };
    let mut shared = attempt(executor, Left::NeedsLock)?;
    if let Shared::NeedsLock = shared {
        executor.keep_lock()?;
        shared = attempt(executor, Left::ComesAhead)?;
    }
    if let Shared::Ahead(plan) = shared {
        let made = go_ahead(executor, &plan)?;
        shared = attempt(executor, Left::Follows(made))?;
    }
    Ok(shared)
}

/// What is to happen if something cannot be part of the shared transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::ddl) enum Left {
    /// Nothing yet: the lock has to be one that outlives the transaction.
    NeedsLock,
    /// What the transaction uses comes before it, under the lock.
    ComesAhead,
    /// The rest follows under the lock. These steps came ahead, each with its place in the plan.
    Follows(Vec<(usize, Step)>),
}

impl Left {
    /// What came ahead is no longer to be made, and belongs to what was planned.
    pub(in crate::ddl) fn complete(&self, plan: &mut Plan) {
        if let Self::Follows(made) = self {
            for (place, step) in made {
                plan.steps.insert(*place, step.clone());
            }
        }
    }
}

/// How far the shared transaction came.
pub(in crate::ddl) enum Shared {
    Done,
    NeedsLock,
    Ahead(Plan),
    Left(Plan),
}

/// Runs work in a transaction that holds the lock. Without a reason to keep it, nothing is kept.
fn in_transaction(
    executor: &mut dyn Executor,
    work: impl FnOnce(&mut dyn Executor) -> Result<Shared>,
) -> Result<Shared> {
    let shared = executor
        .suspend_foreign_keys()
        .and_then(|()| executor.lock())
        .and_then(|()| work(executor))
        .and_then(|shared| match shared {
            Shared::NeedsLock | Shared::Ahead(_) => Ok(shared),
            Shared::Done | Shared::Left(_) => executor.commit().map(|()| shared),
        });
    if matches!(shared, Err(_) | Ok(Shared::NeedsLock | Shared::Ahead(_))) {
        executor.rollback();
    }
    shared
}

/// All that can be made in one transaction.
fn share(
    executor: &mut dyn Executor,
    schema_set: &SchemaSet,
    options: &SyncOptions,
    ready: &mut SchemaReady,
    left: Left,
    watch: Watch<'_>,
) -> Result<Shared> {
    // Whoever held the lock may have done the work meanwhile.
    let recalled = recalled(executor, schema_set, ready.fingerprint, options)?;
    if recalled == Recalled::Unchanged {
        return Ok(Shared::Done);
    }
    let outdated = match options.policy {
        Policy::Approved(_) => Outdated::Planned,
        Policy::Safe | Policy::Full => Outdated::LeftAlone,
    };
    let mut known = difference::with_ledger(executor, schema_set, options, outdated)?;
    left.complete(&mut known.plan);
    known.plan = allowed(known.plan, options.policy)?;
    let plan = &known.plan;
    let is_left = plan.steps.iter().any(|step| !step.is_transactional());
    match left {
        Left::NeedsLock if is_left => return Ok(Shared::NeedsLock),
        Left::ComesAhead if plan.steps.iter().any(Step::has_ahead) => {
            return Ok(Shared::Ahead(known.plan));
        }
        _ => {}
    }
    expect_no_rows(executor, plan)?;
    lock_tables(executor, plan, options.policy)?;
    ready.findings.clone_from(&plan.findings);
    // A program of before leaves no trace: the newest row stays that of the newer one. What differs
    // and was written down the last time is only told again.
    let is_bystander = known.current.len() < schema_set.len();
    let is_written_down = recalled == Recalled::SameModels && !plan.findings.is_empty();
    if plan.steps.is_empty() && (is_bystander || is_written_down) {
        return Ok(Shared::Done);
    }
    let mut batch = Batch::default();
    batch.extend(ledger::changes(
        &known.ledger,
        options.persistence,
        executor.dialect(),
    ));
    run_together(executor, plan, &mut batch, watch)?;
    record(executor, &mut batch, &known, options)?;
    if !is_left {
        leave(executor, schema_set, options, ready)?;
    }
    if !plan.steps.is_empty() {
        ready.outcome = Outcome::Applied {
            steps: plan.steps.len(),
        };
    }
    Ok(match is_left {
        true => Shared::Left(known.plan),
        false => Shared::Done,
    })
}

/// The plan as far as the policy allows it, unless that is not enough.
pub(in crate::ddl) fn allowed(plan: Plan, policy: Policy) -> Result<Plan> {
    let hash = plan.hash();
    if let Policy::Approved(approved) = policy
        && approved != hash
        && !plan.steps.is_empty()
    {
        let steps = plan.steps.iter().map(ToString::to_string).collect();
        return Err(
            refusal("the plan is no longer the one that was approved", steps)
                .with_help(format!("read it again, and approve {hash} if it is right")),
        );
    }
    let plan = plan.allowed_by(policy);
    let help = plan.blocking().find_map(|finding| finding.kind.help());
    let details = mistakes(&plan);
    if details.is_empty() {
        return Ok(plan);
    }
    let error = refusal(
        "the tables differ from the models in ways that matter",
        details,
    );
    Err(match help {
        Some(help) => error.with_help(help),
        None if plan.is_only_refused() => error.with_help(format!(
            "nothing was changed; choose the policy full if no program of the version before runs, \
             or approve plan {hash}"
        )),
        None => {
            error.with_help("change the model or the table so that they agree; nothing was changed")
        }
    })
}

/// Locks what steps of the shared transaction change. What somebody has chosen to be made then takes
/// the time that it takes: to give up after a while would only have kept everybody waiting for
/// nothing.
pub(in crate::ddl) fn lock_tables(
    executor: &mut dyn Executor,
    plan: &Plan,
    policy: Policy,
) -> Result<()> {
    let locks = locks(plan);
    if locks.is_empty() {
        return Ok(());
    }
    executor.lock_tables(&locks)?;
    match policy {
        Policy::Safe => Ok(()),
        Policy::Full | Policy::Approved(_) => executor.limit_statements(StatementLimit::None),
    }
}

/// The tables that steps of the shared transaction lock, each with the strongest lock.
fn locks(plan: &Plan) -> Vec<(TableName, Lock)> {
    let mut locks: Vec<(TableName, Lock)> = Vec::new();
    let mut add =
        |table: &TableName, lock: Lock| match locks.iter_mut().find(|(name, _)| name == table) {
            Some((_, strongest)) => *strongest = lock.max(*strongest),
            None => locks.push((table.clone(), lock)),
        };
    let created: Vec<&TableName> = plan
        .steps
        .iter()
        .filter(|step| step.existing_table.is_none())
        .map(|step| step.change.table())
        .collect();
    for step in &plan.steps {
        if let Some(table) = &step.existing_table
            && step.together().next().is_some()
        {
            add(table, step.lock);
        }
        for (referenced, lock) in step.change.referenced_tables() {
            if !created.contains(&referenced) {
                add(plan.existing_name(referenced), lock);
            }
        }
    }
    locks
}

/// Writes the migration down, in the transaction that makes it.
fn record(
    executor: &mut dyn Executor,
    batch: &mut Batch,
    known: &Known,
    options: &SyncOptions,
) -> Result<()> {
    if options.persistence != Persistence::None {
        batch.extend(ledger::begun(&known.current, options, &known.plan));
        let gone: Vec<&TableName> = known
            .plan
            .steps
            .iter()
            .filter_map(|step| match &step.change {
                Change::RenameTable { from: table, .. } | Change::DropTable { table, .. } => {
                    Some(table)
                }
                _ => None,
            })
            .collect();
        batch.extend(ledger::forget_tables(
            &known.versions,
            &options.application,
            &gone,
            &known.current,
        ));
    }
    batch.flush(executor)
}

/// What the shared transaction uses. Where the rest fails, it stays: labels that nobody writes yet.
fn go_ahead(executor: &mut dyn Executor, plan: &Plan) -> Result<Vec<(usize, Step)>> {
    let mut made = Vec::new();
    for (place, step) in plan.steps.iter().enumerate() {
        if !step.has_ahead() {
            continue;
        }
        for statement in step.ahead() {
            let outcome = executor.execute_later(statement, &mut |_| {});
            outcome.map_err(|error| error.within(&step.change))?;
        }
        made.push((place, step.clone()));
    }
    Ok(made)
}

/// What to know where a step fails that could not be part of the transaction.
const GOES_ON: &str = "the steps before it are made and recorded; correct what is at fault and start \
                       again, which goes on from there";

/// What could not be part of the transaction, step by step.
fn finish(
    executor: &mut dyn Executor,
    plan: &Plan,
    schema_set: &SchemaSet,
    options: &SyncOptions,
    ready: &SchemaReady,
    watch: Watch<'_>,
) -> Result<()> {
    for (number, step) in numbered(plan).filter(|(_, step)| step.later().next().is_some()) {
        let begun = Progress::of(number, plan, step);
        watch(begun);
        note(
            executor,
            options,
            ledger::progress(options, &step.change.to_string()),
        )?;
        for statement in step.later() {
            let mut after = |batches| watch(begun.after(batches));
            if let Err(error) = executor.execute_later(statement, &mut after) {
                // That the step failed matters more than that nobody could write it down.
                let _ = note(executor, options, ledger::failed(options));
                return Err(error.within(&step.change).with_help(GOES_ON));
            }
        }
    }
    executor.lock()?;
    let left = leave(executor, schema_set, options, ready).and_then(|()| executor.commit());
    if left.is_err() {
        executor.rollback();
    }
    left
}

/// The statements that belong into one transaction. What takes long is not sent with others, so that
/// whoever watches sees it begin.
fn run_together(
    executor: &mut dyn Executor,
    plan: &Plan,
    batch: &mut Batch,
    watch: Watch<'_>,
) -> Result<()> {
    for (number, step) in numbered(plan).filter(|(_, step)| step.together().next().is_some()) {
        if step.rows > 0 {
            batch.flush(executor)?;
        }
        if step.is_transactional() {
            watch(Progress::of(number, plan, step));
        }
        for statement in step.together() {
            batch.run(executor, statement)?;
        }
    }
    Ok(())
}

/// The steps, each with its number from 1.
pub(in crate::ddl) fn numbered(plan: &Plan) -> impl Iterator<Item = (usize, &Step)> {
    (1..).zip(&plan.steps)
}

fn note(executor: &mut dyn Executor, options: &SyncOptions, sql: String) -> Result<()> {
    match options.persistence {
        Persistence::None => Ok(()),
        Persistence::Full | Persistence::HistoryOnly => {
            executor.execute_later(&Statement::alone(sql), &mut |_| {})
        }
    }
}

/// Records the state the database is left in.
fn leave(
    executor: &mut dyn Executor,
    schema_set: &SchemaSet,
    options: &SyncOptions,
    ready: &SchemaReady,
) -> Result<()> {
    if options.persistence == Persistence::None {
        return Ok(());
    }
    let cookie = match ready.findings.is_empty() {
        true => {
            let tables: Vec<TableName> = schema_set.tables().collect();
            executor.cookie(&tables, Probe::of(schema_set))?
        }
        // What differs is told at every start, so every start has to look.
        false => String::new(),
    };
    let mut batch = Batch::default();
    batch.extend(ledger::finished(options, ready.fingerprint, &cookie));
    batch.flush(executor)
}
