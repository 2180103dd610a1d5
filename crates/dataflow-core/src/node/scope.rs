//! An open transaction, seen from a caller of nodes.

use std::any::Any;
use std::fmt;

use super::BoxFuture;
use crate::error::Result;

/// An open transaction of a [`Source`](super::Source), as [`begin`](super::Source::begin) gives it.
///
/// Every node of that source which is called with it in its [`Context`](super::Context) does its
/// work inside. A node of another source MUST refuse the call: its work would outlive a rollback.
/// Dropped before its [`commit`](Scope::commit), a scope MUST undo all that was done in it.
///
/// A source finds its own scopes again by their type, which is why a scope is [`Any`].
pub trait Scope: Any + fmt::Debug + Send + Sync {
    /// Makes what was done take effect. The scope is over then, and cannot be used again.
    ///
    /// # Errors
    ///
    /// When the database refuses it, or the scope is over already. Nothing has taken effect unless
    /// the connection was lost.
    fn commit(&self) -> BoxFuture<'_, Result<()>>;

    /// Undoes what was done. The scope is over then, and cannot be used again.
    fn roll_back(&self) -> BoxFuture<'_, ()>;
}
