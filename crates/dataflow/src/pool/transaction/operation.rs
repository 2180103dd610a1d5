//! Operations that have a savepoint for themselves, and what waits for them.
//!
//! A write with hooks is one savepoint of the transaction that it is part of. Until that has ended,
//! whatever else is done in the transaction at the same time waits for its turn, as statements do
//! that meet on a connection. What a hook does past the transaction that it was handed would wait
//! for itself, so it is refused.

use std::sync::Arc;
use std::time::Duration;

use dataflow_core::error::Kind;
use dataflow_core::{Error, Result};

use super::Transaction;

tokio::task_local! {
    /// The operations that the future is part of.
    static PART_OF: Vec<Operation>;
}

/// One operation: its transaction, by address, and its savepoint.
type Operation = (usize, u32);

/// A savepoint that is open.
#[derive(Debug, Clone, Copy)]
pub(super) struct Savepoint {
    pub(super) number: u32,
    pub(super) owner: Owner,
}

/// Who ends a savepoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Owner {
    /// Whoever began it. What it lies in is refused until then.
    Caller,
    /// The operation that it is for. What it lies in waits until then.
    Operation,
}

impl Transaction {
    /// Does the work of the operation that this savepoint belongs to.
    pub(crate) fn within<F: Future>(&self, work: F) -> impl Future<Output = F::Output> {
        let mut operations = PART_OF.try_with(Clone::clone).unwrap_or_default();
        operations.push(self.operation(self.savepoint));
        PART_OF.scope(operations, work)
    }

    /// Whether who asks is part of an operation.
    pub(super) fn is_part_of(&self, savepoint: u32) -> bool {
        let operation = self.operation(savepoint);
        PART_OF
            .try_with(|operations| operations.contains(&operation))
            .unwrap_or(false)
    }

    fn operation(&self, savepoint: u32) -> Operation {
        (Arc::as_ptr(&self.open).addr(), savepoint)
    }
}

/// Waits until something has come to its end in a transaction.
pub(super) async fn wait(ended: impl Future<Output = ()>, patience: Duration) -> Result<()> {
    let waited = tokio::time::timeout(patience, ended).await;
    waited.map_err(|_| {
        let message = format!(
            "acquire_timeout of {patience:?} has passed: another write of the transaction is \
             under way"
        );
        Error::new(Kind::Timeout, message)
            .with_help("let a hook go through the transaction that it is handed")
    })
}
