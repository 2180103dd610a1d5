//! From a JSON value to what a field holds.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value as Json;

use super::decimal::canonical_decimal;
use super::list::{list_text, list_values};
use super::{Date, LocalDateTime, LocalTime, Timestamp, Value, parse_uuid, uuid_to_text};
use crate::error::FaultCode;
use crate::schema::{EnumType, FieldType};

/// Why a JSON value is refused: the word for programs and the sentence for people.
pub type Refusal = (FaultCode, String);

/// The value that a JSON value means for a type. Null means [`Value::Null`] for every type;
/// whether a field takes it is the caller's matter.
///
/// # Errors
///
/// When the type refuses the value. The sentence says what the type takes, never what was given.
///
/// ```
/// use dataflow_core::schema::FieldType;
/// use dataflow_core::value::{Value, from_json};
///
/// assert_eq!(from_json(&FieldType::I16, &7.into()), Ok(Value::Integer(7)));
/// assert!(from_json(&FieldType::I16, &70_000.into()).is_err());
/// ```
pub fn from_json(field_type: &FieldType, json: &Json) -> Result<Value, Refusal> {
    if json.is_null() {
        return Ok(Value::Null);
    }
    let wrong_type = || wrong_type(field_type);
    let text = || json.as_str().ok_or_else(wrong_type);
    let wrong_form = || {
        (
            FaultCode::Format,
            format!("expected {}", field_type.describe()),
        )
    };
    match field_type {
        FieldType::Bool => json.as_bool().map(Value::Bool).ok_or_else(wrong_type),
        FieldType::I16 => integer(field_type, json, i16::MIN.into(), i16::MAX.into()),
        FieldType::I32 => integer(field_type, json, i32::MIN.into(), i32::MAX.into()),
        FieldType::I64 => integer(field_type, json, i64::MIN, i64::MAX),
        FieldType::F32 => {
            // Rounded here, so that what is compared is what is stored.
            let number = json.as_f64().ok_or_else(wrong_type)? as f32;
            if number.is_finite() {
                Ok(Value::Float(number.into()))
            } else {
                Err((FaultCode::Range, "too large for 32 bits".to_owned()))
            }
        }
        FieldType::F64 => json.as_f64().map(Value::Float).ok_or_else(wrong_type),
        FieldType::String => storable_text(text()?).map(Value::Text),
        FieldType::Bytes => {
            let bytes = STANDARD.decode(text()?).map_err(|_| wrong_form())?;
            Ok(Value::Bytes(bytes))
        }
        FieldType::Uuid => {
            let uuid = parse_uuid(text()?).ok_or_else(wrong_form)?;
            Ok(Value::Uuid(uuid))
        }
        FieldType::Timestamp => {
            let timestamp: Timestamp = text()?.parse().map_err(|_| wrong_form())?;
            Ok(Value::Timestamp(timestamp))
        }
        FieldType::LocalDateTime => {
            let found = LocalDateTime::at_start_of(text()?).ok_or_else(wrong_form)?;
            let time = without_offset(found, "2026-11-23T09:30:00").ok_or_else(wrong_form)?;
            time.map(Value::LocalDateTime)
        }
        FieldType::Date => {
            let date: Date = text()?.parse().map_err(|_| wrong_form())?;
            Ok(Value::Date(date))
        }
        FieldType::LocalTime => {
            let found = LocalTime::at_start_of(text()?).ok_or_else(wrong_form)?;
            let time = without_offset(found, "09:30:00").ok_or_else(wrong_form)?;
            time.map(Value::LocalTime)
        }
        FieldType::Decimal => decimal(json).ok_or_else(wrong_form).map(Value::Decimal),
        FieldType::Json => storable_json(json).map(Value::Json),
        FieldType::Enum(enum_type) => variant(enum_type, text()?).map(Value::Text),
        FieldType::Array(item) => {
            let items = json.as_array().ok_or_else(wrong_type)?;
            let values = list_values(item, items)?;
            Ok(Value::Json(list_text(item, values)))
        }
    }
}

/// What is said of JSON of another type.
pub(super) fn wrong_type(field_type: &FieldType) -> Refusal {
    let detail = format!("expected {}", field_type.describe());
    (FaultCode::Type, detail)
}

