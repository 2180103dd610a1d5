//! Values of SQLite, which keep the type that they are stored with.

use super::Sqlite;
use crate::dialect::{ValueDialect, literal, written};
use crate::schema::FieldType;

impl ValueDialect for Sqlite {
    fn parameter(&self, ordinal: usize, _: &FieldType) -> String {
        format!("?{ordinal}")
    }

    fn array_parameter(&self, _: usize, _: &FieldType) -> Option<String> {
        None
    }

    fn typed_parameter(&self, ordinal: usize, _: &FieldType) -> String {
        format!("?{ordinal}")
    }

    /// JSON writes a time on the wall clock in another way than SQL.
    fn given(&self, expression: &str, field_type: &FieldType) -> String {
        match field_type {
            FieldType::LocalDateTime => format!("replace({expression}, 'T', ' ')"),
            _ => expression.to_owned(),
        }
    }

    fn written(&self, sql: &str, _: &[FieldType]) -> String {
        written::numbered_for_sqlite(sql)
    }

    /// Values have the type that they are stored with.
    fn cast(&self, expression: &str, _: &FieldType) -> String {
        expression.to_owned()
    }

    fn readable(&self, expression: &str, _: &FieldType) -> String {
        expression.to_owned()
    }

    /// Decimals are text: `1.50` equals `1.5` once the zeros at the end of the fraction are gone. A
    /// column that was not declared as ours are keeps them as numbers.
    fn comparable(&self, expression: &str, field_type: &FieldType) -> String {
        match field_type {
            FieldType::Decimal => format!(
                "CASE WHEN instr({expression}, '.') \
                 THEN rtrim(rtrim({expression}, '0'), '.') ELSE CAST({expression} AS TEXT) END"
            ),
            _ => expression.to_owned(),
        }
    }

    /// A type of named values sorts by their places, and is text here.
    fn ranked(&self, expression: &str, field_type: &FieldType) -> String {
        let Some((enum_type, _)) = field_type.as_named() else {
            return expression.to_owned();
        };
        let labels = enum_type.variants.iter().enumerate();
        let places: Vec<String> = labels
            .map(|(place, label)| format!(" WHEN {} THEN {place}", literal(label)))
            .collect();
        format!("CASE {expression}{} END", places.concat())
    }
}
