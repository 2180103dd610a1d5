//! What has to change, as a value that can be read, refused and tested before anything runs.
//!
//! ```text
//! desired, found, hints ─ plan → Plan: steps and findings ─ allowed by a Policy → SQL
//! ```

mod change;
mod class;
mod cost;
mod diff;
mod display;
mod document;
mod finding;
mod hints;
mod likeness;
mod order;
mod policy;
mod rebuild;
mod rename;
mod step;

pub use change::Change;
pub use class::{Class, Lock};
pub use diff::plan;
pub use finding::{Finding, FindingKind};
pub use hints::{Hints, Rename, TableHints};
pub use likeness::{Conversion, Learned, conversions, likeness};
pub use policy::Policy;
pub(crate) use rename::renamed;
pub use step::{Run, Statement, Step};

use crate::ddl::Fingerprint;
use crate::schema::TableName;

/// The difference between what models need and what a database has.
///
/// Its [`Display`](std::fmt::Display) is for people, and it serializes to a document for programs:
/// steps with their SQL, class, lock and rows, findings, and the hash that approves it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Plan {
    /// What can be changed, in the order in which it is.
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

    /// The name of exactly these steps, for whoever approves them: another plan that makes the same
    /// statements has the same.
    pub fn hash(&self) -> Fingerprint {
        let mut text = String::new();
        for step in &self.steps {
            text.push_str(&step.class.to_string());
            for statement in &step.statements {
                text.push('\n');
                text.push_str(&statement.sql);
            }
            text.push_str(";\n");
        }
        Fingerprint::of(text.as_bytes())
    }

    /// The gravest class among the steps; none when there are none.
    pub fn class(&self) -> Option<Class> {
        self.steps.iter().map(|step| step.class).max()
    }

    /// The name that a table has before any step.
    pub(crate) fn existing_name<'a>(&'a self, table: &'a TableName) -> &'a TableName {
        let former = self.steps.iter().find_map(|step| match &step.change {
            Change::RenameTable { from, to } if to == table => Some(from),
            _ => None,
        });
        former.unwrap_or(table)
    }

    /// The tables that exist and are changed, as they are called before any step.
    pub fn existing_tables(&self) -> Vec<TableName> {
        let mut names: Vec<TableName> = self
            .steps
            .iter()
            .filter_map(|step| step.existing_table.clone())
            .collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    /// The tables that steps of the shared transaction lock, each with the strongest lock.
    pub(crate) fn locks(&self) -> Vec<(TableName, Lock)> {
        let mut locks: Vec<(TableName, Lock)> = Vec::new();
        let mut add = |table: &TableName, lock: Lock| match locks
            .iter_mut()
            .find(|(name, _)| name == table)
        {
            Some((_, strongest)) => *strongest = lock.max(*strongest),
            None => locks.push((table.clone(), lock)),
        };
        let created: Vec<&TableName> = self
            .steps
            .iter()
            .filter(|step| step.existing_table.is_none())
            .map(|step| step.change.table())
            .collect();
        for step in &self.steps {
            if let Some(table) = &step.existing_table
                && step.is_shared()
            {
                add(table, step.lock);
            }
            for (referenced, lock) in step.change.referenced_tables() {
                if !created.contains(&referenced) {
                    add(self.existing_name(referenced), lock);
                }
            }
        }
        locks
    }
}
