//! What a migration does at the moment, for whoever watches it.

use std::fmt;

use crate::plan::{Plan, Step};

/// Is told what a migration does at the moment. It is called on the thread that migrates.
pub type Watch<'a> = &'a mut (dyn FnMut(Progress<'_>) + Send);

/// A step that begins, or one that goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress<'a> {
    /// Which one it is, counted from 1.
    pub number: usize,
    /// How many there are.
    pub count: usize,
    /// The step.
    pub step: &'a Step,
    /// How far it is, once a batch of it is done.
    pub batches: Option<Batches>,
}

/// How far a statement is that runs in [batches](crate::plan::Run::InBatches).
///
/// ```
/// use dataflow_core::ddl::Batches;
///
/// let batches = Batches { done: 3, count: 13, rows: 11_800 };
/// assert_eq!(batches.to_string(), "batch 3 of 13, 11800 rows");
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Batches {
    /// How many are done.
    pub done: u64,
    /// How many there are; more when the table grows meanwhile.
    pub count: u64,
    /// How many rows they have changed.
    pub rows: u64,
}

impl<'a> Progress<'a> {
    /// The steps of a plan, each as it begins.
    pub(super) fn of_each(plan: &'a Plan) -> impl Iterator<Item = Self> {
        let count = plan.steps.len();
        (1..).zip(&plan.steps).map(move |(number, step)| Self {
            number,
            count,
            step,
            batches: None,
        })
    }

    /// The same step, so far.
    pub(super) fn after(self, batches: Batches) -> Self {
        Self {
            batches: Some(batches),
            ..self
        }
    }
}

impl fmt::Display for Batches {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { done, count, rows } = self;
        write!(f, "batch {done} of {count}, {rows} rows")
    }
}
