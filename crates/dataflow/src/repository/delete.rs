//! A row less.

use dataflow_core::Result;
use dataflow_core::schema::{Changeable, KeyValue as _};

use super::{Repository, key_values};
use crate::table::row_not_found;

impl<M: Changeable> Repository<M> {
    /// Removes the row of a key.
    ///
    /// # Errors
    ///
    /// [`Kind::NotFound`](dataflow_core::error::Kind::NotFound) when there is none,
    /// [`Kind::ForeignKey`](dataflow_core::error::Kind::ForeignKey) when other rows point at it.
    pub async fn delete(&self, key: &M::Key) -> Result<()> {
        match self.table.delete(key.to_values(), None).await? {
            true => Ok(()),
            false => Err(row_not_found(self.model())),
        }
    }

    /// Removes the row that a struct was read from, unless it has changed since, which the version
    /// tells. Without versions it is as [`delete`](Self::delete).
    ///
    /// # Errors
    ///
    /// [`Kind::Precondition`](dataflow_core::error::Kind::Precondition) when the row has another
    /// version than the struct; else as [`delete`](Self::delete).
    pub async fn delete_unchanged(&self, row: &M) -> Result<()> {
        let version = self.version(row);
        match self.table.delete(key_values(row), version).await? {
            true => Ok(()),
            false => Err(row_not_found(self.model())),
        }
    }
}
