//! Many members in few statements, all of them or none.

use std::ops::Range;

use dataflow_core::dialect::dml::{Order, Set};
use dataflow_core::row::RowSource as _;
use dataflow_core::{Result, Value};
use futures_util::TryStreamExt;
use futures_util::stream::BoxStream;
use sqlx::error::BoxDynError;
use sqlx::postgres::{PgArguments, PgRow};
use sqlx::{Arguments, AssertSqlSafe, Executor, Row};

use super::bind::{Column, Parameter};
use super::error;
use super::lease::{Lease, bounded};
use super::row::PostgresRow;
use super::run::{self, Preparation};
use crate::pool::failure::Failure;
use crate::pool::members::Stretch;
use crate::pool::{Bulk, Rows, member};

/// So many members at most share a statement: the memory of client and server is bounded, and so is
/// how long the server is silent.
const LARGEST: usize = 10_000;

/// So many share a stream.
const LARGEST_STREAM: usize = 100_000;

/// A stream takes a round trip more than a statement, so fewer members are no stream.
const WORTH_A_STREAM: usize = 200;

impl Lease {
    pub(in crate::pool) async fn write_many<C: Rows>(
        &mut self,
        bulk: &Bulk,
        members: Stretch<'_>,
        mut rows: C,
    ) -> Result<C::Output, Failure> {
        let written = self.collect_many(bulk, members, &mut rows).await?;
        Ok(rows.finish(written))
    }

    /// Writes as [`write_many`](Self::write_many) does, for a caller who keeps what collects.
    pub(super) async fn collect_many<C: Rows>(
        &mut self,
        bulk: &Bulk,
        members: Stretch<'_>,
        rows: &mut C,
    ) -> Result<u64, Failure> {
        for (position, values) in members.iter().enumerate() {
            let accepted = bulk.each.accepts(values);
            accepted.map_err(|refusal| at(position, Failure::refused(refusal)))?;
        }
        match &bulk.set {
            Some(set) if members.len() > 1 => self.in_sets(bulk, set, members, rows).await,
            _ => self.one_by_one(bulk, members, rows).await,
        }
    }

    async fn one_by_one<C: Rows>(
        &mut self,
        bulk: &Bulk,
        members: Stretch<'_>,
        rows: &mut C,
    ) -> Result<u64, Failure> {
        let unit = self.enter().await?;
        let outcome = self.each(bulk, members, rows).await;
        self.close_unit(unit, outcome).await
    }

    async fn each<C: Rows>(
        &mut self,
        bulk: &Bulk,
        members: Stretch<'_>,
        rows: &mut C,
    ) -> Result<u64, Failure> {
        let mut written = 0;
        for (position, values) in members.iter().enumerate() {
            let member = self.collect(&bulk.each, values, rows).await;
            written += member.map_err(|failure| at(position, failure))?;
            rows.end_member();
        }
        rows.complete().map_err(Failure::refused)?;
        Ok(written)
    }

    async fn in_sets<C: Rows>(
        &mut self,
        bulk: &Bulk,
        set: &Set,
        members: Stretch<'_>,
        rows: &mut C,
    ) -> Result<u64, Failure> {
        let is_one_statement = members.len() <= largest(bulk) && set.order == Order::AsGiven;
        if is_one_statement && !self.is_in_transaction() && !self.needs_transaction() {
            // It is a transaction of its own.
            let outcome = self.at_once(bulk, set, members, rows).await;
            return match outcome {
                Err(failure) if failure.may_be_of_a_member() => {
                    let unit = self.enter().await?;
                    let found = self.find(bulk, set, 0, members, failure).await;
                    self.close_unit(unit, Err(found)).await
                }
                outcome => outcome,
            };
        }
        let unit = self.enter().await?;
        let outcome = self.chunks(bulk, set, members, rows).await;
        self.close_unit(unit, outcome).await
    }

    async fn chunks<C: Rows>(
        &mut self,
        bulk: &Bulk,
        set: &Set,
        members: Stretch<'_>,
        rows: &mut C,
    ) -> Result<u64, Failure> {
        let mut written = 0;
        for (number, chunk) in members.parts(largest(bulk)).enumerate() {
            let unit = self.enter().await?;
            match self.at_once(bulk, set, chunk, rows).await {
                Ok(count) => {
                    self.keep(unit).await?;
                    written += count;
                }
                Err(failure) if failure.is_lost => return Err(failure),
                Err(failure) => {
                    self.undo(unit).await?;
                    if !failure.may_be_of_a_member() {
                        return Err(failure);
                    }
                    let first = number * largest(bulk);
                    return Err(self.find(bulk, set, first, chunk, failure).await);
                }
            }
        }
        rows.complete().map_err(Failure::refused)?;
        Ok(written)
    }

