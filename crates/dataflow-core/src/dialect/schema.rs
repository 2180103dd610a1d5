//! How a database spells tables, their columns and what keeps them.

use std::borrow::Cow;

use super::TypeChange;
use super::sealed::Sealed;
use crate::schema::{Field, FieldType, ModelSchema, TableName};
use crate::snapshot::Trigger;
use crate::value::Value;

/// The part of a [`Dialect`](super::Dialect) that statements on a schema are made of.
pub trait SchemaDialect: Sealed {
    /// The type of a value, as the catalogue spells it.
    fn column_type<'t>(&self, field_type: &'t FieldType) -> Cow<'t, str>;

    /// The type of the column of a field, with its size where the type has one.
    fn declared_type<'t>(&self, field: &'t Field) -> Cow<'t, str>;

    /// The default of a column, as the catalogue spells it.
    fn default_expression(&self, field: &Field) -> Option<String>;

    /// A value as an expression of its type.
    fn constant(&self, value: &Value, field_type: &FieldType) -> String;

    /// The expression of the current time, as the catalogue spells it: the instant, or what a wall
    /// clock in UTC shows.
    fn now(&self, field_type: &FieldType) -> &'static str;

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

    /// What follows a column of this kind in `CREATE TABLE` to make the database count it up.
    fn serial_clause(&self) -> &'static str;

    /// The condition that keeps a column to its field's type, where the column's own type holds
    /// more than that.
    fn guard(&self, field: &Field, is_serial: bool) -> Option<String>;

    /// What follows the closing bracket of `CREATE TABLE`.
    fn table_suffix(&self) -> &'static str;

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
}
