//! A model that points at another.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::{FieldValue, Model, Text};

/// A field whose value is the key of a row of another model: a foreign key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Relation {
    /// The field that holds the other row's key.
    pub field: Text,
    /// The table of the other model.
    pub table: Text,
    /// The column of the other model's key.
    pub column: Text,
}

impl Relation {
    /// A field that holds the key of a row of a table.
    pub fn new(field: impl Into<Text>, table: impl Into<Text>, column: impl Into<Text>) -> Self {
        Self {
            field: field.into(),
            table: table.into(),
            column: column.into(),
        }
    }
}

/// A field that can hold the key of another model: that key, or an `Option` of it.
#[diagnostic::on_unimplemented(
    message = "a field of type `{Self}` cannot hold a key of type `{Key}`",
    note = "give the field the type of the other model's key, or an `Option` of it"
)]
#[doc(hidden)]
pub trait Reference<Key> {}

impl<Key: FieldValue> Reference<Key> for Key {}

impl<Key: FieldValue> Reference<Key> for Option<Key> {}

/// A relation of a compiled model; the derive calls this, and its bounds check the types.
#[doc(hidden)]
pub const fn relation<Parent: Model, Field: Reference<Parent::Key>>(
    field: &'static str,
) -> Relation {
    Relation {
        field: Cow::Borrowed(field),
        table: Cow::Borrowed(Parent::TABLE),
        column: Cow::Borrowed(Parent::KEY_COLUMN),
    }
}
