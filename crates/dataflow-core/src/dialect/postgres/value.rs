//! Values of PostgreSQL, whose parameters and expressions are told their types.

use super::Postgres;
use crate::dialect::{SchemaDialect as _, ValueDialect, written};
use crate::schema::{FieldType, ItemType};

impl ValueDialect for Postgres {
    fn parameter(&self, ordinal: usize, field_type: &FieldType) -> String {
        match field_type {
            FieldType::Array(_) => self.given(&format!("${ordinal}"), field_type),
            named if named.as_named().is_some() => {
                format!("${ordinal}::text::{}", self.column_type(field_type))
            }
            _ => format!("${ordinal}"),
        }
    }

    fn array_parameter(&self, ordinal: usize, field_type: &FieldType) -> Option<String> {
        let element = match field_type {
            FieldType::Array(_) => "jsonb".into(),
            named if named.as_named().is_some() => "text".into(),
            _ => self.column_type(field_type),
        };
        Some(format!("${ordinal}::{element}[]"))
    }

    fn typed_parameter(&self, ordinal: usize, field_type: &FieldType) -> String {
        format!("${ordinal}::{}", self.column_type(field_type))
    }

    fn given(&self, expression: &str, field_type: &FieldType) -> String {
        let column_type = self.column_type(field_type);
        match field_type {
            FieldType::Array(item) => {
                let item = self.column_type(&item.field_type()).into_owned();
                format!(
                    "CASE WHEN {expression} IS NOT NULL THEN ARRAY(SELECT item::{item} \
                     FROM jsonb_array_elements_text({expression}) AS items (item)) END"
                )
            }
            _ => format!("{expression}::{column_type}"),
        }
    }

    fn written(&self, sql: &str, parameters: &[FieldType]) -> String {
        written::typed_for_postgres(sql, parameters, |of| self.column_type(of))
    }

    fn cast(&self, expression: &str, field_type: &FieldType) -> String {
        format!("{expression}::{}", self.column_type(field_type))
    }

    fn readable(&self, expression: &str, field_type: &FieldType) -> String {
        match field_type {
            // A JSON number would lose digits where it is read.
            FieldType::Array(ItemType::Decimal) => format!("to_jsonb({expression}::text[])"),
            FieldType::Array(_) => format!("to_jsonb({expression})"),
            _ if is_read_as_text(field_type) => format!("{expression}::text"),
            _ => expression.to_owned(),
        }
    }

    fn comparable(&self, expression: &str, _: &FieldType) -> String {
        expression.to_owned()
    }

    fn ranked(&self, expression: &str, _: &FieldType) -> String {
        expression.to_owned()
    }
}

/// The digits of a decimal are copied into JSON as they are, and a type of named values has another
/// number in each database.
fn is_read_as_text(field_type: &FieldType) -> bool {
    *field_type == FieldType::Decimal || field_type.as_named().is_some()
}
