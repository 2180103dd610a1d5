//! A condition over the typed columns of a model.

use std::fmt;
use std::marker::PhantomData;
use std::ops;

use super::condition::Condition;
use super::filter::{Filter, FilterOf};
use crate::schema::Model;

/// A condition over the columns of one model, made by [`Column`](super::Column) and joined by
/// [`and`](Self::and), [`or`](Self::or) and `!`.
///
#[cfg_attr(feature = "derive", doc = "```")]
#[cfg_attr(not(feature = "derive"), doc = "```ignore")]
/// use dataflow_core::Model;
///
/// #[derive(Model)]
/// struct User {
///     #[model(primary_key)]
///     id: i64,
///     email: String,
///     age: Option<i32>,
/// }
///
/// let adults = User::AGE.gte(18).or(User::AGE.is_null());
/// let some = adults.and(!User::EMAIL.ends_with("@example.org"));
/// # let _ = some;
/// ```
#[must_use]
pub struct Predicate<M> {
    condition: Condition,
    model: PhantomData<fn() -> M>,
}

impl<M> Predicate<M> {
    pub(super) fn new(condition: Condition) -> Self {
        Self {
            condition,
            model: PhantomData,
        }
    }

    pub(super) fn into_condition(self) -> Condition {
        self.condition
    }

    /// Both hold.
    pub fn and(self, other: Self) -> Self {
        Self::new(self.condition.and(other.condition))
    }

    /// At least one holds.
    pub fn or(self, other: Self) -> Self {
        Self::new(self.condition.or(other.condition))
    }
}

/// The rows that a predicate does not let through, those included where a null leaves it open.
impl<M> ops::Not for Predicate<M> {
    type Output = Self;

    fn not(self) -> Self {
        Self::new(Condition::Not(Box::new(self.condition)))
    }
}

impl<M: Model> FilterOf<M> for Predicate<M> {
    fn into_filter(self) -> Filter {
        Filter::new(M::schema(), self.condition)
    }
}

impl<M> Clone for Predicate<M> {
    fn clone(&self) -> Self {
        Self::new(self.condition.clone())
    }
}

impl<M> fmt::Debug for Predicate<M> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_tuple("Predicate")
            .field(&self.condition)
            .finish()
    }
}
