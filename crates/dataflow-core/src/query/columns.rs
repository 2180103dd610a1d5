//! Which columns of a row are given, and as what.

use std::marker::PhantomData;

use super::column::Column;
use super::order::By;
use crate::error::Result;
use crate::row::{RowSource, for_tuples};
use crate::schema::{FieldValue, Model};

/// The columns of model `M` that a query gives: a column, a value inside documents
/// ([`DocumentValue`](super::DocumentValue)), a tuple of up to twelve of these, those of a struct
/// ([`PartialRow`](super::PartialRow)), or [`WholeRow`]. A row has the type of the column's field, or is
/// a tuple of those, or the struct.
#[diagnostic::on_unimplemented(
    message = "`{Self}` selects no columns of `{M}`",
    note = "name a column of `{M}` or a tuple of up to twelve, as in `(User::ID, User::EMAIL)`, or a struct's `COLUMNS`"
)]
pub trait Columns<M>: Send {
    /// What a row is read as.
    type Row: Send + 'static;

    /// How many columns it reads; none where it reads all.
    const COUNT: usize;

    /// What is given of a row, in the order in which it is read; none for all fields.
    fn columns(&self) -> Option<Vec<By>>;

    /// Reads a row that has these columns first.
    ///
    /// # Errors
    ///
    /// When a column holds what its field's type cannot hold.
    fn read<R: RowSource>(row: &R) -> Result<Self::Row>;
}

/// One column, or one value inside documents, alone or in a tuple.
#[doc(hidden)]
pub trait Single<M>: Send {
    /// What it is read as.
    type Value: Send + 'static;

    fn by(&self) -> By;

    fn read_at<R: RowSource>(row: &R, ordinal: usize) -> Result<Self::Value>;
}

/// All columns, read as the model's struct.
#[derive(Debug, Clone, Copy)]
pub struct WholeRow<M>(PhantomData<fn() -> M>);

impl<M> Default for WholeRow<M> {
    fn default() -> Self {
        Self(PhantomData)
    }
}

impl<M: Model> Columns<M> for WholeRow<M> {
    type Row = M;

    const COUNT: usize = 0;

    fn columns(&self) -> Option<Vec<By>> {
        None
    }

    fn read<R: RowSource>(row: &R) -> Result<M> {
        M::from_row(row)
    }
}

impl<M: Model, T: FieldValue> Single<M> for Column<M, T> {
    type Value = T;

    fn by(&self) -> By {
        By::Field(self.position())
    }

    fn read_at<R: RowSource>(row: &R, ordinal: usize) -> Result<T> {
        T::read(row, ordinal)
    }
}

impl<M: Model, T: FieldValue> Columns<M> for Column<M, T> {
    type Row = T;

    const COUNT: usize = 1;

    fn columns(&self) -> Option<Vec<By>> {
        Some(vec![self.by()])
    }

    fn read<R: RowSource>(row: &R) -> Result<T> {
        T::read(row, 0)
    }
}

macro_rules! tuples {
    ($($($field:ident $ordinal:tt)+;)+) => {$(
        impl<M: Model, $($field: Single<M>),+> Columns<M> for ($($field,)+) {
            type Row = ($($field::Value,)+);

            const COUNT: usize = [$($ordinal),+].len();

            fn columns(&self) -> Option<Vec<By>> {
                Some(vec![$(self.$ordinal.by()),+])
            }

            fn read<R: RowSource>(row: &R) -> Result<Self::Row> {
                Ok(($($field::read_at(row, $ordinal)?,)+))
            }
        }
    )+};
}

for_tuples!(tuples);
