//! What is done to the rows of a source, as it is done.

use super::BoxFuture;
use crate::error::Result;
use crate::feed::RowChange;

/// Changes of rows, one after another and without an end.
///
/// An implementation MUST hold no more than a bounded number of changes at a time, whatever the pace
/// of whoever asks, and MUST lose none when a future of [`next`](ChangeStream::next) is dropped.
pub trait ChangeStream: Send {
    /// The next change; waits until there is one.
    ///
    /// # Errors
    ///
    /// [`Kind::Gone`](crate::error::Kind::Gone) once where changes are no longer kept that would
    /// have come; what comes then is after them. Else what the database refuses; it is asked again
    /// the next time.
    fn next(&mut self) -> BoxFuture<'_, Result<RowChange>>;
}
