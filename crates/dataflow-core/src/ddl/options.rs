//! What a synchronization may do.

use crate::plan::Policy;

/// What a synchronization may do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyncOptions {
    /// The name that the ledger knows this application by. Applications that share a database keep
    /// their models apart by it.
    pub application: String,
    /// Whether changes are made.
    pub migrate: Migrate,
    /// Which changes are made without asking.
    pub policy: Policy,
    /// What is kept in the ledger.
    pub persistence: Persistence,
    /// How an unchanged schema is recognized.
    pub drift_check: DriftCheck,
}

impl Default for SyncOptions {
    fn default() -> Self {
        Self {
            application: "default".to_owned(),
            migrate: Migrate::Apply,
            policy: Policy::Safe,
            persistence: Persistence::Full,
            drift_check: DriftCheck::Probe,
        }
    }
}

/// Whether changes are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Migrate {
    /// What the policy allows is changed; what matters and cannot or may not be changed is an error.
    Apply,
    /// Nothing is changed; whatever is missing or matters is an error.
    Verify,
    /// Nothing is changed; whatever is missing or matters is reported.
    Warn,
    /// The database is not looked at.
    Skip,
}

/// What is kept in the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Persistence {
    /// The history of migrations, and every model with its versions.
    Full,
    /// The history of migrations alone.
    HistoryOnly,
    /// Nothing: the ledger's tables are neither created nor read, so each start compares in full.
    None,
}

/// How an unchanged schema is recognized.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DriftCheck {
    /// By the recorded fingerprint and a probe of the catalogue.
    Probe,
    /// By the recorded fingerprint alone.
    Fingerprint,
    /// Not at all: the catalogue is compared in full each time.
    Full,
}
