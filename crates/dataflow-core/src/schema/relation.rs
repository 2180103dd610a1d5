//! A model that points at another.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::{FieldValue, Model, TableName, Text};

/// A field whose value is the key of a row of another model: a foreign key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Relation {
    /// The field that holds the other row's key.
    pub field: Text,
    /// The table of the other model.
    pub table: TableName,
    /// The column of the other model's key.
    pub column: Text,
    /// What becomes of this row when the other is deleted.
    #[serde(default, skip_serializing_if = "Action::is_refusal")]
    pub on_delete: Action,
    /// What becomes of this row when the other's key changes.
    #[serde(default, skip_serializing_if = "Action::is_refusal")]
    pub on_update: Action,
    /// Whether the other row need not exist before the transaction ends.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub deferred: bool,
    /// What it is called, where that is not the field without `_id`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Text>,
}

/// What becomes of a row when the row it points at goes or changes its key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// The other row may not: the statement fails, or the transaction if the relation is deferred.
    #[default]
    NoAction,
    /// The other row may not: the statement fails at once.
    Restrict,
    /// It goes or changes with the other.
    Cascade,
    /// It points at nothing.
    SetNull,
    /// It points at what the field's default names.
    SetDefault,
}

impl Action {
    /// Whether it is the usual one.
    fn is_refusal(&self) -> bool {
        *self == Self::NoAction
    }

    /// Whether it changes or removes the row.
    pub fn is_change(self) -> bool {
        matches!(self, Self::Cascade | Self::SetNull | Self::SetDefault)
    }
}

impl Relation {
    /// A field that holds the key of a row of a table.
    pub fn new(
        field: impl Into<Text>,
        table: impl Into<TableName>,
        column: impl Into<Text>,
    ) -> Self {
        Self {
            field: field.into(),
            table: table.into(),
            column: column.into(),
            on_delete: Action::NoAction,
            on_update: Action::NoAction,
            deferred: false,
            name: None,
        }
    }
}

/// A field that can hold the key of another model: that key, or an `Option` of it.
#[diagnostic::on_unimplemented(
    message = "a field of type `{Self}` cannot hold a key of type `{Key}`",
    note = "give the field the type of the other model's key, or an `Option` of it; a key of several fields cannot be pointed at"
)]
#[doc(hidden)]
pub trait Reference<Key> {}

impl<Key: FieldValue> Reference<Key> for Key {}

impl<Key: FieldValue> Reference<Key> for Option<Key> {}

/// A relation of a compiled model; the derive calls this, and its bounds check the types.
#[doc(hidden)]
pub const fn relation<Parent: Model, Field: Reference<Parent::Key>>(
    field: &'static str,
    on_delete: Action,
    on_update: Action,
    deferred: bool,
    name: Option<&'static str>,
) -> Relation {
    Relation {
        field: Cow::Borrowed(field),
        table: Parent::TABLE,
        column: Cow::Borrowed(Parent::KEY_COLUMN),
        on_delete,
        on_update,
        deferred,
        name: match name {
            Some(name) => Some(Cow::Borrowed(name)),
            None => None,
        },
    }
}
