//! A new row.

use dataflow_core::{Model, Result};

use super::Repository;
use super::read::single;
use crate::collect::Typed;

impl<M: Model> Repository<M> {
    /// Inserts a row and gives it as it is stored. A generated key (unless the model takes one
    /// from its caller) and stamps are made, whatever the struct holds.
    ///
    /// # Errors
    ///
    /// [`Kind::Unique`](dataflow_core::error::Kind::Unique) when another row has the key or a unique
    /// value, [`Kind::ForeignKey`](dataflow_core::error::Kind::ForeignKey) when a row it points at
    /// does not exist; both with the fields at fault.
    pub async fn create(&self, row: &M) -> Result<M> {
        let rows = self.table.create(self.new_row(row), Typed::new()).await?;
        single(self.model(), rows)
    }
}
