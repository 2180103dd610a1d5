//! What a migration does at the moment, for whoever watches it.

use crate::plan::{Plan, Step};

/// Is told what a migration does at the moment. It is called on the thread that migrates.
pub type Watch<'a> = &'a mut (dyn FnMut(Progress<'_>) + Send);

/// A step that begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress<'a> {
    /// Which one it is, counted from 1.
    pub number: usize,
    /// How many there are.
    pub count: usize,
    /// The step.
    pub step: &'a Step,
}

impl<'a> Progress<'a> {
    /// The step of a plan that begins.
    pub(super) fn of(number: usize, plan: &Plan, step: &'a Step) -> Self {
        Self {
            number,
            count: plan.steps.len(),
            step,
        }
    }
}
