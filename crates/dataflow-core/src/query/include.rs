//! What is loaded beside the rows of a query.

use std::marker::PhantomData;

use super::filter::Filter;
use super::link::Link;
use super::order::{By, Order, Sort};
use super::predicate::Predicate;
use super::relation::{Relationship, ToMany};
use crate::schema::Model;

/// What is loaded of the rows that a relation leads to: those of each row of a query, together, in
/// one statement.
#[derive(Debug, Clone)]
pub struct Inclusion {
    /// The relation.
    pub link: Link,
    /// Which of its rows.
    pub filter: Filter,
    /// In which order.
    pub order: Vec<Order>,
    /// What is given of them; none for all fields.
    pub fields: Option<Vec<By>>,
    /// The most rows for each row of the query.
    pub limit: Option<usize>,
    /// What is loaded beside these rows.
    pub includes: Vec<Inclusion>,
}

impl Inclusion {
    /// Every row that a relation leads to.
    pub fn of(link: Link) -> Self {
        Self {
            link,
            filter: Filter::all(),
            order: Vec::new(),
            fields: None,
            limit: None,
            includes: Vec::new(),
        }
    }
}

/// A relation `R` of model `M` that is loaded beside its rows, and what is loaded beside those: `N`.
/// Made by the methods of [`ToOne`](super::ToOne) and [`ToMany`].
#[derive(Debug, Clone)]
#[must_use]
pub struct Include<M, R, N = ()> {
    relation: R,
    filter: Filter,
    order: Vec<Order>,
    limit: Option<usize>,
    nested: N,
    model: PhantomData<fn() -> M>,
}

impl<M: Model, R: Relationship<M>> Include<M, R> {
    pub(super) fn new(relation: R) -> Self {
        Self {
            relation,
            filter: Filter::all(),
            order: Vec::new(),
            limit: None,
            nested: (),
            model: PhantomData,
        }
    }

    /// What is loaded beside these rows: a relation of theirs, or a tuple of up to twelve.
    pub fn with<N>(self, nested: N) -> Include<M, R, N> {
        Include {
            relation: self.relation,
            filter: self.filter,
            order: self.order,
            limit: self.limit,
            nested,
            model: PhantomData,
        }
    }
}

impl<M: Model, R: Relationship<M>, N> Include<M, R, N> {
    /// Only rows that a condition holds for, and every condition that was added before.
    pub fn filter(mut self, condition: Predicate<R::Target>) -> Self {
        self.filter = self.filter.and_where(condition);
        self
    }

    /// The same without types, and what is loaded beside its rows, which it does not yet say.
    pub fn into_parts(self) -> (Inclusion, N) {
        let inclusion = Inclusion {
            filter: self.filter,
            order: self.order,
            limit: self.limit,
            ..Inclusion::of(self.relation.link())
        };
        (inclusion, self.nested)
    }
}

impl<M: Model, T: Model, N> Include<M, ToMany<M, T>, N> {
    /// In the order of a column, within the order that was asked for before.
    pub fn order_by(mut self, sort: Sort<T>) -> Self {
        self.order.push(sort.into_order());
        self
    }

    /// At most so many rows for each row of the query.
    pub fn limit(mut self, limit: usize) -> Self {
        self.limit = Some(limit);
        self
    }
}
