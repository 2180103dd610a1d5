//! The conditions that keep a column to its field's type.

use crate::dialect::identifier;
use crate::schema::{Field, FieldType};

/// The condition that keeps a column to its field's type, where the column's own type holds more.
///
/// The rowid counts on past the width of its field. At its own end SQLite would say that the disk is
/// full, so the last key of 64 bits is never reached.
///
/// A decimal and a time on the wall clock are text and equal texts are what a key or a unique index
/// compares, so each number and each time has one.
pub(in crate::dialect) fn guard(field: &Field, is_serial: bool) -> Option<String> {
    let condition = match field.field_type {
        FieldType::I16 if is_serial => has_16_bits,
        FieldType::I32 if is_serial => has_32_bits,
        FieldType::I64 if is_serial => has_64_bits,
        FieldType::Decimal => is_canonical_decimal,
        FieldType::LocalDateTime => is_canonical_time,
        FieldType::LocalTime => is_canonical_time_of_day,
        FieldType::Array(_) => is_list,
        _ => return None,
    };
    Some(condition(&identifier(&field.column)))
}

/// All that a guard of a column can be, each with the one that it stands for: a table keeps what it was
/// made with before a guard grew stricter.
pub(super) fn guards(column: &str) -> impl Iterator<Item = (String, String)> {
    let column = identifier(column);
    let before = (was_canonical_time(&column), is_canonical_time(&column));
    let conditions = [
        has_16_bits,
        has_32_bits,
        has_64_bits,
        is_canonical_decimal,
        is_canonical_time,
        is_canonical_time_of_day,
        is_list,
    ];
    let conditions = conditions.map(|condition: fn(&str) -> String| condition(&column));
    let conditions = conditions.into_iter();
    conditions
        .map(|condition| (condition.clone(), condition))
        .chain([before])
}

fn has_16_bits(column: &str) -> String {
    format!("{column} BETWEEN {} AND {}", i16::MIN, i16::MAX)
}

fn has_32_bits(column: &str) -> String {
    format!("{column} BETWEEN {} AND {}", i32::MIN, i32::MAX)
}

fn has_64_bits(column: &str) -> String {
    format!("{column} < {}", i64::MAX)
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

/// A time that exists, with six decimals or none. What is no time at all is null to `datetime()`, and a
/// check refuses no null.
fn is_canonical_time(column: &str) -> String {
    canonical_time(column, "IS")
}

/// The same, but for what is no time at all.
fn was_canonical_time(column: &str) -> String {
    canonical_time(column, "=")
}

fn canonical_time(column: &str, equals: &str) -> String {
    format!(
        "datetime(substr({column}, 1, 19)) {equals} substr({column}, 1, 19) \
         AND {column} >= '0001' AND substr({column}, 12, 2) < '24' \
         AND {}",
        has_six_decimals_or_none(column, 19)
    )
}

/// A time that each day has, with six decimals or none.
fn is_canonical_time_of_day(column: &str) -> String {
    format!(
        "time(substr({column}, 1, 8)) IS substr({column}, 1, 8) AND {column} < '24' AND {}",
        has_six_decimals_or_none(column, 8)
    )
}

/// What follows the seconds of a time, which end at a letter of its text.
fn has_six_decimals_or_none(column: &str, end: u32) -> String {
    let (six, point) = ("[0-9]".repeat(6), end + 1);
    format!(
        "(length({column}) = {end} \
         OR substr({column}, {point}) GLOB '.{six}' AND {column} NOT GLOB '*.000000')"
    )
}

/// The kind is asked of nothing but JSON: of other texts that would fail in itself.
fn is_list(column: &str) -> String {
    format!(
        "CASE WHEN json_valid({column}) THEN json_type({column}) = 'array' ELSE {column} IS NULL END"
    )
}
