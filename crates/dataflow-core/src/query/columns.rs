//! Which columns of a row are given, and as what.

use std::marker::PhantomData;

use super::column::Column;
use crate::error::Result;
use crate::row::{RowSource, for_tuples};
use crate::schema::{FieldValue, Model};

/// The columns of model `M` that a query gives: a column, a tuple of up to eight, those of a struct
/// ([`PartialRow`](super::PartialRow)), or [`WholeRow`]. A row has the type of the column's field, or is a tuple of
/// those, or the struct.
#[diagnostic::on_unimplemented(
    message = "`{Self}` selects no columns of `{M}`",
    note = "name a column of `{M}` or a tuple of up to twelve, as in `(User::ID, User::EMAIL)`, or a struct's `COLUMNS`"
)]
pub trait Columns<M>: Send {
    /// What a row is read as.
    type Row: Send + 'static;

    /// How many columns it reads; none where it reads all.
    const COUNT: usize;

    /// The positions of the fields, in the order in which they are read; none for all.
    fn positions(&self) -> Option<Vec<usize>>;

    /// Reads a row that has these columns first.
    ///
    /// # Errors
    ///
    /// When a column holds what its field's type cannot hold.
    fn read<R: RowSource>(row: &R) -> Result<Self::Row>;
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

    fn positions(&self) -> Option<Vec<usize>> {
        None
    }

    fn read<R: RowSource>(row: &R) -> Result<M> {
        M::from_row(row)
    }
}

impl<M: Model, T: FieldValue> Columns<M> for Column<M, T> {
    type Row = T;

    const COUNT: usize = 1;

    fn positions(&self) -> Option<Vec<usize>> {
        Some(vec![self.position()])
    }

    fn read<R: RowSource>(row: &R) -> Result<T> {
        T::read(row, 0)
    }
}

macro_rules! tuples {
    ($($($field:ident $ordinal:tt)+;)+) => {$(
        impl<M: Model, $($field: FieldValue),+> Columns<M> for ($(Column<M, $field>,)+) {
            type Row = ($($field,)+);

            const COUNT: usize = [$($ordinal),+].len();

            fn positions(&self) -> Option<Vec<usize>> {
                Some(vec![$(self.$ordinal.position()),+])
            }

            fn read<R: RowSource>(row: &R) -> Result<Self::Row> {
                Ok(($($field::read(row, $ordinal)?,)+))
            }
        }
    )+};
}

for_tuples!(tuples);
