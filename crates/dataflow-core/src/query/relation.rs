//! The relations of a model, with the types that they lead to.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use super::condition::{Condition, Quantifier};
use super::include::Include;
use super::link::Link;
use super::order::Sort;
use super::predicate::Predicate;
use crate::schema::{Model, ModelSchema, Models, TableName};

/// A relation that leads from a row of `M` to one row of `T` at the most. `#[derive(Model)]` makes
/// one, as a constant, for each `belongs_to` and `has_one`: `Post::AUTHOR` for `author_id`.
pub struct ToOne<M, T> {
    position: usize,
    types: PhantomData<fn() -> (M, T)>,
}

/// A relation that leads from a row of `M` to any number of rows of `T`. `#[derive(Model)]` makes
/// one, as a constant, for each `has_many` and `many_to_many`: `User::POSTS`.
pub struct ToMany<M, T> {
    position: usize,
    between: Option<fn() -> &'static ModelSchema>,
    types: PhantomData<fn() -> (M, T)>,
}

/// What `ToOne` and `ToMany` have in common.
pub trait Relationship<M: Model>: Copy + Send + Sync + 'static {
    /// The model that it leads to.
    type Target: Model;

    /// The relation with its fields.
    fn link(self) -> Link;
}

impl<M, T> ToOne<M, T> {
    /// The relation at a place among those of its model. The derive calls this.
    #[doc(hidden)]
    pub const fn new(position: usize) -> Self {
        Self {
            position,
            types: PhantomData,
        }
    }
}

impl<M, T> ToMany<M, T> {
    /// The relation at a place among those of its model. The derive calls this.
    #[doc(hidden)]
    pub const fn new(position: usize) -> Self {
        Self {
            position,
            between: None,
            types: PhantomData,
        }
    }

    /// The relation through another model. The derive calls this.
    #[doc(hidden)]
    pub const fn through<B: Model>(position: usize) -> Self {
        Self {
            position,
            between: Some(B::schema),
            types: PhantomData,
        }
    }
}

impl<M: Model, T: Model> Relationship<M> for ToOne<M, T> {
    type Target = T;

    fn link(self) -> Link {
        link(M::schema(), self.position, Ends(T::schema(), None))
    }
}

impl<M: Model, T: Model> Relationship<M> for ToMany<M, T> {
    type Target = T;

    fn link(self) -> Link {
        let between = self.between.map(|schema| schema());
        link(M::schema(), self.position, Ends(T::schema(), between))
    }
}

/// The models that a relation names: where it leads, and what stands between.
struct Ends(&'static ModelSchema, Option<&'static ModelSchema>);

impl Models for Ends {
    fn of_table(&self, table: &TableName) -> Option<Arc<ModelSchema>> {
        let mut ends = [Some(self.0), self.1].into_iter().flatten();
        let found = ends.find(|model| model.table == *table);
        found.map(|model| Arc::new(model.clone()))
    }
}

fn link(model: &ModelSchema, position: usize, ends: Ends) -> Link {
    Link::at(&ends, model, position).expect("the derive names fields and models that there are")
}

/// Conditions.
impl<M: Model, T: Model> ToOne<M, T> {
    /// There is such a row, and a condition holds for it.
    pub fn is(self, condition: Predicate<T>) -> Predicate<M> {
        related(self, Quantifier::Some, condition)
    }

    /// Rows are sorted by a column of the row that this leads to, as [`Column::asc`] and
    /// [`Column::desc`] say; rows without one come where nulls do.
    ///
    /// [`Column::asc`]: super::Column::asc
    /// [`Column::desc`]: super::Column::desc
    pub fn by(self, sort: Sort<T>) -> Sort<M> {
        sort.over(self.link())
    }
}

/// Conditions.
impl<M: Model, T: Model> ToMany<M, T> {
    /// A condition holds for at least one of the rows.
    pub fn some(self, condition: Predicate<T>) -> Predicate<M> {
        related(self, Quantifier::Some, condition)
    }

    /// A condition holds for every one of the rows, of which there may be none.
    pub fn every(self, condition: Predicate<T>) -> Predicate<M> {
        related(self, Quantifier::Every, condition)
    }

    /// A condition holds for none of the rows.
    pub fn none(self, condition: Predicate<T>) -> Predicate<M> {
        related(self, Quantifier::None, condition)
    }

    /// There are no such rows.
    pub fn is_empty(self) -> Predicate<M> {
        let every_row = Predicate::new(Condition::every_row());
        related(self, Quantifier::None, every_row)
    }
}

fn related<M: Model, R: Relationship<M>>(
    relation: R,
    quantifier: Quantifier,
    condition: Predicate<R::Target>,
) -> Predicate<M> {
    let condition = Box::new(condition.into_condition());
    Predicate::new(Condition::Related(
        Arc::new(relation.link()),
        quantifier,
        condition,
    ))
}

macro_rules! value_types {
    ($($relation:ident)*) => {$(
        /// What is loaded beside the rows of a query.
        impl<M: Model, T: Model> $relation<M, T> {
            /// Only rows that a condition holds for.
            pub fn filter(self, condition: Predicate<T>) -> Include<M, Self> {
                Include::new(self).filter(condition)
            }

            /// What is loaded beside these rows: a relation of theirs, or a tuple of up to twelve.
            pub fn with<N>(self, nested: N) -> Include<M, Self, N> {
                Include::new(self).with(nested)
            }
        }

        impl<M, T> Clone for $relation<M, T> {
            fn clone(&self) -> Self {
                *self
            }
        }

        impl<M, T> Copy for $relation<M, T> {}

        impl<M: Model, T: Model> fmt::Debug for $relation<M, T> {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                let (kind, model, link) = (stringify!($relation), &M::schema().name, self.link());
                write!(formatter, "{kind}({model}.{})", link.name())
            }
        }
    )*};
}

value_types!(ToOne ToMany);

/// What is loaded beside the rows of a query.
impl<M: Model, T: Model> ToMany<M, T> {
    /// In the order of a column.
    pub fn order_by(self, sort: Sort<T>) -> Include<M, Self> {
        Include::new(self).order_by(sort)
    }

    /// At most so many rows for each row of the query.
    pub fn limit(self, limit: usize) -> Include<M, Self> {
        Include::new(self).limit(limit)
    }
}
