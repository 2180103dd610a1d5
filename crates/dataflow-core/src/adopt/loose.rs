//! Fields for columns that may hold what their types do not say, as other tools make them.

use serde::de::IgnoredAny;

use super::field::size;
use super::seen::{Seen, Stored};
use crate::dialect::holds_texts;
use crate::schema::{DefaultValue, Field, FieldType, Limit};
use crate::snapshot::Column;

/// The words in types that tell a field, the longer ones first.
const TOLD: [(&str, &[FieldType]); 6] = [
    (
        "DATETIME",
        &[FieldType::LocalDateTime, FieldType::Timestamp],
    ),
    (
        "TIMESTAMP",
        &[FieldType::LocalDateTime, FieldType::Timestamp],
    ),
    ("DATE", &[FieldType::Date]),
    ("JSON", &[FieldType::Json]),
    ("UUID", &[FieldType::Uuid]),
    ("TIME", &[FieldType::LocalTime]),
];

/// The field of a column whose type is none of ours and says little of what it holds, by what was seen
/// in it: what the field writes is what the other tool wrote.
pub(super) fn field(name: &str, column: &Column, seen: &Seen) -> Option<Field> {
    let declared = column.column_type.to_ascii_uppercase();
    if declared.is_empty() || holds_texts(&declared) {
        return None;
    }
    let is_called = |word: &str| declared.contains(word);
    let of_type = |field_type| Field {
        adopts: Some(column.column_type.clone().into()),
        ..Field::new(name.to_owned(), field_type)
    };
    if is_called("DEC") || is_called("NUMERIC") {
        return decimal(of_type, &declared, seen);
    }
    let told = TOLD.iter().find(|(word, _)| is_called(word));
    let mut told = told.into_iter().flat_map(|(_, types)| *types);
    if let Some(field_type) = told.find(|field_type| seen.fits(field_type)) {
        return Some(of_type(field_type.clone()));
    }
    if seen.is_empty() {
        return None;
    }
    if let Some(pattern) = seen.pattern() {
        let mut text = of_type(FieldType::String);
        text.rules.pattern = Some(pattern.to_owned().into());
        return Some(text);
    }
    let numbers = [FieldType::I64, FieldType::F64];
    let mut number = of_type(numbers.into_iter().find(|it| seen.fits(it))?);
    let is_time = is_called("DATE") || is_called("TIME");
    number.description = seen.unit_since_1970().filter(|_| is_time).map(|unit| {
        let unit = unit[..1].to_uppercase() + &unit[1..];
        format!("{unit} since 1970 in UTC, as the tool that made the column counts them.").into()
    });
    Some(number)
}

/// A number that is kept in binary, with 15 digits that are exact: a decimal where all of its digits
/// come back, and each in the text that a condition compares it with, which has no exponent.
fn decimal(of_type: impl Fn(FieldType) -> Field, declared: &str, seen: &Seen) -> Option<Field> {
    const LARGEST: Limit = Limit::Digits {
        precision: 15,
        scale: 4,
    };
    let limit = size(&FieldType::Decimal, declared).unwrap_or(LARGEST);
    if let Limit::Digits {
        precision: precision @ 1..=15,
        scale: scale @ 0..=4,
    } = limit
        && scale <= precision
        && seen.fits_digits(precision, scale)
    {
        let decimal = of_type(FieldType::Decimal);
        return Some(Field {
            limit: Some(limit),
            ..decimal
        });
    }
    let number = Field {
        description: Some("A number of 15 exact digits, as the database keeps it.".into()),
        ..of_type(FieldType::F64)
    };
    seen.fits(&number.field_type).then_some(number)
}

/// UUIDs without hyphens, as a text: a field of UUIDs would write and look for them with hyphens.
pub(super) fn bare_uuids(field: &Field, column: &Column, seen: &Seen) -> Option<&'static str> {
    let is_of_32 = column.column_type.eq_ignore_ascii_case("char(32)");
    let is_text = field.field_type == FieldType::String && is_of_32;
    seen.bare_uuids().filter(|_| is_text)
}

/// Whether what the database writes where no value is given reads as what the field holds.
pub(super) fn keeps_form(field: &Field) -> bool {
    let Some(DefaultValue::Sql(sql)) = &field.default else {
        return true;
    };
    match &*sql.to_ascii_uppercase() {
        "CURRENT_TIMESTAMP" => return field.field_type == FieldType::LocalDateTime,
        "CURRENT_DATE" => return field.field_type == FieldType::Date,
        "CURRENT_TIME" => return field.field_type == FieldType::LocalTime,
        "NULL" => return true,
        _ => {}
    }
    let text = sql
        .strip_prefix('\'')
        .and_then(|text| text.strip_suffix('\''));
    let value = match (text, sql.parse(), sql.parse()) {
        (Some(head), ..) => Stored::Text {
            head,
            is_json: serde_json::from_str::<IgnoredAny>(head).is_ok(),
        },
        (_, Ok(integer), _) => Stored::Integer(integer),
        (_, _, Ok(real)) => Stored::Real(real),
        _ => return false,
    };
    let mut seen = Seen::default();
    seen.note(value);
    seen.fits(&field.field_type) && field.field_type != FieldType::String
}
