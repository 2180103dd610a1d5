//! The Rust type of a key.

use crate::error::Result;
use crate::row::RowSource;
use crate::schema::FieldValue;
use crate::value::Value;

/// The type of a model's key: that of its field, or a tuple of those of its fields.
///
/// ```
/// use dataflow_core::Value;
/// use dataflow_core::schema::KeyValue;
///
/// assert_eq!(7_i64.to_values(), [Value::Integer(7)]);
/// assert_eq!((7_i64, 9_i64).to_values(), [Value::Integer(7), Value::Integer(9)]);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the key of a model",
    note = "a key is a field of a model, or a tuple of up to eight of them"
)]
pub trait KeyValue: Sized + Send + Sync + 'static {
    /// The key as it stands in a row: a reference, or a tuple of references.
    type Ref<'a>;

    /// The key as it stands in a row.
    fn borrowed(&self) -> Self::Ref<'_>;

    /// The values that are stored, in the order of the key's fields.
    fn values(key: Self::Ref<'_>) -> Vec<Value>;

    /// The values that are stored, in the order of the key's fields.
    fn to_values(&self) -> Vec<Value> {
        Self::values(self.borrowed())
    }

    /// Reads a row whose columns are the fields of the key, in its order.
    ///
    /// # Errors
    ///
    /// When a column holds what its field's type cannot hold.
    fn read_key<R: RowSource>(row: &R) -> Result<Self>;
}

impl<T: FieldValue> KeyValue for T {
    type Ref<'a> = &'a T;

    fn borrowed(&self) -> &T {
        self
    }

    fn values(key: &T) -> Vec<Value> {
        vec![key.to_value()]
    }

    fn read_key<R: RowSource>(row: &R) -> Result<Self> {
        T::read(row, 0)
    }
}

/// Tuples of fields.
macro_rules! key_values {
    ($(($($field:ident)+))+) => {$(
        impl<$($field: FieldValue),+> KeyValue for ($($field,)+) {
            type Ref<'a> = ($(&'a $field,)+);

            #[allow(non_snake_case, reason = "a field is named after its type")]
            fn borrowed(&self) -> Self::Ref<'_> {
                let ($($field,)+) = self;
                ($($field,)+)
            }

            #[allow(non_snake_case, reason = "a field is named after its type")]
            fn values(($($field,)+): Self::Ref<'_>) -> Vec<Value> {
                vec![$($field.to_value()),+]
            }

            fn read_key<R: RowSource>(row: &R) -> Result<Self> {
                let mut ordinals = 0..;
                let mut next = || ordinals.next().unwrap_or_default();
                Ok(($($field::read(row, next())?,)+))
            }
        }
    )+};
}

key_values! {
    (A B)
    (A B C)
    (A B C D)
    (A B C D E)
    (A B C D E F)
    (A B C D E F G)
    (A B C D E F G H)
}
