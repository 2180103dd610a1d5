//! A page of rows.

use dataflow_core::query::cursor_of;
use dataflow_core::{Model, Result};

use super::{Query, Repository};
use crate::collect::Typed;

/// A page of rows, in the order of their keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<M> {
    /// The rows.
    pub rows: Vec<M>,
    /// The cursor that the next page begins after, when more rows follow.
    pub next: Option<String>,
}

impl<M: Model> Repository<M> {
    /// The rows that a query asks for.
    ///
    /// # Errors
    ///
    /// [`Kind::Malformed`](dataflow_core::error::Kind::Malformed) for a field that the model does
    /// not have or a cursor that is none of its,
    /// [`Kind::Invalid`](dataflow_core::error::Kind::Invalid) for a value of another type.
    pub async fn list(&self, query: Query) -> Result<Page<M>> {
        let selection = query.selection(self.model())?;
        let (rows, last) = self.table.list(selection, Typed::new()).await?;
        let next = last.next().map(|key| cursor_of(&key.to_json()));
        Ok(Page { rows, next })
    }
}
