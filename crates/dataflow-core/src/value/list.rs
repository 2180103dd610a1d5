//! The one text of a list, which both databases are given and every door shows.

use std::borrow::Cow;

use serde_json::Value as Json;

use super::{Refusal, Value, from_json, shortest_decimal};
use crate::error::{Error, Kind, Result};
use crate::schema::ItemType;

/// A list in one text, so that equal ones are equal as texts.
///
/// A number that is none and a time outside the years 0001 to 9999 become null, which no list holds:
/// [`Statement::accepts`](crate::dialect::Statement::accepts) refuses it.
pub(crate) fn list_text(item_type: &ItemType, values: impl IntoIterator<Item = Value>) -> String {
    let items = values.into_iter().map(|value| item(item_type, &value));
    Json::Array(items.collect()).to_string()
}

/// An item as lists hold it.
fn item(item_type: &ItemType, value: &Value) -> Json {
    match (item_type, value) {
        (ItemType::Decimal, Value::Decimal(text)) => shortest_decimal(text).into(),
        (ItemType::F32, Value::Float(number)) => of_32_bits(*number as f32),
        (_, Value::Timestamp(time)) if !time.is_in_calendar() => Json::Null,
        (_, Value::LocalDateTime(time)) if !time.is_in_calendar() => Json::Null,
        (_, Value::Date(date)) if !date.is_in_calendar() => Json::Null,
        (_, value) => value.to_json(),
    }
}

/// The shortest digits that give the number back, and not those of one of 64 bits.
fn of_32_bits(number: f32) -> Json {
    let number: f64 = number.to_string().parse().expect("a number is read back");
    number.into()
}

/// The values of a list; the error names the item at fault.
pub(crate) fn list_values(item_type: &ItemType, items: &[Json]) -> Result<Vec<Value>, Refusal> {
    let item_type = item_type.field_type();
    let value_of = |(position, json): (usize, &Json)| {
        let value = from_json(&item_type, json).and_then(|value| match value {
            Value::Null => Err(super::convert::wrong_type(&item_type)),
            value => Ok(value),
        });
        value.map_err(|(code, detail)| (code, format!("item {position}: {detail}")))
    };
    items.iter().enumerate().map(value_of).collect()
}

/// The text of a list as a database gives it: PostgreSQL writes times in another way than JSON here
/// does, and anybody may have written a column of SQLite.
///
/// # Errors
///
/// When it holds what is no item of its type.
pub(crate) fn list_as_shown<'t>(item_type: &ItemType, text: Cow<'t, str>) -> Result<Cow<'t, str>> {
    let is_shown_as_written = !matches!(
        item_type,
        ItemType::Timestamp
            | ItemType::LocalDateTime
            | ItemType::Date
            | ItemType::LocalTime
            | ItemType::Decimal
    );
    if is_shown_as_written {
        return Ok(text);
    }
    Ok(list_text(item_type, list_read(item_type, &text)?).into())
}

/// The values of a list that a database gave.
///
/// # Errors
///
/// As [`list_as_shown`].
pub(crate) fn list_read(item_type: &ItemType, text: &str) -> Result<Vec<Value>> {
    let items: Option<Vec<Json>> = serde_json::from_str(text).ok();
    let values = items.and_then(|items| list_values(item_type, &items).ok());
    values.ok_or_else(|| {
        let what = crate::schema::FieldType::Array(item_type.clone());
        let message = format!("a column does not hold {}", what.describe());
        Error::new(Kind::Internal, message)
    })
}
