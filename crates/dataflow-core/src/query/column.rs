//! A column of a model, with its type.

use std::fmt;
use std::marker::PhantomData;

use super::aggregate::{Aggregate, Extreme, Function, Measure, Summable};
use super::condition::{Comparison, Condition, ItemComparison, Test};
use super::document::DocumentColumn;
use super::operand::{Alike, Document, Items, Operand, Ordered, Textual};
use super::order::{By, Direction, Sort};
use super::pattern::{Case, Pattern};
use super::predicate::Predicate;
use crate::schema::Model;
use crate::value::{Value, list_text};

/// A column of model `M` whose field has type `T`. `#[derive(Model)]` makes one for each field, as
/// a constant with the name and the visibility of the field: `User::EMAIL` for `email`.
///
/// Comparisons are methods that yield a [`Predicate`]; a value of another type does not compile.
///
/// ```compile_fail
/// # use dataflow_core::Model;
/// # #[derive(Model)]
/// # struct User {
/// #     #[model(primary_key)]
/// #     id: i64,
/// #     email: String,
/// # }
/// let all = User::EMAIL.eq(18);
/// ```
pub struct Column<M, T> {
    position: usize,
    types: PhantomData<fn() -> (M, T)>,
}

impl<M, T> Column<M, T> {
    /// The column of the field at a position. The derive calls this.
    #[doc(hidden)]
    pub const fn new(position: usize) -> Self {
        Self {
            position,
            types: PhantomData,
        }
    }

    /// The position of the field in its model.
    pub const fn position(self) -> usize {
        self.position
    }

    fn test(self, test: Test) -> Predicate<M> {
        Predicate::new(Condition::Field(self.position, test))
    }
}

/// Every column has these.
impl<M: Model, T> Column<M, T> {
    /// It equals a value; `None` asks for null.
    pub fn eq(self, value: impl Operand<T>) -> Predicate<M> {
        self.test(match value.into_value() {
            Value::Null => Test::Null(true),
            value => Test::Compare(Comparison::Equal, value),
        })
    }

    /// It does not equal a value, which a null does not either; `None` asks for anything but null.
    pub fn ne(self, value: impl Operand<T>) -> Predicate<M> {
        self.test(match value.into_value() {
            Value::Null => Test::Null(false),
            value => Test::Compare(Comparison::NotEqual, value),
        })
    }

    /// It is one of several values; of none, no row is let through. A `None` among them asks for
    /// null as well. SQLite reads a number of a list to 15 digits, so a float that needs more is
    /// better asked for by [`eq`](Self::eq).
    pub fn is_in<V: Operand<T>>(self, values: impl IntoIterator<Item = V>) -> Predicate<M> {
        let values = values.into_iter().map(Operand::into_value);
        let (nulls, values): (Vec<Value>, Vec<Value>) = values.partition(Value::is_null);
        let listed = self.test(Test::In(values));
        if nulls.is_empty() {
            listed
        } else {
            listed.or(self.is_null())
        }
    }

    /// It is none of several values.
    pub fn is_not_in<V: Operand<T>>(self, values: impl IntoIterator<Item = V>) -> Predicate<M> {
        !self.is_in(values)
    }

    /// It is null.
    pub fn is_null(self) -> Predicate<M> {
        self.test(Test::Null(true))
    }

    /// It is not null.
    pub fn is_not_null(self) -> Predicate<M> {
        self.test(Test::Null(false))
    }
}

/// Columns that have an order. A null is neither less nor greater than anything.
impl<M: Model, T: Ordered> Column<M, T> {
    /// It is less than a value.
    pub fn lt(self, value: impl Operand<T>) -> Predicate<M> {
        self.compare(Comparison::Less, value)
    }

    /// It is less than a value, or equal.
    pub fn lte(self, value: impl Operand<T>) -> Predicate<M> {
        self.compare(Comparison::LessOrEqual, value)
    }

    /// It is greater than a value.
    pub fn gt(self, value: impl Operand<T>) -> Predicate<M> {
        self.compare(Comparison::Greater, value)
    }

