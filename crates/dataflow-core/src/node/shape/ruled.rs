//! The rules of a field, and which way it goes, in the words of JSON Schema.

use super::Shape;
use crate::schema::{Field, FieldType, Format, in_json_schema};

impl Shape {
    /// Adds what JSON Schema can say of a field's rules. A bound is one of numbers there, so those of
    /// decimals and times, which are texts in JSON, are not told.
    pub(super) fn ruled(self, field: &Field) -> Self {
        let (rules, mut shape) = (&field.rules, self);
        if let Some(least) = rules.min_length {
            shape = shape.with("minLength", least);
        }
        if is_number(&field.field_type) {
            for (keyword, bound) in [("minimum", &rules.min), ("maximum", &rules.max)] {
                if let Some(bound) = bound {
                    shape = shape.with(keyword, bound.to_json());
                }
            }
        }
        if let Some(pattern) = rules.pattern.as_deref().and_then(in_json_schema) {
            shape = shape.with("pattern", pattern);
        }
        let format = match rules.format {
            Some(Format::Email) => Some("email"),
            Some(Format::Url) => Some("uri"),
            None if is_secret_text(field) => Some("password"),
            None => None,
        };
        for (keyword, is_so) in [
            ("readOnly", field.access.read_only),
            ("writeOnly", field.access.write_only),
        ] {
            if is_so {
                shape = shape.with(keyword, true);
            }
        }
        match format {
            Some(format) => shape.with("format", format),
            None => shape,
        }
    }
}

/// What a form does not show while it is typed.
fn is_secret_text(field: &Field) -> bool {
    field.access.sensitive && field.field_type == FieldType::String
}

const fn is_number(field_type: &FieldType) -> bool {
    matches!(
        field_type,
        FieldType::I16 | FieldType::I32 | FieldType::I64 | FieldType::F32 | FieldType::F64
    )
}
