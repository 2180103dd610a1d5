//! Brings a database to a version of some models, or makes it like another database, and prints what
//! came of it.
//!
//! `starts URL VERSION [STATEMENTS]`, `starts URL TARGET [STATEMENTS]`: after so many statements it
//! kills itself, as a machine that loses its power would.

mod doomed;
mod models;

use dataflow_core::ddl::{self, Executor, Outcome, SyncOptions};
use dataflow_core::error::Result;
use dataflow_core::inventory::{Inventory, Schemas};
use dataflow_core::plan::Policy;
use dataflow_core::{Endpoint, SchemaSet};
use dataflow_ddl_sync::SyncDDLExecutor;

use doomed::Doomed;

fn main() -> Result<()> {
    const USAGE: &str = "usage: starts URL VERSION|TARGET [STATEMENTS]";
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [url, aim, rest @ ..] = arguments.as_slice() else {
        panic!("{USAGE}");
    };
    let endpoint: Endpoint = url.parse()?;
    let statements = rest.first().map(|text| text.parse().expect(USAGE));
    let aim = match aim.parse() {
        Ok(version) => Aim::Models(models::version(version, &endpoint)?),
        Err(_) => {
            let target = SyncDDLExecutor::new(aim.parse()?);
            Aim::Like(target.run(|target| target.inventory(&Schemas::Current))?)
        }
    };
    let outcome = SyncDDLExecutor::new(endpoint).run(|executor| match statements {
        None => aim.reach(executor),
        Some(left) => aim.reach(&mut Doomed::new(executor, left)),
    })?;
    println!("{outcome:?}");
    Ok(())
}

/// What is to become of a database.
enum Aim {
    /// It serves models.
    Models(SchemaSet),
    /// It holds what another one does.
    Like(Inventory),
}

impl Aim {
    fn reach(&self, executor: &mut dyn Executor) -> Result<Outcome> {
        match self {
            Self::Models(models) => {
                let options = SyncOptions {
                    policy: Policy::Full,
                    ..SyncOptions::default()
                };
                let ready = ddl::synchronize(executor, models, &options)?;
                Ok(ready.outcome())
            }
            Self::Like(wanted) => {
                let plan = ddl::unlikeness(executor, wanted)?;
                let approved = Policy::Approved(plan.hash());
                ddl::imitate(executor, wanted, approved, &mut |_| {})
            }
        }
    }
}