    /// It is greater than a value, or equal.
    pub fn gte(self, value: impl Operand<T>) -> Predicate<M> {
        self.compare(Comparison::GreaterOrEqual, value)
    }

    /// It is neither less than the first value nor greater than the second.
    pub fn between(self, least: impl Operand<T>, most: impl Operand<T>) -> Predicate<M> {
        self.gte(least).and(self.lte(most))
    }

    /// Rows are sorted by it, the least value first; rows without one come last.
    ///
    /// Texts come in the order of the database: that of their bytes on SQLite, and on PostgreSQL that
    /// of the column's collation, `#[model(collation = "…")]`, else the database's own. `"C"` there is
    /// the order of bytes as well.
    pub fn asc(self) -> Sort<M> {
        Sort::new(By::Field(self.position), Direction::Ascending)
    }

    /// Rows are sorted by it, the greatest value first; rows without one come before it.
    pub fn desc(self) -> Sort<M> {
        Sort::new(By::Field(self.position), Direction::Descending)
    }

    fn compare(self, comparison: Comparison, value: impl Operand<T>) -> Predicate<M> {
        match value.into_value() {
            // Nothing is on either side of null.
            Value::Null => Predicate::new(Condition::Any(Vec::new())),
            value => self.test(Test::Compare(comparison, value)),
        }
    }
}

/// Comparisons with another column of the same row, of the same type or an `Option` of it. A null
/// equals nothing and is neither less nor greater than anything.
///
#[cfg_attr(feature = "derive", doc = "```")]
#[cfg_attr(not(feature = "derive"), doc = "```ignore")]
/// use dataflow_core::Model;
///
/// #[derive(Model)]
/// struct Part {
///     #[model(primary_key)]
///     id: i64,
///     stock: i32,
///     wanted: Option<i32>,
/// }
///
/// let missing = Part::STOCK.lt_column(Part::WANTED);
/// # let _ = missing;
/// ```
impl<M: Model, T> Column<M, T> {
    /// It equals the other.
    pub fn eq_column<U: Alike<T>>(self, other: Column<M, U>) -> Predicate<M> {
        self.beside(Comparison::Equal, other)
    }

    /// It differs from the other; a null does from any value, and not from another null.
    pub fn ne_column<U: Alike<T>>(self, other: Column<M, U>) -> Predicate<M> {
        self.beside(Comparison::NotEqual, other)
    }

    fn beside<U>(self, comparison: Comparison, other: Column<M, U>) -> Predicate<M> {
        let condition = Condition::Fields(self.position, comparison, other.position);
        Predicate::new(condition)
    }
}

/// The same of columns that have an order.
impl<M: Model, T: Ordered> Column<M, T> {
    /// It is less than the other.
    pub fn lt_column<U: Alike<T>>(self, other: Column<M, U>) -> Predicate<M> {
        self.beside(Comparison::Less, other)
    }

    /// It is less than the other, or equal.
    pub fn lte_column<U: Alike<T>>(self, other: Column<M, U>) -> Predicate<M> {
        self.beside(Comparison::LessOrEqual, other)
    }

    /// It is greater than the other.
    pub fn gt_column<U: Alike<T>>(self, other: Column<M, U>) -> Predicate<M> {
        self.beside(Comparison::Greater, other)
    }

    /// It is greater than the other, or equal.
    pub fn gte_column<U: Alike<T>>(self, other: Column<M, U>) -> Predicate<M> {
        self.beside(Comparison::GreaterOrEqual, other)
    }
}

/// Columns of text.
impl<M: Model, T: Textual> Column<M, T> {
    /// It matches a pattern of SQL: `%` is any characters, `_` is one, a backslash escapes both.
    pub fn like(self, pattern: &str) -> Predicate<M> {
        self.test(Test::Matches(Case::Sensitive, Pattern::like(pattern)))
    }

    /// As [`like`](Self::like), whatever the case; SQLite ignores that of ASCII letters only.
    pub fn ilike(self, pattern: &str) -> Predicate<M> {
        self.test(Test::Matches(Case::Insensitive, Pattern::like(pattern)))
    }

