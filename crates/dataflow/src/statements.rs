//! The statements of one model, each written once.

mod bulk;

use std::sync::{Arc, OnceLock};

use dataflow_core::dialect::Dialect;
use dataflow_core::dialect::dml::{self, Assignment, Bulk, Reading, Statement};
use dataflow_core::query::{self, Aggregate, Filter, Link, Listing, Path};
use dataflow_core::schema::Text;
use dataflow_core::{ModelSchema, Result};
use moka::sync::Cache;

/// How many statements of varying shape are kept for a database. Callers choose the shapes of
/// filters, so without a bound they would choose how much memory is used.
const MOST_SHAPES: u64 = 4_096;

/// The statements of varying shape of all models of a database.
#[derive(Clone)]
pub(crate) struct Shapes {
    statements: Cache<Key, Arc<Statement>>,
    bulks: Cache<Key, Arc<Bulk>>,
}

/// A model's table, and what two of its statements must share to be one.
type Key = (Text, Shape);

impl Shapes {
    pub(crate) fn new() -> Self {
        Self {
            statements: Cache::new(MOST_SHAPES),
            bulks: Cache::new(MOST_SHAPES),
        }
    }
}

/// The statements of one model, each made when it is first needed: a start makes none.
pub(crate) struct Statements {
    model: Arc<ModelSchema>,
    dialect: &'static dyn Dialect,
    select: OnceLock<Arc<Statement>>,
    delete: OnceLock<Arc<Statement>>,
    shapes: Shapes,
}

/// What two statements of a model must share to be one.
#[derive(PartialEq, Eq, Hash)]
enum Shape {
    Insert(Vec<usize>),
    Update(Vec<Assignment>),
    Upsert(Vec<usize>, Vec<usize>, Vec<Assignment>),
    CreateOrUpdate(Vec<usize>, Vec<usize>, Vec<usize>),
    Load(Vec<usize>),
    List(query::Shape, Listing),
    Count(query::Shape),
    Aggregate(query::Shape, Vec<Aggregate>),
    DeleteWhere(query::Shape),
    Related(Route, query::Shape, Reading),
}

/// How a relation comes to the rows of a table: the model between, and the columns that are read.
#[derive(PartialEq, Eq, Hash)]
struct Route {
    between: Option<Text>,
    owner: Text,
    there: Option<usize>,
}

impl Statements {
    pub(crate) fn new(
        model: Arc<ModelSchema>,
        dialect: &'static dyn Dialect,
        shapes: Shapes,
    ) -> Self {
        Self {
            select: OnceLock::new(),
            delete: OnceLock::new(),
            shapes,
            model,
            dialect,
        }
    }

    /// The name that OpenTelemetry has for the database that they are for.
    pub(crate) fn system_name(&self) -> &'static str {
        self.dialect.system_name()
    }

    pub(crate) fn dialect(&self) -> &'static dyn Dialect {
        self.dialect
    }

    pub(crate) fn select(&self) -> &Arc<Statement> {
        self.select
            .get_or_init(|| Arc::new(dml::select_by_key(&self.model, self.dialect)))
    }

    pub(crate) fn delete(&self) -> &Arc<Statement> {
        self.delete
            .get_or_init(|| Arc::new(dml::delete(&self.model, self.dialect)))
    }

    pub(crate) fn insert(&self, positions: &[usize]) -> Result<Arc<Statement>> {
        self.shaped(Shape::Insert(positions.to_owned()), || {
            Ok(dml::insert(&self.model, self.dialect, positions))
        })
    }

    pub(crate) fn update(&self, changes: &[Assignment]) -> Result<Arc<Statement>> {
        self.shaped(Shape::Update(changes.to_owned()), || {
            Ok(dml::update(&self.model, self.dialect, changes))
        })
    }

    pub(crate) fn upsert(
        &self,
        positions: &[usize],
        conflict: &[usize],
        changes: &[Assignment],
    ) -> Result<Arc<Statement>> {
        let shape = Shape::Upsert(
            positions.to_owned(),
            conflict.to_owned(),
            changes.to_owned(),
        );
        self.shaped(shape, || {
            let (model, dialect) = (&self.model, self.dialect);
            Ok(dml::upsert(model, dialect, positions, conflict, changes))
        })
    }

    pub(crate) fn create_or_update(
        &self,
        positions: &[usize],
        conflict: &[usize],
        changes: &[usize],
    ) -> Result<Arc<Statement>> {
        let shape = Shape::CreateOrUpdate(
            positions.to_owned(),
            conflict.to_owned(),
            changes.to_owned(),
        );
        self.shaped(shape, || {
            let (model, dialect) = (&self.model, self.dialect);
            let statement = dml::create_or_update(model, dialect, positions, conflict, changes);
            Ok(statement)
        })
    }

    pub(crate) fn list(&self, filter: &Filter, listing: &Listing) -> Result<Arc<Statement>> {
        self.shaped(Shape::List(filter.shape(), listing.clone()), || {
            dml::list(&self.model, self.dialect, filter, listing)
        })
    }

    pub(crate) fn count(&self, filter: &Filter) -> Result<Arc<Statement>> {
        self.shaped(Shape::Count(filter.shape()), || {
            dml::count(&self.model, self.dialect, filter)
        })
    }

    pub(crate) fn aggregate(
        &self,
        filter: &Filter,
        aggregates: &[Aggregate],
    ) -> Result<Arc<Statement>> {
        self.shaped(
            Shape::Aggregate(filter.shape(), aggregates.to_owned()),
            || dml::aggregate(&self.model, self.dialect, filter, aggregates),
        )
    }

    pub(crate) fn delete_where(&self, filter: &Filter) -> Result<Arc<Statement>> {
        self.shaped(Shape::DeleteWhere(filter.shape()), || {
            dml::delete_where(&self.model, self.dialect, filter)
        })
    }

    /// The rows of this table that a relation leads to.
    pub(crate) fn related(
        &self,
        link: &Link,
        filter: &Filter,
        reading: &Reading,
    ) -> Result<Arc<Statement>> {
        let shape = Shape::Related(Route::of(link), filter.shape(), reading.clone());
        self.shaped(shape, || dml::related(link, self.dialect, filter, reading))
    }

    fn shaped(
        &self,
        shape: Shape,
        write: impl FnOnce() -> Result<Statement>,
    ) -> Result<Arc<Statement>> {
        let key = (self.model.table.clone(), shape);
        if let Some(statement) = self.shapes.statements.get(&key) {
            return Ok(statement);
        }
        let statement = Arc::new(write()?);
        self.shapes.statements.insert(key, statement.clone());
        Ok(statement)
    }
}

impl Route {
    fn of(link: &Link) -> Self {
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
