//! Defaults in the one form that each catalogue gives back, so that a table which was just made is
//! not found to differ.

use serde_json::Value as Json;

use crate::dialect::literal;
use crate::schema::{DefaultValue, Field, FieldType, ItemType};
use crate::value::{self, Timestamp, Value};

/// The version of a row that nobody has changed yet.
pub(in crate::dialect) const FIRST_VERSION: &str = "1";

/// The default of a field as a value of its type; none where it has none, or the database computes
/// it.
///
/// JSON and lists stand in their defaults as text.
pub(in crate::dialect) fn value_of(field: &Field) -> Option<Value> {
    let default = field.default.as_ref()?;
    let json = match (&field.field_type, default) {
        (FieldType::Json, DefaultValue::Text(text)) => return Some(Value::Json(text.to_string())),
        (FieldType::Array(_), DefaultValue::Text(text)) => {
            let list = serde_json::from_str(text);
            list.expect("a validated model's defaults fit their fields")
        }
        _ => default.to_json()?,
    };
    let value = value::from_json(&field.field_type, &json);
    Some(value.expect("a validated model's defaults fit their fields"))
}

/// As `pg_get_expr` spells it where times are given in UTC.
pub(in crate::dialect) fn postgres(
    value: &Value,
    field_type: &FieldType,
    column_type: &str,
) -> String {
    let typed = |text: &str| format!("{}::{column_type}", literal(text));
    match value {
        Value::Null => "NULL".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Integer(value) if (0..=i64::from(i32::MAX)).contains(value) => value.to_string(),
        Value::Integer(value) => typed(&value.to_string()),
        Value::Float(value) => typed(&postgres_float(*value, field_type)),
        Value::Text(text) => typed(text),
        Value::Json(json) => typed(&match field_type {
            FieldType::Array(item_type) => postgres_array(item_type, json),
            _ => jsonb(json),
        }),
        Value::Bytes(bytes) => typed(&format!("\\x{}", hex(bytes))),
        Value::Uuid(uuid) => typed(&value::uuid_to_text(uuid)),
        Value::Timestamp(timestamp) => typed(&postgres_timestamp(*timestamp)),
        Value::LocalDateTime(time) => typed(without_zeros(&time.to_sql())),
        Value::Date(date) => typed(&date.to_string()),
        Value::LocalTime(time) => typed(without_zeros(&time.to_string())),
        Value::Decimal(text) => match plain_decimal(text) {
            text if text.contains('.') && !text.starts_with('-') => text,
            text => typed(&text),
        },
    }
}

/// A document as `jsonb` writes it: short names first, a space after each mark, no exponents.
fn jsonb(document: &str) -> String {
    let json = serde_json::from_str(document);
    jsonb_of(&json.expect("a validated model's defaults fit their fields"))
}

fn jsonb_of(json: &Json) -> String {
    match json {
        Json::Number(number) => match number.as_f64().filter(|_| number.is_f64()) {
            Some(float) => float.to_string(),
            None => number.to_string(),
        },
        Json::Array(items) => {
            let items: Vec<String> = items.iter().map(jsonb_of).collect();
            format!("[{}]", items.join(", "))
        }
        Json::Object(members) => {
            let mut members: Vec<_> = members.iter().collect();
            members.sort_by_key(|(name, _)| (name.len(), *name));
            let member = |(name, value): (&String, &Json)| {
                format!("{}: {}", Json::from(name.as_str()), jsonb_of(value))
            };
            let members: Vec<String> = members.into_iter().map(member).collect();
            format!("{{{}}}", members.join(", "))
        }
        scalar => scalar.to_string(),
    }
}

/// `{a,"b c"}`: what would be taken for something else stands in quotes.
fn postgres_array(item_type: &ItemType, list: &str) -> String {
    let items = value::list_read(item_type, list);
    let items = items.expect("a validated model's defaults fit their fields");
    let items = items.into_iter();
    let items: Vec<String> = items.map(|item| postgres_item(item_type, item)).collect();
    format!("{{{}}}", items.join(","))
}

fn postgres_item(item_type: &ItemType, item: Value) -> String {
    let text = match item {
        Value::Bool(value) => if value { "t" } else { "f" }.to_owned(),
        Value::Float(number) => postgres_float(number, &item_type.field_type()),
        Value::Timestamp(timestamp) => postgres_timestamp(timestamp),
        Value::LocalDateTime(time) => without_zeros(&time.to_sql()).to_owned(),
        Value::LocalTime(time) => without_zeros(&time.to_string()).to_owned(),
        plain => match plain.to_json() {
            Json::String(text) => text,
            plain => plain.to_string(),
        },
    };
    let is_mark = |letter: char| "{},\"\\".contains(letter) || letter.is_whitespace();
    let is_plain =
        !text.is_empty() && !text.eq_ignore_ascii_case("null") && !text.contains(is_mark);
    if is_plain {
        return text;
    }
    let escaped = text.replace('\\', "\\\\").replace('"', "\\\"");
    format!("\"{escaped}\"")
}

/// As `PRAGMA table_info` gives it back, which is as it was written.
pub(in crate::dialect) fn sqlite(value: &Value) -> String {
    match value {
        Value::Null => "NULL".to_owned(),
        Value::Bool(value) => i32::from(*value).to_string(),
        Value::Integer(value) => value.to_string(),
        Value::Float(value) => format!("{value:?}"),
        Value::Text(text) | Value::Json(text) => literal(text),
        Value::Bytes(bytes) => format!("X'{}'", hex(bytes)),
        Value::Uuid(uuid) => literal(&value::uuid_to_text(uuid)),
        Value::Timestamp(timestamp) => literal(&timestamp.to_string()),
        Value::LocalDateTime(time) => literal(&time.to_sql()),
        Value::Date(date) => literal(&date.to_string()),
        Value::LocalTime(time) => literal(&time.to_string()),
        Value::Decimal(text) => literal(&value::shortest_decimal(text)),
    }
}

/// The shortest digits that give the number back, with an exponent where PostgreSQL writes one.
fn postgres_float(number: f64, field_type: &FieldType) -> String {
    let (scientific, plain, plain_digits) = match field_type {
        FieldType::F32 => (
            format!("{:e}", number as f32),
            (number as f32).to_string(),
            6,
        ),
        _ => (format!("{number:e}"), number.to_string(), 15),
    };
    let (digits, exponent) = scientific
        .split_once('e')
        .expect("the scientific form has an exponent");
    let exponent: i32 = exponent.parse().expect("an exponent is an integer");
    if (-4..plain_digits).contains(&exponent) {
        return plain;
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{digits}e{sign}{:02}", exponent.abs())
}

/// `2026-11-23 07:30:00.5+00`.
fn postgres_timestamp(timestamp: Timestamp) -> String {
    format!("{}+00", without_zeros(&timestamp.in_utc().to_sql()))
}

/// A time without the zeros at the end of its fraction.
fn without_zeros(time: &str) -> &str {
    match time.contains('.') {
        true => time.trim_end_matches('0'),
        false => time,
    }
}

/// Without a plus sign and without zeros in front.
fn plain_decimal(text: &str) -> String {
    let unsigned = text.trim_start_matches(['+', '-']);
    let sign = if text.starts_with('-') && unsigned.contains(|digit| matches!(digit, '1'..='9')) {
        "-"
    } else {
        ""
    };
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    let whole = match whole.trim_start_matches('0') {
        "" => "0",
        whole => whole,
    };
    let point = if fraction.is_empty() { "" } else { "." };
    format!("{sign}{whole}{point}{fraction}")
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
