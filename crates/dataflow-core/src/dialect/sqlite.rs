//! SQLite 3.37 and later: every table is STRICT, so that a column holds only its type.

use super::{Capability, Dialect, TypeChange, default, identifier, type_change};
use crate::plan::Lock;
use crate::schema::{DefaultValue, Field, FieldType};

/// SQLite.
#[derive(Debug, Clone, Copy)]
pub struct Sqlite;

static CAPABILITY: Capability = Capability {
    alter_column: false,
    online_changes: false,
    rename_index: false,
    least_lock: Lock::Writers,
    add_foreign_key: false,
    forward_foreign_key: true,
    add_computed_default: false,
    index_options: false,
    virtual_columns: true,
    orders_decimals: false,
    equates_json: false,
    copies_rows: false,
};

/// The text of [`Timestamp`](crate::value::Timestamp), to the millisecond that SQLite knows.
const NOW: &str = "strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')";

impl Dialect for Sqlite {
    fn name(&self) -> &'static str {
        "sqlite"
    }

    fn system_name(&self) -> &'static str {
        "sqlite"
    }

    fn capability(&self) -> &'static Capability {
        &CAPABILITY
    }

    /// STRICT tables know five types. What has no type of its own is text in its canonical form,
    /// which SQLite's date functions read and which sorts as the values do.
    fn column_type(&self, field_type: &FieldType) -> &'static str {
        match field_type {
            FieldType::Bool | FieldType::I16 | FieldType::I32 | FieldType::I64 => "INTEGER",
            FieldType::F32 | FieldType::F64 => "REAL",
            FieldType::Bytes => "BLOB",
            FieldType::String
            | FieldType::Enum(_)
            | FieldType::Uuid
            | FieldType::Timestamp
            | FieldType::Date
            | FieldType::Decimal
            | FieldType::Json => "TEXT",
        }
    }

    fn default_expression(&self, field: &Field) -> Option<String> {
        if field.stamp.is_some() {
            return Some(self.now().to_owned());
        }
        if let Some(DefaultValue::Sql(sql)) = &field.default {
            return Some(sql.to_string());
        }
        default::value_of(field).map(|value| default::sqlite(&value))
    }

    fn is_volatile(&self, default: &str) -> bool {
        !crate::snapshot::is_constant(default)
    }

    fn type_change(&self, from: &str, to: &str) -> TypeChange {
        type_change::sqlite(from, to)
    }

    fn now(&self) -> &'static str {
        NOW
    }

    /// `INTEGER PRIMARY KEY` is the rowid; `AUTOINCREMENT` never gives a key out twice.
    fn serial_clause(&self) -> &'static str {
        "PRIMARY KEY AUTOINCREMENT"
    }

    fn count_past(&self, _: &str, _: &str) -> Option<String> {
        None
    }

    /// The rowid counts on past the width of its field. At its own end SQLite would say that the
    /// disk is full, so the last key of 64 bits is never reached.
    ///
    /// A decimal is text and equal texts are what a key or a unique index compares, so each number
    /// has one.
    fn guard(&self, field: &Field, is_serial: bool) -> Option<String> {
        let column = identifier(&field.column);
        match field.field_type {
            FieldType::I16 if is_serial => Some(between(&column, i16::MIN.into(), i16::MAX.into())),
            FieldType::I32 if is_serial => Some(between(&column, i32::MIN.into(), i32::MAX.into())),
            FieldType::I64 if is_serial => Some(format!("{column} < {}", i64::MAX)),
            FieldType::Decimal => Some(is_canonical_decimal(&column)),
            _ => None,
        }
    }

    fn table_suffix(&self) -> &'static str {
        " STRICT"
    }

    fn parameter(&self, ordinal: usize, _: &FieldType) -> String {
        format!("?{ordinal}")
    }

    fn array_parameter(&self, _: usize, _: &FieldType) -> Option<String> {
        None
    }

    fn select_expression(&self, field: &Field) -> String {
        identifier(&field.column)
    }

    /// Decimals are text: `1.50` equals `1.5` once the zeros at the end of the fraction are gone.
    fn comparable(&self, expression: &str, field_type: &FieldType) -> String {
        match field_type {
            FieldType::Decimal => format!(
                "CASE WHEN instr({expression}, '.') \
                 THEN rtrim(rtrim({expression}, '0'), '.') ELSE {expression} END"
            ),
            _ => expression.to_owned(),
        }
    }

    fn is_in_list(&self, column: &str, list: &str, field_type: &FieldType) -> String {
        let column = self.comparable(column, field_type);
        let item = self.comparable("value", field_type);
        format!("{column} IN (SELECT {item} FROM json_each({list}))")
    }
}

fn between(column: &str, least: i64, most: i64) -> String {
    format!("{column} BETWEEN {least} AND {most}")
}

/// Digits, with a minus sign before them or a point among them; no zero that could be left out.
fn is_canonical_decimal(column: &str) -> String {
    let begins = format!("({column} GLOB '[0-9]*' OR {column} GLOB '-[0-9]*')");
    let has_no = [
        "?*[^.0-9]*",
        "*.*.*",
        "*.",
        "*.*0",
        "0[0-9]*",
        "-0[0-9]*",
        "-0",
    ]
    .map(|pattern| format!("{column} NOT GLOB '{pattern}'"))
    .join(" AND ");
    format!("{begins} AND {has_no}")
}
