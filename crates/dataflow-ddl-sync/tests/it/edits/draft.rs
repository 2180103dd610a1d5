use dataflow_core::dialect::{Dialect, Postgres, Sqlite};
use dataflow_core::schema::{Field, FieldType, Kept, Key, RenamedField, TableName};
use dataflow_core::{ModelSchema, SchemaSet, snapshot};

use super::kind;
use crate::models::model;
use crate::setup::Setup;

/// Models, and what of them the database has under which name.
#[derive(Default, Clone)]
pub(super) struct Draft {
    pub(super) tables: Vec<Table>,
    dropped: Vec<TableName>,
    names: usize,
    is_postgres: bool,
    /// Whether an edit asks for what rows or values may forbid.
    pub(super) may_be_refused: bool,
    /// Whether the tables are there.
    is_settled: bool,
}

/// What becomes of what was stored; each is more than the one before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Loss {
    /// A column or a table is gone.
    Dropped,
    /// Values have become others.
    Changed,
}

/// One model. The names are those that the database knows; new things have none.
#[derive(Clone)]
pub(super) struct Table {
    pub(super) model: ModelSchema,
    pub(super) found: Option<TableName>,
    pub(super) columns: Vec<Option<Column>>,
    pub(super) indexes: Vec<Option<String>>,
    pub(super) checks: Vec<Option<String>>,
    pub(super) relations: Vec<Option<String>>,
}

/// A column as the database has it.
#[derive(Clone)]
pub(super) struct Column {
    pub(super) name: String,
    pub(super) field: Field,
}

/// The schemas that tables may be in beside the one that new ones are made in.
pub(super) const SCHEMAS: [&str; 2] = ["billing", "Größe \"s\""];

impl Draft {
    /// No models yet, for a database of a kind.
    pub(super) fn new(setup: &Setup) -> Self {
        Self {
            is_postgres: setup.is_postgres(),
            ..Self::default()
        }
    }

    /// A name that nothing had before.
    pub(super) fn name(&mut self) -> String {
        const NAMES: [&str; 8] = [
            "name",
            "Order ",
            "größe",
            "zone",
            "text",
            "it's \"q\"",
            "user",
            "a(b",
        ];
        self.names += 1;
        format!("{}{}", NAMES[self.names % NAMES.len()], self.names)
    }

    pub(super) fn add_table(&mut self) {
        self.names += 1;
        let mut model = model(&format!("Model{}", self.names));
        if self.names.is_multiple_of(3) {
            let half = Field::new("half", FieldType::String);
            model.fields.to_mut().push(half);
            model.key = Key::composite(["id", "half"]);
            model.without_rowid = self.names.is_multiple_of(2);
        }
        if self.is_postgres {
            model.table.schema = schema(self.names);
        }
        self.tables.push(Table {
            columns: vec![None; model.fields.len()],
            model,
            found: None,
            indexes: Vec::new(),
            checks: Vec::new(),
            relations: Vec::new(),
        });
    }

    pub(super) fn drop_table(&mut self, position: usize) {
        let table = self.tables.remove(position);
        for other in &mut self.tables {
            while let Some(relation) = other
                .model
                .relations
                .iter()
                .position(|relation| relation.table == table.model.table)
            {
                other.drop_relation(relation);
            }
        }
        self.dropped.extend(table.found);
    }

    /// A table that a choice stands for.
    pub(super) fn table(&self, choice: u8) -> Option<usize> {
        (!self.tables.is_empty()).then(|| usize::from(choice) % self.tables.len())
    }

    /// From now on, the models are what the database has.
    pub(super) fn settle(&mut self, setup: &Setup) {
        let dialect: &dyn Dialect = match setup.is_postgres() {
            true => &Postgres,
            false => &Sqlite,
        };
        let desired = snapshot::desired(&self.set(), dialect).unwrap();
        for table in &mut self.tables {
            let desired = desired.table(&table.model.table).unwrap();
            let named = |name: &String| Some(name.clone());
            table.found = Some(desired.name.clone());
            let fields = table.model.fields.iter();
            table.columns = fields
                .map(|field| {
                    Some(Column {
                        name: field.column.to_string(),
                        field: field.clone(),
                    })
                })
                .collect();
            table.indexes = desired.indexes.iter().map(|it| named(&it.name)).collect();
            // Those of fields' types follow the declared ones.
            let declared = desired.checks.iter().take(table.model.checks.len());
            table.checks = declared.map(|it| named(&it.name)).collect();
            table.relations = desired
                .foreign_keys
                .iter()
                .map(|it| named(&it.name))
                .collect();
        }
        self.is_settled = true;
        self.may_be_refused = false;
    }

