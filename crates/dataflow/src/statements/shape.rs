//! What statements must share to be one, and those that are kept by it.

use std::sync::Arc;

use dataflow_core::dialect::dml::{self, Assignment, Bulk, Reach, Reading, Statement, Version};
use dataflow_core::query::{self, Aggregate, Link, Listing, Path};
use dataflow_core::schema::{TableName, Text};
use moka::sync::Cache;

/// How many bytes the statements of varying shape of a database may take, and as many those for
/// many rows. Callers choose the shapes of filters, so without a bound they would choose how much
/// memory is used.
const MOST_BYTES: u64 = 8 << 20;

/// The statements of varying shape of all models of a database.
#[derive(Clone)]
pub(crate) struct Shapes {
    pub(super) statements: Cache<Key, Arc<Statement>>,
    pub(super) bulks: Cache<Key, Arc<Bulk>>,
}

/// A model's table, which rows are reached, and what two of its statements must share to be one.
pub(super) type Key = (TableName, Reach, Shape);

impl Shapes {
    pub(crate) fn new() -> Self {
        Self::within(MOST_BYTES)
    }

    pub(super) fn within(bytes: u64) -> Self {
        Self {
            statements: bounded(bytes, |statement: &Statement| statement.sql().len()),
            bulks: bounded(bytes, |bulk: &Bulk| {
                let set = bulk.set.as_ref().map_or(0, |set| set.sql.len());
                bulk.each.sql().len() + set
            }),
        }
    }
}

/// A cache of so many bytes, of statements that have texts of some length.
fn bounded<T: Send + Sync + 'static>(bytes: u64, length: fn(&T) -> usize) -> Cache<Key, Arc<T>> {
    // A shape takes about as much as the text it leads to.
    let weigh = move |_: &Key, statement: &Arc<T>| {
        u32::try_from(2 * length(statement) + size_of::<Key>()).unwrap_or(u32::MAX)
    };
    Cache::builder().max_capacity(bytes).weigher(weigh).build()
}

/// What two statements of a model must share to be one.
#[derive(PartialEq, Eq, Hash)]
pub(super) enum Shape {
    Select,
    Delete(Version),
    Purge,
    Insert(Vec<usize>),
    Update(Vec<Assignment>, Version),
    Upsert(Vec<usize>, Vec<usize>, Vec<Assignment>),
    CreateOrUpdate(Vec<usize>, Vec<usize>, Vec<Assignment>),
    Load(Vec<usize>),
    List(query::Shape, Listing),
    Count(query::Shape),
    Aggregate(query::Shape, Vec<Aggregate>),
    Groups(
        query::Shape,
        Vec<usize>,
        Vec<Aggregate>,
        query::Shape,
        Listing,
    ),
    UpdateWhere(Vec<Assignment>, query::Shape),
    DeleteWhere(query::Shape),
    DeleteMany,
    Related(Route, query::Shape, Reading),
}

/// How a relation comes to the rows of a table: the model between, and the columns that are read.
#[derive(PartialEq, Eq, Hash)]
pub(super) struct Route {
    between: Option<TableName>,
    owner: Text,
    there: Option<usize>,
}

impl Route {
    pub(super) fn of(link: &Link) -> Self {
        let (between, there) = match link.path() {
            Path::Own(_) | Path::Theirs(_) => (None, None),
            Path::Between { model, there, .. } => (Some(model.table.clone()), Some(*there)),
        };
        Self {
            between,
            owner: dml::owner(link).column.clone(),
            there,
        }
    }
}
