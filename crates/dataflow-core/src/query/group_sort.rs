//! How groups are sorted: by what they are alike in, or by what they come to.

use std::marker::PhantomData;

use super::aggregate::{Aggregate, Measure};
use super::order::{Direction, Order, Sort};
use crate::schema::{Model, Nulls};

/// What groups are sorted by: a column that they are alike in, or what they come to.
#[derive(Debug, Clone)]
pub struct GroupSort<M> {
    term: GroupTerm,
    model: PhantomData<fn() -> M>,
}

/// The same without its model.
#[derive(Debug, Clone)]
pub enum GroupTerm {
    /// By a field of the model.
    Field(Order),
    /// By what the rows of a group come to.
    Measure {
        /// What it is.
        aggregate: Aggregate,
        /// Whether the least or the greatest comes first.
        direction: Direction,
        /// Where groups come that come to nothing.
        nulls: Nulls,
    },
}

impl<M> GroupSort<M> {
    fn of(aggregate: Aggregate, direction: Direction) -> Self {
        Self {
            term: GroupTerm::Measure {
                aggregate,
                direction,
                nulls: direction.nulls(),
            },
            model: PhantomData,
        }
    }

    /// Groups without a value come before those with one.
    #[must_use]
    pub fn nulls_first(self) -> Self {
        self.with_nulls(Nulls::First)
    }

    /// Groups without a value come after those with one.
    #[must_use]
    pub fn nulls_last(self) -> Self {
        self.with_nulls(Nulls::Last)
    }

    fn with_nulls(mut self, wanted: Nulls) -> Self {
        match &mut self.term {
            GroupTerm::Field(order) => order.nulls = wanted,
            GroupTerm::Measure { nulls, .. } => *nulls = wanted,
        }
        self
    }

    /// The same without its model.
    pub fn into_term(self) -> GroupTerm {
        self.term
    }
}

impl<M> From<Sort<M>> for GroupSort<M> {
    fn from(sort: Sort<M>) -> Self {
        Self {
            term: GroupTerm::Field(sort.into_order()),
            model: PhantomData,
        }
    }
}

/// What groups come to, as an order.
impl<M: Model, T> Measure<M, T> {
    /// Groups are sorted by it, the least value first; groups without one come last.
    pub fn asc(self) -> GroupSort<M> {
        GroupSort::of(self.aggregate(), Direction::Ascending)
    }

    /// Groups are sorted by it, the greatest value first; groups without one come before it.
    pub fn desc(self) -> GroupSort<M> {
        GroupSort::of(self.aggregate(), Direction::Descending)
    }
}
