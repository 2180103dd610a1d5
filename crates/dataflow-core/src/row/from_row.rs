//! What a row of any statement is read as.

use super::{RowSource, for_tuples};
use crate::error::Result;
use crate::schema::{FieldType, FieldValue, Model, Text};

/// What a row of any statement is read as: a struct that derives it or a model, by the names of the
/// columns, or a tuple of up to twelve values, by their order.
///
#[cfg_attr(feature = "derive", doc = "```")]
#[cfg_attr(not(feature = "derive"), doc = "```ignore")]
/// use dataflow_core::FromRow;
///
/// #[derive(Debug, PartialEq, FromRow)]
/// struct CityTotal {
///     city: String,
///     #[model(column = "sum")]
///     pieces: Option<i64>,
/// }
///
/// let names = CityTotal::columns().into_iter().map(|column| column.name.unwrap());
/// assert!(names.eq(["city", "sum"]));
/// ```
#[diagnostic::on_unimplemented(
    message = "a row cannot be read as `{Self}`",
    note = "add `#[derive(FromRow)]` to `{Self}`, or read a model or a tuple such as `(i64, Option<String>)`"
)]
pub trait FromRow: Sized + Send + 'static {
    /// The columns that are read, in the order in which [`from_row`](Self::from_row) has them.
    fn columns() -> Vec<RowColumn>;

    /// Reads a row that has these columns first.
    ///
    /// # Errors
    ///
    /// When a column holds what its type cannot hold, such as a null.
    fn from_row<R: RowSource>(row: &R) -> Result<Self>;
}

/// A column that a row must have.
#[derive(Debug, Clone, PartialEq)]
pub struct RowColumn {
    /// What it is called; none where its place tells it.
    pub name: Option<Text>,
    /// What it holds.
    pub field_type: FieldType,
}

impl RowColumn {
    /// A column that is known by its name.
    pub fn named(name: impl Into<Text>, field_type: FieldType) -> Self {
        Self {
            name: Some(name.into()),
            field_type,
        }
    }

    /// A column that is known by its place.
    pub fn placed(field_type: FieldType) -> Self {
        Self {
            name: None,
            field_type,
        }
    }
}

impl<M: Model> FromRow for M {
    fn columns() -> Vec<RowColumn> {
        let fields = M::schema().fields.iter();
        fields
            .map(|field| RowColumn::named(field.column.clone(), field.field_type.clone()))
            .collect()
    }

    fn from_row<R: RowSource>(row: &R) -> Result<Self> {
        M::from_row(row)
    }
}

macro_rules! tuples {
    ($($($value:ident $ordinal:tt)+;)+) => {$(
        impl<$($value: FieldValue),+> FromRow for ($($value,)+) {
            fn columns() -> Vec<RowColumn> {
                vec![$(RowColumn::placed($value::TYPE)),+]
            }

            fn from_row<R: RowSource>(row: &R) -> Result<Self> {
                Ok(($($value::read(row, $ordinal)?,)+))
            }
        }
    )+};
}

for_tuples!(tuples);
