//! The one way in.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use dataflow_core::error::{Error, Kind, Result};
use dataflow_core::node::{Answer, Context, Object};

use crate::{Operation, Registry};

/// Calls operations on behalf of every channel. Cheap to clone.
#[derive(Clone)]
pub struct Dispatch {
    shared: Arc<Shared>,
}

struct Shared {
    registry: Registry,
    is_open: AtomicBool,
}

impl Dispatch {
    /// A dispatch that refuses every call until it is [opened](Dispatch::open).
    pub fn new(registry: Registry) -> Self {
        Self {
            shared: Arc::new(Shared {
                registry,
                is_open: AtomicBool::new(false),
            }),
        }
    }

    /// What can be called.
    pub fn registry(&self) -> &Registry {
        &self.shared.registry
    }

    /// Lets calls in: every source's schema is ready.
    pub fn open(&self) {
        self.shared.is_open.store(true, Ordering::Release);
    }

    /// Whether calls are let in.
    pub fn is_open(&self) -> bool {
        self.shared.is_open.load(Ordering::Acquire)
    }

    /// Calls an operation.
    ///
    /// # Errors
    ///
    /// Those of the operation; [`Kind::Timeout`] when the context's deadline passes first;
    /// [`Kind::Unavailable`] before the dispatch is open.
    pub async fn call(
        &self,
        operation: &Operation,
        context: &Context,
        input: Object,
    ) -> Result<Answer> {
        if !self.is_open() {
            return Err(Error::new(Kind::Unavailable, "the schema is not ready yet")
                .with_help("wait until /ready answers 200"));
        }
        let call = operation.node().call(context, input);
        let Some(deadline) = context.deadline else {
            return call.await;
        };
        tokio::time::timeout_at(deadline.into(), call)
            .await
            .unwrap_or_else(|_| {
                Err(Error::new(
                    Kind::Timeout,
                    format!(
                        "operation {:?} took longer than its deadline",
                        operation.name()
                    ),
                ))
            })
    }
}
