//! How a database spells what is asked of values.

use super::dml::Place;
use super::sealed::Sealed;
use crate::query::{Case, ItemComparison, Pattern};
use crate::schema::FieldType;
use crate::value::Value;

/// The part of a [`Dialect`](super::Dialect) that filters are made of.
pub trait ConditionDialect: Sealed {
    /// The condition that a column is one of the items of a list, which is bound as a JSON array.
    fn is_in_list(&self, column: &str, list: &str, field_type: &FieldType) -> String;

    /// The condition that the items of a column compare so with those of a parameter of its type.
    fn compares_items(&self, column: &str, comparison: ItemComparison, list: &str) -> String;

    /// The condition that a column holds a list of no items.
    fn is_empty(&self, column: &str) -> String;

    /// The condition that a text matches a pattern, which is bound as [`pattern`](Self::pattern)
    /// spells it.
    fn matches(&self, text: &str, pattern: &str, case: Case) -> String;

    /// A pattern in the spelling of the database.
    fn pattern(&self, pattern: &Pattern, case: Case) -> String;

    /// The condition that a document contains another.
    fn contains_document(&self, column: &str, document: &str) -> String;

    /// A place inside a document: expressions over its column and over a path, which is bound as
    /// [`document_path`](Self::document_path) gives it.
    fn document_place(&self, column: &str, path: &str) -> Place;

    /// The condition that a place inside a document holds one of the items of a list, which is
    /// bound as a JSON array.
    fn document_is_in_list(&self, column: &str, path: &str, list: &str) -> String;

    /// The type of the parameter for a path.
    fn document_path_type(&self) -> FieldType;

    /// A path of members as a parameter.
    fn document_path(&self, path: &[String]) -> Value;
}
