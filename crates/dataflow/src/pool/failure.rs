//! Why a statement failed, and what became of its connection.

use dataflow_core::Error;

/// Why a statement failed, and whether its connection can still be used.
#[derive(Debug)]
pub(super) struct Failure {
    pub(super) error: Error,
    pub(super) is_lost: bool,
}

impl Failure {
    /// The connection is well.
    pub(super) fn refused(error: Error) -> Self {
        Self {
            error,
            is_lost: false,
        }
    }

    /// Whether one of many members can be to blame, and not another transaction.
    pub(super) fn may_be_of_a_member(&self) -> bool {
        !self.is_lost && !self.error.is_contention()
    }

    /// The connection is of no use any more, and a transaction on it is over.
    pub(super) fn lost(error: Error) -> Self {
        Self {
            error,
            is_lost: true,
        }
    }
}
