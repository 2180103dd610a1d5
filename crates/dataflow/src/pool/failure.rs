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

    /// The connection is of no use any more, and a transaction on it is over.
    pub(super) fn lost(error: Error) -> Self {
        Self {
            error,
            is_lost: true,
        }
    }
}
