//! How many rows.

use dataflow_core::query::FilterOf;
use dataflow_core::{Model, Result};

use super::Repository;

impl<M: Model> Repository<M> {
    /// How many rows a filter lets through.
    ///
    /// # Errors
    ///
    /// As [`list`](Self::list).
    pub async fn count(&self, filter: impl FilterOf<M>) -> Result<u64> {
        self.table.count(filter.into_filter()).await
    }
}
