//! One row.

use dataflow_core::schema::KeyValue as _;
use dataflow_core::{Model, ModelSchema, Result};

use super::Repository;
use crate::collect::Typed;
use crate::table::row_not_found;

impl<M: Model> Repository<M> {
    /// The row of a key.
    ///
    /// # Errors
    ///
    /// [`Kind::NotFound`](dataflow_core::error::Kind::NotFound) when there is none.
    pub async fn read(&self, key: &M::Key) -> Result<M> {
        let rows = self.table.read(key.to_values(), Typed::new()).await?;
        single(self.model(), rows)
    }

    /// The row of a key, if there is one.
    ///
    /// # Errors
    ///
    /// When the database does not answer.
    pub async fn find(&self, key: &M::Key) -> Result<Option<M>> {
        let mut rows = self.table.read(key.to_values(), Typed::new()).await?;
        Ok(rows.pop())
    }
}

/// The only row, or the error that there is none.
pub(super) fn single<M: Model>(model: &ModelSchema, mut rows: Vec<M>) -> Result<M> {
    rows.pop().ok_or_else(|| row_not_found(model))
}
