//! A row less.

use dataflow_core::schema::KeyValue as _;
use dataflow_core::{Model, Result};

use super::Repository;
use crate::table::row_not_found;

impl<M: Model> Repository<M> {
    /// Removes the row of a key.
    ///
    /// # Errors
    ///
    /// [`Kind::NotFound`](dataflow_core::error::Kind::NotFound) when there is none,
    /// [`Kind::ForeignKey`](dataflow_core::error::Kind::ForeignKey) when other rows point at it.
    pub async fn delete(&self, key: &M::Key) -> Result<()> {
        match self.table.delete(key.to_values()).await? {
            true => Ok(()),
            false => Err(row_not_found(self.model())),
        }
    }
}
