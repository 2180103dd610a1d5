//! Statements that are sent together, and those that ask the rows first.

use super::{Executor, StatementLimit};
use crate::error::{Error, Kind, Result};
use crate::plan::{Plan, Run, Statement, Step};

/// Asks for the rows that stand in the way of a plan, before anything is locked or changed. Nobody
/// waits meanwhile, so a large table may take its time.
pub(super) fn expect_no_rows(executor: &mut dyn Executor, plan: &Plan) -> Result<()> {
    let mut statements = plan.steps.iter().flat_map(Step::before).peekable();
    if statements.peek().is_none() {
        return Ok(());
    }
    executor.limit_statements(StatementLimit::None)?;
    for statement in statements {
        expect_no_row(executor, statement)?;
    }
    executor.limit_statements(StatementLimit::Usual)
}

fn expect_no_row(executor: &mut dyn Executor, statement: &Statement) -> Result<()> {
    let (Run::Before { refusal: reason } | Run::Check { refusal: reason }) = &statement.run else {
        return Ok(());
    };
    if executor.query(&statement.sql)?.is_empty() {
        return Ok(());
    }
    Err(Error::new(Kind::Schema, reason.clone())
        .with_help("correct the rows first; nothing was changed"))
}

/// Statements that are sent together, which saves a round trip for each.
#[derive(Default)]
pub(super) struct Batch(Vec<String>);

impl Batch {
    pub(super) fn extend(&mut self, statements: impl IntoIterator<Item = String>) {
        self.0.extend(statements);
    }

    pub(super) fn run(&mut self, executor: &mut dyn Executor, statement: &Statement) -> Result<()> {
        if matches!(statement.run, Run::Check { .. }) {
            self.flush(executor)?;
            return expect_no_row(executor, statement);
        }
        self.0.push(statement.sql.clone());
        Ok(())
    }

    pub(super) fn flush(&mut self, executor: &mut dyn Executor) -> Result<()> {
        let statements = std::mem::take(&mut self.0);
        if statements.is_empty() {
            return Ok(());
        }
        executor.execute(&statements.join(";\n"))
    }
}
