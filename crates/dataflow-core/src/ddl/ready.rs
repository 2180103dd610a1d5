//! The receipt that a database holds what the models need.

use super::Fingerprint;
use crate::plan::Finding;

/// The receipt that a database holds what the models need. Only
/// [`synchronize`](super::synchronize) and [`Recall`](super::Recall) make one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SchemaReady {
    pub(super) database: String,
    pub(super) fingerprint: Fingerprint,
    pub(super) outcome: Outcome,
    pub(super) findings: Vec<Finding>,
}

/// How a database came to be ready.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It already held everything.
    Unchanged,
    /// Changes were made.
    Applied {
        /// How many.
        steps: usize,
    },
    /// It differs in ways that matter, and the caller chose to go on.
    Drifted,
    /// The caller chose not to look.
    Unchecked,
}

impl SchemaReady {
    /// Which database it is the receipt of.
    pub fn database(&self) -> &str {
        &self.database
    }

    /// The fingerprint of the models it is the receipt for.
    pub fn fingerprint(&self) -> Fingerprint {
        self.fingerprint
    }

    /// How the database came to be ready.
    pub fn outcome(&self) -> Outcome {
        self.outcome
    }

    /// What differs, and does not matter or was chosen not to.
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }
}
