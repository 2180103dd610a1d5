//! Running one statement to its end.

use dataflow_core::{Error, Value};
use futures_util::TryStreamExt;
use futures_util::future::BoxFuture;
use futures_util::stream::BoxStream;
use sqlx::postgres::{PgArguments, PgQueryResult, PgRow};
use sqlx::{Arguments, AssertSqlSafe, Either, Executor, PgConnection};

use super::bind::Parameter;
use super::error;
use super::row::PostgresRow;
use crate::pool::failure::Failure;
use crate::pool::{Rows, Statement};

/// How long the server is to know a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Preparation {
    /// For the next time, under a name, if the statement is to be kept.
    Kept,
    /// For this time.
    Once,
}

/// Runs a statement, and answers how many rows it wrote. It is read to its end even after `rows`
/// has refused one, so that the connection is ready for the next.
pub(super) async fn run<C: Rows>(
    connection: &mut PgConnection,
    statement: &Statement,
    values: &[Value],
    preparation: Preparation,
    rows: &mut C,
) -> Result<u64, Failure> {
    let arguments = arguments(statement, values).map_err(Failure::refused)?;
    let is_kept = preparation == Preparation::Kept && statement.is_kept();
    let query =
        sqlx::query_with(AssertSqlSafe(statement.sql().clone()), arguments).persistent(is_kept);
    match statement.is_of_one_row() {
        true => one(connection.fetch_optional(query), rows).await,
        false => answers(connection.fetch_many(query), rows).await,
    }
}

/// Offers the one row that a statement gives, if it does, and answers how many it wrote, which is as
/// many: the driver reads one row with half the ado of many.
async fn one<C: Rows>(
    row: BoxFuture<'_, Result<Option<PgRow>, sqlx::Error>>,
    rows: &mut C,
) -> Result<u64, Failure> {
    match row.await.map_err(|fault| error::of(&fault))? {
        Some(row) => rows.row(&PostgresRow(&row)).map_err(Failure::refused)?,
        None => return Ok(0),
    }
    Ok(1)
}

/// Offers the rows that a statement gives, and answers how many it wrote.
pub(super) async fn answers<C: Rows>(
    mut answers: BoxStream<'_, Result<Either<PgQueryResult, PgRow>, sqlx::Error>>,
    rows: &mut C,
) -> Result<u64, Failure> {
    let mut written = 0;
    let mut refusal = None;
    while let Some(answer) = answers
        .try_next()
        .await
        .map_err(|fault| error::of(&fault))?
    {
        match answer {
            Either::Left(done) => written += done.rows_affected(),
            Either::Right(row) if refusal.is_none() => {
                refusal = rows.row(&PostgresRow(&row)).err();
            }
            Either::Right(_) => {}
        }
    }
    match refusal {
        Some(refusal) => Err(Failure::refused(refusal)),
        None => Ok(written),
    }
}

fn arguments(statement: &Statement, values: &[Value]) -> Result<PgArguments, Error> {
    statement.accepts(values)?;
    let mut arguments = PgArguments::default();
    arguments.reserve(values.len(), values.len() * 16);
    for (field_type, value) in statement.parameters().iter().zip(values) {
        let added = arguments.add(Parameter { field_type, value });
        added.map_err(|_| error::unencodable())?;
    }
    Ok(arguments)
}
