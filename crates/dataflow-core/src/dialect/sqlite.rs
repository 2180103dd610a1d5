//! SQLite 3.37 and later: every table is STRICT, so that a column holds only its type.

use std::borrow::Cow;

use super::ddl::{default, narrowing, trigger, type_change};
use super::dml::{Newness, Place};
use super::pattern::{glob, like};
use super::{Capability, Dialect, TypeChange, identifier, literal, written};
use crate::plan::Lock;
use crate::query::{Case, IfLocked, ItemComparison, Pattern};
use crate::schema::{DefaultValue, Field, FieldType, Limit, ModelSchema, Stamp, TableName};
use crate::snapshot::Trigger;
use crate::value::Value;

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
    comments: false,
    schemas: false,
    loose_types: true,
    sized_types: false,
    enum_types: false,
    orders_decimals: false,
    equates_json: false,
    indexes_documents: false,
    row_level_security: false,
    rowids: true,
    copies_rows: false,
    names_foreign_keys: false,
    null_is_greatest: false,
};

/// The function that says whether its first argument, a document, contains its second.
pub const CONTAINS_DOCUMENT: &str = "dataflow_contains_document";

/// The text of [`Timestamp`](crate::value::Timestamp), to the millisecond that SQLite knows.
const NOW: &str = "strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')";

/// As [`NOW`], for a column that takes no milliseconds.
const NOW_IN_SECONDS: &str = "strftime('%Y-%m-%dT%H:%M:%S.000000Z', 'now')";

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

    fn now(&self, field_type: &FieldType) -> &'static str {
        match field_type {
            FieldType::LocalDateTime => "CURRENT_TIMESTAMP",
            _ => NOW,
        }
    }

    /// `INTEGER PRIMARY KEY` is the rowid; `AUTOINCREMENT` never gives a key out twice.
    fn serial_clause(&self) -> &'static str {
        "PRIMARY KEY AUTOINCREMENT"
    }

    fn count_past(&self, _: &TableName, _: &str) -> Option<String> {
        None
    }

    fn guard(&self, field: &Field, is_serial: bool) -> Option<String> {
        narrowing::guard(field, is_serial)
    }

    fn transaction_number(&self) -> Option<(&'static str, &'static str)> {
        None
    }

    /// SQLite keeps nothing by which to tell, so whoever opens a connection has to bring these
    /// functions: the first says whether the second was called since.
    fn newness(&self) -> Newness {
        Newness {
            is_new: "dataflow_is_new()",
            mark: Some("dataflow_mark_change()"),
        }
    }

    /// Who writes has the file alone.
    fn lock_rows(&self, _: IfLocked) -> &'static str {
        ""
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

    fn table_suffix(&self) -> &'static str {
        " STRICT"
    }

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

    fn is_in_list(&self, column: &str, list: &str, field_type: &FieldType) -> String {
        let column = self.comparable(column, field_type);
        let item = self.comparable(&self.given("value", field_type), field_type);
        format!("{column} IN (SELECT {item} FROM json_each({list}))")
    }

    fn compares_items(&self, column: &str, comparison: ItemComparison, list: &str) -> String {
        let each = |of: &str, is: &str, other: &str| {
            format!(
                "(SELECT 1 FROM json_each({of}) AS item \
                 WHERE item.value {is} (SELECT value FROM json_each({other})))"
            )
        };
        match comparison {
            ItemComparison::Contains => {
                let missing = each(list, "NOT IN", column);
                format!("({column} IS NOT NULL AND NOT EXISTS {missing})")
            }
            ItemComparison::Contained => {
                let other = each(column, "NOT IN", list);
                format!("({column} IS NOT NULL AND NOT EXISTS {other})")
            }
            ItemComparison::Overlaps => format!("EXISTS {}", each(column, "IN", list)),
        }
    }

    fn is_empty(&self, column: &str) -> String {
        format!("json_array_length({column}) = 0")
    }

    /// `LIKE` ignores the case of ASCII letters, always; `GLOB` tells it apart.
    fn matches(&self, text: &str, pattern: &str, case: Case) -> String {
        match case {
            Case::Sensitive => format!("{text} GLOB {pattern}"),
            Case::Insensitive => format!("{text} LIKE {pattern} ESCAPE '\\'"),
        }
    }

    fn pattern(&self, pattern: &Pattern, case: Case) -> String {
        match case {
            Case::Sensitive => glob(pattern),
            Case::Insensitive => like(pattern),
        }
    }

    /// SQLite has no such question; the pool gives its connections a function for it.
    fn contains_document(&self, column: &str, document: &str) -> String {
        format!("{CONTAINS_DOCUMENT}({column}, {document})")
    }

    fn document_place(&self, column: &str, path: &str) -> Place {
        let kind = format!("json_type({column}, {path})");
        let value = format!("json_extract({column}, {path})");
        Place {
            is_text: format!("{kind} = 'text'"),
            is_number: format!("{kind} IN ('integer', 'real')"),
            is_bool: format!("{kind} IN ('true', 'false')"),
            text: value.clone(),
            number: value.clone(),
            float: format!("CAST({value} AS REAL)"),
            bool: value,
            document: format!("({column} -> {path})"),
        }
    }

    /// A truth value is read as a number, so what is one and what is not are told apart. The column
    /// stays outside of the query of the items, whose own columns have names that it may have too.
    fn document_is_in_list(&self, column: &str, path: &str, list: &str) -> String {
        let kinds = "('true', 'false')";
        format!(
            "(json_extract({column}, {path}), json_type({column}, {path}) IN {kinds}) IN \
             (SELECT atom, type IN {kinds} FROM json_each({list}))"
        )
    }

    fn document_path_type(&self) -> FieldType {
        FieldType::String
    }

    /// A member is quoted; a position in an array is not. SQLite has no spelling for a quotation
    /// mark in a path, so such a place is one that no document has: what follows an array's end.
    fn document_path(&self, path: &[String]) -> Value {
        let mut text = "$".to_owned();
        if path.iter().any(|member| member.contains(['"', '\\', '\0'])) {
            return Value::Text("$[#]".to_owned());
        }
        for member in path {
            if member.parse::<u32>().is_ok() {
                text.push_str(&format!("[{member}]"));
            } else {
                text.push_str(&format!(".\"{member}\""));
            }
        }
        Value::Text(text)
    }
}
