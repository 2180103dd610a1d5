//! A page of rows.

use dataflow_core::query::FilterOf;
use dataflow_core::{Model, Result};

use super::{Query, Repository};

/// A page of rows, in the order that was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<M> {
    /// The rows.
    pub rows: Vec<M>,
    /// The cursor that the next page begins after, when more rows follow.
    pub next: Option<String>,
}

impl<M: Model> Repository<M> {
    /// Which rows are asked for: every one, unless something is added.
    pub fn query(&self) -> Query<M> {
        Query::new(self.clone())
    }

    /// The first page of the rows that a filter lets through; [`query`](Self::query) can say more.
    ///
    /// # Errors
    ///
    /// [`Kind::Malformed`](dataflow_core::error::Kind::Malformed) for a filter that was made for
    /// another model, [`Kind::Unsupported`](dataflow_core::error::Kind::Unsupported) for a
    /// comparison that the database cannot make.
    pub async fn list(&self, filter: impl FilterOf<M>) -> Result<Page<M>> {
        self.query().filter(filter).list().await
    }
}
