//! A database, and the models that it is to hold.

use dataflow_core::SchemaSet;
use dataflow_core::ddl::{
    self, Fingerprint, Migrate, Migration, Migrations, Outcome, Persistence, Probe, Status,
    SyncOptions, Watch,
};
use dataflow_core::error::Result;
use dataflow_core::plan::{Plan, Policy};

use crate::SyncDDLExecutor;

/// A database, and the models that it is to hold: the administrative verbs over
/// [`SyncDDLExecutor`].
///
/// ```
/// use dataflow_core::ddl::{Migrations, SyncOptions};
/// use dataflow_core::plan::Policy;
/// use dataflow_core::{Model, SchemaSet};
/// use dataflow_ddl_sync::{Migrator, SyncDDLExecutor};
///
/// #[derive(Model)]
/// struct Note {
///     #[model(primary_key)]
///     id: i64,
///     text: String,
/// }
///
/// # let folder = tempfile::tempdir().unwrap();
/// # let url = format!("sqlite://{}", folder.path().join("app.db").display());
/// let models = SchemaSet::new().model::<Note>().validated()?;
/// let migrator = Migrator::new(SyncDDLExecutor::new(url.parse()?), models, SyncOptions::default());
/// assert_eq!(migrator.status()?.pending, 1);
/// migrator.apply(Policy::Safe, &mut |progress| println!("{}", progress.step))?;
/// assert!(migrator.status()?.is_up_to_date());
/// assert_eq!(migrator.history()?[0].changes, ["create table \"notes\""]);
/// # Ok::<(), dataflow_core::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Migrator {
    executor: SyncDDLExecutor,
    models: SchemaSet,
    options: SyncOptions,
}

impl Migrator {
    /// A validated set of models for the database of an executor, which is not contacted yet.
    ///
    /// Of the options, what they say about making changes at a start counts for nothing: a verb says
    /// itself whether it does.
    pub fn new(executor: SyncDDLExecutor, models: SchemaSet, options: SyncOptions) -> Self {
        Self {
            executor,
            models,
            options,
        }
    }
}

impl Migrations for Migrator {
    fn database(&self) -> String {
        self.executor.endpoint().to_string()
    }

    fn plan(&self) -> Result<Plan> {
        self.executor.plan_for(&self.models, &self.options)
    }

    fn policy(&self) -> Policy {
        self.options.policy
    }

    fn apply(&self, policy: Policy, watch: Watch<'_>) -> Result<Outcome> {
        let options = SyncOptions {
            migrate: Migrate::Apply,
            policy,
            ..self.options.clone()
        };
        let ready = self
            .executor
            .run(|executor| ddl::synchronize_watched(executor, &self.models, &options, watch))?;
        Ok(ready.outcome())
    }

    fn status(&self) -> Result<Status> {
        let Self {
            models, options, ..
        } = self;
        self.executor.run(|executor| {
            let fingerprint = Fingerprint::of_set(models, executor.dialect());
            let plan = ddl::difference(executor, models, options)?;
            let has_ledger = options.persistence != Persistence::None;
            let (recorded, last) = match has_ledger {
                true => (
                    executor.recorded(&options.application, Some(Probe::of(models)))?,
                    ddl::history(executor, Some(&options.application))?
                        .into_iter()
                        .next(),
                ),
                false => (None, None),
            };
            Ok(Status {
                database: executor.identity(),
                application: Some(options.application.clone()),
                fingerprint: Some(fingerprint),
                pending: plan.steps.len(),
                blocking: plan.blocking().count(),
                last,
                is_unmoved: recorded.map(|recorded| recorded.is_unmoved),
            })
        })
    }

    fn history(&self) -> Result<Vec<Migration>> {
        self.executor.run(|executor| ddl::history(executor, None))
    }

    fn models(&self) -> Result<SchemaSet> {
        Ok(self.models.clone())
    }
}
