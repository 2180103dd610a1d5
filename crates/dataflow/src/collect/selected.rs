//! Rows as what a query selects or measures.

use dataflow_core::Result;
use dataflow_core::query::{Columns, Measures};
use dataflow_core::row::RowSource;

use crate::pool::Rows;

/// Rows as what the columns of a query are read as.
pub(crate) struct Selected<M, S: Columns<M>>(Vec<S::Row>);

impl<M, S: Columns<M>> Selected<M, S> {
    pub(crate) fn new() -> Self {
        Self(Vec::new())
    }
}

impl<M: 'static, S: Columns<M> + 'static> Rows for Selected<M, S> {
    type Output = Vec<S::Row>;

    fn row<R: RowSource>(&mut self, row: &R) -> Result<()> {
        self.0.push(S::read(row)?);
        Ok(())
    }

    fn restart(&mut self) {
        self.0.clear();
    }

    fn finish(self, _: u64) -> Vec<S::Row> {
        self.0
    }
}

/// Groups of rows that are alike in some columns, and what each comes to.
pub(crate) struct Grouped<M, S: Columns<M>, V: Measures<M>>(Vec<(S::Row, V::Values)>);

impl<M, S: Columns<M>, V: Measures<M>> Grouped<M, S, V> {
    pub(crate) fn new() -> Self {
        Self(Vec::new())
    }
}

impl<M, S, V> Rows for Grouped<M, S, V>
where
    M: 'static,
    S: Columns<M> + 'static,
    V: Measures<M> + 'static,
{
    type Output = Vec<(S::Row, V::Values)>;

    fn row<R: RowSource>(&mut self, row: &R) -> Result<()> {
        self.0.push((S::read(row)?, V::read(row, S::COUNT)?));
        Ok(())
    }

    fn restart(&mut self) {
        self.0.clear();
    }

    fn finish(self, _: u64) -> Self::Output {
        self.0
    }
}

/// What all rows come to, in one row.
pub(crate) struct Total<M, V: Measures<M>>(Option<V::Values>);

impl<M, V: Measures<M>> Total<M, V> {
    pub(crate) fn new() -> Self {
        Self(None)
    }
}

impl<M: 'static, V: Measures<M> + 'static> Rows for Total<M, V> {
    type Output = Option<V::Values>;

    fn row<R: RowSource>(&mut self, row: &R) -> Result<()> {
        self.0 = Some(V::read(row, 0)?);
        Ok(())
    }

    fn restart(&mut self) {
        self.0 = None;
    }

    fn finish(self, _: u64) -> Self::Output {
        self.0
    }
}
