//! Rows of a statement that a person wrote.

use dataflow_core::Result;
use dataflow_core::row::{FromRow, Picks, RowSource};

use crate::pool::Rows;

/// Rows as a type, whose columns are found, and their types compared, in the first row: a driver
/// would read eight bytes of one type as eight bytes of another.
pub(crate) struct Raw<T> {
    rows: Vec<T>,
    picks: Option<Picks>,
}

impl<T> Default for Raw<T> {
    fn default() -> Self {
        Self {
            rows: Vec::new(),
            picks: None,
        }
    }
}

impl<T: FromRow> Rows for Raw<T> {
    type Output = Vec<T>;

    fn row<R: RowSource>(&mut self, row: &R) -> Result<()> {
        let picks = match &self.picks {
            Some(picks) => picks,
            None => self.picks.insert(Picks::of::<T, R>(row)?),
        };
        self.rows.push(picks.read(row)?);
        Ok(())
    }

    fn restart(&mut self) {
        self.rows.clear();
    }

    fn finish(self, _: u64) -> Vec<T> {
        self.rows
    }
}
