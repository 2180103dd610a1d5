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
