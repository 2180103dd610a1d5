//! The version of a row: a field that counts its changes.

use super::field_value::StaticType;
use super::{Field, FieldType, FieldValue, ModelSchema, Stamp};

impl ModelSchema {
    /// The position of the field that counts the changes of a row, where there is one.
    pub fn version(&self) -> Option<usize> {
        let is_version = |field: &Field| field.stamp == Some(Stamp::Version);
        self.fields.iter().position(is_version)
    }
}

/// What is wrong with the versions of a model.
pub(super) fn mistake(model: &ModelSchema) -> Option<&'static str> {
    let is_version = |field: &&Field| field.stamp == Some(Stamp::Version);
    let mut versions = model.fields.iter().filter(is_version);
    let first = versions.next()?;
    if versions.next().is_some() {
        return Some("a row has one version");
    }
    let counts = is_counted(&first.field_type) && !first.nullable;
    (!counts).then_some("a version is an integer that always has a value")
}

const fn is_counted(field_type: &FieldType) -> bool {
    matches!(field_type, FieldType::I16 | FieldType::I32 | FieldType::I64)
}

/// The stamp of a compiled model's version; another type than an integer does not compile.
#[doc(hidden)]
pub const fn version<T: FieldValue>() -> Stamp {
    assert!(
        is_counted(<T as StaticType>::TYPE) && !T::NULLABLE,
        "`version` counts: it stands on an i16, i32 or i64"
    );
    Stamp::Version
}
