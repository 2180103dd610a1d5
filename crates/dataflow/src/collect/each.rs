//! One row for each member of many.

use dataflow_core::error::{Fault, FaultCode, Kind};
use dataflow_core::row::RowSource;
use dataflow_core::{Error, ModelSchema, Result};
use std::sync::Arc;

use crate::pool::Rows;
use crate::table::{fault, stale, this_key};

/// Passes rows on, and refuses members that yield none: the rows they mean do not exist, or are out
/// of reach.
pub(crate) struct Each<C> {
    rows: C,
    model: Arc<ModelSchema>,
    refusal: Refusal,
    members: usize,
    has_row: bool,
    missing: Vec<usize>,
    /// Which members say of which version of a row they are; none of those after the last.
    versioned: Vec<bool>,
}

/// What is said of members of a bulk that yielded no row, and which of them are of a version.
pub(crate) type Refusal = fn(&ModelSchema, &[usize], &[bool]) -> Error;

impl<C> Each<C> {
    pub(crate) fn new(
        model: Arc<ModelSchema>,
        refusal: Refusal,
        versioned: Vec<bool>,
        rows: C,
    ) -> Self {
        Self {
            rows,
            model,
            refusal,
            members: 0,
            has_row: false,
            missing: Vec::new(),
            versioned,
        }
    }
}

impl<C: Rows> Rows for Each<C> {
    type Output = C::Output;

    fn row<R: RowSource>(&mut self, row: &R) -> Result<()> {
        self.has_row = true;
        self.rows.row(row)
    }

    fn end_member(&mut self) {
        if !std::mem::take(&mut self.has_row) {
            self.missing.push(self.members);
        }
        self.members += 1;
    }

    fn complete(&mut self) -> Result<()> {
        if self.missing.is_empty() {
            Ok(())
        } else {
            Err((self.refusal)(&self.model, &self.missing, &self.versioned))
        }
    }

    fn restart(&mut self) {
        self.members = 0;
        self.has_row = false;
        self.missing.clear();
        self.rows.restart();
    }

    fn finish(self, written: u64) -> C::Output {
        self.rows.finish(written)
    }
}

/// Names the members of a bulk that mean rows which do not exist, or not in the version of the
/// member: a row that is gone has changed as well.
pub(crate) fn rows_not_found(model: &ModelSchema, missing: &[usize], versioned: &[bool]) -> Error {
    let this_key = this_key(model);
    let detail = format!("no row has {this_key}");
    let is_versioned = |position: &usize| versioned.get(*position) == Some(&true);
    let faults = missing.iter().flat_map(|position| {
        let parent = format!("/{position}");
        if is_versioned(position) {
            return vec![fault(model, &parent)];
        }
        let fields = model.key.fields.iter();
        let fault = |field| Fault::at(&parent, field, FaultCode::Reference, detail.clone());
        fields.map(|field| fault(field)).collect()
    });
    if missing.iter().any(is_versioned) {
        return stale(model, faults.collect());
    }
    let message = match missing {
        [position] => format!(
            "member {position}: model {:?} has no row with {this_key}",
            model.name
        ),
        many => format!(
            "model {:?} has no rows with {} of these keys",
            model.name,
            many.len()
        ),
    };
    Error::new(Kind::NotFound, message).with_faults(faults.collect())
}