/// The value as JSON writes it. A document that is not JSON, which no column holds, is null.
pub(super) fn to_json(value: &Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Bool(value) => (*value).into(),
        Value::Integer(value) => (*value).into(),
        Value::Float(value) => (*value).into(),
        Value::Text(text) | Value::Decimal(text) => text.as_str().into(),
        Value::Bytes(bytes) => STANDARD.encode(bytes).into(),
        Value::Uuid(bytes) => uuid_to_text(bytes).into(),
        Value::Timestamp(timestamp) => timestamp.to_string().into(),
        Value::LocalDateTime(time) => time.to_string().into(),
        Value::Date(date) => date.to_string().into(),
        Value::LocalTime(time) => time.to_string().into(),
        Value::Json(text) => serde_json::from_str(text).unwrap_or_default(),
    }
}

fn integer(field_type: &FieldType, json: &Json, least: i64, most: i64) -> Result<Value, Refusal> {
    let expected = || format!("expected {}", field_type.describe());
    match json.as_i64() {
        Some(integer) if (least..=most).contains(&integer) => Ok(Value::Integer(integer)),
        Some(_) => Err((FaultCode::Range, expected())),
        None if json.is_u64() => Err((FaultCode::Range, expected())),
        None => Err((FaultCode::Type, expected())),
    }
}

/// A time with nothing behind it; none where something else is there than an offset, which would be
/// left out in silence, and with it what instant was meant.
fn without_offset<T>((time, rest): (T, &str), example: &str) -> Option<Result<T, Refusal>> {
    if rest.is_empty() {
        return Some(Ok(time));
    }
    let has_offset = rest.starts_with(['Z', 'z', '+', '-']);
    has_offset.then(|| {
        let detail = format!(
            "has an offset, which this time on the wall clock does not keep: leave it out, as in \
             {example}"
        );
        Err((FaultCode::Format, detail))
    })
}

/// PostgreSQL stores no U+0000, so neither database is given one.
fn storable_text(text: &str) -> Result<String, Refusal> {
    if text.contains('\0') {
        Err((
            FaultCode::Format,
            "contains U+0000, which cannot be stored".to_owned(),
        ))
    } else {
        Ok(text.to_owned())
    }
}

fn storable_json(json: &Json) -> Result<String, Refusal> {
    let text = json.to_string();
    if text.contains("\\u0000") && holds_nul(json) {
        return Err((
            FaultCode::Format,
            "contains U+0000, which cannot be stored".to_owned(),
        ));
    }
    Ok(text)
}

fn holds_nul(json: &Json) -> bool {
    match json {
        Json::String(text) => text.contains('\0'),
        Json::Array(items) => items.iter().any(holds_nul),
        Json::Object(members) => members
            .iter()
            .any(|(name, member)| name.contains('\0') || holds_nul(member)),
        _ => false,
    }
}

/// A decimal is given as a string, or as a number that has kept all its digits.
fn decimal(json: &Json) -> Option<String> {
    let text = match json {
        Json::String(text) => text.clone(),
        Json::Number(number) if !number.is_f64() => number.to_string(),
        Json::Number(number) => exact_float(number.to_string())?,
        _ => return None,
    };
    is_plain_decimal(&text).then(|| canonical_decimal(&text))
}

/// The text of a float, if it is what was written: a float holds 15 decimal digits exactly, and one
/// that shows more may have been written with more still.
fn exact_float(text: String) -> Option<String> {
    const EXACT_DIGITS: usize = 15;
    let significant = text.trim_start_matches(['-', '0', '.']);
    let significant = significant.trim_end_matches('0').trim_end_matches('.');
    let digits = significant.bytes().filter(u8::is_ascii_digit).count();
    (digits <= EXACT_DIGITS).then_some(text)
}

/// An optional sign, digits, and at most one point between or beside digits; at most 1,000 digits.
fn is_plain_decimal(text: &str) -> bool {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, "0"));
    let digits_only = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    !whole.is_empty()
        && !fraction.is_empty()
        && text.len() <= 1_000
        && digits_only(whole)
        && digits_only(fraction)
}

