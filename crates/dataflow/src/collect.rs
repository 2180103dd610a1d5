//! What becomes of the rows of a statement: structs, JSON, stored rows, counts.

mod counted;
mod each;
mod json;
mod page;
mod raw;
mod selected;
mod stored;
mod trailing;
mod upserted;

pub(crate) use counted::Counted;
pub(crate) use each::{Each, rows_not_found};
pub(crate) use json::{CREATED, JsonRows, Rendered};
pub(crate) use page::{Keyed, LastRow};
pub(crate) use raw::Raw;
pub(crate) use selected::{Grouped, Selected, Total};
pub(crate) use stored::{StoredRow, StoredRows};
pub(crate) use trailing::Trailing;
pub(crate) use upserted::UpsertedRows;

use dataflow_core::row::RowSource;
use dataflow_core::{Model, Result};

use crate::pool::Rows;

/// Rows as structs.
pub(crate) struct Typed<M>(Vec<M>);

impl<M: Model> Typed<M> {
    pub(crate) fn new() -> Self {
        Self(Vec::new())
    }
}

impl<M: Model> Rows for Typed<M> {
    type Output = Vec<M>;

    fn row<R: RowSource>(&mut self, row: &R) -> Result<()> {
        self.0.push(M::from_row(row)?);
        Ok(())
    }

    fn restart(&mut self) {
        self.0.clear();
    }

    fn finish(self, _: u64) -> Vec<M> {
        self.0
    }
}

/// The one integer of the one row.
#[derive(Default)]
pub(crate) struct Integer(i64);

impl Rows for Integer {
    type Output = i64;

    fn row<R: RowSource>(&mut self, row: &R) -> Result<()> {
        self.0 = row.i64(0)?;
        Ok(())
    }

    fn restart(&mut self) {
        self.0 = 0;
    }

    fn finish(self, _: u64) -> i64 {
        self.0
    }
}

/// How many rows were written.
pub(crate) struct Written;

impl Rows for Written {
    type Output = u64;

    fn row<R: RowSource>(&mut self, _: &R) -> Result<()> {
        Ok(())
    }

    fn restart(&mut self) {}

    fn finish(self, written: u64) -> u64 {
        written
    }
}
