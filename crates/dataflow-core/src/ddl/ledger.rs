//! The house's own tables: what they look like, what is written into them, and what they tell.

mod history;
mod record;
mod registry;
mod table;

pub use history::{Migration, MigrationStatus, history};
pub(super) use record::{begun, failed, finished, progress};
pub use registry::{Registered, registered};
pub(super) use registry::{Versions, forget_tables};
pub(super) use table::{changes, names};

/// Every model of every application as it was registered last: version, fingerprint, definition.
pub const REGISTRY_TABLE: &str = "dataflow_model_registry";

/// Every version of every model of every application.
pub const VERSION_TABLE: &str = "dataflow_model_version";

/// Every migration of every application.
pub const HISTORY_TABLE: &str = "dataflow_migration_history";

/// The state that each application left the database in, one row for each; none while a migration is
/// not finished.
pub const STATE_TABLE: &str = "dataflow_schema_state";
