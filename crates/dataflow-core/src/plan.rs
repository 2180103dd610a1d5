//! What has to change, as a value that can be read, refused and tested before anything runs.

mod diff;
mod display;
mod finding;
mod step;

pub use diff::plan;
pub use finding::{Finding, FindingKind};
pub use step::{Change, Requirement, Step};

/// The difference between what models need and what a database has.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Plan {
    /// What is missing, in the order in which it can be made.
    pub steps: Vec<Step>,
    /// What is there but differs, and cannot or need not be changed.
    pub findings: Vec<Finding>,
}

impl Plan {
    /// Whether there is nothing to do and nothing to report.
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty() && self.findings.is_empty()
    }

    /// The findings that a program cannot work with.
    pub fn blocking(&self) -> impl Iterator<Item = &Finding> {
        self.findings
            .iter()
            .filter(|finding| finding.kind.is_blocking())
    }
}
