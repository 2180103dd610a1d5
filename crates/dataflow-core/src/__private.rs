//! Names for generated code; no part of the public interface.

pub use std::borrow::Cow;
pub use std::option::Option;
pub use std::result::Result;
pub use std::string::String;
pub use std::vec::Vec;

pub use crate::error::{Error, Result as ModelResult};
pub use crate::row::RowSource;
pub use crate::schema::enum_position;
pub use crate::schema::{
    DefaultValue, EnumType, Field, FieldType, FieldValue, Index, Key, KeyGenerator, Model,
    ModelSchema, Relation, Stamp,
};
pub use crate::value::Value;
