//! Schema changes: the algorithm, over a small trait that each database implements.
//!
//! [`synchronize`] and [`Recall`] alone mint a [`SchemaReady`], and the pool hands out no connection
//! without one, so no request can be served before the tables are what the models need.

mod batch;
mod executor;
mod fingerprint;
mod imitate;
mod ledger;
mod migrations;
mod options;
mod progress;
mod ready;
mod recall;
mod refusal;
mod synchronize;
mod work;

pub use executor::{Cookie, Executor, Recorded, StatementLimit, TextRow};
pub use fingerprint::Fingerprint;
pub use imitate::{imitate, unlikeness};
pub use ledger::{
    HISTORY_TABLE, Migration, MigrationStatus, REGISTRY_TABLE, Registered, STATE_TABLE,
    VERSION_TABLE, history, registered,
};
pub use migrations::{Migrations, Status};
pub use options::{DriftCheck, Migrate, Persistence, SyncOptions};
pub use progress::{Batches, Progress, Watch};
pub use ready::{Outcome, SchemaReady};
pub use recall::{Probe, Recall};
pub use synchronize::{difference, synchronize, synchronize_watched};
