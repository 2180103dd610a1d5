//! Work that takes effect together or not at all.
//!
//! ```
//! use dataflow::{Isolation, TransactionOptions};
//! # use dataflow::{DataFlow, Filter, Model};
//! # #[derive(Debug, Clone, PartialEq, Model)]
//! # struct Account {
//! #     #[model(primary_key)]
//! #     id: String,
//! #     cents: i64,
//! # }
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> dataflow::Result<()> {
//! # let db = DataFlow::builder("sqlite::memory:").model::<Account>().open()?;
//! # let accounts = db.repository::<Account>()?;
//! # for id in ["ann", "bob"] {
//! #     accounts.create(&Account { id: id.to_owned(), cents: 500 }).await?;
//! # }
//! // As if it ran alone: what another transaction gets in the way of is done again.
//! let alone = TransactionOptions::new().isolation(Isolation::Serializable);
//! let left = db
//!     .transaction_with(alone, async |tx| {
//!         let accounts = tx.repository::<Account>()?;
//!         let mut ann = accounts.read(&"ann".to_owned()).await?;
//!         let mut bob = accounts.read(&"bob".to_owned()).await?;
//!         ann.cents -= 200;
//!         bob.cents += 200;
//!         accounts.bulk_update(&[ann.clone(), bob]).await?;
//!         Ok(ann.cents)
//!     })
//!     .await?;
//! assert_eq!(left, 300);
//!
//! // Or by hand: what is dropped is rolled back.
//! let tx = db.begin().await?;
//! tx.repository::<Account>()?.delete(&"ann".to_owned()).await?;
//! drop(tx);
//! assert_eq!(accounts.count(Filter::all()).await?, 2);
//! # Ok(())
//! # }
//! ```

mod scope;

use std::fmt;
use std::sync::Arc;

use dataflow_core::error::Kind;
use dataflow_core::node::Scope;
use dataflow_core::{Error, Model, Result};

use crate::access::Access;
use crate::attempts::{Attempts, rest};
use crate::database::DataFlow;
use crate::pool::TransactionOptions;
use crate::repository::Repository;
use crate::sql::Sql;
use crate::table::Table;
use crate::trace;
use scope::Open;

/// A transaction, or a savepoint in one: everything that is reached through it takes effect when
/// it is committed, and not at all when it is rolled back or dropped.
///
/// Reads see what was written in it, and pass the cache by.
/// After an operation has failed, other than by [`NotFound`](crate::error::Kind::NotFound), all that
/// can be done is to roll back; what may fail goes into a [savepoint](Self::savepoint).
/// A transaction that does nothing for `transaction_idle_timeout` is rolled back.
#[must_use = "a transaction that is dropped is rolled back"]
pub struct Transaction {
    open: Arc<Open>,
    hold: Hold,
}

/// What becomes of a transaction when it is dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Hold {
    /// It is rolled back.
    Owner,
    /// Nothing: whoever lent it ends it.
    Guest,
}

impl DataFlow {
    /// Does work in a transaction, which is committed when the work succeeds and rolled back when
    /// it fails.
    ///
    /// Where another transaction is in the way (a deadlock, a failure to serialize), all of it is
    /// done again, up to ten times with growing pauses: the work MUST have no other effects than
    /// through the transaction. On SQLite nothing is ever in the way: there is one that writes, and
    /// others wait for it.
    ///
    /// PostgreSQL's own choice is [`Isolation::ReadCommitted`], in which a row that was read may be
    /// changed by others before it is written back, and their change is lost. Work that writes what
    /// it made of rows that it read reads them
    /// [for update](crate::Repository::read_for_update), or runs
    /// [with](Self::transaction_with) [`Isolation::Serializable`].
    ///
    /// [`Isolation::ReadCommitted`]: crate::Isolation::ReadCommitted
    /// [`Isolation::Serializable`]: crate::Isolation::Serializable
    ///
    /// # Errors
    ///
    /// What the work fails with, and what [`begin`](Self::begin) and
    /// [`commit`](Transaction::commit) do.
    pub async fn transaction<T, W>(&self, work: impl Fn(Transaction) -> W) -> Result<T>
    where
        W: Future<Output = Result<T>>,
    {
        self.transaction_with(TransactionOptions::new(), work).await
    }

    /// As [`transaction`](Self::transaction), of another kind than the database's own choice.
    ///
    /// # Errors
    ///
    /// As [`transaction`](Self::transaction).
    pub async fn transaction_with<T, W>(
        &self,
        options: TransactionOptions,
        work: impl Fn(Transaction) -> W,
    ) -> Result<T>
    where
        W: Future<Output = Result<T>>,
    {
        let span = trace::of_database(self.system_name(), "transaction");
        // It is on the heap because futures that lie too deep in each other do not compile, and the
        // work is somebody's.
        let attempts = Box::pin(async {
            let mut attempts = Attempts::new();
            loop {
                let transaction = self.begin_with(options).await?;
                let outcome = transaction.run(&work).await;
                let Some(pause) = attempts.pause_after(&outcome) else {
                    return outcome;
                };
                rest(pause).await;
            }
        });
        trace::told(span, async || attempts.await).await
    }

