//! A database, and another one that it is to be like.

use dataflow_core::SchemaSet;
use dataflow_core::ddl::{self, Migration, Migrations, Outcome, Status, Watch};
use dataflow_core::error::{Error, Kind, Result};
use dataflow_core::inventory::{Inventory, Schemas};
use dataflow_core::plan::{Plan, Policy};

use crate::SyncDDLExecutor;

/// A database, and another one that it is to be like in everything that its schema holds: what the
/// other one has not is dropped, once that is approved.
///
/// What no step can make, change or drop is refused by name, and a change that would not lead to
/// the other schema in every respect is undone. Whoever connects is one owner in both databases; what
/// belongs to another role there belongs to the role of that name here.
///
/// ```
/// use dataflow_core::ddl::Migrations;
/// use dataflow_core::plan::Policy;
/// use dataflow_ddl_sync::{Imitator, SyncDDLExecutor};
///
/// # let folder = tempfile::tempdir().unwrap();
/// # let url = |name: &str| format!("sqlite://{}", folder.path().join(name).display());
/// let here = SyncDDLExecutor::new(url("app.db").parse()?);
/// let there = SyncDDLExecutor::new(url("wanted.db").parse()?);
/// here.execute_batch(&["CREATE TABLE notes (id INTEGER PRIMARY KEY, draft TEXT)"])?;
/// there.execute_batch(&["CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT)"])?;
///
/// let imitator = Imitator::new(here.clone(), there);
/// assert!(imitator.apply(Policy::Safe, &mut |_| {}).is_err(), "a column would be lost");
/// let plan = imitator.plan()?; // somebody reads it, and says that it is right
/// imitator.apply(Policy::Approved(plan.hash()), &mut |_| {})?;
/// assert_eq!(here.table_columns("notes")?[1].name, "text");
/// # Ok::<(), dataflow_core::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Imitator {
    executor: SyncDDLExecutor,
    target: SyncDDLExecutor,
    schemas: Schemas,
}

impl Imitator {
    /// The database of an executor, and the one that it is to be like. Neither is contacted yet.
    pub fn new(executor: SyncDDLExecutor, target: SyncDDLExecutor) -> Self {
        Self {
            executor,
            target,
            schemas: Schemas::Current,
        }
    }

    /// Which schemas it is to be like the other one in: the current one of each connection, unless
    /// set. Those that are named have the same name in both databases; one that only the other has
    /// is made, and one that only this one has is dropped, once that is approved.
    #[must_use]
    pub fn schemas(mut self, schemas: Schemas) -> Self {
        self.schemas = schemas;
        self
    }

    fn wanted(&self) -> Result<Inventory> {
        let inventory = self.target.run(|target| target.inventory(&self.schemas));
        let inventory = inventory.map_err(|error| error.within("the target"))?;
        Ok(inventory.without_ledger())
    }
}

impl Migrations for Imitator {
    fn database(&self) -> String {
        self.executor.endpoint().to_string()
    }

    fn plan(&self) -> Result<Plan> {
        let wanted = self.wanted()?;
        self.executor
            .run(|executor| ddl::unlikeness(executor, &wanted))
    }

    fn policy(&self) -> Policy {
        Policy::Safe
    }

    fn apply(&self, policy: Policy, watch: Watch<'_>) -> Result<Outcome> {
        let wanted = self.wanted()?;
        self.executor
            .run(|executor| ddl::imitate(executor, &wanted, policy, watch))
    }

    fn status(&self) -> Result<Status> {
        let plan = self.plan()?;
        Ok(Status {
            database: self.database(),
            application: None,
            fingerprint: None,
            pending: plan.steps.len(),
            blocking: plan.blocking().count(),
            last: None,
            is_unmoved: None,
        })
    }

    fn history(&self) -> Result<Vec<Migration>> {
        self.executor.run(|executor| ddl::history(executor, None))
    }

    fn models(&self) -> Result<SchemaSet> {
        Err(Error::new(
            Kind::Unsupported,
            "a database that is to be like another one has no models",
        )
        .with_help("name an application's registry or a schema file in the place of --to"))
    }
}