    /// Writes so many members that they share a statement.
    async fn at_once<C: Rows>(
        &mut self,
        bulk: &Bulk,
        set: &Set,
        members: Stretch<'_>,
        rows: &mut C,
    ) -> Result<u64, Failure> {
        match &bulk.copy {
            Some(copy) if members.len() >= WORTH_A_STREAM => self.copy(copy, members).await,
            _ => self.set(bulk, set, members, rows).await,
        }
    }

    /// Runs a set once. Its rows are offered in the order of the members.
    async fn set<C: Rows>(
        &mut self,
        bulk: &Bulk,
        set: &Set,
        members: Stretch<'_>,
        rows: &mut C,
    ) -> Result<u64, Failure> {
        let arguments = arguments(bulk, set, members)?;
        let query = sqlx::query_with(AssertSqlSafe(set.sql.clone()), arguments)
            .persistent(self.preparation() == Preparation::Kept);
        let patience = self.patience();
        let connection = self.connection();
        let work = async {
            match set.order {
                Order::AsGiven => run::answers(connection.fetch_many(query), rows).await,
                Order::Numbered => numbered(connection.fetch(query), members.len(), rows).await,
            }
        };
        bounded(patience, work).await
    }

    /// Looks for the member that a set was refused for, by halves: what comes before it goes in.
    /// `first` is the position of the first one.
    ///
    /// Whoever calls MUST undo what was written meanwhile. Where no member is refused alone, it is
    /// the failure of the whole.
    async fn find(
        &mut self,
        bulk: &Bulk,
        set: &Set,
        first: usize,
        members: Stretch<'_>,
        failure: Failure,
    ) -> Failure {
        match self.first_refused(bulk, set, members).await {
            Ok(None) => failure,
            Ok(Some((position, refusal))) => at(first + position, refusal),
            Err(lost) => lost,
        }
    }

    async fn first_refused(
        &mut self,
        bulk: &Bulk,
        set: &Set,
        members: Stretch<'_>,
    ) -> Result<Option<(usize, Failure)>, Failure> {
        let Range { mut start, mut end } = 0..members.len();
        while end - start > 1 {
            let middle = start + (end - start) / 2;
            let unit = self.enter().await?;
            match self
                .at_once(bulk, set, members.part(start..middle), &mut ())
                .await
            {
                Ok(_) => {
                    self.keep(unit).await?;
                    start = middle;
                }
                Err(failure) if failure.is_lost => return Err(failure),
                Err(_) => {
                    self.undo(unit).await?;
                    end = middle;
                }
            }
        }
        match self.set(bulk, set, members.part(start..end), &mut ()).await {
            Ok(_) => Ok(None),
            Err(failure) if failure.is_lost => Err(failure),
            Err(failure) => Ok(Some((start, failure))),
        }
    }
}

fn largest(bulk: &Bulk) -> usize {
    match bulk.copy {
        Some(_) => LARGEST_STREAM,
        None => LARGEST,
    }
}

async fn numbered<C: Rows>(
    answers: BoxStream<'_, Result<PgRow, sqlx::Error>>,
    members: usize,
    rows: &mut C,
) -> Result<u64, Failure> {
    let answers: Vec<PgRow> = answers
        .try_collect()
        .await
        .map_err(|fault| error::of(&fault))?;
    let mut places: Vec<Option<&PgRow>> = vec![None; members];
    for row in &answers {
        let last = row.len() - 1;
        let number = PostgresRow(row).i64(last).map_err(Failure::refused)?;
        let place = usize::try_from(number - 1)
            .ok()
            .and_then(|at| places.get_mut(at));
        *place.expect("the database counts what it was given") = Some(row);
    }
    for place in places {
        if let Some(row) = place {
            rows.row(&PostgresRow(row)).map_err(Failure::refused)?;
        }
        rows.end_member();
    }
    Ok(answers.len() as u64)
}

fn arguments(bulk: &Bulk, set: &Set, members: Stretch<'_>) -> Result<PgArguments, Failure> {
    let mut arguments = PgArguments::default();
    for (position, field_type) in bulk.each.parameters().iter().enumerate() {
        let added = arguments.add(Column {
            field_type,
            members,
            position,
        });
        added.map_err(unencodable)?;
    }
    if let Some(position) = set.greatest {
        let field_type = &bulk.each.parameters()[position];
        let value = &greatest(members, position);
        let added = arguments.add(Parameter { field_type, value });
        added.map_err(unencodable)?;
    }
    Ok(arguments)
}

fn unencodable(_: BoxDynError) -> Failure {
    Failure::refused(error::unencodable())
}

/// The greatest whole number at a position; null where none of the members has one.
fn greatest(members: Stretch<'_>, position: usize) -> Value {
    let numbers = members.iter().filter_map(|values| match values[position] {
        Value::Integer(number) => Some(number),
        _ => None,
    });
    numbers.max().map_or(Value::Null, Value::Integer)
}

/// The failure of a member. Where the connection is lost, no member is to blame.
fn at(position: usize, failure: Failure) -> Failure {
    if failure.is_lost {
        return failure;
    }
    Failure::refused(member::refused(position, &failure.error))
}
