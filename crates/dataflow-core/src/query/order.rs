//! In which order rows come.

mod by;

use std::marker::PhantomData;

pub use by::By;

use super::link::Link;
use crate::error::{Error, Fault, FaultCode, Kind, Result};
use crate::schema::{FieldType, ModelSchema, Models, Nulls};

/// What rows are sorted by, and how.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Order {
    /// The field, or the place inside a document.
    pub by: By,
    /// Whether the least or the greatest value comes first.
    pub direction: Direction,
    /// Where rows without a value come.
    pub nulls: Nulls,
}

/// Which value comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Direction {
    /// The least.
    Ascending,
    /// The greatest.
    Descending,
}

/// A column that rows of model `M` are sorted by, made by [`Column::asc`](super::Column::asc) and
/// [`Column::desc`](super::Column::desc).
#[derive(Debug)]
#[must_use]
pub struct Sort<M> {
    order: Order,
    model: PhantomData<fn() -> M>,
}

impl<M> Sort<M> {
    pub(super) fn new(by: By, direction: Direction) -> Self {
        Self {
            order: Order::new(by, direction),
            model: PhantomData,
        }
    }

    /// The same column, of the row that a relation of another model leads to.
    pub(super) fn over<O>(self, link: Link) -> Sort<O> {
        Sort {
            order: Order {
                by: self.order.by.over(link),
                ..self.order
            },
            model: PhantomData,
        }
    }

    /// Rows without a value come before those with one.
    pub fn nulls_first(mut self) -> Self {
        self.order.nulls = Nulls::First;
        self
    }

    /// Rows without a value come after those with one.
    pub fn nulls_last(mut self) -> Self {
        self.order.nulls = Nulls::Last;
        self
    }

    /// The order, without its model.
    pub fn into_order(self) -> Order {
        self.order
    }
}

impl Direction {
    /// Where rows without a value come unless it is said: as if null were the greatest value.
    pub(super) fn nulls(self) -> Nulls {
        match self {
            Self::Ascending => Nulls::Last,
            Self::Descending => Nulls::First,
        }
    }
}

impl Order {
    /// A field, with nulls as if they were its greatest value.
    pub fn new(by: By, direction: Direction) -> Self {
        Self {
            by,
            direction,
            nulls: direction.nulls(),
        }
    }

    /// Reads the name of a field, which may be followed by `.asc` or `.desc` and by `.nullsfirst` or
    /// `.nullslast`. Before it may stand relations that lead to one row, `author.name.desc`, and
    /// after it a place inside its documents: `note->age.desc` sorts by the numbers there,
    /// `note->>city` by the texts.
    ///
    /// # Errors
    ///
    /// [`Kind::Malformed`] for anything else, with a fault that has no pointer yet.
    ///
    #[cfg_attr(feature = "derive", doc = "```")]
    #[cfg_attr(not(feature = "derive"), doc = "```ignore")]
    /// use dataflow_core::{Model, SchemaSet};
    /// use dataflow_core::query::{By, Direction, Order};
    /// use dataflow_core::schema::Nulls;
    ///
    /// #[derive(Model)]
    /// struct User {
    ///     #[model(primary_key)]
    ///     id: i64,
    ///     age: Option<i32>,
    /// }
    ///
    /// let models = SchemaSet::new().model::<User>();
    /// let order = Order::parse(&models, User::schema(), "age.desc.nullslast").unwrap();
    /// assert_eq!((order.direction, order.nulls), (Direction::Descending, Nulls::Last));
    /// assert_eq!(order.by, By::Field(1));
    /// assert_eq!(order.spelled(User::schema()), "age.desc.nullslast");
    /// assert!(Order::parse(&models, User::schema(), "aeg").is_err());
    /// ```
    pub fn parse(models: &dyn Models, model: &ModelSchema, text: &str) -> Result<Self> {
        let mut words = text.split('.').peekable();
        let by = By::parse(models, model, &mut words)?;
        let name = by.name(model);
        let what = match by.field_type(model) {
            FieldType::Json => Some("JSON documents"),
            FieldType::Array(_) => Some("lists"),
            _ => None,
        };
        if let Some(what) = what {
            return Err(malformed(
                format!("field {name:?} holds {what}, which have no order"),
                FaultCode::Type,
            ));
        }
        let direction = words.next_if(|word| matches!(*word, "asc" | "desc"));
        let mut order = Self::new(
            by,
            match direction {
                Some("desc") => Direction::Descending,
                _ => Direction::Ascending,
            },
        );
        match words.next_if(|word| matches!(*word, "nullsfirst" | "nullslast")) {
            Some("nullsfirst") => order.nulls = Nulls::First,
            Some(_) => order.nulls = Nulls::Last,
            None => {}
        }
        match words.next() {
            None => Ok(order),
            Some(word) => {
                let error = malformed(
                    format!("order of field {name:?}: {word:?} is not known"),
                    FaultCode::Unknown,
                );
                let known = ["asc", "desc", "nullsfirst", "nullslast"];
                Err(error
                    .with_help(format!("write {name}.desc.nullslast"))
                    .with_closest(word, known))
            }
        }
    }

    /// The text that [`parse`](Self::parse) reads it from.
    pub fn spelled(&self, model: &ModelSchema) -> String {
        let mut text = self.by.name(model);
        if self.direction == Direction::Descending {
            text.push_str(".desc");
        }
        match self.nulls {
            nulls if nulls == self.direction.nulls() => {}
            Nulls::First => text.push_str(".nullsfirst"),
            Nulls::Last => text.push_str(".nullslast"),
        }
        text
    }
}

pub(super) fn unknown_field(model: &ModelSchema, name: &str) -> Error {
    let message = format!("model {:?} has no field {name:?}", model.name);
    let names = model.shown().map(|field| &*field.name);
    malformed(message, FaultCode::Unknown).with_closest(name, names.chain(model.relation_names()))
}

fn leads_to_many(model: &ModelSchema, link: &Link) -> Error {
    let (model, name) = (&model.name, link.name());
    let message = format!("rows of model {model:?} have no order by {name:?}, which leads to many");
    malformed(message, FaultCode::Type).with_help("sort by relations that lead to one row")
}

pub(super) fn malformed(message: String, code: FaultCode) -> Error {
    let fault = Fault::new("", code, message.clone());
    Error::new(Kind::Malformed, message).with_faults(vec![fault])
}
