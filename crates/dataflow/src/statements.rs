//! The statements of one model, each written once.

mod bulk;
mod shape;

use std::sync::{Arc, OnceLock};

use dataflow_core::dialect::Dialect;
use dataflow_core::dialect::dml::{self, Assignment, Reach, Reading, Statement, Version, View};
use dataflow_core::query::{Aggregate, Filter, Groups, IfLocked, Link, Listing};
use dataflow_core::{ModelSchema, Result};

pub(crate) use shape::Shapes;
use shape::{Key, Route, Shape};

/// The statements of one model, each made when it is first needed: a start makes none.
pub(crate) struct Statements {
    model: Arc<ModelSchema>,
    dialect: &'static dyn Dialect,
    select: OnceLock<Arc<Statement>>,
    delete: OnceLock<Arc<Statement>>,
    shapes: Shapes,
}

/// Those of the statements of one model that reach certain rows.
#[derive(Clone, Copy)]
pub(crate) struct Reaching<'a> {
    statements: &'a Statements,
    reach: Reach,
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

    /// Those that reach certain rows.
    pub(crate) fn reaching(&self, reach: Reach) -> Reaching<'_> {
        Reaching {
            statements: self,
            reach,
        }
    }
}

impl<'a> Reaching<'a> {
    pub(crate) fn dialect(self) -> &'static dyn Dialect {
        self.statements.dialect
    }

    fn view(self) -> View<'a> {
        View {
            model: &self.statements.model,
            reach: self.reach,
        }
    }

    pub(crate) fn select(self) -> Result<Arc<Statement>> {
        let write = || dml::select_by_key(self.view(), self.dialect());
        self.kept(&self.statements.select, Shape::Select, write)
    }

    pub(crate) fn delete(self) -> Result<Arc<Statement>> {
        let write = || dml::delete(self.view(), self.dialect(), Version::Any);
        self.kept(&self.statements.delete, Shape::Delete(Version::Any), write)
    }

    pub(crate) fn delete_of_version(self) -> Result<Arc<Statement>> {
        self.shaped(Shape::Delete(Version::Given), || {
            Ok(dml::delete(self.view(), self.dialect(), Version::Given))
        })
    }

    pub(crate) fn purge(self) -> Result<Arc<Statement>> {
        self.shaped(Shape::Purge, || Ok(dml::purge(self.view(), self.dialect())))
    }

    /// The same removal, which gives the rows that it removes.
    pub(crate) fn giving_rows(self, removal: &Statement) -> Arc<Statement> {
        Arc::new(dml::giving_rows(self.view(), self.dialect(), removal))
    }

    /// The same question, whose rows nobody else may change before the transaction ends.
    pub(crate) fn locking(self, question: &Statement, if_locked: IfLocked) -> Arc<Statement> {
        Arc::new(dml::locking(self.dialect(), question, if_locked))
    }

    pub(crate) fn insert(self, positions: &[usize]) -> Result<Arc<Statement>> {
        self.shaped(Shape::Insert(positions.to_owned()), || {
            Ok(dml::insert(self.view(), self.dialect(), positions))
        })
    }

    pub(crate) fn update(self, changes: &[Assignment], version: Version) -> Result<Arc<Statement>> {
        self.shaped(Shape::Update(changes.to_owned(), version), || {
            Ok(dml::update(self.view(), self.dialect(), changes, version))
        })
    }

    pub(crate) fn upsert(
        self,
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
            let (view, dialect) = (self.view(), self.dialect());
            Ok(dml::upsert(view, dialect, positions, conflict, changes))
        })
    }

    pub(crate) fn create_or_update(
        self,
        positions: &[usize],
        conflict: &[usize],
        changes: &[Assignment],
    ) -> Result<Arc<Statement>> {
        let shape = Shape::CreateOrUpdate(
            positions.to_owned(),
            conflict.to_owned(),
            changes.to_owned(),
        );
        self.shaped(shape, || {
            let (view, dialect) = (self.view(), self.dialect());
            let statement = dml::create_or_update(view, dialect, positions, conflict, changes);
            Ok(statement)
        })
    }

    pub(crate) fn list(self, filter: &Filter, listing: &Listing) -> Result<Arc<Statement>> {
        self.shaped(Shape::List(filter.shape(), listing.clone()), || {
            dml::list(self.view(), self.dialect(), filter, listing)
        })
    }

    pub(crate) fn count(self, filter: &Filter) -> Result<Arc<Statement>> {
        self.shaped(Shape::Count(filter.shape()), || {
            dml::count(self.view(), self.dialect(), filter)
        })
    }

    pub(crate) fn aggregate(
        self,
        filter: &Filter,
        aggregates: &[Aggregate],
    ) -> Result<Arc<Statement>> {
        self.shaped(
            Shape::Aggregate(filter.shape(), aggregates.to_owned()),
            || dml::aggregate(self.view(), self.dialect(), filter, aggregates),
        )
    }

    pub(crate) fn groups(
        self,
        filter: &Filter,
        groups: &Groups,
        having: &Filter,
        listing: &Listing,
    ) -> Result<Arc<Statement>> {
        let shape = Shape::Groups(
            filter.shape(),
            groups.fields().to_owned(),
            groups.aggregates().to_owned(),
            having.shape(),
            listing.clone(),
        );
        self.shaped(shape, || {
            let (view, dialect) = (self.view(), self.dialect());
            dml::groups(view, dialect, filter, groups, having, listing)
        })
    }

    pub(crate) fn update_where(
        self,
        changes: &[Assignment],
        filter: &Filter,
    ) -> Result<Arc<Statement>> {
        let shape = Shape::UpdateWhere(changes.to_owned(), filter.shape());
        self.shaped(shape, || {
            dml::update_where(self.view(), self.dialect(), changes, filter)
        })
    }

    pub(crate) fn delete_where(self, filter: &Filter) -> Result<Arc<Statement>> {
        self.shaped(Shape::DeleteWhere(filter.shape()), || {
            dml::delete_where(self.view(), self.dialect(), filter)
        })
    }

    /// The rows of this table that a relation leads to.
    pub(crate) fn related(
        self,
        link: &Link,
        filter: &Filter,
        reading: &Reading,
    ) -> Result<Arc<Statement>> {
        let shape = Shape::Related(Route::of(link), filter.shape(), reading.clone());
        self.shaped(shape, || {
            dml::related(link, self.reach, self.dialect(), filter, reading)
        })
    }

    /// A statement that is kept beside its model where it reaches what statements usually do.
    fn kept(
        self,
        place: &OnceLock<Arc<Statement>>,
        shape: Shape,
        write: impl FnOnce() -> Statement,
    ) -> Result<Arc<Statement>> {
        if self.reach == Reach::default() {
            return Ok(place.get_or_init(|| Arc::new(write())).clone());
        }
        self.shaped(shape, || Ok(write()))
    }

    fn key(self, shape: Shape) -> Key {
        (self.statements.model.table.clone(), self.reach, shape)
    }

    /// The statement of a shape. What is asked for the first time may never be asked again, so it
    /// is for once; whoever asks again gets one that connections keep prepared.
    fn shaped(
        self,
        shape: Shape,
        write: impl FnOnce() -> Result<Statement>,
    ) -> Result<Arc<Statement>> {
        let key = self.key(shape);
        let shapes = &self.statements.shapes;
        if let Some(statement) = shapes.statements.get(&key) {
            return Ok(statement);
        }
        let statement = write()?;
        let once = statement.for_once();
        shapes.statements.insert(key, Arc::new(statement));
        Ok(Arc::new(once))
    }
}

