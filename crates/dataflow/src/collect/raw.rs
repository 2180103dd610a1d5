//! Rows of a statement that a person wrote.

use dataflow_core::Result;
use dataflow_core::row::{FromRow, RowSource};

use crate::pool::Rows;

/// Rows as a type, whose columns are compared with those of the first row: a driver would read
/// eight bytes of one type as eight bytes of another.
pub(crate) struct Raw<T> {
    rows: Vec<T>,
    is_checked: bool,
}

impl<T> Raw<T> {
    pub(crate) fn new() -> Self {
        Self {
            rows: Vec::new(),
            is_checked: false,
        }
    }
}

impl<T: FromRow> Rows for Raw<T> {
    type Output = Vec<T>;

    fn row<R: RowSource>(&mut self, row: &R) -> Result<()> {
        if !self.is_checked {
            for (ordinal, field_type) in T::types().iter().enumerate() {
                row.check_type(ordinal, field_type)?;
            }
            self.is_checked = true;
        }
        self.rows.push(T::from_row(row)?);
        Ok(())
    }

    fn restart(&mut self) {
        self.rows.clear();
    }

    fn finish(self, _: u64) -> Vec<T> {
        self.rows
    }
}
