//! What the library makes itself: keys and the time.

use std::time::{SystemTime, UNIX_EPOCH};

use dataflow_core::Value;
use dataflow_core::schema::{Field, FieldType};
use dataflow_core::value::Timestamp;
use uuid::Uuid;

/// A new key for a field that holds UUIDs or their text. Keys that one process makes sort in the
/// order they were made (RFC 9562, section 6.2).
pub(crate) fn uuid_v7(field: &Field) -> Value {
    let uuid = Uuid::now_v7();
    match field.field_type {
        FieldType::String => Value::Text(uuid.to_string()),
        _ => Value::Uuid(uuid.into_bytes()),
    }
}

/// An instant as a field holds it: itself, or what a wall clock in UTC shows, without the digits of a
/// second that the field does not take.
pub(crate) fn stamp(field: &Field, instant: Timestamp) -> Value {
    let instant = field.limit.map_or(instant, |limit| limit.cut(instant));
    match field.field_type {
        FieldType::LocalDateTime => Value::LocalDateTime(instant.in_utc()),
        _ => Value::Timestamp(instant),
    }
}

/// The time, to the microsecond that both databases store.
pub(crate) fn now() -> Timestamp {
    let since_epoch = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    let micros = i64::try_from(since_epoch.as_micros()).unwrap_or(i64::MAX);
    Timestamp::from_unix_micros(micros)
}
