//! One row for each member of many.

use dataflow_core::row::RowSource;
use dataflow_core::{ModelSchema, Result};
use std::sync::Arc;

use crate::pool::Rows;
use crate::table::row_not_found;

/// Passes rows on, and refuses a member that yields none: the row it means does not exist.
pub(crate) struct Each<C> {
    rows: C,
    model: Arc<ModelSchema>,
    has_row: bool,
}

impl<C> Each<C> {
    pub(crate) fn new(model: Arc<ModelSchema>, rows: C) -> Self {
        Self {
            rows,
            model,
            has_row: false,
        }
    }
}

impl<C: Rows> Rows for Each<C> {
    type Output = C::Output;

    fn row<R: RowSource>(&mut self, row: &R) -> Result<()> {
        self.has_row = true;
        self.rows.row(row)
    }

    fn end_member(&mut self) -> Result<()> {
        if std::mem::take(&mut self.has_row) {
            Ok(())
        } else {
            Err(row_not_found(&self.model))
        }
    }

    fn restart(&mut self) {
        self.has_row = false;
        self.rows.restart();
    }

    fn finish(self, written: u64) -> C::Output {
        self.rows.finish(written)
    }
}
