//! What all texts of a column can be: a value in the one form of its type, or digits in one pattern.

use crate::value::{Date, LocalDateTime, LocalTime, Timestamp, parse_uuid, uuid_to_text};

/// 32 digits of a UUID without its hyphens.
pub(super) const BARE_UUID: &str = "^[0-9a-f]{32}$";

/// What a text can be, in the one way that a field writes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    LocalDateTime,
    Timestamp,
    Date,
    LocalTime,
    Uuid,
    BareUuid,
    Json,
}

/// The pattern of texts that differ in their digits alone.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) enum Pattern {
    #[default]
    Unknown,
    One(String),
    Several,
}

impl Form {
    pub(super) const ALL: [Self; 7] = [
        Self::LocalDateTime,
        Self::Timestamp,
        Self::Date,
        Self::LocalTime,
        Self::Uuid,
        Self::BareUuid,
        Self::Json,
    ];

    /// Equal texts are what keys and conditions compare, so a value in another text of its own is
    /// none.
    pub(super) fn is_of(self, text: &str, is_json: bool) -> bool {
        match self {
            Self::LocalDateTime => text
                .parse()
                .is_ok_and(|time: LocalDateTime| time.to_sql() == text),
            Self::Timestamp => text
                .parse()
                .is_ok_and(|time: Timestamp| time.to_string() == text),
            Self::Date => text.parse().is_ok_and(|day: Date| day.to_string() == text),
            Self::LocalTime => text
                .parse()
                .is_ok_and(|time: LocalTime| time.to_string() == text),
            Self::Uuid => parse_uuid(text).is_some_and(|uuid| uuid_to_text(&uuid) == text),
            Self::BareUuid => {
                let is_digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
                text.len() == 32 && text.bytes().all(is_digit)
            }
            Self::Json => is_json,
        }
    }
}

impl Pattern {
    pub(super) fn note(&mut self, text: &str) {
        if *self == Self::Several {
            return;
        }
        let pattern = pattern(text);
        *self = match (std::mem::take(self), pattern) {
            (Self::Unknown, Some(pattern)) => Self::One(pattern),
            (Self::One(known), Some(pattern)) if known == pattern => Self::One(known),
            _ => Self::Several,
        };
    }
}

/// The pattern of a short text with digits, if none that matches is a number.
fn pattern(text: &str) -> Option<String> {
    const LONGEST: usize = 40;
    let has_digit = text.contains(|letter: char| letter.is_ascii_digit());
    if text.len() > LONGEST || !has_digit || text.trim().parse::<f64>().is_ok() {
        return None;
    }
    let mut pattern = "^".to_owned();
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        if !letter.is_ascii_digit() {
            pattern.extend(r"\.+*?()|[]{}^$".contains(letter).then_some('\\'));
            pattern.push(letter);
            continue;
        }
        let mut digits = 1;
        while letters.next_if(char::is_ascii_digit).is_some() {
            digits += 1;
        }
        pattern.push_str("[0-9]");
        if digits > 1 {
            pattern.push_str(&format!("{{{digits}}}"));
        }
    }
    Some(pattern + "$")
}
