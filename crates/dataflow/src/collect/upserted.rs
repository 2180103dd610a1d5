//! Rows of an upsert as structs.

use dataflow_core::row::RowSource;
use dataflow_core::{Model, Result};

use crate::pool::Rows;
use crate::repository::Upserted;

/// Rows of an upsert as structs, each with whether it is new.
pub(crate) struct UpsertedRows<M>(Vec<Upserted<M>>);

impl<M: Model> UpsertedRows<M> {
    pub(crate) fn new() -> Self {
        Self(Vec::new())
    }
}

impl<M: Model> Rows for UpsertedRows<M> {
    type Output = Vec<Upserted<M>>;

    fn row<R: RowSource>(&mut self, row: &R) -> Result<()> {
        // It stands behind the columns of the model.
        let is_new = row.bool(M::schema().fields.len())?;
        let row = M::from_row(row)?;
        self.0.push(Upserted { row, is_new });
        Ok(())
    }

    fn restart(&mut self) {
        self.0.clear();
    }

    fn finish(self, _: u64) -> Vec<Upserted<M>> {
        self.0
    }
}
