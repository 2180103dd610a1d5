//! How many rows there were.

use dataflow_core::Result;
use dataflow_core::row::RowSource;

use crate::pool::Rows;

/// Passes rows on, and counts them.
pub(crate) struct Counted<C> {
    rows: C,
    count: usize,
}

impl<C> Counted<C> {
    pub(crate) fn new(rows: C) -> Self {
        Self { rows, count: 0 }
    }
}

impl<C: Rows> Rows for Counted<C> {
    type Output = (C::Output, usize);

    fn row<R: RowSource>(&mut self, row: &R) -> Result<()> {
        self.count += 1;
        self.rows.row(row)
    }

    fn end_member(&mut self) {
        self.rows.end_member();
    }

    fn complete(&mut self) -> Result<()> {
        self.rows.complete()
    }

    fn restart(&mut self) {
        self.count = 0;
        self.rows.restart();
    }

    fn finish(self, written: u64) -> Self::Output {
        (self.rows.finish(written), self.count)
    }
}
