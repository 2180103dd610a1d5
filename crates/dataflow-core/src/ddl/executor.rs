//! What a database does for [`synchronize`](super::synchronize).

use std::time::Duration;

use super::Fingerprint;
use crate::dialect::Dialect;
use crate::error::Result;
use crate::snapshot::DatabaseSnapshot;

/// A blocking connection that changes schemas. No method is asynchronous, and none may need a
/// runtime or mind one.
///
/// ```text
/// recorded ─ nothing changed ─→ done
///     └──→ lock ─→ recorded ─→ inspect ─→ spelled ─→ has_rows* ─→ execute* ─→ cookie ─→ execute ─→ commit
/// ```
///
/// An implementation MUST be one session from [`lock`](Executor::lock) to
/// [`commit`](Executor::commit) or [`rollback`](Executor::rollback), and MUST NOT leave the lock
/// behind when it is dropped.
pub trait Executor {
    /// How this database spells things.
    fn dialect(&self) -> &'static dyn Dialect;

    /// Which database this is, for the receipt and for messages; holds no secret.
    fn identity(&self) -> String;

    /// What was recorded when an application's models were last brought into this database, in one
    /// round trip; nothing when it never was or the ledger's tables do not exist.
    ///
    /// With `probe`, [`Recorded::is_unmoved`] says whether the catalogue entries of the recorded
    /// tables are still those of that moment; without, it is true.
    ///
    /// # Errors
    ///
    /// When the database does not answer.
    fn recorded(&mut self, application: &str, probe: bool) -> Result<Option<Recorded>>;

    /// Begins a transaction that excludes every other migration of this database, waiting for at
    /// most `wait`.
    ///
    /// # Errors
    ///
    /// When the wait is over; the error names the holder as far as the database tells.
    fn lock(&mut self, wait: Duration) -> Result<()>;

    /// Those of the named tables that exist, as the catalogue has them.
    ///
    /// # Errors
    ///
    /// When the catalogue cannot be read.
    fn inspect(&mut self, tables: &[&str]) -> Result<DatabaseSnapshot>;

    /// The desired tables in the words in which [`inspect`](Executor::inspect) gives those that were
    /// found, so that equal texts mean equal things. Tables that do not exist stay as they are.
    ///
    /// An expression is written out by each database in its own way. Whatever an implementation does
    /// to learn it MUST leave no trace.
    ///
    /// # Errors
    ///
    /// When the database refuses an expression.
    fn spelled(
        &mut self,
        desired: &DatabaseSnapshot,
        found: &DatabaseSnapshot,
    ) -> Result<DatabaseSnapshot>;

    /// Whether a table holds a row.
    ///
    /// # Errors
    ///
    /// When the table cannot be read.
    fn has_rows(&mut self, table: &str) -> Result<bool>;

    /// Runs statements, divided by semicolons, inside the transaction.
    ///
    /// # Errors
    ///
    /// When the database refuses one. The message names what the database names (constraint, table,
    /// column) and holds no value of a row.
    fn execute(&mut self, sql: &str) -> Result<()>;

    /// The state of the catalogue entries of the named tables, as a text that
    /// [`recorded`](Executor::recorded) compares later.
    ///
    /// # Errors
    ///
    /// When the catalogue cannot be read.
    fn cookie(&mut self, tables: &[&str]) -> Result<String>;

    /// Ends the transaction, keeping its changes, and lets the lock go.
    ///
    /// # Errors
    ///
    /// When the database cannot keep them; then none is kept.
    fn commit(&mut self) -> Result<()>;

    /// Ends the transaction, undoing its changes, and lets the lock go.
    fn rollback(&mut self);
}

/// What was recorded when an application's models were last brought into a database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// The fingerprint of those models.
    pub fingerprint: Fingerprint,
    /// Whether the catalogue is still as it was left.
    pub is_unmoved: bool,
}