    /// Begins a transaction.
    ///
    /// On SQLite it has the one connection that writes for itself: others wait with their writes
    /// until it ends, and a write past it by the task that holds it is refused at once.
    ///
    /// # Errors
    ///
    /// When the database does not answer, or no connection is free for `acquire_timeout`.
    pub async fn begin(&self) -> Result<Transaction> {
        self.begin_with(TransactionOptions::new()).await
    }

    /// As [`begin`](Self::begin), of another kind than the database's own choice.
    ///
    /// # Errors
    ///
    /// As [`begin`](Self::begin).
    pub async fn begin_with(&self, options: TransactionOptions) -> Result<Transaction> {
        let open = Open::begin(self.tables(), self.pool(), options);
        Ok(Transaction::own(open.await?))
    }

    /// A transaction that its scope alone holds.
    pub(crate) async fn begin_scope(&self) -> Result<Arc<dyn Scope>> {
        Ok(Arc::new(
            Open::begin(self.tables(), self.pool(), TransactionOptions::new()).await?,
        ))
    }
}

impl Transaction {
    /// The typed operations of a model, inside the transaction.
    ///
    /// # Errors
    ///
    /// As [`DataFlow::repository`].
    pub fn repository<M: Model>(&self) -> Result<Repository<M>> {
        let table = self.open.tables.of::<M>(self.access())?;
        Ok(Repository::new(Arc::new(table)))
    }

    /// A statement in one's own words, inside the transaction.
    pub fn sql(&self, text: impl Into<String>) -> Sql {
        self.open.tables.sql(self.access(), text.into())
    }

    /// The transaction for the [`Context`](crate::node::Context) of a node: its work is then done
    /// inside.
    pub fn scope(&self) -> Arc<dyn Scope> {
        self.open.clone()
    }

    /// Begins a savepoint: a part that can be rolled back alone. Until it has ended, it is the
    /// savepoint that is gone through, and the transaction around it is refused. A write of a model
    /// with [hooks](crate::Hooks) or an audit trail is a savepoint by itself, for which others wait.
    ///
    /// # Errors
    ///
    /// When the transaction is over or has failed.
    pub async fn savepoint(&self) -> Result<Self> {
        Ok(Self::own(self.open.savepoint().await?))
    }

    /// Does work in a savepoint, which is kept when the work succeeds and undone when it fails.
    ///
    /// # Errors
    ///
    /// What the work fails with; the transaction can go on.
    pub async fn transaction<T, W>(&self, work: impl Fn(Self) -> W) -> Result<T>
    where
        W: Future<Output = Result<T>>,
    {
        self.savepoint().await?.run(&work).await
    }

    /// Makes what was done take effect.
    ///
    /// # Errors
    ///
    /// When an operation has failed before, or the database refuses; nothing has taken effect
    /// then. [`Unavailable`](crate::error::Kind::Unavailable) leaves that open: the connection was
    /// lost before the answer came.
    pub async fn commit(self) -> Result<()> {
        self.may_end()?;
        self.open.commit().await
    }

    /// Undoes what was done.
    ///
    /// # Errors
    ///
    /// When the transaction is over. Nothing of it has taken effect, unless it was committed.
    pub async fn roll_back(self) -> Result<()> {
        self.may_end()?;
        self.open.roll_back().await
    }

    /// One for a single operation of a table: a savepoint, where that is in a transaction already.
    pub(crate) async fn around(table: &Table) -> Result<Self> {
        Ok(Self::own(Open::around(table).await?))
    }

    /// Does the work of the operation that it is for.
    pub(crate) fn within<F: Future>(&self, work: F) -> impl Future<Output = F::Output> {
        self.open.unit.transaction.within(work)
    }

    /// A table, inside the transaction.
    pub(crate) fn reach(&self, table: &Table) -> Table {
        table.over(self.access())
    }

    /// Ends the transaction: what was done takes effect if it succeeded and is to be kept.
    pub(crate) async fn keep_if<T>(self, outcome: Result<(T, bool)>) -> Result<T> {
        match outcome {
            Ok((value, true)) => self.commit().await.map(|()| value),
            Ok((value, false)) => self.roll_back().await.map(|()| value),
            Err(error) => {
                // What could not be rolled back has ended with its connection.
                let _ = self.roll_back().await;
                Err(error)
            }
        }
    }

    fn access(&self) -> Access {
        Access::Transaction(self.open.unit.clone())
    }

    fn own(open: Open) -> Self {
        Self {
            open: Arc::new(open),
            hold: Hold::Owner,
        }
    }

    fn lend(&self) -> Self {
        Self {
            open: self.open.clone(),
            hold: Hold::Guest,
        }
    }

    fn may_end(&self) -> Result<()> {
        match self.hold {
            Hold::Owner => Ok(()),
            Hold::Guest => Err(Error::new(
                Kind::Unsupported,
                "the transaction ends with the work that it was begun for",
            )
            .with_help("let the work succeed to commit, or fail to roll back")),
        }
    }

    async fn run<T, W>(self, work: &impl Fn(Self) -> W) -> Result<T>
    where
        W: Future<Output = Result<T>>,
    {
        let outcome = work(self.lend()).await;
        self.keep_if(outcome.map(|value| (value, true))).await
    }
}

impl fmt::Debug for Transaction {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.open.fmt(formatter)
    }
}

impl Drop for Transaction {
    fn drop(&mut self) {
        if self.hold == Hold::Owner {
            // A repository of it may live on, and must not keep it open.
            self.open.abandon();
        }
    }
}
