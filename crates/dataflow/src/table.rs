//! One model's table: its operations, on values.
//!
//! Repositories and nodes meet here. What is given is a list of fields and values; what becomes of
//! the rows is up to a [`Rows`]; what lies between (keys, stamps, defaults, statements, the cache,
//! measuring) is the same for both.

mod attended;
mod blame;
mod bounds;
mod conflict;
mod constraint;
mod duplicate;
mod family;
mod fill;
mod operations;
mod references;
mod related;
mod restore;
mod select;
mod shapes;
mod tables;
mod trail;
mod version;
mod write;

use std::sync::Arc;
use std::time::Instant;

use dataflow_core::error::{Fault, Kind};
use dataflow_core::node::ModelVerb;
use dataflow_core::schema::{FieldType, Models, TableName};
use dataflow_core::{Error, ModelSchema, Result, Value};
use futures_util::{FutureExt as _, TryFutureExt as _, future};

pub(crate) use attended::Entry;
pub(crate) use blame::{row_not_found, this_key};
pub(crate) use bounds::Behalf;
pub(crate) use family::{Family, Member};
pub(crate) use fill::Given;
pub(crate) use related::Loaded;
pub(crate) use select::{Beginning, Selection};
pub(crate) use tables::Tables;
pub(crate) use version::{Change, fault, stale};

use crate::access::Access;
use crate::cache::{Source, TableCache, Tail, Writing};
use crate::collect::{StoredRow, StoredRows, Trailing};
use crate::pool::{Bulk, Members, Rows, Statement};
use crate::statements::Reaching;
use crate::tenant::Tenant;
use crate::trace;
use bounds::Bounds;

/// One model's table. Clones share all but how they reach the database.
#[derive(Clone)]
pub(crate) struct Table {
    family: Arc<Family>,
    /// Its place in the family.
    position: usize,
    access: Access,
    bounds: Bounds,
}

impl Table {
    /// The tables of a family, reached in some way.
    pub(crate) fn all(family: &Arc<Family>, access: &Access) -> Vec<Arc<Self>> {
        let positions = 0..family.len();
        let table = |position| Arc::new(Self::at(family, position, access.clone()));
        positions.map(table).collect()
    }

    /// One table of a family.
    fn at(family: &Arc<Family>, position: usize, access: Access) -> Self {
        Self {
            family: family.clone(),
            position,
            access,
            bounds: Bounds::default(),
        }
    }

    fn own(&self) -> &Member {
        self.family.member(self.position)
    }

    /// Whose rows it reaches.
    pub(crate) fn tenant(&self) -> &Tenant {
        self.bounds.tenant()
    }

    pub(crate) fn access(&self) -> &Access {
        &self.access
    }

    /// The same table, reached in another way.
    pub(crate) fn over(&self, access: Access) -> Self {
        Self {
            access,
            ..self.clone()
        }
    }

    pub(crate) fn model(&self) -> &Arc<ModelSchema> {
        &self.own().model
    }

    /// What the rules of a field refuse in a value that an input gives at a place.
    pub(crate) fn faults(
        &self,
        place: &str,
        position: usize,
        value: &Value,
    ) -> impl Iterator<Item = Fault> {
        self.own().fill.faults(place, position, value)
    }

    /// Where the models are that its relations lead to.
    pub(crate) fn models(&self) -> &dyn Models {
        &*self.family
    }

    /// The table that a relation leads to, reached in the same way.
    fn sibling(&self, table: &TableName) -> Result<Self> {
        let position = self.family.position_of(table).ok_or_else(|| {
            let message = format!("no model of this database is stored in table {table:?}");
            Error::new(Kind::NotFound, message).with_help("register the model that is led to")
        })?;
        Ok(Self {
            position,
            bounds: self.bounds_beside(),
            ..self.clone()
        })
    }

