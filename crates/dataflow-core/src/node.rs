//! The seam between data and doors.
//!
//! Whatever can be called (a model's create, a workflow, a handler) is a [`Node`]; whatever brings
//! nodes and has a life of its own (a database) is a [`Source`]. HTTP, MCP, workflows and the
//! command line know only these two traits, and so share every rule that stands behind them.

mod answer;
mod changes;
mod context;
mod descriptor;
mod scope;
mod shape;
mod source;

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

pub use answer::{Answer, Body};
pub use changes::ChangeStream;
pub use context::{Context, Form};
pub use descriptor::{Descriptor, Details, ModelVerb};
pub use scope::Scope;
pub use shape::Shape;
pub use source::Source;

use crate::error::Result;
pub use crate::value::Object;

/// A future that can be kept in a box and moved between threads.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Something that can be called with a JSON object.
///
/// An implementation MUST check its whole input before it does anything, MUST refuse members that
/// its descriptor does not name, and MUST leave nothing half done when it fails or when the future
/// is dropped.
pub trait Node: Send + Sync {
    /// What it is called, what it takes and what it gives.
    fn descriptor(&self) -> &Descriptor;

    /// Calls it.
    ///
    /// # Errors
    ///
    /// Of the kind that says whose fault it was; see [`Kind`](crate::error::Kind).
    fn call<'a>(&'a self, context: &'a Context, input: Object) -> BoxFuture<'a, Result<Answer>>;

    /// The nodes that it calls in its turn, for whoever asks what a call of it reaches. A node that
    /// calls none keeps this default.
    fn calls(&self) -> Vec<Arc<dyn Node>> {
        Vec::new()
    }
}

/// A shared node is a node, so that whatever takes `impl Node` also takes `Arc<dyn Node>`.
impl<N: Node + ?Sized> Node for Arc<N> {
    fn descriptor(&self) -> &Descriptor {
        N::descriptor(self)
    }

    fn call<'a>(&'a self, context: &'a Context, input: Object) -> BoxFuture<'a, Result<Answer>> {
        N::call(self, context, input)
    }

    fn calls(&self) -> Vec<Arc<dyn Node>> {
        N::calls(self)
    }
}
