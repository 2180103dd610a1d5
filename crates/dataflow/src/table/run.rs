//! How the statements of a table are run: with the tenant that they mention, answered from the cache
//! where that knows, and with the caches told of what is written.

use std::sync::Arc;

use dataflow_core::schema::{FieldType, TableName};
use dataflow_core::{Result, Value};
use futures_util::FutureExt as _;

use super::Table;
use super::family::Member;
use crate::access::Access;
use crate::cache::{Company, Source, TableCache, Writing};
use crate::collect::{StoredRow, StoredRows, Trailing};
use crate::pool::{Bulk, Members, Rows, Statement};

impl Table {
    /// What a statement reads that gives rows of this table alone.
    pub(super) fn whole_row(&self) -> (&Arc<[FieldType]>, &[TableName]) {
        (&self.own().columns, &[])
    }

    /// Answers a read from the cache, or runs it. Other tables that the statement reads are named,
    /// by the tables of their models.
    pub(super) async fn load<C: Rows>(
        &self,
        statement: &Arc<Statement>,
        values: Vec<Value>,
        (columns, others): (&Arc<[FieldType]>, &[TableName]),
        rows: C,
    ) -> Result<C::Output> {
        let values = self.bound(statement, values)?;
        let (Some(cache), Access::Pool(pool)) = (&self.own().cache, &self.access) else {
            let read = self.read_past_cache(statement, values, rows).await;
            return read.map_err(|error| self.of_row(error));
        };
        let read = || {
            let stored = StoredRows::new(columns.clone());
            let (table, statement, values) = (self.clone(), statement.clone(), values.clone());
            let read = async move {
                let read = table.read_past_cache(&statement, values, stored).await;
                read.map_err(|error| table.of_row(error))
            };
            read.boxed()
        };
        let company = match pool.statement_timeout() {
            None => Company::Any,
            Some(_) => Company::None,
        };
        let others = self.family.caches(others);
        let source = cache.rows(&others, statement, &values, company, read);
        if let Some(meter) = &self.own().meter {
            meter.looked_up(!matches!(source, Source::Begun(_)));
        }
        let stored = match source {
            Source::Kept(stored) => stored,
            Source::Joined(reading) | Source::Begun(reading) => reading.await?,
        };
        replay(&stored, rows)
    }

    pub(super) fn read_past_cache<C: Rows>(
        &self,
        statement: &Arc<Statement>,
        values: Vec<Value>,
        rows: C,
    ) -> impl Future<Output = Result<C::Output>> {
        let tenant = self.tenant();
        self.access.read(tenant, statement, values, rows)
    }

    pub(super) async fn write<C: Rows>(
        &self,
        statement: &Arc<Statement>,
        values: Vec<Value>,
        rows: C,
    ) -> Result<C::Output> {
        self.write_over(&[], statement, values, rows).await
    }

    /// Removes rows for good, and with them what belongs to them.
    pub(super) async fn remove<C: Rows>(
        &self,
        statement: &Arc<Statement>,
        values: Vec<Value>,
        rows: C,
    ) -> Result<C::Output> {
        let followers = self.family.followers(self.position);
        self.write_over(followers, statement, values, rows).await
    }

    /// Writes, where the database may change rows of other tables of the family as well.
    async fn write_over<C: Rows>(
        &self,
        others: &[usize],
        statement: &Arc<Statement>,
        values: Vec<Value>,
        rows: C,
    ) -> Result<C::Output> {
        let values = self.bound(statement, values)?;
        let caches = self.caches_with(others);
        let writings = self.access.writings(&caches);
        let rows = Trailing::new(rows, self.access.tails(&caches));
        let tenant = self.tenant();
        let written = self.access.write(tenant, statement, values, rows).await;
        self.ended(writings, written)
    }

    pub(super) async fn write_many<C: Rows>(
        &self,
        bulk: &Arc<Bulk>,
        members: Members,
        rows: C,
    ) -> Result<C::Output> {
        if members.is_empty() {
            return Ok(rows.finish(0));
        }
        let members = self.bound_each(&bulk.each, members)?;
        let caches = self.caches_with(&[]);
        let writings = self.access.writings(&caches);
        let rows = Trailing::new(rows, self.access.tails(&caches));
        let tenant = self.tenant();
        let written = self.access.write_many(tenant, bulk, members, rows).await;
        self.ended(writings, written)
    }

    /// What is kept of this table and of others of the family.
    fn caches_with(&self, others: &[usize]) -> Vec<Arc<TableCache>> {
        let members = self.family.members(others).chain([self.own()]);
        members.filter_map(Member::cache).cloned().collect()
    }

    /// The outcome of a write, which the caches are told, in the words of the model.
    fn ended<T>(&self, writings: Vec<Writing<'_>>, written: Result<T>) -> Result<T> {
        for writing in writings {
            writing.end_with(&written);
        }
        written.map_err(|error| self.of_row(self.in_fields(error)))
    }
}

/// Reads stored rows as if they came from the database.
pub(super) fn replay<C: Rows>(stored: &[StoredRow], mut rows: C) -> Result<C::Output> {
    for row in stored {
        rows.row(row)?;
    }
    Ok(rows.finish(0))
}
