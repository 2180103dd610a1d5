//! Some columns of a model, read as a struct of their own.

use std::fmt;
use std::marker::PhantomData;

use super::column::Column;
use super::columns::Columns;
use super::order::By;
use crate::error::Result;
use crate::row::{FromRow, RowColumn, RowSource};
use crate::schema::Model;

/// Some columns, read as a struct: what `select` takes where
/// [`#[derive(FromRow)]`](crate::FromRow) says with `#[model(of = User)]` whose columns they are.
///
#[cfg_attr(feature = "derive", doc = "```")]
#[cfg_attr(not(feature = "derive"), doc = "```ignore")]
/// use dataflow_core::query::{By, Columns};
/// use dataflow_core::{FromRow, Model};
///
/// #[derive(Model)]
/// struct User {
///     #[model(primary_key)]
///     id: i64,
///     email: String,
///     age: Option<i32>,
/// }
///
/// #[derive(FromRow)]
/// #[model(of = User)]
/// struct Contact {
///     #[model(field = email)]
///     address: String,
///     id: i64,
/// }
///
/// assert_eq!(Contact::COLUMNS.columns(), Some(vec![By::Field(1), By::Field(0)]));
/// ```
pub struct PartialRow<M, T>(PhantomData<fn() -> (M, T)>);

impl<M, T> PartialRow<M, T> {
    /// The derive calls this.
    #[doc(hidden)]
    pub const fn new() -> Self {
        Self(PhantomData)
    }
}

impl<M, T> Default for PartialRow<M, T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<M, T> Clone for PartialRow<M, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<M, T> Copy for PartialRow<M, T> {}

impl<M: Model, T: PartOf<M>> fmt::Debug for PartialRow<M, T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_tuple("PartialRow")
            .field(&T::POSITIONS)
            .finish()
    }
}

/// A struct whose fields are some of those of model `M`. Derive [`FromRow`] for it with
/// `#[model(of = …)]`, which compares their types.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no part of the rows of `{M}`",
    note = "add `#[derive(FromRow)]` and `#[model(of = {M})]` to `{Self}`"
)]
pub trait PartOf<M: Model>: FromRow {
    /// The positions of the model's fields, in the order of the struct.
    const POSITIONS: &'static [usize];
}

impl<M: Model, T: PartOf<M>> Columns<M> for PartialRow<M, T> {
    type Row = T;

    const COUNT: usize = T::POSITIONS.len();

    fn columns(&self) -> Option<Vec<By>> {
        Some(T::POSITIONS.iter().copied().map(By::Field).collect())
    }

    fn read<R: RowSource>(row: &R) -> Result<T> {
        T::from_row(row)
    }
}

/// The columns of a struct, as its model calls them; the derive calls this.
#[doc(hidden)]
pub fn columns_of<M: Model, T: PartOf<M>>() -> Vec<RowColumn> {
    let fields = &M::schema().fields;
    let named = |position: &usize| {
        let field = &fields[*position];
        RowColumn::named(field.column.clone(), field.field_type.clone())
    };
    T::POSITIONS.iter().map(named).collect()
}

/// The position of a column whose field has type `T`; the derive calls this.
#[doc(hidden)]
pub const fn position_of<M, T>(column: Column<M, T>) -> usize {
    column.position()
}
