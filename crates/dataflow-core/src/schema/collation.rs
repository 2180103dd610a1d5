//! How the texts of a field are compared.

use std::borrow::Cow;

use super::field_value::StaticType;
use super::{EnumType, FieldType, FieldValue, Text};

/// The collation of a compiled model's text; another type does not compile.
#[doc(hidden)]
pub const fn collation<T: FieldValue>(name: &'static str) -> Text {
    assert!(
        matches!(
            <T as StaticType>::TYPE,
            FieldType::String
                | FieldType::Enum(EnumType {
                    type_name: None,
                    ..
                })
        ),
        "`collation` sorts texts: a String, an enum, or an Option of one"
    );
    Cow::Borrowed(name)
}
