//! Reading JSON text strictly.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::Value as Json;

use crate::error::{Error, Fault, FaultCode, Kind, Result};

/// A JSON object: the input of every node.
pub type Object = serde_json::Map<String, Json>;

/// Reads one JSON document: no key twice in an object, nothing after the document, at most 128
/// levels deep.
///
/// # Errors
///
/// [`Kind::Malformed`] with the line and column, never with the text; [`Kind::Invalid`] when a
/// number is too large for any field, such as `1e400`.
///
/// ```
/// use dataflow_core::value::parse_value;
///
/// assert_eq!(parse_value(b"[1, 2]").unwrap()[1], 2);
/// assert!(parse_value(br#"{"a": 1, "a": 2}"#).is_err());
/// assert!(parse_value(b"[1] 2").is_err());
/// ```
pub fn parse_value(text: &[u8]) -> Result<Json> {
    let mut deserializer = serde_json::Deserializer::from_slice(text);
    let value = Strict
        .deserialize(&mut deserializer)
        .map_err(|error| malformed(&error))?;
    deserializer.end().map_err(|error| malformed(&error))?;
    Ok(value)
}

/// Reads one JSON object, as strictly as [`parse_value`].
///
/// # Errors
///
/// [`Kind::Malformed`] when the text is not JSON or is another value than an object.
pub fn parse_object(text: &[u8]) -> Result<Object> {
    match parse_value(text)? {
        Json::Object(object) => Ok(object),
        _ => Err(Error::new(
            Kind::Malformed,
            "the input is not a JSON object",
        )),
    }
}

fn malformed(error: &serde_json::Error) -> Error {
    let position = format!("at line {} column {}", error.line(), error.column());
    let reason = error.to_string();
    if reason.starts_with("number out of range") {
        let detail = format!("the number {position} is too large");
        return Error::invalid(vec![Fault::new("", FaultCode::Range, detail)]);
    }
    let what = match error.classify() {
        serde_json::error::Category::Eof => "JSON ends too early",
        _ if reason.starts_with(REPEATED_KEY) => REPEATED_KEY,
        _ => "not JSON",
    };
    Error::new(Kind::Malformed, format!("{what} {position}"))
}

const REPEATED_KEY: &str = "a key stands twice in one object";

/// Builds a [`Json`] as serde_json does, but refuses a key that stands twice.
#[derive(Clone, Copy)]
struct Strict;

impl<'de> DeserializeSeed<'de> for Strict {
    type Value = Json;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Json, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict {
    type Value = Json;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON document")
    }

    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Json, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Json, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Json, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Json, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Json, E> {
        Ok(value.into())
    }

    fn visit_string<E>(self, value: String) -> Result<Json, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Json, A::Error> {
        let mut array = Vec::new();
        while let Some(item) = items.next_element_seed(self)? {
            array.push(item);
        }
        Ok(Json::Array(array))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Json, A::Error> {
        let mut object = Object::new();
        while let Some(key) = members.next_key::<String>()? {
            let value = members.next_value_seed(self)?;
            if object.insert(key, value).is_some() {
                return Err(A::Error::custom(REPEATED_KEY));
            }
        }
        Ok(Json::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_one_json_object_is_malformed() {
        let deep = "[".repeat(200);
        let cases = [
            ("", "JSON ends too early"),
            (r#"{"a": "#, "JSON ends too early"),
            (r#"{"a": 1, "a": 2}"#, REPEATED_KEY),
            (r#"{"a": {"b": 1, "b": 1}}"#, REPEATED_KEY),
            (r#"{} x"#, "not JSON"),
            ("\u{feff}{}", "not JSON"),
            (r#"{"a": "\ud800"}"#, "not JSON"),
            (deep.as_str(), "not JSON"),
            ("[]", "the input is not a JSON object"),
        ];
        for (text, message) in cases {
            let error = parse_object(text.as_bytes()).unwrap_err();
            assert_eq!(error.kind(), Kind::Malformed, "{text}");
            assert!(error.to_string().starts_with(message), "{text}: {error}");
        }
        assert!(parse_object(b"{\"a\": \"\xff\"}").is_err());
    }

    #[test]
    fn a_number_beyond_every_field_is_invalid() {
        let error = parse_object(br#"{"a": 1e400}"#).unwrap_err();
        assert_eq!(error.kind(), Kind::Invalid);
        assert_eq!(error.faults()[0].code, FaultCode::Range);
    }

    #[test]
    fn integers_stay_exact() {
        let object = parse_object(br#"{"a": 9007199254740993}"#).unwrap();
        assert_eq!(object["a"].as_i64(), Some(9_007_199_254_740_993));
    }
}
