//! A migration job: says what has to change in a database, changes it, and ends.
//!
//! It uses dataflow-core and dataflow-ddl-sync alone, and nothing in it is asynchronous:
//!
//! ```sh
//! DATABASE_URL=postgres://user:password@host/database cargo run --example migrate
//! DATABASE_URL=… cargo run --example migrate -- HASH
//! ```
//!
//! | exit code | what it says |
//! |---|---|
//! | 0 | the tables are what the models need |
//! | 1 | something failed: the database was not reached, or refused a statement |
//! | 2 | something is left to do that is not safe: somebody has to read the plan, and approve it by its hash |

use std::process::ExitCode;

use dataflow_core::ddl::{Fingerprint, Migrations, Outcome, SyncOptions};
use dataflow_core::error::{Error, Kind, Result};
use dataflow_core::plan::Policy;
use dataflow_core::{Model, SchemaSet};
use dataflow_ddl_sync::{Migrator, SyncDDLExecutor};

/// Something to sell; an application shares its models with its job in a library.
#[derive(Model)]
struct Product {
    #[model(primary_key)]
    id: i64,
    #[model(unique)]
    name: String,
    price: Option<i64>,
}

const UNDECIDED: u8 = 2;

fn main() -> ExitCode {
    let error = match migrate() {
        Ok(Left::Nothing) => return ExitCode::SUCCESS,
        Ok(Left::ToSomebody) => return ExitCode::from(UNDECIDED),
        Err(error) => error,
    };
    eprintln!("error: {error:?}");
    match error.kind() {
        Kind::Schema => ExitCode::from(UNDECIDED),
        _ => ExitCode::FAILURE,
    }
}

/// What a run leaves to do.
enum Left {
    Nothing,
    ToSomebody,
}

fn migrate() -> Result<Left> {
    let policy = match std::env::args().nth(1) {
        Some(hash) => Policy::Approved(approved(&hash)?),
        None => Policy::Safe,
    };
    let models = SchemaSet::new().model::<Product>().validated()?;
    let executor = SyncDDLExecutor::new(database_url()?.parse()?);
    let migrator = Migrator::new(executor, models, SyncOptions::default());

    let plan = migrator.plan()?;
    println!("plan {} for {}", plan.hash(), migrator.database());
    print!("{plan:#}");

    let outcome = migrator.apply(policy, &mut |progress| {
        println!("[{}/{}] {}", progress.number, progress.count, progress.step);
    })?;
    match outcome {
        Outcome::Applied { steps: 1 } => println!("1 change applied"),
        Outcome::Applied { steps } => println!("{steps} changes applied"),
        _ => println!("no change applied"),
    }
    let left = migrator.plan()?;
    if left.steps.is_empty() {
        return Ok(Left::Nothing);
    }
    println!("left to be approved: plan {}", left.hash());
    Ok(Left::ToSomebody)
}

fn approved(hash: &str) -> Result<Fingerprint> {
    let not_a_hash = |_| {
        Error::new(
            Kind::Configuration,
            "the argument is not the hash of a plan",
        )
        .with_help("copy it from the first line that a run without it prints")
    };
    hash.parse().map_err(not_a_hash)
}

fn database_url() -> Result<String> {
    let unset = |_| {
        Error::new(Kind::Configuration, "DATABASE_URL is not set")
            .with_help("write sqlite://path or postgres://user:password@host/database")
    };
    std::env::var("DATABASE_URL").map_err(unset)
}
