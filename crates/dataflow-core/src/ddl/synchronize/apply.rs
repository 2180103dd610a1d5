//! A plan made true, and written down.

use super::difference::{self, Known, Outdated};
use super::{Recalled, recalled};
use crate::ddl::batch::Batch;
use crate::ddl::refusal::allowed;
use crate::ddl::work::{self, Left, Work};
use crate::ddl::{
    DriftCheck, Executor, Outcome, Persistence, Probe, Progress, SchemaReady, SyncOptions, Watch,
    ledger,
};
use crate::error::Result;
use crate::plan::{Change, Plan, Policy, Statement, Step};
use crate::schema::{SchemaSet, TableName};

/// Takes the lock and makes what is missing.
pub(super) fn apply(
    executor: &mut dyn Executor,
    schema_set: &SchemaSet,
    options: &SyncOptions,
    ready: &mut SchemaReady,
    watch: Watch<'_>,
) -> Result<()> {
    let mut application = Application {
        schema_set,
        options,
        ready,
        watch,
    };
    work::run(executor, options.policy, &mut application)
}

/// The application of what models need to a database.
struct Application<'a> {
    schema_set: &'a SchemaSet,
    options: &'a SyncOptions,
    ready: &'a mut SchemaReady,
    watch: Watch<'a>,
}

/// What to know where a step fails that could not be part of the transaction.
const GOES_ON: &str = "the steps before it are made and recorded; correct what is at fault and start \
                       again, which goes on from there";

impl<'a> Work for Application<'a> {
    type Known = Known<'a>;

    fn plan(
        &mut self,
        executor: &mut dyn Executor,
        left: &Left,
    ) -> Result<Option<(Plan, Known<'a>)>> {
        let (schema_set, options) = (self.schema_set, self.options);
        self.ready.findings.clear();
        let recalled = recalled(executor, schema_set, self.ready.fingerprint, options)?;
        if recalled == Recalled::Unchanged {
            return Ok(None);
        }
        let outdated = match options.policy {
            Policy::Approved(_) => Outdated::Planned,
            Policy::Safe | Policy::Full => Outdated::LeftAlone,
        };
        let (mut plan, known) = difference::with_ledger(executor, schema_set, options, outdated)?;
        left.complete(&mut plan);
        let plan = allowed(plan, options.policy)?;
        self.ready.findings.clone_from(&plan.findings);
        // A program of before leaves no trace: the newest row stays that of the newer one. What was
        // written down the last time, and is looked at in full all the same, is only told again; so
        // is what differs.
        let is_bystander = known.current.len() < schema_set.len();
        let is_told_again = !plan.findings.is_empty() || options.drift_check == DriftCheck::Full;
        let is_written_down =
            recalled == Recalled::SameModels && is_told_again && self.is_registered(&known);
        let is_silent = plan.steps.is_empty() && (is_bystander || is_written_down);
        Ok((!is_silent).then_some((plan, known)))
    }

    fn share(&mut self, executor: &mut dyn Executor, plan: &Plan, known: &Known) -> Result<()> {
        let mut batch = Batch::default();
        batch.extend(ledger::changes(
            &known.ledger,
            self.options.persistence,
            executor.dialect(),
        ));
        self.run_together(executor, plan, &mut batch)?;
        self.record(&mut batch, plan, known);
        batch.flush(executor)?;
        if !plan.steps.iter().any(Step::has_later) {
            self.leave(executor)?;
        }
        if !plan.steps.is_empty() {
            self.ready.outcome = Outcome::Applied {
                steps: plan.steps.len(),
            };
        }
        Ok(())
    }

    fn finish(&mut self, executor: &mut dyn Executor, plan: &Plan) -> Result<()> {
        for begun in Progress::of_each(plan).filter(|begun| begun.step.has_later()) {
            let step = begun.step;
            (self.watch)(begun);
            let progress = ledger::progress(self.options, &step.change.to_string());
            self.note(executor, progress)?;
            for statement in step.later() {
                let mut after = |batches| (self.watch)(begun.after(batches));
                if let Err(error) = executor.execute_later(statement, &mut after) {
                    // That the step failed matters more than that nobody could write it down.
                    let _ = self.note(executor, ledger::failed(self.options));
                    return Err(error.within(&step.change).with_help(GOES_ON));
                }
            }
        }
        executor.lock()?;
        let left = self.leave(executor).and_then(|()| executor.commit());
        if left.is_err() {
            executor.rollback();
        }
        left
    }
}

impl Application<'_> {
    /// Whether the registry has each model as it is, where one is kept.
    fn is_registered(&self, known: &Known) -> bool {
        let mut current = known.current.iter();
        self.options.persistence != Persistence::Full
            || current.all(|model| known.versions.is_newest(model))
    }

    /// The statements that belong into one transaction. What takes long is not sent with others, so
    /// that whoever watches sees it begin.
    fn run_together(
        &mut self,
        executor: &mut dyn Executor,
        plan: &Plan,
        batch: &mut Batch,
    ) -> Result<()> {
        for begun in Progress::of_each(plan).filter(|begun| begun.step.is_shared()) {
            if begun.step.rows > 0 {
                batch.flush(executor)?;
            }
            if begun.step.is_transactional() {
                (self.watch)(begun);
            }
            for statement in begun.step.together() {
                batch.run(executor, statement)?;
            }
        }
        Ok(())
    }

    /// Writes the migration down, in the transaction that makes it.
    fn record(&self, batch: &mut Batch, plan: &Plan, known: &Known) {
        if self.options.persistence == Persistence::None {
            return;
        }
        batch.extend(ledger::begun(&known.current, self.options, plan));
        let gone = plan.steps.iter().filter_map(|step| match &step.change {
            Change::RenameTable { from: table, .. } | Change::DropTable { table, .. } => {
                Some(table)
            }
            _ => None,
        });
        let gone: Vec<&TableName> = gone.collect();
        batch.extend(ledger::forget_tables(
            &known.versions,
            &self.options.application,
            &gone,
            &known.current,
        ));
    }

    /// Writes down where it is, for whoever looks at a migration that takes long or has failed.
    fn note(&self, executor: &mut dyn Executor, sql: String) -> Result<()> {
        match self.options.persistence {
            Persistence::None => Ok(()),
            Persistence::Full | Persistence::HistoryOnly => {
                executor.execute_later(&Statement::alone(sql), &mut |_| {})
            }
        }
    }

    /// Records the state the database is left in.
    fn leave(&self, executor: &mut dyn Executor) -> Result<()> {
        if self.options.persistence == Persistence::None {
            return Ok(());
        }
        let cookie = match self.ready.findings.is_empty() {
            true => {
                let tables: Vec<TableName> = self.schema_set.tables().collect();
                Some(executor.cookie(&tables, Probe::of(self.schema_set))?)
            }
            // What differs is told at every start, so every start has to look.
            false => None,
        };
        let mut batch = Batch::default();
        let fingerprint = self.ready.fingerprint;
        batch.extend(ledger::finished(self.options, fingerprint, cookie.as_ref()));
        batch.flush(executor)
    }
}
