//! Rows that carry the end of their write with them.

use dataflow_core::Result;
use dataflow_core::row::RowSource;

use crate::cache::Tail;
use crate::pool::Rows;

/// Passes rows on. SQLite's threads drop it when the write is over, whether or not its caller still
/// waits; PostgreSQL's connections run in the caller's own future, and drop it with that.
pub(crate) struct Trailing<C> {
    rows: C,
    tail: Vec<Tail>,
}

impl<C: Rows> Trailing<C> {
    pub(crate) fn new(rows: C, tail: Vec<Tail>) -> Self {
        Self { rows, tail }
    }
}

impl<C: Rows> Rows for Trailing<C> {
    type Output = C::Output;

    fn row<R: RowSource>(&mut self, row: &R) -> Result<()> {
        self.rows.row(row)
    }

    fn end_member(&mut self) {
        self.rows.end_member();
    }

    fn complete(&mut self) -> Result<()> {
        self.rows.complete()
    }

    fn restart(&mut self) {
        self.rows.restart();
    }

    fn finish(self, written: u64) -> C::Output {
        drop(self.tail);
        self.rows.finish(written)
    }
}