    /// Whether it is for PostgreSQL, which has schemas, several collations and several kinds of
    /// indexes.
    pub(super) fn is_postgres(&self) -> bool {
        self.is_postgres
    }

    /// What is lost of what the database has, once these models are all that it has.
    pub(super) fn loss(&self) -> Option<Loss> {
        let tables = || self.tables.iter();
        let mut columns = tables().flat_map(|table| table.model.fields.iter().zip(&table.columns));
        if columns.any(|(field, column)| {
            let found = column.as_ref().map(|column| &column.field);
            found.is_some_and(|found| kind::loses(found, field, self.is_postgres))
        }) {
            return Some(Loss::Changed);
        }
        let is_dropped = |table: &Table| !table.model.evolution.dropped_columns.is_empty();
        let is_gone = !self.dropped.is_empty() || tables().any(is_dropped);
        is_gone.then_some(Loss::Dropped)
    }

    /// When a column is computed; not every database does so when it is read.
    pub(super) fn kept(&self, choice: u8) -> Kept {
        match self.is_postgres || choice.is_multiple_of(2) {
            true => Kept::Stored,
            false => Kept::Virtual,
        }
    }

    /// Whether rows may be there.
    pub(super) fn is_settled(&self) -> bool {
        self.is_settled
    }

    pub(super) fn set(&self) -> SchemaSet {
        let models = self.tables.iter().map(|table| table.model.clone());
        let set = models.fold(SchemaSet::new(), SchemaSet::schema);
        let dropped = self.dropped.iter().cloned();
        dropped
            .fold(set, SchemaSet::drop_table)
            .validated()
            .unwrap_or_else(|error| panic!("{error:?}"))
    }

    /// Every name that a table has or had.
    pub(super) fn table_names(&self) -> Vec<TableName> {
        let tables = self
            .tables
            .iter()
            .flat_map(|table| [Some(table.model.table.clone()), table.found.clone()]);
        let mut names: Vec<TableName> = tables
            .flatten()
            .chain(self.dropped.iter().cloned())
            .collect();
        names.sort();
        names.dedup();
        names
    }

    pub(super) fn rename_table(&mut self, position: usize) {
        let new = self.name();
        let new = self.tables[position].model.table.sibling(new);
        self.place_table(position, new);
    }

    /// Puts a table into another schema, where there are some.
    pub(super) fn move_table(&mut self, position: usize, choice: u8) {
        if self.is_postgres {
            let mut new = self.tables[position].model.table.clone();
            new.schema = schema(usize::from(choice));
            self.place_table(position, new);
        }
    }

    fn place_table(&mut self, position: usize, new: TableName) {
        let old = self.tables[position].model.table.clone();
        for table in &mut self.tables {
            let relations = table.model.relations.to_mut();
            for relation in relations.iter_mut().filter(|it| it.table == old) {
                relation.table = new.clone();
            }
        }
        let table = &mut self.tables[position];
        if let Some(found) = &table.found {
            let is_renamed = found.name != new.name;
            let is_moved = found.schema != new.schema;
            let evolution = &mut table.model.evolution;
            evolution.renamed_from = is_renamed.then(|| found.name.clone());
            let from = || found.schema.clone().unwrap_or_else(|| "public".into());
            evolution.moved_from = is_moved.then(from);
        }
        table.model.table = new;
    }
}

impl Table {
    /// A field that a choice stands for, without the key.
    pub(super) fn field(&self, choice: u8) -> Option<usize> {
        let of_key = self.model.key.fields.len();
        let others = self.columns.len() - of_key;
        (others > 0).then(|| usize::from(choice) % others + of_key)
    }

    pub(super) fn add_field(&mut self, field: Field) {
        self.model.fields.to_mut().push(field);
        self.columns.push(None);
    }

    pub(super) fn drop_field(&mut self, position: usize) {
        let field = self.model.fields.to_mut().remove(position);
        self.forget_everything_about(&field);
        self.forget_rename(&field.name);
        if let Some(column) = self.columns.remove(position) {
            let dropped = self.model.evolution.dropped_columns.to_mut();
            dropped.push(column.name.into());
        }
        let computed = self.model.fields.iter().position(|other| {
            let generated = other.generated.as_ref();
            generated.is_some_and(|generated| generated.expression.contains(&*quoted(&field)))
        });
        if let Some(computed) = computed {
            self.drop_field(computed);
        }
    }

