//! What is done under the migration lock: as much as can be in one shared transaction, what that
//! uses ahead of it, and the rest after it.
//!
//! ```text
//! lock ─→ plan ─→ share ─┬─ all of it ─→ commit
//!                        └─ not all ─→ a lock that outlives transactions, then again:
//!                           go ahead ─→ plan ─→ share ─→ commit ─→ finish, statement by statement
//! ```

use super::batch::expect_no_rows;
use super::{Executor, StatementLimit};
use crate::error::Result;
use crate::plan::{Plan, Policy, Step};

/// What is done under the migration lock.
pub(super) trait Work {
    /// What is known of a plan, for those who make it.
    type Known;

    /// What there is to do, and may be done; none where somebody else did it meanwhile. It is called
    /// again where a transaction has to begin anew.
    fn plan(
        &mut self,
        executor: &mut dyn Executor,
        left: &Left,
    ) -> Result<Option<(Plan, Self::Known)>>;

    /// Does what can be done in the shared transaction, which is open and holds the locks.
    fn share(
        &mut self,
        executor: &mut dyn Executor,
        plan: &Plan,
        known: &Self::Known,
    ) -> Result<()>;

    /// Does what could not be part of the shared transaction, once that has taken effect.
    fn finish(&mut self, executor: &mut dyn Executor, plan: &Plan) -> Result<()>;
}

/// Does all of it, and gives the lock back.
pub(super) fn run(executor: &mut dyn Executor, policy: Policy, work: &mut impl Work) -> Result<()> {
    let done = match shared(executor, policy, work) {
        Ok(Shared::Left(plan)) => work.finish(executor, &plan),
        shared => shared.map(drop),
    };
    executor.release();
    done
}

/// What is to happen if something cannot be part of the shared transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Left {
    /// Nothing yet: the lock has to be one that outlives the transaction.
    NeedsLock,
    /// What the transaction uses comes before it, under the lock.
    ComesAhead,
    /// The rest follows under the lock. These steps came ahead, each with its place in the plan.
    Follows(Vec<(usize, Step)>),
}

impl Left {
    /// What came ahead is no longer to be made, and belongs to what was planned.
    pub(super) fn complete(&self, plan: &mut Plan) {
        if let Self::Follows(made) = self {
            for (place, step) in made {
                plan.steps.insert(*place, step.clone());
            }
        }
    }
}

/// How far the shared transaction came.
enum Shared {
    Done,
    NeedsLock,
    Ahead(Plan),
    Left(Plan),
}

/// What to know where the shared transaction fails once something came ahead of it.
const CAME_AHEAD: &str = "put right what it names, then plan again; labels that enums were given \
                          ahead of it stay, all else is as it was";

/// How far a shared transaction comes, with what has to come ahead of it. The lock that outlives it
/// is kept where something has to follow.
fn shared(executor: &mut dyn Executor, policy: Policy, work: &mut impl Work) -> Result<Shared> {
    let mut shared = in_transaction(executor, policy, work, &Left::NeedsLock)?;
    if let Shared::NeedsLock = shared {
        executor.keep_lock()?;
        shared = in_transaction(executor, policy, work, &Left::ComesAhead)?;
    }
    if let Shared::Ahead(plan) = shared {
        let made = go_ahead(executor, &plan)?;
        let follows = in_transaction(executor, policy, work, &Left::Follows(made));
        shared = follows.map_err(|error| error.with_help(CAME_AHEAD))?;
    }
    Ok(shared)
}

/// A transaction that holds the lock. Without a reason to keep it, nothing is kept.
fn in_transaction(
    executor: &mut dyn Executor,
    policy: Policy,
    work: &mut impl Work,
    left: &Left,
) -> Result<Shared> {
    let shared = executor
        .suspend_foreign_keys()
        .and_then(|()| executor.lock())
        .and_then(|()| share(executor, policy, work, left))
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
    policy: Policy,
    work: &mut impl Work,
    left: &Left,
) -> Result<Shared> {
    let Some((plan, known)) = work.plan(executor, left)? else {
        return Ok(Shared::Done);
    };
    match left {
        Left::NeedsLock if !plan.steps.iter().all(Step::is_transactional) => {
            return Ok(Shared::NeedsLock);
        }
        Left::ComesAhead if plan.steps.iter().any(Step::has_ahead) => {
            return Ok(Shared::Ahead(plan));
        }
        _ => {}
    }
    expect_no_rows(executor, &plan)?;
    lock_tables(executor, &plan, policy)?;
    work.share(executor, &plan, &known)?;
    Ok(match plan.steps.iter().any(Step::has_later) {
        true => Shared::Left(plan),
        false => Shared::Done,
    })
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

/// Locks what steps of the shared transaction change. What somebody has chosen to be made then takes
/// the time that it takes: to give up after a while would only have kept everybody waiting for
/// nothing.
fn lock_tables(executor: &mut dyn Executor, plan: &Plan, policy: Policy) -> Result<()> {
    let locks = plan.locks();
    if locks.is_empty() {
        return Ok(());
    }
    executor.lock_tables(&locks)?;
    match policy {
        Policy::Safe => Ok(()),
        Policy::Full | Policy::Approved(_) => executor.limit_statements(StatementLimit::None),
    }
}
