//! What an application does before and after rows are written.
//!
//! ```
//! use dataflow::{DataFlow, Draft, Error, Hooks, Model, Occasion, Result, Transaction};
//! use dataflow::error::Kind;
//!
//! #[derive(Debug, Clone, Model)]
//! struct Item {
//!     #[model(primary_key)]
//!     name: String,
//!     left: i64,
//! }
//!
//! #[derive(Debug, Clone, Model)]
//! struct Order {
//!     #[model(primary_key)]
//!     id: i64,
//!     #[model(belongs_to = Item)]
//!     item_name: String,
//!     pieces: i64,
//!     #[model(default = "new")]
//!     state: String,
//! }
//!
//! /// Every order is taken from the stock.
//! struct Stock;
//!
//! impl Hooks<Order> for Stock {
//!     async fn before_write(
//!         &self,
//!         _: &Transaction,
//!         occasion: Occasion,
//!         orders: &mut [Draft<Order>],
//!     ) -> Result<()> {
//!         for order in orders {
//!             if order.get(Order::PIECES)? == Some(0) {
//!                 return Err(order.refusal(Order::PIECES, "must be at least one"));
//!             }
//!             if occasion == Occasion::Create {
//!                 order.set(Order::STATE, "taken".to_owned())?;
//!             }
//!         }
//!         Ok(())
//!     }
//!
//!     async fn after_write(
//!         &self,
//!         tx: &Transaction,
//!         occasion: Occasion,
//!         orders: &[Order],
//!     ) -> Result<()> {
//!         let items = tx.repository::<Item>()?;
//!         for order in orders.iter().filter(|_| occasion == Occasion::Create) {
//!             let mut item = items.read(&order.item_name).await?;
//!             item.left -= order.pieces;
//!             if item.left < 0 {
//!                 return Err(Error::new(Kind::Invalid, "there are not so many left"));
//!             }
//!             items.update(&item).await?;
//!         }
//!         Ok(())
//!     }
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<()> {
//! let db = DataFlow::builder("sqlite::memory:")
//!     .model::<Item>()
//!     .model::<Order>()
//!     .hooks::<Order>(Stock)
//!     .open()?;
//! let (items, orders) = (db.repository::<Item>()?, db.repository::<Order>()?);
//! items.create(&Item { name: "cup".to_owned(), left: 5 }).await?;
//! let order = |pieces| Order {
//!     id: 0,
//!     item_name: "cup".to_owned(),
//!     pieces,
//!     state: String::new(),
//! };
//!
//! assert_eq!(orders.create(&order(3)).await?.state, "taken");
//! assert_eq!(items.read(&"cup".to_owned()).await?.left, 2);
//!
//! // What a hook refuses has not happened, in bulk and at every door alike.
//! let refused = orders.bulk_create(&[order(1), order(4)]).await.unwrap_err();
//! assert_eq!(refused.to_string(), "there are not so many left");
//! assert_eq!(items.read(&"cup".to_owned()).await?.left, 2);
//! let refused = orders.bulk_create(&[order(1), order(0)]).await.unwrap_err();
//! assert_eq!(refused.faults()[0].pointer, "/1/pieces");
//! # Ok(())
//! # }
//! ```

mod any;
mod draft;

use dataflow_core::{Model, Result};

pub(crate) use any::{AnyHooks, ModelHooks};
pub use draft::Draft;

use crate::transaction::Transaction;

/// Code that runs before and after rows of a model are written. Attached by
/// [`DataFlowBuilder::hooks`](crate::DataFlowBuilder::hooks), it runs whoever writes: repositories,
/// transactions, nodes, and so HTTP, MCP and workflows. [Statements in one's own
/// words](crate::DataFlow::sql) and what the database does by itself, such as a cascade, pass it by.
///
/// A write and its hooks are one transaction, or one savepoint where they are part of a transaction:
/// an error of any undoes all of it, and reaches the caller as it is. Make it of a kind that doors
/// show as the caller's fault, such as [`Kind::Invalid`](crate::error::Kind::Invalid) (422) or
/// [`Kind::Forbidden`](crate::error::Kind::Forbidden) (403), or by [`Draft::refusal`]. What a hook
/// does elsewhere than through the transaction is not undone.
///
/// Where another transaction was in the way of a write that is a transaction of its own (a deadlock, a
/// failure to serialize), all of it is done again, hooks included, up to ten times: what a hook does
/// elsewhere, such as sending a message, is done as often. What is to be done once, after rows are
/// there, follows [`DataFlow::changes`](crate::DataFlow::changes).
///
/// A bulk operation hands all its rows over at once, so that a hook can ask the database once for
/// all of them. A hook that writes rows of its own model meets itself.
///
/// Methods that are not written do nothing.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no hooks of `{M}`",
    note = "write `impl Hooks<{M}> for {Self}`"
)]
pub trait Hooks<M: Model>: Send + Sync + 'static {
    /// Rows are about to be created, changed or restored. What they are given can be looked at and
    /// changed; the rules of the fields are asked afterwards.
    ///
    /// # Errors
    ///
    /// When the write is refused.
    fn before_write(
        &self,
        transaction: &Transaction,
        occasion: Occasion,
        drafts: &mut [Draft<M>],
    ) -> impl Future<Output = Result<()>> + Send {
        let _ = (transaction, occasion, drafts);
        async { Ok(()) }
    }

    /// Rows were created, changed or restored, and are as they are given here. Not called where no
    /// row was written.
    ///
    /// # Errors
    ///
    /// When the write is to be undone.
    fn after_write(
        &self,
        transaction: &Transaction,
        occasion: Occasion,
        rows: &[M],
    ) -> impl Future<Output = Result<()>> + Send {
        let _ = (transaction, occasion, rows);
        async { Ok(()) }
    }

    /// The rows of keys are about to be deleted. There need not be a row of every key.
    ///
    /// # Errors
    ///
    /// When the deletion is refused.
    fn before_delete(
        &self,
        transaction: &Transaction,
        keys: &[M::Key],
    ) -> impl Future<Output = Result<()>> + Send {
        let _ = (transaction, keys);
        async { Ok(()) }
    }

    /// Rows were deleted: these, as they were, with the time of it where they stay. Not called where
    /// there was none.
    ///
    /// # Errors
    ///
    /// When the deletion is to be undone.
    fn after_delete(
        &self,
        transaction: &Transaction,
        rows: &[M],
    ) -> impl Future<Output = Result<()>> + Send {
        let _ = (transaction, rows);
        async { Ok(()) }
    }
}

/// Which operation writes rows, alone or in bulk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Occasion {
    /// They are new.
    Create,
    /// They exist.
    Update,
    /// Each may be new or exist; the database finds out. An upsert that gives an existing row other
    /// values than a new one has two drafts: those of the new row, then those of the existing one.
    Upsert,
    /// They were deleted.
    Restore,
}