    /// The statements that reach what this table does.
    fn statements(&self) -> Reaching<'_> {
        self.own().statements.reaching(self.reach())
    }

    /// What a statement reads that gives rows of this table alone.
    fn whole_row(&self) -> (&Arc<[FieldType]>, &[TableName]) {
        (&self.own().columns, &[])
    }

    /// Answers a read from the cache, or runs it. Other tables that the statement reads are named,
    /// by the tables of their models.
    async fn load<C: Rows>(
        &self,
        statement: &Arc<Statement>,
        values: Vec<Value>,
        (columns, others): (&Arc<[FieldType]>, &[TableName]),
        rows: C,
    ) -> Result<C::Output> {
        let values = self.bound(statement, values)?;
        let (Some(cache), Access::Pool(_)) = (&self.own().cache, &self.access) else {
            return self.read_past_cache(statement, values, rows).await;
        };
        let read = || {
            let stored = StoredRows::new(columns.clone());
            let (table, statement, values) = (self.clone(), statement.clone(), values.clone());
            let read = async move { table.read_past_cache(&statement, values, stored).await };
            read.boxed()
        };
        let source = cache.rows(&self.family.caches(others), statement, &values, read);
        if let Some(meter) = &self.own().meter {
            meter.looked_up(!matches!(source, Source::Begun(_)));
        }
        let stored = match source {
            Source::Kept(stored) => stored,
            Source::Joined(reading) | Source::Begun(reading) => reading.await?,
        };
        replay(&stored, rows)
    }

    fn read_past_cache<C: Rows>(
        &self,
        statement: &Arc<Statement>,
        values: Vec<Value>,
        rows: C,
    ) -> impl Future<Output = Result<C::Output>> {
        let tenant = self.tenant();
        self.access.read(tenant, statement, values, rows)
    }

    async fn write<C: Rows>(
        &self,
        statement: &Arc<Statement>,
        values: Vec<Value>,
        rows: C,
    ) -> Result<C::Output> {
        self.write_over(&[], statement, values, rows).await
    }

    /// Removes rows for good, and with them what belongs to them.
    async fn remove<C: Rows>(
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
        let changed = self.family.members(others).chain([self.own()]);
        let caches: Vec<&Arc<TableCache>> = changed.filter_map(Member::cache).collect();
        let writings = self.writings(&caches);
        let rows = Trailing::new(rows, self.tail(&caches));
        let tenant = self.tenant();
        let written = self.access.write(tenant, statement, values, rows).await;
        for writing in writings {
            writing.end_with(&written);
        }
        written.map_err(|error| self.in_fields(error))
    }

    async fn write_many<C: Rows>(
        &self,
        bulk: &Arc<Bulk>,
        members: Members,
        rows: C,
    ) -> Result<C::Output> {
        if members.is_empty() {
            return Ok(rows.finish(0));
        }
        let members = self.bound_each(&bulk.each, members)?;
        let writing = self.writing();
        let own: Vec<&Arc<TableCache>> = self.own().cache().into_iter().collect();
        let rows = Trailing::new(rows, self.tail(&own));
        let tenant = self.tenant();
        let written = self.access.write_many(tenant, bulk, members, rows).await;
        if let Some(writing) = writing {
            writing.end_with(&written);
        }
        written.map_err(|error| self.in_fields(error))
    }

    /// Tells the cache of a write; in a transaction, the cache is told when that takes effect.
    pub(crate) fn writing(&self) -> Option<Writing<'_>> {
        let cache = self.own().cache.as_ref()?;
        match &self.access {
            Access::Pool(_) => Some(cache.write()),
            Access::Transaction(unit) => {
                unit.note(cache);
                None
            }
        }
    }

    /// The same for each of several tables.
    fn writings<'c>(&self, caches: &[&'c Arc<TableCache>]) -> Vec<Writing<'c>> {
        match &self.access {
            Access::Pool(_) => caches.iter().map(|cache| cache.write()).collect(),
            Access::Transaction(unit) => {
                caches.iter().for_each(|cache| unit.note(cache));
                Vec::new()
            }
        }
    }

    /// What tells the caches when a write is over whose caller may have left by then.
    fn tail(&self, caches: &[&Arc<TableCache>]) -> Vec<Tail> {
        match &self.access {
            Access::Pool(_) => caches.iter().copied().map(Tail::of).collect(),
            Access::Transaction(_) => Vec::new(),
        }
    }

    /// An operation that tells the trace and the meter of itself.
    ///
    /// An async function would hold the operation's future twice, once as it came and once as it is
    /// awaited, and every caller would copy both.
    pub(crate) fn measured<T>(
        &self,
        verb: ModelVerb,
        operation: impl Future<Output = Result<T>>,
    ) -> impl Future<Output = Result<T>> {
        let meter = self.own().meter.as_ref();
        let meter = meter.map(|meter| (meter, Instant::now()));
        let operation = future::ready(self.offers(verb)).and_then(move |()| operation);
        let system = self.own().statements.system_name();
        let span = trace::of_table(system, &self.model().table, verb.as_str());
        trace::told(span, operation).inspect(move |result| {
            if let Some((meter, began)) = meter {
                meter.ended(verb, began, result.is_ok());
            }
        })
    }

    /// Sees that a model has a verb, whoever asks for it.
    fn offers(&self, verb: ModelVerb) -> Result<()> {
        let model = self.model();
        if verb.is_of(model) {
            return Ok(());
        }
        let (name, verb) = (&model.name, verb.as_str());
        Err(Error::new(
            Kind::Unsupported,
            format!("model {name:?} has no {verb}"),
        ))
    }
}

/// Reads stored rows as if they came from the database.
fn replay<C: Rows>(stored: &[StoredRow], mut rows: C) -> Result<C::Output> {
    for row in stored {
        rows.row(row)?;
    }
    Ok(rows.finish(0))
}
