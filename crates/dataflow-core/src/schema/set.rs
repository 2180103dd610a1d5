//! The models of an application, as one value.

use std::borrow::Cow;
use std::collections::VecDeque;

use super::{Model, ModelSchema, TableName, validate};
use crate::error::Result;
use crate::feed::CHANGES_TABLE;

/// The models of an application: the one registration that every face accepts.
///
/// ```no_run
/// # use dataflow_core::{Model, SchemaSet};
/// # fn models<User: Model, Post: Model>() -> dataflow_core::Result<()> {
/// let schema_set = SchemaSet::new().model::<User>().model::<Post>().validated()?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Default)]
pub struct SchemaSet {
    models: Vec<Cow<'static, ModelSchema>>,
    dropped_tables: Vec<TableName>,
    change_feed: Option<bool>,
    /// Whether nothing has been added since every rule was seen to hold.
    is_validated: bool,
}

impl SchemaSet {
    /// No models yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a compiled model.
    #[must_use]
    pub fn model<M: Model>(mut self) -> Self {
        self.is_validated = false;
        self.models.push(Cow::Borrowed(M::schema()));
        self
    }

    /// Adds a model that is known only at run time.
    #[must_use]
    pub fn schema(mut self, model_schema: ModelSchema) -> Self {
        self.is_validated = false;
        self.models.push(Cow::Owned(model_schema));
        self
    }

    /// Adds every model of another set.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.is_validated = false;
        self.models.extend(other.models);
        self.dropped_tables.extend(other.dropped_tables);
        self.change_feed = other.change_feed.or(self.change_feed);
        self
    }

    /// Says that a table may be dropped, with its rows, because the model that was stored in it is
    /// gone. It counts while the table is there.
    #[must_use]
    pub fn drop_table(mut self, table: impl Into<TableName>) -> Self {
        self.is_validated = false;
        self.dropped_tables.push(table.into());
        self
    }

    /// Says whether what is done to rows is written down, for those who
    /// [follow the changes](crate::feed). Where nobody says, the tables are left as they are found.
    #[must_use]
    pub fn change_feed(mut self, is_wanted: bool) -> Self {
        self.change_feed = Some(is_wanted);
        self
    }

    /// The same models, checked and ordered so that each stands after those it points at.
    ///
    /// # Errors
    ///
    /// [`Kind::Configuration`](crate::error::Kind::Configuration) that lists every mistake: a model
    /// or table twice, a name that no database takes, a relation to a model that is missing.
    pub fn validated(mut self) -> Result<Self> {
        if self.is_validated {
            return Ok(self);
        }
        validate::check(&self.models, &self.dropped_tables)?;
        self.order_parents_first();
        self.is_validated = true;
        Ok(self)
    }

    /// As [`validated`](Self::validated), of a set that stays as it is: a copy where that has yet to
    /// be checked. Whoever acts on a set begins with it.
    ///
    /// # Errors
    ///
    /// Those of [`validated`](Self::validated).
    pub fn to_validated(&self) -> Result<Cow<'_, Self>> {
        match self.is_validated {
            true => Ok(Cow::Borrowed(self)),
            false => self.clone().validated().map(Cow::Owned),
        }
    }

    /// The models, in order.
    pub fn models(&self) -> impl Iterator<Item = &ModelSchema> {
        self.models.iter().map(AsRef::as_ref)
    }

    /// The tables that may be dropped.
    pub fn dropped_tables(&self) -> impl Iterator<Item = &TableName> {
        self.dropped_tables.iter()
    }

    /// Whether what is done to rows is to be written down; none where nobody says.
    pub fn wants_change_feed(&self) -> Option<bool> {
        self.change_feed
    }

    /// The tables of the models, and with a feed of changes the one that it is written to.
    pub fn tables(&self) -> impl Iterator<Item = TableName> {
        let outbox = (self.change_feed == Some(true)).then(|| CHANGES_TABLE.into());
        let of_models = self.models().map(|model| model.table.clone());
        outbox.into_iter().chain(of_models)
    }

    /// The model of a name.
    pub fn find(&self, name: &str) -> Option<&ModelSchema> {
        self.models().find(|model| model.name == name)
    }

    /// How many models there are.
    pub fn len(&self) -> usize {
        self.models.len()
    }

    /// Whether there is no model.
    pub fn is_empty(&self) -> bool {
        self.models.is_empty()
    }

    /// Takes, as long as there is one, the first model whose parents have all been taken. Models
    /// that point at each other in a circle keep their order at the end: their foreign keys are
    /// added once all tables exist.
    fn order_parents_first(&mut self) {
        let mut waiting = VecDeque::from(std::mem::take(&mut self.models));
        while !waiting.is_empty() {
            let free = |model: &Cow<'static, ModelSchema>| {
                let is_waiting = |table: &TableName| {
                    *table != model.table && waiting.iter().any(|other| other.table == *table)
                };
                !model
                    .relations
                    .iter()
                    .any(|relation| is_waiting(&relation.table))
            };
            let next = waiting.iter().position(free).unwrap_or(0);
            self.models.extend(waiting.remove(next));
        }
    }
}

/// Two sets are equal when they say the same, whether or not somebody has checked it.
impl PartialEq for SchemaSet {
    fn eq(&self, other: &Self) -> bool {
        self.models == other.models
            && self.dropped_tables == other.dropped_tables
            && self.change_feed == other.change_feed
    }
}
