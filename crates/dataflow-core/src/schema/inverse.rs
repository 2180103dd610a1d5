//! Rows of other models that point at a model.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::{Model, Reference, TableName, Text};
use crate::query::Column;

/// Rows of another model that belong to a row of this one, under a name. It is a relation of the
/// other model (or of one between the two), read backwards, so it makes no column and no constraint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inverse {
    /// What it is called: `posts`.
    pub name: Text,
    /// The table of the model that it leads to.
    pub table: TableName,
    /// How many rows it leads to.
    pub arity: Arity,
    /// The field that holds the key of this row: one of the other model, or of the one between.
    pub field: Text,
    /// The model between the two, whose rows pair rows of one with rows of the other.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub through: Option<Through>,
}

/// A model between two others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Through {
    /// Its table.
    pub table: TableName,
    /// Its field that holds the key of the row which the relation leads to.
    pub field: Text,
}

/// How many rows a relation leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Arity {
    /// One at the most.
    One,
    /// Any number.
    Many,
}

impl Inverse {
    /// The rows of another model whose field holds the key of this one.
    pub fn new(
        name: impl Into<Text>,
        table: impl Into<TableName>,
        arity: Arity,
        field: impl Into<Text>,
    ) -> Self {
        Self {
            name: name.into(),
            table: table.into(),
            arity,
            field: field.into(),
            through: None,
        }
    }

    /// The rows of another model that rows of a model between pair with this one.
    pub fn through(
        name: impl Into<Text>,
        table: impl Into<TableName>,
        field: impl Into<Text>,
        through: Through,
    ) -> Self {
        Self {
            through: Some(through),
            ..Self::new(name, table, Arity::Many, field)
        }
    }
}

/// An inverse of a compiled model; the derive calls this, and its bounds check the types.
#[doc(hidden)]
pub const fn inverse<Parent, Child, Field>(
    name: &'static str,
    arity: Arity,
    field: &'static str,
    _: Column<Child, Field>,
) -> Inverse
where
    Parent: Model,
    Child: Model,
    Field: Reference<Parent::Key>,
{
    Inverse {
        name: Cow::Borrowed(name),
        table: Child::TABLE,
        arity,
        field: Cow::Borrowed(field),
        through: None,
    }
}

/// An inverse of a compiled model through another; the derive calls this, and its bounds check the
/// types.
#[doc(hidden)]
pub const fn inverse_through<Here, There, Between, FieldHere, FieldThere>(
    name: &'static str,
    fields: (&'static str, &'static str),
    _: Column<Between, FieldHere>,
    _: Column<Between, FieldThere>,
) -> Inverse
where
    Here: Model,
    There: Model,
    Between: Model,
    FieldHere: Reference<Here::Key>,
    FieldThere: Reference<There::Key>,
{
    Inverse {
        name: Cow::Borrowed(name),
        table: There::TABLE,
        arity: Arity::Many,
        field: Cow::Borrowed(fields.0),
        through: Some(Through {
            table: Between::TABLE,
            field: Cow::Borrowed(fields.1),
        }),
    }
}
