//! What was set, by the builder or the environment.

use std::time::Duration;

use dataflow_core::ddl::DriftCheck;
use dataflow_core::plan::Policy;

use super::AutoMigrate;
use crate::credentials::CredentialSource;

/// What was set; what was not is left to the defaults.
#[derive(Clone, Default)]
pub(crate) struct Config {
    pub(crate) database_url: Option<String>,
    pub(crate) ddl_url: Option<String>,
    pub(crate) transaction_pooling: Option<bool>,
    pub(crate) read_urls: Option<Vec<String>>,
    pub(crate) credentials: Option<CredentialSource>,
    pub(crate) application_name: Option<String>,
    pub(crate) auto_migrate: Option<AutoMigrate>,
    pub(crate) skip_migration: Option<bool>,
    pub(crate) skip_registry: Option<bool>,
    pub(crate) enable_model_persistence: Option<bool>,
    pub(crate) enable_metrics: Option<bool>,
    pub(crate) enable_caching: Option<bool>,
    pub(crate) enable_changes: Option<bool>,
    pub(crate) changes_interval: Option<Duration>,
    pub(crate) changes_kept_for: Option<Duration>,
    pub(crate) changes_kept: Option<usize>,
    pub(crate) audit_at_doors: Option<bool>,
    pub(crate) audit_kept_for: Option<Duration>,
    pub(crate) connection_pool_size: Option<usize>,
    pub(crate) drift_check: Option<DriftCheck>,
    pub(crate) migration_policy: Option<Policy>,
    pub(crate) connect_timeout: Option<Duration>,
    pub(crate) acquire_timeout: Option<Duration>,
    pub(crate) statement_timeout: Option<Duration>,
    pub(crate) transaction_idle_timeout: Option<Duration>,
    pub(crate) max_lifetime: Option<Duration>,
    pub(crate) idle_timeout: Option<Duration>,
    pub(crate) lock_timeout: Option<Duration>,
    pub(crate) migration_timeout: Option<Duration>,
}
