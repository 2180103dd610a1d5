//! The blocking wing: tables are brought to what the models need before anything is served.
//!
//! Schema changes happen once, in order, at the start of a program, where nothing is gained by
//! waiting asynchronously and much is lost by needing a runtime. So [`SyncDDLExecutor`] blocks, has
//! no asynchronous signature, and works wherever it is called: in a plain `main`, a build step, a
//! test, or a handler of a running server. Each call connects, works and disconnects on one thread
//! of its own, and hands back plain data.
//!
//! ```
//! use dataflow_core::ddl::{Outcome, SyncOptions};
//! use dataflow_core::{Endpoint, Model, SchemaSet};
//! use dataflow_ddl_sync::SyncDDLExecutor;
//!
//! #[derive(Model)]
//! struct User {
//!     #[model(primary_key)]
//!     id: String,
//!     #[model(unique)]
//!     email: String,
//! }
//!
//! # let folder = tempfile::tempdir().unwrap();
//! # let url = format!("sqlite://{}", folder.path().join("app.db").display());
//! let endpoint: Endpoint = url.parse()?; // "sqlite://app.db" or "postgres://…"
//! let executor = SyncDDLExecutor::new(endpoint);
//! let schema_set = SchemaSet::new().model::<User>().validated()?;
//!
//! let ready = executor.synchronize(&schema_set, &SyncOptions::default())?;
//! assert_eq!(ready.outcome(), Outcome::Applied { steps: 2 });
//! let ready = executor.synchronize(&schema_set, &SyncOptions::default())?;
//! assert_eq!(ready.outcome(), Outcome::Unchanged);
//! # Ok::<(), dataflow_core::Error>(())
//! ```
//!
//! What it promises:
//!
//! - An unchanged schema costs one round trip.
//! - What can be part of one transaction is made and recorded together, or not at all; the rest
//!   follows step by step, and the next start finishes what this one could not.
//! - Any number of programs may start at once; one of them does the work.
//! - Nothing is dropped or renamed unless a model says so, and no value of a row or password stands in a message.
//!
//! # A job that migrates and ends
//!
//! `examples/migrate.rs` is one, to copy: it prints the plan, makes what is safe, takes the hash of
//! a plan that somebody approved, and ends with a code that a pipeline understands. Its crate
//! depends on dataflow-core and on this one alone, and starts no runtime.
//!
//! # A build script
//!
//! Macros that look into a database while a program is compiled need its tables before. With both
//! crates among its `build-dependencies`, a package makes them in its `build.rs`, out of the models
//! that it serves later:
//!
//! ```no_run
//! use dataflow_core::ddl::SyncOptions;
//! use dataflow_core::{Model, SchemaSet};
//! use dataflow_ddl_sync::SyncDDLExecutor;
//!
//! // Or `#[path = "src/models.rs"] mod models;`, which the package shares with its build script.
//! #[derive(Model)]
//! struct Product {
//!     #[model(primary_key)]
//!     id: i64,
//! }
//!
//! fn main() -> dataflow_core::Result<()> {
//!     let out_dir = std::env::var("OUT_DIR").expect("cargo sets it");
//!     let url = format!("sqlite://{out_dir}/shop.db");
//!     let models = SchemaSet::new().model::<Product>().validated()?;
//!     SyncDDLExecutor::new(url.parse()?).synchronize(&models, &SyncOptions::default())?;
//!     println!("cargo:rustc-env=DATABASE_URL={url}");
//!     Ok(())
//! }
//! ```
//!
//! A build has no business with a database that others use: let it make one of its own, below
//! `OUT_DIR`, and leave the real one to a job.

mod adopt;
mod backend;
mod error;
mod executor;
mod imitator;
mod inspect;
mod lock;
mod migrator;
mod pause;
mod probe;
mod thread;
mod timeouts;
mod wait;
mod whereabouts;

#[doc(hidden)]
pub use backend::sqlite::{recorded_on, synchronize_on};
pub use executor::SyncDDLExecutor;
pub use imitator::Imitator;
pub use migrator::Migrator;
#[doc(hidden)]
pub use probe::RecallQuery;
pub use whereabouts::Whereabouts;
