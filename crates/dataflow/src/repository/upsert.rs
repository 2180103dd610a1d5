//! A row, new or changed.

use dataflow_core::{Model, Result};

use super::Repository;
use super::read::single;
use crate::collect::Typed;

impl<M: Model> Repository<M> {
    /// Inserts a row; where one has the same values in the fields of `conflict_on`, that one is
    /// given the struct's other values, and keeps its key. Gives the row as it is stored.
    ///
    /// # Errors
    ///
    /// [`Kind::Invalid`](dataflow_core::error::Kind::Invalid) when `conflict_on` is neither the key
    /// nor the fields of a unique index; else as [`create`](Self::create).
    pub async fn upsert(&self, row: &M, conflict_on: &[&str]) -> Result<M> {
        let conflict = self.table.conflict(conflict_on)?;
        let given = self.new_row(row);
        let rows = self.table.upsert(given, &conflict, Typed::new()).await?;
        single(self.model(), rows)
    }
}
