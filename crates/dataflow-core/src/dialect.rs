//! How each database says what the house means.
//!
//! Differences are a [`Capability`] first and a method of [`Dialect`] second; nothing above this
//! module asks which database it is on.

mod capability;
mod ddl;
pub mod dml;
mod pattern;
mod postgres;
mod quote;
mod sqlite;
mod support;
pub mod token;
mod written;

pub use capability::Capability;
pub(crate) use ddl::{
    Bounds, can_rebuild, checks_of_rules, column_of_rule, enum_type, foreign_key_rules,
    holds_texts, in_utc, index_definition, is_filled_in_later, keys_lead_somewhere,
    names_constraint, rebuilt_as_written, statements, takes_more,
};
#[doc(hidden)]
pub use ddl::{POLICY, TRIGGER_PREFIX, create_enum_type, tell_narrowing};
pub use ddl::{TENANT_SETTING, TypeChange};
pub use postgres::Postgres;
pub(crate) use quote::within;
pub use quote::{identifier, literal, table_identifier};
pub use sqlite::{CONTAINS_DOCUMENT, Sqlite};
pub use support::can_hold;
pub(crate) use token::{mention, mentions, with_names};
pub use written::changes_rows;

use std::borrow::Cow;

use crate::query::{Case, IfLocked, ItemComparison, Pattern};
use crate::schema::{Field, FieldType, ModelSchema, TableName};
use crate::snapshot::Trigger;
use crate::value::Value;
use dml::{Newness, Place};

/// How one database spells types, values and parameters. Sealed: the dialects are here.
pub trait Dialect: Sync + sealed::Sealed {
    /// The name in the registry and in messages: `postgres`, `sqlite`.
    fn name(&self) -> &'static str;

    /// The name in traces: OpenTelemetry's `db.system.name`.
    fn system_name(&self) -> &'static str;

    /// What the database can do.
    fn capability(&self) -> &'static Capability;

    /// The type of a value, as the catalogue spells it.
    fn column_type<'t>(&self, field_type: &'t FieldType) -> Cow<'t, str>;

    /// The type of the column of a field, with its size where the type has one.
    fn declared_type<'t>(&self, field: &'t Field) -> Cow<'t, str>;

    /// The default of a column, as the catalogue spells it.
    fn default_expression(&self, field: &Field) -> Option<String>;

    /// A value as an expression of its type.
    fn constant(&self, value: &Value, field_type: &FieldType) -> String;

    /// Whether a default may give another value for each row, so that rows which exist have to be
    /// filled in one by one.
    fn is_volatile(&self, default: &str) -> bool;

    /// Whether a column of one type holds what one of another would, and gives it back as it was put
    /// in, both as the catalogue spells them: it can stay as somebody else made it.
    fn is_alike(&self, found: &str, wanted: &str) -> bool;

    /// What becomes of values whose column is given another type, both as the catalogue spells
    /// them.
    fn type_change(&self, from: &str, to: &str) -> TypeChange;

    /// The condition on values of a column that do not fit into another type that is smaller.
    fn misfits(&self, column: &str, from: &str, to: &str) -> Option<String>;

    /// The expression of the current time, as the catalogue spells it: the instant, or what a wall
    /// clock in UTC shows.
    fn now(&self, field_type: &FieldType) -> &'static str;

    /// What follows a column of this kind in `CREATE TABLE` to make the database count it up.
    fn serial_clause(&self) -> &'static str;

    /// The expression that moves the counter of a serial column past the value that was given for
    /// it in a row just written; none where the database sees to that itself.
    fn count_past(&self, table: &TableName, column: &str) -> Option<String>;

    /// What tells the new rows of an upsert from those that it changes.
    fn newness(&self) -> Newness;

    /// What follows a question whose rows nobody else may change before the transaction ends.
    fn lock_rows(&self, if_locked: IfLocked) -> &'static str;

    /// The condition that keeps a column to its field's type, where the column's own type holds
    /// more than that.
    fn guard(&self, field: &Field, is_serial: bool) -> Option<String>;

    /// The type of the numbers of transactions and the expression of the current one's, as the
    /// catalogue spells them; none where transactions take effect in the order in which they write.
    fn transaction_number(&self) -> Option<(&'static str, &'static str)>;

    /// What writes down the changes of the rows of a model.
    fn triggers(&self, model: &ModelSchema) -> Vec<Trigger>;

    /// The statements that remove one of them.
    fn drop_trigger(&self, table: &TableName, trigger: &Trigger) -> Vec<String>;

    /// What holds of the rows of the tenant that is set, which a field names; none where the
    /// database knows of no tenant.
    fn is_of_tenant(&self, field: &Field) -> Option<String>;

    /// What follows the closing bracket of `CREATE TABLE`.
    fn table_suffix(&self) -> &'static str;

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

mod sealed {
    pub trait Sealed {}
    impl Sealed for super::Postgres {}
    impl Sealed for super::Sqlite {}
}
