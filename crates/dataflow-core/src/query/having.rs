//! What groups must come to.

use std::fmt;
use std::marker::PhantomData;
use std::ops;

use super::aggregate::{Aggregate, Measure};
use super::column::Column;
use super::condition::Condition;
use super::operand::{Operand, Ordered};
use super::predicate::Predicate;
use crate::schema::Model;

/// A condition on what the rows of a group come to, made by [`Measure`] and joined by
/// [`and`](Self::and), [`or`](Self::or) and `!`.
///
#[cfg_attr(feature = "derive", doc = "```")]
#[cfg_attr(not(feature = "derive"), doc = "```ignore")]
/// use dataflow_core::Model;
/// use dataflow_core::query::count;
///
/// #[derive(Model)]
/// struct User {
///     #[model(primary_key)]
///     id: i64,
///     age: Option<i32>,
/// }
///
/// let crowded = count::<User>().gte(10).and(!User::AGE.max().lt(18));
/// # let _ = crowded;
/// ```
#[must_use]
pub struct Having<M> {
    aggregates: Vec<Aggregate>,
    /// Its fields are positions among the aggregates.
    condition: Condition,
    model: PhantomData<fn() -> M>,
}

impl<M> Having<M> {
    /// Both hold.
    pub fn and(self, other: Self) -> Self {
        self.joined(other, Condition::and)
    }

    /// At least one holds.
    pub fn or(self, other: Self) -> Self {
        self.joined(other, Condition::or)
    }

    fn joined(self, other: Self, join: fn(Condition, Condition) -> Condition) -> Self {
        let own = self.aggregates.len();
        let theirs = other.condition.with_fields(&|field| field + own);
        Self {
            condition: join(self.condition, theirs),
            aggregates: [self.aggregates, other.aggregates].concat(),
            model: PhantomData,
        }
    }

    /// The condition, whose fields are positions among the aggregates.
    pub fn into_parts(self) -> (Vec<Aggregate>, Condition) {
        (self.aggregates, self.condition)
    }
}

/// The groups that a condition does not hold for, those included where a null leaves it open.
impl<M> ops::Not for Having<M> {
    type Output = Self;

    fn not(self) -> Self {
        Self {
            condition: Condition::Not(Box::new(self.condition)),
            ..self
        }
    }
}

impl<M> fmt::Debug for Having<M> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Having")
            .field("aggregates", &self.aggregates)
            .field("condition", &self.condition)
            .finish()
    }
}

/// What groups must come to, asked as of a [`Column`]. A null is neither less nor greater than
/// anything.
impl<M: Model, T> Measure<M, T> {
    /// It equals a value; `None` asks for null.
    pub fn eq(self, value: impl Operand<T>) -> Having<M> {
        self.having(|column| column.eq(value))
    }

    /// It does not equal a value, which a null does not either; `None` asks for anything but null.
    pub fn ne(self, value: impl Operand<T>) -> Having<M> {
        self.having(|column| column.ne(value))
    }

    /// The column of the one aggregate stands where that of a field does.
    fn having(self, ask: impl FnOnce(Column<M, T>) -> Predicate<M>) -> Having<M> {
        Having {
            aggregates: vec![self.aggregate()],
            condition: ask(Column::new(0)).into_condition(),
            model: PhantomData,
        }
    }
}

/// Measures that have an order.
impl<M: Model, T: Ordered> Measure<M, T> {
    /// It is less than a value.
    pub fn lt(self, value: impl Operand<T>) -> Having<M> {
        self.having(|column| column.lt(value))
    }

    /// It is less than a value, or equal.
    pub fn lte(self, value: impl Operand<T>) -> Having<M> {
        self.having(|column| column.lte(value))
    }

    /// It is greater than a value.
    pub fn gt(self, value: impl Operand<T>) -> Having<M> {
        self.having(|column| column.gt(value))
    }

    /// It is greater than a value, or equal.
    pub fn gte(self, value: impl Operand<T>) -> Having<M> {
        self.having(|column| column.gte(value))
    }

    /// It is neither less than the first value nor greater than the second.
    pub fn between(self, least: impl Operand<T>, most: impl Operand<T>) -> Having<M> {
        self.having(|column| column.between(least, most))
    }
}