    /// What goes together with a column.
    fn forget_everything_about(&mut self, field: &Field) {
        let speaks_of_it = |text: &str| text.contains(&*quoted(field));
        let indexes = self.model.indexes.to_mut();
        retain(indexes, &mut self.indexes, |index| {
            let is_covered = index.members.iter().any(|member| match &member.key {
                dataflow_core::schema::IndexKey::Field(name) => *name == field.name,
                dataflow_core::schema::IndexKey::Expression(sql) => speaks_of_it(sql),
            });
            !is_covered && !index.predicate.as_deref().is_some_and(speaks_of_it)
        });
        let checks = self.model.checks.to_mut();
        retain(checks, &mut self.checks, |check| {
            check.field.as_ref() != Some(&field.name) && !speaks_of_it(&check.expression)
        });
        let relations = self.model.relations.to_mut();
        retain(relations, &mut self.relations, |relation| {
            relation.field != field.name
        });
    }

    /// The name of a field never changes, only that of its column does.
    pub(super) fn rename_column(&mut self, position: usize, new: String) {
        let fields = self.model.fields.to_mut();
        let old = quoted(&fields[position]);
        fields[position].column = new.into();
        let new = quoted(&fields[position]);
        let name = fields[position].name.clone();
        for generated in fields
            .iter_mut()
            .filter_map(|field| field.generated.as_mut())
        {
            generated.expression = generated.expression.replace(&*old, &new).into();
        }
        for check in self.model.checks.to_mut() {
            check.expression = check.expression.replace(&*old, &new).into();
        }
        for index in self.model.indexes.to_mut() {
            for member in index.members.to_mut() {
                if let dataflow_core::schema::IndexKey::Expression(sql) = &mut member.key {
                    *sql = sql.replace(&*old, &new).into();
                }
            }
            if let Some(predicate) = &mut index.predicate {
                *predicate = predicate.replace(&*old, &new).into();
            }
        }
        self.forget_rename(&name);
        if let Some(column) = &self.columns[position] {
            self.model
                .evolution
                .renamed_fields
                .to_mut()
                .push(RenamedField {
                    field: name,
                    from: column.name.clone().into(),
                });
        }
    }

    fn forget_rename(&mut self, field: &str) {
        let renamed = self.model.evolution.renamed_fields.to_mut();
        renamed.retain(|renamed| renamed.field != field);
    }

    pub(super) fn drop_index(&mut self, position: usize) {
        self.model.indexes.to_mut().remove(position);
        let found = self.indexes.remove(position).map(Into::into);
        self.model.evolution.dropped_indexes.to_mut().extend(found);
    }

    pub(super) fn drop_check(&mut self, position: usize) {
        self.model.checks.to_mut().remove(position);
        let found = self.checks.remove(position).map(Into::into);
        self.model
            .evolution
            .dropped_constraints
            .to_mut()
            .extend(found);
    }

    pub(super) fn drop_relation(&mut self, position: usize) {
        self.model.relations.to_mut().remove(position);
        let found = self.relations.remove(position).map(Into::into);
        self.model
            .evolution
            .dropped_constraints
            .to_mut()
            .extend(found);
    }

    /// Whether an expression, an index or a relation needs the type of a field.
    pub(super) fn is_used(&self, position: usize) -> bool {
        let field = &self.model.fields[position];
        let name = quoted(field);
        let is_computed_of = |other: &Field| {
            let generated = other.generated.as_ref();
            generated.is_some_and(|generated| generated.expression.contains(&*name))
        };
        field.generated.is_some()
            || self.model.relations.iter().any(|it| it.field == field.name)
            || self.model.fields.iter().any(is_computed_of)
            || self
                .model
                .checks
                .iter()
                .any(|it| it.expression.contains(&*name))
            || self.model.indexes.iter().any(|index| {
                let predicate = index.predicate.as_deref().unwrap_or_default();
                predicate.contains(&*name)
                    || index.members.iter().any(|member| {
                        matches!(&member.key, dataflow_core::schema::IndexKey::Expression(sql)
                            if sql.contains(&*name))
                    })
            })
    }
}

/// The schema that a number stands for, none for the one that new tables are made in.
fn schema(number: usize) -> Option<dataflow_core::schema::Text> {
    let schema = SCHEMAS.get(number % (2 * SCHEMAS.len()));
    schema.map(|name| (*name).into())
}

/// A field's column as it stands in expressions.
pub(super) fn quoted(field: &Field) -> String {
    dataflow_core::dialect::identifier(&field.column)
}

/// Keeps what fulfills a condition, in both of two lists.
fn retain<T>(things: &mut Vec<T>, found: &mut Vec<Option<String>>, keep: impl Fn(&T) -> bool) {
    let kept: Vec<bool> = things.iter().map(keep).collect();
    let mut is_kept = kept.iter();
    things.retain(|_| is_kept.next() == Some(&true));
    let mut is_kept = kept.iter();
    found.retain(|_| is_kept.next() == Some(&true));
}
