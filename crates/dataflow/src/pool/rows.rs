//! What becomes of the rows of a statement.

use dataflow_core::Result;
use dataflow_core::row::RowSource;

/// Collects the rows of a statement where they are read.
pub(crate) trait Rows: Send + 'static {
    /// What is collected.
    type Output: Send + 'static;

    /// Takes the next row.
    ///
    /// # Errors
    ///
    /// When a column does not hold what is expected. No further row is offered.
    fn row<R: RowSource>(&mut self, row: &R) -> Result<()>;

    /// Ends one member of many, which are offered in their order.
    fn end_member(&mut self) {}

    /// Whether what the members did may stay.
    ///
    /// # Errors
    ///
    /// When it may not. All of it is then undone.
    fn complete(&mut self) -> Result<()> {
        Ok(())
    }

    /// Forgets the rows taken so far: the statement runs again, because its first run was undone
    /// together with a neighbor's, or its connection was lost.
    fn restart(&mut self);

    /// The collected rows. `written` counts the rows that a write inserted, changed or deleted; a
    /// read gives 0.
    fn finish(self, written: u64) -> Self::Output;
}

/// Looks at no row.
impl Rows for () {
    type Output = ();

    fn row<R: RowSource>(&mut self, _: &R) -> Result<()> {
        Ok(())
    }

    fn restart(&mut self) {}

    fn finish(self, _: u64) {}
}