    /// It holds a text.
    pub fn contains(self, text: &str) -> Predicate<M> {
        self.test(Test::Matches(Case::Sensitive, Pattern::containing(text)))
    }

    /// It begins with a text.
    pub fn starts_with(self, text: &str) -> Predicate<M> {
        self.test(Test::Matches(Case::Sensitive, Pattern::starting_with(text)))
    }

    /// It ends with a text.
    pub fn ends_with(self, text: &str) -> Predicate<M> {
        self.test(Test::Matches(Case::Sensitive, Pattern::ending_with(text)))
    }
}

/// Columns of lists. Neither the order of items nor how often one is there makes a difference.
impl<M: Model, T: Items> Column<M, T> {
    /// All of some items are among its own.
    pub fn contains_all<V: Operand<T::Item>>(
        self,
        items: impl IntoIterator<Item = V>,
    ) -> Predicate<M> {
        self.compare_items(ItemComparison::Contains, items)
    }

    /// All its items are among some.
    pub fn is_contained_in<V: Operand<T::Item>>(
        self,
        items: impl IntoIterator<Item = V>,
    ) -> Predicate<M> {
        self.compare_items(ItemComparison::Contained, items)
    }

    /// At least one of its items is among some.
    pub fn overlaps<V: Operand<T::Item>>(self, items: impl IntoIterator<Item = V>) -> Predicate<M> {
        self.compare_items(ItemComparison::Overlaps, items)
    }

    /// It has no item, and is not null.
    pub fn is_empty(self) -> Predicate<M> {
        self.test(Test::Empty(true))
    }

    fn compare_items<V: Operand<T::Item>>(
        self,
        comparison: ItemComparison,
        items: impl IntoIterator<Item = V>,
    ) -> Predicate<M> {
        let items = items.into_iter().map(Operand::into_value);
        let list = Value::Json(list_text(&T::ITEM, items));
        self.test(Test::Items(comparison, list))
    }
}

/// What the values of a column come to; none where every value is null or there is no row.
impl<M: Model, T> Column<M, T> {
    /// How many different values there are.
    pub fn count_distinct(self) -> Measure<M, i64> {
        Measure::new(Aggregate::Of(Function::CountDistinct, self.position))
    }

    /// The sum. One of integers beyond 64 bits is an error.
    pub fn sum(self) -> Measure<M, Option<T::Sum>>
    where
        T: Summable,
    {
        Measure::new(Aggregate::Of(Function::Sum, self.position))
    }

    /// The mean.
    pub fn avg(self) -> Measure<M, Option<T::Average>>
    where
        T: Summable,
    {
        Measure::new(Aggregate::Of(Function::Avg, self.position))
    }

    /// The least value.
    pub fn min(self) -> Measure<M, Option<T::Value>>
    where
        T: Extreme,
    {
        Measure::new(Aggregate::Of(Function::Min, self.position))
    }

    /// The greatest value.
    pub fn max(self) -> Measure<M, Option<T::Value>>
    where
        T: Extreme,
    {
        Measure::new(Aggregate::Of(Function::Max, self.position))
    }
}

/// Columns of JSON documents.
impl<M: Model, T: Document> Column<M, T> {
    /// Another document is found in it: it has all members of an object and all items of an array,
    /// in any order and among others, down to every value. On PostgreSQL that is `@>`, which an index
    /// with `method = "gin"` serves.
    pub fn contains_document(self, document: &serde_json::Value) -> Predicate<M> {
        self.test(Test::Contains(Value::Json(document.to_string())))
    }

    /// A place inside the document: a member of an object, or a position in an array.
    pub fn at(self, member: impl Into<String>) -> DocumentColumn<M> {
        DocumentColumn::new(self.position, member.into())
    }
}

impl<M, T> Clone for Column<M, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<M, T> Copy for Column<M, T> {}

impl<M: Model, T> fmt::Debug for Column<M, T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let model = M::schema();
        let field = model.fields.get(self.position).map(|field| &field.name);
        write!(
            formatter,
            "Column({}.{})",
            model.name,
            field.map_or("?", |name| name)
        )
    }
}
