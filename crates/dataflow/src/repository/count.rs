//! How many rows.

use dataflow_core::{Model, Result};

use super::{Query, Repository};

impl<M: Model> Repository<M> {
    /// How many rows a query lets through, whatever its page.
    ///
    /// # Errors
    ///
    /// As [`list`](Self::list).
    pub async fn count(&self, query: Query) -> Result<u64> {
        let filter = query.into_filter(self.model())?;
        self.table.count(filter).await
    }
}
