//! What a column of rows that exist is given.

use std::fmt;
use std::marker::PhantomData;

use super::aggregate::Summable;
use super::column::Column;
use super::operand::Operand;
use crate::schema::Model;
use crate::value::Value;

/// What one column of model `M` is given in rows that exist: made by [`Column::set`] and
/// [`Column::add`], for operations that change some columns and leave the others alone.
///
#[cfg_attr(feature = "derive", doc = "```")]
#[cfg_attr(not(feature = "derive"), doc = "```ignore")]
/// use dataflow_core::Model;
///
/// #[derive(Model)]
/// struct User {
///     #[model(primary_key)]
///     id: i64,
///     name: String,
///     visits: i32,
/// }
///
/// let changes = [User::NAME.set("Ann"), User::VISITS.add(1)];
/// # let _ = changes;
/// ```
#[must_use = "a change does nothing until it is handed to an operation"]
pub struct Change<M> {
    position: usize,
    effect: Effect,
    value: Value,
    model: PhantomData<fn() -> M>,
}

/// What a value does to the column of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Effect {
    /// It takes the place of what the column holds.
    Set,
    /// It is added to what the column holds at that moment; a null stays null.
    Add,
}

impl<M> Change<M> {
    fn new(position: usize, effect: Effect, value: Value) -> Self {
        Self {
            position,
            effect,
            value,
            model: PhantomData,
        }
    }

    /// The position of the field, what is done to it, and the value.
    pub fn into_parts(self) -> (usize, Effect, Value) {
        (self.position, self.effect, self.value)
    }
}

/// What rows that exist can be given.
impl<M: Model, T> Column<M, T> {
    /// It holds a value from then on; `None` makes it null.
    pub fn set(self, value: impl Operand<T>) -> Change<M> {
        Change::new(self.position(), Effect::Set, value.into_value())
    }

    /// It holds so much more than it does at that moment, whatever others do meanwhile; less, if the
    /// number is negative. A null stays null.
    #[expect(
        clippy::should_implement_trait,
        reason = "it is said of a column, and gives a change"
    )]
    pub fn add(self, summand: T::Summand) -> Change<M>
    where
        T: Summable,
        T::Summand: Operand<T>,
    {
        Change::new(self.position(), Effect::Add, summand.into_value())
    }
}

impl<M> Clone for Change<M> {
    fn clone(&self) -> Self {
        Self::new(self.position, self.effect, self.value.clone())
    }
}

/// The name of the column and no value.
impl<M: Model> fmt::Debug for Change<M> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let column = Column::<M, ()>::new(self.position);
        formatter
            .debug_struct("Change")
            .field("column", &column)
            .field("effect", &self.effect)
            .finish_non_exhaustive()
    }
}
