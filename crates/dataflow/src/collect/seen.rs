//! Whether there was a row.

use dataflow_core::Result;
use dataflow_core::row::RowSource;

use crate::pool::Rows;

/// Passes rows on, and says whether there were any.
pub(crate) struct Seen<C> {
    rows: C,
    has_row: bool,
}

impl<C> Seen<C> {
    pub(crate) fn new(rows: C) -> Self {
        Self {
            rows,
            has_row: false,
        }
    }
}

impl<C: Rows> Rows for Seen<C> {
    type Output = (C::Output, bool);

    fn row<R: RowSource>(&mut self, row: &R) -> Result<()> {
        self.has_row = true;
        self.rows.row(row)
    }

    fn restart(&mut self) {
        self.has_row = false;
        self.rows.restart();
    }

    fn finish(self, written: u64) -> Self::Output {
        (self.rows.finish(written), self.has_row)
    }
}