fn variant(enum_type: &EnumType, text: &str) -> Result<String, Refusal> {
    if enum_type.variants.iter().any(|variant| variant == text) {
        return Ok(text.to_owned());
    }
    let allowed = enum_type.variants.join(", ");
    Err((FaultCode::Format, format!("expected one of {allowed}")))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_type_takes_only_its_own_values() {
        let color = FieldType::Enum(EnumType {
            name: "Color".into(),
            variants: vec!["red".into(), "blue".into()].into(),
            type_name: None,
        });
        let cases = [
            (FieldType::Bool, json!(true), Ok(Value::Bool(true))),
            (FieldType::Bool, json!(1), Err(FaultCode::Type)),
            (FieldType::I16, json!(32_767), Ok(Value::Integer(32_767))),
            (FieldType::I16, json!(32_768), Err(FaultCode::Range)),
            (FieldType::I32, json!(1.5), Err(FaultCode::Type)),
            (FieldType::I32, json!("1"), Err(FaultCode::Type)),
            (FieldType::I64, json!(u64::MAX), Err(FaultCode::Range)),
            (FieldType::F32, json!(1e300), Err(FaultCode::Range)),
            (FieldType::F64, json!(1), Ok(Value::Float(1.0))),
            (FieldType::String, json!("a\0b"), Err(FaultCode::Format)),
            (
                FieldType::Bytes,
                json!("AQI="),
                Ok(Value::Bytes(vec![1, 2])),
            ),
            (FieldType::Bytes, json!("!"), Err(FaultCode::Format)),
            (FieldType::Uuid, json!("x"), Err(FaultCode::Format)),
            (
                FieldType::Date,
                json!("2024-02-29"),
                Ok(Value::Date(Date::from_unix_days(19_782))),
            ),
            (FieldType::Date, json!("2024-02-30"), Err(FaultCode::Format)),
            (
                FieldType::LocalTime,
                json!("09:30:00.25"),
                Ok(Value::LocalTime("09:30:00.250000".parse().unwrap())),
            ),
            (
                FieldType::LocalTime,
                json!("24:00:00"),
                Err(FaultCode::Format),
            ),
            (
                FieldType::LocalTime,
                json!("09:30Z"),
                Err(FaultCode::Format),
            ),
            (
                FieldType::LocalTime,
                json!("09:30 am"),
                Err(FaultCode::Format),
            ),
            (FieldType::LocalTime, json!(930), Err(FaultCode::Type)),
            (
                FieldType::Decimal,
                json!("1.50"),
                Ok(Value::Decimal("1.50".to_owned())),
            ),
            (
                FieldType::Decimal,
                json!("-007.0"),
                Ok(Value::Decimal("-7.0".to_owned())),
            ),
            (
                FieldType::Decimal,
                json!("-0.00"),
                Ok(Value::Decimal("0.00".to_owned())),
            ),
            (
                FieldType::Decimal,
                json!("+00"),
                Ok(Value::Decimal("0".to_owned())),
            ),
            (FieldType::Decimal, json!("1e9"), Err(FaultCode::Format)),
            (
                FieldType::Decimal,
                json!(-9.99),
                Ok(Value::Decimal("-9.99".to_owned())),
            ),
            (
                FieldType::Decimal,
                json!(123_456_789_012_345.0),
                Ok(Value::Decimal("123456789012345.0".to_owned())),
            ),
            // Read as a float, 0.1234567890123456789 has lost its last digits.
            (
                FieldType::Decimal,
                json!(0.123_456_789_012_345_67),
                Err(FaultCode::Format),
            ),
            (FieldType::Decimal, json!("NaN"), Err(FaultCode::Format)),
            (
                FieldType::Json,
                json!({"a": [1]}),
                Ok(Value::Json(r#"{"a":[1]}"#.to_owned())),
            ),
            (FieldType::Json, json!(["\0"]), Err(FaultCode::Format)),
            (
                color.clone(),
                json!("red"),
                Ok(Value::Text("red".to_owned())),
            ),
            (color, json!("green"), Err(FaultCode::Format)),
            (FieldType::Bool, Json::Null, Ok(Value::Null)),
        ];
        for (field_type, json, expected) in cases {
            let found = from_json(&field_type, &json).map_err(|(code, _)| code);
            assert_eq!(found, expected, "{field_type:?} of {json}");
        }
    }
}
