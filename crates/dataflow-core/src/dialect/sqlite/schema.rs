//! Tables and columns of SQLite, all of them STRICT.

use std::borrow::Cow;

use super::Sqlite;
use crate::dialect::ddl::{default, narrowing, trigger, type_change};
use crate::dialect::{SchemaDialect, TypeChange, identifier};
use crate::schema::{DefaultValue, Field, FieldType, Limit, ModelSchema, Stamp, TableName};
use crate::snapshot::Trigger;
use crate::value::Value;

/// The text of [`Timestamp`](crate::value::Timestamp), to the millisecond that SQLite knows.
const NOW: &str = "strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')";

/// As [`NOW`], for a column that takes no milliseconds.
const NOW_IN_SECONDS: &str = "strftime('%Y-%m-%dT%H:%M:%S.000000Z', 'now')";

impl SchemaDialect for Sqlite {
    /// STRICT tables know five types. What has no type of its own is text in its canonical form,
    /// which SQLite's date functions read and which sorts as the values do.
    fn column_type<'t>(&self, field_type: &'t FieldType) -> Cow<'t, str> {
        let name = match field_type {
            FieldType::Bool | FieldType::I16 | FieldType::I32 | FieldType::I64 => "INTEGER",
            FieldType::F32 | FieldType::F64 => "REAL",
            FieldType::Bytes => "BLOB",
            FieldType::String
            | FieldType::Enum(_)
            | FieldType::Uuid
            | FieldType::Timestamp
            | FieldType::LocalDateTime
            | FieldType::Date
            | FieldType::LocalTime
            | FieldType::Decimal
            | FieldType::Json
            | FieldType::Array(_) => "TEXT",
        };
        name.into()
    }

    /// A size is a condition of its own, because STRICT tables know none.
    fn declared_type<'t>(&self, field: &'t Field) -> Cow<'t, str> {
        self.column_type(&field.field_type)
    }

    fn default_expression(&self, field: &Field) -> Option<String> {
        match field.stamp {
            Some(Stamp::Version) => return Some(default::FIRST_VERSION.to_owned()),
            Some(Stamp::Created | Stamp::Updated) => {
                let is_too_fine = matches!(field.limit, Some(Limit::SecondDigits(..=2)));
                return Some(match (is_too_fine, &field.field_type) {
                    (true, FieldType::Timestamp) => NOW_IN_SECONDS.to_owned(),
                    (_, field_type) => self.now(field_type).to_owned(),
                });
            }
            Some(Stamp::Deleted) | None => {}
        }
        if let Some(DefaultValue::Sql(sql)) = &field.default {
            return Some(sql.to_string());
        }
        default::value_of(field).map(|value| default::sqlite(&value))
    }

    fn constant(&self, value: &Value, _: &FieldType) -> String {
        default::sqlite(value)
    }

    fn now(&self, field_type: &FieldType) -> &'static str {
        match field_type {
            FieldType::LocalDateTime => "CURRENT_TIMESTAMP",
            _ => NOW,
        }
    }

    fn is_volatile(&self, default: &str) -> bool {
        !crate::snapshot::is_constant(default)
    }

    fn is_alike(&self, found: &str, wanted: &str) -> bool {
        type_change::are_alike_in_sqlite(found, wanted)
    }

    fn type_change(&self, from: &str, to: &str) -> TypeChange {
        type_change::sqlite(from, to)
    }

    fn misfits(&self, _: &str, _: &str, _: &str) -> Option<String> {
        None
    }

    /// `INTEGER PRIMARY KEY` is the rowid; `AUTOINCREMENT` never gives a key out twice.
    fn serial_clause(&self) -> &'static str {
        "PRIMARY KEY AUTOINCREMENT"
    }

    fn guard(&self, field: &Field, is_serial: bool) -> Option<String> {
        narrowing::guard(field, is_serial)
    }

    fn table_suffix(&self) -> &'static str {
        " STRICT"
    }

    fn transaction_number(&self) -> Option<(&'static str, &'static str)> {
        None
    }

    fn triggers(&self, model: &ModelSchema) -> Vec<Trigger> {
        trigger::sqlite(&trigger::Rows::of(model))
    }

    fn drop_trigger(&self, _: &TableName, trigger: &Trigger) -> Vec<String> {
        vec![format!("DROP TRIGGER {}", identifier(&trigger.name))]
    }

    fn is_of_tenant(&self, _: &Field) -> Option<String> {
        None
    }
}
