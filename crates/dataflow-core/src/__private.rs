//! Names for generated code; no part of the public interface.

pub use std::borrow::Cow;
pub use std::marker::{Send, Sized, Sync};
pub use std::option::Option;
pub use std::primitive::{str, usize};
pub use std::string::String;
pub use std::unreachable;
pub use std::vec;
pub use std::vec::Vec;

pub use crate::error::Result as ModelResult;
pub use crate::query::{
    Column, Ordered, PartOf, PartialRow, ToMany, ToOne, columns_of, position_of,
};
pub use crate::row::{FromRow, RowColumn, RowSource};
pub use crate::schema::{
    Access, Action, Arity, Bound, Changeable, Check, DefaultValue, Deferrable, EnumType, Evolution,
    Field, FieldType, FieldValue, Format, Generated, Index, IndexKey, IndexMember, Kept, Key,
    KeyGenerator, KeyValue, Model, ModelEnum, ModelSchema, Nulls, RenamedField, Rules, SoftDelete,
    Stamp, TableName, Validator, bound, collation, digits_of, inverse, inverse_through, max_length,
    min_length, precision_of, read_variant, relation, text_rule, validate, version,
};
pub use crate::value::Value;

#[cfg(feature = "derive")]
pub use dataflow_derive::test;

/// The value of an enum's stored name.
pub fn text(name: &str) -> Value {
    Value::Text(name.to_owned())
}
