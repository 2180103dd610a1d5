//! What [`#[dataflow::test]`](macro@crate::test) runs tests with.
//!
//! ```
//! use dataflow::{DataFlow, Model};
//!
//! #[derive(Debug, Clone, PartialEq, Model)]
//! struct City {
//!     #[model(primary_key)]
//!     name: String,
//! }
//!
//! #[dataflow::test(models(City))]
//! async fn cities_are_stored(database: DataFlow) -> dataflow::Result<()> {
//!     let rome = City { name: "Rome".to_owned() };
//!     assert_eq!(database.repository::<City>()?.create(&rome).await?, rome);
//!     Ok(())
//! }
//! ```

mod database;

use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use database::Database;

use crate::{DataFlow, DataFlowBuilder};

/// Which kind of database a test runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// What `TEST_DATABASE_URL` names; a SQLite file where it is not set.
    Given,
    /// A SQLite file in a folder of its own.
    Sqlite,
    /// A SQLite database in memory.
    Memory,
    /// A schema of its own, in the PostgreSQL database that `TEST_DATABASE_URL` names.
    Postgres,
}

/// What a test takes.
#[diagnostic::on_unimplemented(
    message = "a test cannot be given a `{Self}`",
    note = "let it take a `DataFlow`, or a `DataFlowBuilder` to set it up"
)]
pub trait Argument: Sized {
    /// Made from a builder for the test's own database.
    fn of(builder: DataFlowBuilder) -> Self;
}

impl Argument for DataFlowBuilder {
    fn of(builder: DataFlowBuilder) -> Self {
        builder
    }
}

/// Opened, with the tables of its models.
impl Argument for DataFlow {
    fn of(builder: DataFlowBuilder) -> Self {
        let opened = builder.open();
        opened.unwrap_or_else(|error| panic!("the test's database cannot be opened: {error:?}"))
    }
}

/// Runs a test on a database of its own, which is gone afterwards, whether the test passes or
/// panics.
///
/// # Panics
///
/// When the test does, and when its database cannot be made.
pub fn run<A: Argument, F: Future>(
    place: Place,
    models: impl FnOnce(DataFlowBuilder) -> DataFlowBuilder,
    test: impl FnOnce(A) -> F,
) -> F::Output {
    let database = Database::create(place);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("the system lets a test have a runtime");
    let outcome = catch_unwind(AssertUnwindSafe(|| {
        runtime.block_on(async {
            let builder = database.builder();
            test(A::of(models(builder))).await
        })
    }));
    // The connections go with it, so that nobody is left in the database.
    drop(runtime);
    drop(database);
    outcome.unwrap_or_else(|panic| resume_unwind(panic))
}