#[cfg(test)]
mod tests {
    use dataflow_core::SchemaSet;
    use dataflow_core::dialect::Sqlite;
    use dataflow_core::schema::{Field, FieldType, Key as ModelKey, KeyGenerator};
    use serde_json::{Value, json};

    use super::*;

    /// Conditions that differ in shape for each number: its bits, as comparisons.
    fn conditions(number: u32) -> Value {
        let comparisons = (0..16).map(|bit| match number >> bit & 1 {
            0 => json!({ "id": { "$gt": 1 } }),
            _ => json!({ "id": { "$lt": 1 } }),
        });
        json!({ "$and": comparisons.collect::<Vec<_>>() })
    }

    #[test]
    fn any_number_of_shapes_takes_so_much_memory_and_no_more() {
        let fields = vec![Field::new("id", FieldType::I64)];
        let model = ModelSchema::new("User", fields, ModelKey::new("id", KeyGenerator::None));
        let set = SchemaSet::new().schema(model.clone());
        let most_bytes = 64 << 10;
        let shapes = Shapes::within(most_bytes);
        let statements = Statements::new(Arc::new(model.clone()), &Sqlite, shapes.clone());
        let count = |number| {
            let conditions = conditions(number);
            let conditions = conditions.as_object().expect("it is one");
            let filter = Filter::parse(&set, &model, conditions).expect("it is a filter");
            statements
                .reaching(Reach::default())
                .count(&filter)
                .expect("it is counted")
        };
        let first = count(0);
        assert!(!first.is_kept(), "nobody may ask again");
        let again = count(0);
        assert!(again.is_kept() && again.sql() == first.sql());

        let many = 1_000;
        for number in 1..many {
            count(number);
        }
        shapes.statements.run_pending_tasks();
        assert!(shapes.statements.weighted_size() <= most_bytes);
        assert!(shapes.statements.entry_count() < u64::from(many));
    }
}
