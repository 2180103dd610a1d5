//! One change with all that is known about making it.

use super::{Change, Class, Lock, cost};
use crate::dialect::{self, Dialect};
use crate::schema::TableName;

/// One change, the statements that make it, and what they cost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// What is changed.
    pub change: Change,
    /// The statements, in order.
    pub statements: Vec<Statement>,
    /// What it costs those who use the database.
    pub class: Class,
    /// Whom it keeps waiting while it is made.
    pub lock: Lock,
    /// The table that is changed, as it is called before any step; none where it is new.
    pub existing_table: Option<TableName>,
    /// About how many rows that table holds.
    pub rows: u64,
}

/// One statement, without a semicolon.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// The SQL.
    pub sql: String,
    /// How it is run.
    pub run: Run,
}

/// How a statement is run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Run {
    /// Before anything is changed, as a query: a row that it gives is a reason not to begin.
    Before {
        /// The reason.
        refusal: String,
    },
    /// In a transaction of its own, before the shared one, which uses what it makes.
    Ahead,
    /// In the one transaction that is shared with other steps.
    Together,
    /// In that transaction, as a query: a row that it gives is a reason to undo everything.
    Check {
        /// The reason.
        refusal: String,
    },
    /// In a transaction of its own, after the shared one.
    Alone,
    /// In no transaction, after the shared one.
    Outside {
        /// What removes that which it leaves when it fails.
        undo: Option<String>,
    },
    /// Again and again after the shared transaction, each time for some of the rows and in a
    /// transaction of its own.
    InBatches {
        /// The table.
        table: TableName,
    },
}

impl Run {
    /// It in a word, for documents.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Before { .. } => "before",
            Self::Ahead => "ahead",
            Self::Together => "together",
            Self::Check { .. } => "check",
            Self::Alone => "alone",
            Self::Outside { .. } => "outside",
            Self::InBatches { .. } => "in_batches",
        }
    }
}

impl Step {
    /// A change of a table with so many rows.
    pub(super) fn new(
        change: Change,
        existing_table: Option<TableName>,
        rows: u64,
        dialect: &dyn Dialect,
    ) -> Self {
        Self {
            statements: dialect::statements(&change, rows, dialect),
            class: cost::class(&change, rows, dialect),
            lock: cost::lock(&change, rows, dialect),
            change,
            existing_table,
            rows,
        }
    }

    /// Looks, before anything is changed, at what other statements look at then, because what its
    /// own ask for is not there yet.
    pub(super) fn begin_with(&mut self, others: Vec<Statement>) {
        let is_first = |statement: &Statement| matches!(statement.run, Run::Before { .. });
        let own = std::mem::take(&mut self.statements);
        let before = others.into_iter().filter(is_first);
        let rest = own.into_iter().filter(|statement| !is_first(statement));
        self.statements = before.chain(rest).collect();
    }

    /// Whether all of it is made in the shared transaction, so that a crash undoes it.
    pub fn is_transactional(&self) -> bool {
        let is_outside = |statement: &Statement| statement.is_ahead() || statement.is_later();
        !self.statements.iter().any(is_outside)
    }

    /// Whether something of it is made before the shared transaction.
    pub(crate) fn has_ahead(&self) -> bool {
        self.ahead().next().is_some()
    }

    /// Whether something of it is made in the shared transaction.
    pub(crate) fn is_shared(&self) -> bool {
        self.together().next().is_some()
    }

    /// Whether something of it is made after the shared transaction.
    pub(crate) fn has_later(&self) -> bool {
        self.later().next().is_some()
    }

    /// The statements that run, each in a transaction of its own, before the shared one.
    pub fn ahead(&self) -> impl Iterator<Item = &Statement> {
        self.statements
            .iter()
            .filter(|statement| statement.is_ahead())
    }

    /// The statements that run before anything is changed.
    pub fn before(&self) -> impl Iterator<Item = &Statement> {
        self.statements
            .iter()
            .filter(|statement| matches!(statement.run, Run::Before { .. }))
    }

    /// The statements that run in the shared transaction.
    pub fn together(&self) -> impl Iterator<Item = &Statement> {
        self.statements
            .iter()
            .filter(|statement| matches!(statement.run, Run::Together | Run::Check { .. }))
    }

    /// The statements that run after it.
    pub fn later(&self) -> impl Iterator<Item = &Statement> {
        self.statements
            .iter()
            .filter(|statement| statement.is_later())
    }
}

impl Statement {
    fn is_ahead(&self) -> bool {
        matches!(self.run, Run::Ahead)
    }

    fn is_later(&self) -> bool {
        matches!(
            self.run,
            Run::Alone | Run::Outside { .. } | Run::InBatches { .. }
        )
    }

    /// A statement of the shared transaction.
    pub fn together(sql: String) -> Self {
        let run = Run::Together;
        Self { sql, run }
    }

    /// A statement in a transaction of its own.
    pub fn alone(sql: String) -> Self {
        let run = Run::Alone;
        Self { sql, run }
    }

    /// A statement in no transaction.
    pub fn outside(sql: String) -> Self {
        let run = Run::Outside { undo: None };
        Self { sql, run }
    }

    /// A query that gives no row if a change may begin.
    pub fn before(sql: String, refusal: String) -> Self {
        let run = Run::Before { refusal };
        Self { sql, run }
    }

    /// A query that gives no row if a change came out right.
    pub fn check(sql: String, refusal: String) -> Self {
        let run = Run::Check { refusal };
        Self { sql, run }
    }
}
