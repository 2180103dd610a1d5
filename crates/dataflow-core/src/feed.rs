//! What was done to the rows of models, in the order in which it took effect.
//!
//! ```text
//! a write, whoever made it ─ trigger ─→ outbox, in the same transaction ─→ readers, each by its own
//!                                                                          position
//! ```
//!
//! The outbox is a table beside those of the models, and [triggers](crate::snapshot::Trigger) write
//! into it: whatever changes a row, be it a cascade or a statement of somebody else's, is written
//! down with it or not at all. What is written down is which row and whose, not what it holds.

mod change;
mod outbox;
mod position;

pub use change::{RowChange, RowVerb};
pub(crate) use outbox::outbox;
pub use position::{Position, PositionError};

/// The table that changes of rows are written to.
pub const CHANGES_TABLE: &str = "dataflow_changes";

/// How an entry is marked before which changes may be missing: those that were past their time and
/// are deleted, or that nobody wrote down.
pub const GAP: &str = "gap";
