//! The rows of a statement, portion by portion, however many there are.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use dataflow_core::{Result, Value};

use super::{Rows, Statement, Transaction, sqlite};

/// How many rows are in memory at once.
pub(super) const PORTION: usize = 500;

/// The rows of a statement that changes nothing, as they are asked for. Dropped, it frees its
/// connection, and stops what runs on it.
pub(crate) enum Flow<C: Rows> {
    Cursor(Cursor),
    Reader(sqlite::Reader<C>),
    /// All of them, where a connection has nothing to read them with but a statement.
    Collected(C::Output),
    Over,
}

impl<T, C: Rows<Output = Vec<T>> + Default> Flow<C> {
    /// The next rows; none when all were given.
    pub(crate) async fn next(&mut self) -> Result<Vec<T>> {
        let rows = match self {
            Self::Cursor(cursor) => cursor.next(C::default()).await?,
            Self::Reader(reader) => reader.next().await?,
            Self::Collected(rows) => std::mem::take(rows),
            Self::Over => return Ok(Vec::new()),
        };
        if rows.len() < PORTION {
            let over = std::mem::replace(self, Self::Over);
            if let Self::Cursor(cursor) = over {
                cursor.close().await?;
            }
        }
        Ok(rows)
    }
}

/// A cursor of PostgreSQL.
pub(crate) struct Cursor {
    /// Where it lives.
    transaction: Transaction,
    is_alone: bool,
    name: String,
    fetch: Arc<Statement>,
}

impl Cursor {
    /// One in a transaction of its own, which may rest as long as its caller likes: it ends when the
    /// cursor is dropped.
    pub(super) async fn alone(
        transaction: Transaction,
        statement: &Statement,
        values: Vec<Value>,
    ) -> Result<Self> {
        let rest = "SET LOCAL idle_in_transaction_session_timeout = 0";
        transaction.read(&once(rest), Vec::new(), ()).await?;
        let cursor = Self::within(transaction, statement, values).await?;
        Ok(Self {
            is_alone: true,
            ..cursor
        })
    }

    /// One among the statements of a transaction.
    pub(super) async fn within(
        transaction: Transaction,
        statement: &Statement,
        values: Vec<Value>,
    ) -> Result<Self> {
        static LAST: AtomicU64 = AtomicU64::new(0);
        let name = format!("dataflow_cursor_{}", LAST.fetch_add(1, Ordering::Relaxed));
        let sql = format!("DECLARE {name} NO SCROLL CURSOR FOR {}", statement.sql());
        let declare = Statement::new(sql, statement.parameters().to_vec()).for_once();
        transaction.read(&Arc::new(declare), values, ()).await?;
        Ok(Self {
            transaction,
            is_alone: false,
            fetch: once(&format!("FETCH {PORTION} FROM {name}")),
            name,
        })
    }

    async fn next<C: Rows>(&self, rows: C) -> Result<C::Output> {
        self.transaction.read(&self.fetch, Vec::new(), rows).await
    }

    /// Frees what it took, as its drop does sooner or later.
    async fn close(self) -> Result<()> {
        if self.is_alone {
            return self.transaction.commit().await;
        }
        let close = once(&format!("CLOSE {}", self.name));
        self.transaction.read(&close, Vec::new(), ()).await
    }
}

fn once(sql: &str) -> Arc<Statement> {
    Arc::new(Statement::new(sql, Vec::new()).for_once())
}
