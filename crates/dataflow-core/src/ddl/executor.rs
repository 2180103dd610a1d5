//! What a database does for [`synchronize`](super::synchronize).

use std::collections::HashSet;

use super::{Batches, Fingerprint, Probe};
use crate::dialect::Dialect;
use crate::error::Result;
use crate::inventory::{Inventory, Schemas};
use crate::plan::{Conversion, Lock, Statement};
use crate::schema::TableName;
use crate::snapshot::DatabaseSnapshot;

/// A row of a query, each value as text.
pub type TextRow = Vec<Option<String>>;

/// A blocking connection that changes schemas. No method is asynchronous, and none may need a
/// runtime or mind one.
///
/// ```text
/// recorded ─ nothing changed ─→ done
///     └──→ lock ─→ recorded ─→ inspect ─→ spelled ─→ rows ─→ lock_tables ─→ execute* ─→ cookie
///                                                                               └─→ commit
/// ```
///
/// Where something cannot be part of that transaction, `keep_lock` comes before it, and
/// `execute_later*`, a second transaction that records the end, and `release` come after it.
///
/// An implementation MUST be one session from [`lock`](Executor::lock) to
/// [`commit`](Executor::commit) or [`rollback`](Executor::rollback), and on until the lock is let go
/// where it is [kept](Executor::keep_lock). It MUST NOT leave the lock behind when it is dropped.
pub trait Executor {
    /// How this database spells things.
    fn dialect(&self) -> &'static dyn Dialect;

    /// Which database this is, for the receipt and for messages; holds no secret.
    fn identity(&self) -> String;

    /// Begins to connect, where that can go on while the caller prepares what it is going to ask.
    /// What fails then is told by the first call that needs the connection.
    fn connect_ahead(&mut self) {}

    /// What was recorded when an application's models were last brought into this database, in one
    /// round trip; nothing when it never was or the ledger's tables do not exist.
    ///
    /// [`Recorded::is_unmoved`] says whether it was recorded for the schema that new tables are made
    /// in now; with `probe`, also whether the catalogue entries of the recorded tables are still
    /// those of that moment.
    ///
    /// # Errors
    ///
    /// When the database does not answer.
    fn recorded(&mut self, application: &str, probe: Option<Probe>) -> Result<Option<Recorded>>;

    /// Begins a transaction that excludes every other migration of this database. Another one is
    /// waited for as long as it can be seen at work, and else for at most `migration_timeout`.
    ///
    /// # Errors
    ///
    /// When the wait is over; the error names the holder as far as the database tells.
    fn lock(&mut self) -> Result<()>;

    /// Those of the named tables that exist, as the catalogue has them.
    ///
    /// # Errors
    ///
    /// When the catalogue cannot be read.
    fn inspect(&mut self, tables: &[TableName]) -> Result<DatabaseSnapshot>;

    /// Everything that schemas hold, without what the database keeps for itself. What is not told
    /// MUST make no difference to anybody. Where several are named, the rest of the transaction may
    /// have to name them too.
    ///
    /// # Errors
    ///
    /// When the catalogue cannot be read, or has not the one schema that is named; and where schemas
    /// are named and the database knows none.
    fn inventory(&mut self, schemas: &Schemas) -> Result<Inventory>;

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

    /// Those of some conversions that the database does not know, whatever the values. What it cannot
    /// tell MUST be left out.
    ///
    /// A database that takes any value in any column needs none.
    ///
    /// # Errors
    ///
    /// When the database does not answer.
    fn unknown_conversions(&mut self, _: &[Conversion]) -> Result<HashSet<Conversion>> {
        Ok(HashSet::new())
    }

    /// About how many rows each of these tables holds; zero MUST mean none.
    ///
    /// # Errors
    ///
    /// When a table cannot be read.
    fn rows(&mut self, tables: &[TableName]) -> Result<Vec<u64>>;

    /// The rows of a query, inside the transaction where there is one.
    ///
    /// # Errors
    ///
    /// When the database refuses it.
    fn query(&mut self, sql: &str) -> Result<Vec<TextRow>>;

    /// Lets no foreign key be enforced until the transaction that begins next has ended, where
    /// writing a table anew would else delete the rows that point at it.
    ///
    /// # Errors
    ///
    /// When the database enforces them all the same.
    fn suspend_foreign_keys(&mut self) -> Result<()>;

    /// Locks tables until the transaction ends, waiting for at most `lock_timeout` for all of them
    /// together, so that nobody waits behind this one for longer. It is tried again after a pause
    /// in which others get in.
    ///
    /// # Errors
    ///
    /// When they are still in use after the last attempt; the error names who uses them as far as
    /// the database tells.
    fn lock_tables(&mut self, tables: &[(TableName, Lock)]) -> Result<()>;

    /// Says for how long each of the statements that follow in the transaction may run. How long
    /// one waits for a lock stays bounded.
    ///
    /// # Errors
    ///
    /// When the database does not answer.
    fn limit_statements(&mut self, limit: StatementLimit) -> Result<()>;

    /// Runs statements, divided by semicolons, inside the transaction.
    ///
    /// # Errors
    ///
    /// When the database refuses one. The message names what the database names (constraint, table,
    /// column) and holds no value of a row.
    fn execute(&mut self, sql: &str) -> Result<()>;

    /// What tells the catalogue entries of the named tables, as they are now, from others;
    /// [`recorded`](Executor::recorded) compares it later.
    ///
    /// # Errors
    ///
    /// When the catalogue cannot be read.
    fn cookie(&mut self, tables: &[TableName], probe: Probe) -> Result<Cookie>;

    /// Takes the lock so that it outlives transactions, until it is [let go](Executor::release). It
    /// is waited for as in [`lock`](Executor::lock). No transaction MUST be open.
    ///
    /// # Errors
    ///
    /// When the wait is over; and when no lock can outlive a transaction, because the connection
    /// goes through a pooler that gives each another session.
    fn keep_lock(&mut self) -> Result<()>;

    /// Runs a statement that does not belong into the shared transaction, as it says itself. A lock
    /// that cannot be had is asked for again after a pause. Of one that runs in batches, `watch` is
    /// told after each.
    ///
    /// # Errors
    ///
    /// When the database refuses it. What it left is removed.
    fn execute_later(
        &mut self,
        statement: &Statement,
        watch: &mut dyn FnMut(Batches),
    ) -> Result<()>;

    /// Lets a lock go that was [kept](Executor::keep_lock).
    fn release(&mut self);

    /// Ends the transaction, keeping its changes, and lets the lock go unless it is kept.
    ///
    /// # Errors
    ///
    /// When the database cannot keep them; then none is kept.
    fn commit(&mut self) -> Result<()>;

    /// Ends the transaction, undoing its changes, and lets the lock go unless it is kept.
    fn rollback(&mut self);
}

/// For how long a statement may run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StatementLimit {
    /// For at most `statement_timeout`.
    Usual,
    /// For as long as it takes.
    None,
}

/// What tells the tables of an application, as it left them, from others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cookie {
    /// The schema that new tables were made in.
    pub schema: String,
    /// The state of the tables' catalogue entries, in a form of the database's own.
    pub catalogue: String,
}

/// What was recorded when an application's models were last brought into a database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// The fingerprint of those models.
    pub fingerprint: Fingerprint,
    /// Whether the catalogue is still as it was left.
    pub is_unmoved: bool,
}
