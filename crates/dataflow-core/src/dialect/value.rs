//! How a database spells values on their way into a statement and out of it.

use super::sealed::Sealed;
use crate::schema::FieldType;

/// The part of a [`Dialect`](super::Dialect) that binds, converts and reads values.
pub trait ValueDialect: Sealed {
    /// The parameter of an ordinal, from 1, for a value of a type.
    fn parameter(&self, ordinal: usize, field_type: &FieldType) -> String;

    /// The parameter of an ordinal, from 1, for an array of values of a type; none where values of
    /// the type cannot be bound so.
    fn array_parameter(&self, ordinal: usize, field_type: &FieldType) -> Option<String>;

    /// A parameter whose type its place in the statement does not tell. The type stands in the text
    /// then: drivers take two statements of one text for the same.
    fn typed_parameter(&self, ordinal: usize, field_type: &FieldType) -> String;

    /// A value of a type, from what a parameter for many of them holds for one.
    fn given(&self, expression: &str, field_type: &FieldType) -> String;

    /// A text that a person wrote, whose parameters are `$1`, `$2` and so on, of these types.
    fn written(&self, sql: &str, parameters: &[FieldType]) -> String;

    /// An expression as a value of a type.
    fn cast(&self, expression: &str, field_type: &FieldType) -> String;

    /// An expression of a type in the form that `RowSource` takes.
    fn readable(&self, expression: &str, field_type: &FieldType) -> String;

    /// An expression that two equal values of a type agree on, from one that reads or binds such a
    /// value.
    fn comparable(&self, expression: &str, field_type: &FieldType) -> String;

    /// An expression that sorts as the values of a type do, from one that reads or binds such a value.
    fn ranked(&self, expression: &str, field_type: &FieldType) -> String;
}
