//! What a row of any statement is read as.

use super::RowSource;
use crate::error::Result;
use crate::schema::{FieldType, FieldValue, Model};

/// What a row of any statement is read as, by the order of its columns: a model, whose fields the
/// columns follow, or a tuple of up to twelve values.
#[diagnostic::on_unimplemented(
    message = "a row cannot be read as `{Self}`",
    note = "read it as a model, or as a tuple of values such as `(i64, Option<String>)`"
)]
pub trait FromRow: Sized + Send + 'static {
    /// The types that the columns must have.
    fn types() -> Vec<FieldType>;

    /// Reads a row whose columns have these types.
    ///
    /// # Errors
    ///
    /// When a column holds what its type cannot hold, such as a null.
    fn from_row<R: RowSource>(row: &R) -> Result<Self>;
}

impl<M: Model> FromRow for M {
    fn types() -> Vec<FieldType> {
        let fields = M::schema().fields.iter();
        fields.map(|field| field.field_type.clone()).collect()
    }

    fn from_row<R: RowSource>(row: &R) -> Result<Self> {
        M::from_row(row)
    }
}

macro_rules! tuples {
    ($($($value:ident $ordinal:tt)+;)+) => {$(
        impl<$($value: FieldValue),+> FromRow for ($($value,)+) {
            fn types() -> Vec<FieldType> {
                vec![$($value::TYPE),+]
            }

            fn from_row<R: RowSource>(row: &R) -> Result<Self> {
                Ok(($($value::read(row, $ordinal)?,)+))
            }
        }
    )+};
}

tuples! {
    A 0;
    A 0 B 1;
    A 0 B 1 C 2;
    A 0 B 1 C 2 D 3;
    A 0 B 1 C 2 D 3 E 4;
    A 0 B 1 C 2 D 3 E 4 F 5;
    A 0 B 1 C 2 D 3 E 4 F 5 G 6;
    A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7;
    A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8;
    A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8 J 9;
    A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8 J 9 K 10;
    A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8 J 9 K 10 L 11;
}
