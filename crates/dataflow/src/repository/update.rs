//! A changed row.

use dataflow_core::{Model, Result};

use super::read::single;
use super::{Repository, key_values};
use crate::collect::Typed;

impl<M: Model> Repository<M> {
    /// Gives the row of the struct's key the struct's other values, and gives it as it is stored.
    /// Stamps are made, whatever the struct holds.
    ///
    /// # Errors
    ///
    /// [`Kind::NotFound`](dataflow_core::error::Kind::NotFound) when there is no such row; else as
    /// [`create`](Self::create).
    pub async fn update(&self, row: &M) -> Result<M> {
        let change = self.change(row);
        let rows = self
            .table
            .update(key_values(row), change, Typed::new())
            .await?;
        single(self.model(), rows)
    }
}
