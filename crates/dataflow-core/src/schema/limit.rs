//! How much of its type a field takes.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::field_value::StaticType;
use super::{FieldType, FieldValue};
use crate::value::{Timestamp, Value};

/// How much of its type a field takes: a column of this size on PostgreSQL, a condition on SQLite.
///
/// ```
/// use dataflow_core::Value;
/// use dataflow_core::schema::Limit;
///
/// let name = Limit::Length(5);
/// assert!(name.takes(&Value::Text("größe".to_owned())));
/// assert!(!name.takes(&Value::Text("größer".to_owned())));
///
/// let price = Limit::Digits { precision: 4, scale: 2 };
/// assert!(price.takes(&Value::Decimal("-12.50".to_owned())));
/// assert!(!price.takes(&Value::Decimal("12.505".to_owned())));
/// assert_eq!(price.to_string(), "at most 2 digits before the point and 2 after it");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Limit {
    /// A text of at most so many characters.
    Length(u32),
    /// A decimal number.
    Digits {
        /// How many digits it has at most, of which `scale` are kept for the fraction.
        precision: u16,
        /// How many digits it has at most after the point.
        scale: u16,
    },
    /// A time of at most so many digits after its seconds.
    SecondDigits(u8),
}

impl Limit {
    /// The longest text that PostgreSQL can be told to limit.
    const LONGEST: u32 = 10_485_760;
    /// The most digits that PostgreSQL can be told to limit.
    const MOST_DIGITS: u16 = 1_000;
    /// The most digits of a second that are fewer than a time has anyway.
    const MOST_SECOND_DIGITS: u8 = 5;

    /// Whether a value is small enough; one of another type is not its matter.
    pub fn takes(self, value: &Value) -> bool {
        match (self, value) {
            (Self::Length(most), Value::Text(text)) => {
                let most = most as usize;
                // Hardly any text has to be counted.
                text.len() <= most || text.chars().count() <= most
            }
            (Self::Digits { precision, scale }, Value::Decimal(text)) => {
                let (whole, fraction) = digits(text);
                whole <= usize::from(precision - scale) && fraction <= usize::from(scale)
            }
            (Self::SecondDigits(most), Value::Timestamp(timestamp)) => {
                has_second_digits(timestamp.unix_micros(), most)
            }
            (Self::SecondDigits(most), Value::LocalDateTime(time)) => {
                has_second_digits(time.micros(), most)
            }
            (Self::SecondDigits(most), Value::LocalTime(time)) => {
                has_second_digits(time.micros(), most)
            }
            _ => true,
        }
    }

    /// The latest time that it takes and that is no later than one.
    pub fn cut(self, timestamp: Timestamp) -> Timestamp {
        let Self::SecondDigits(most) = self else {
            return timestamp;
        };
        let micros = timestamp.unix_micros();
        Timestamp::from_unix_micros(micros - micros.rem_euclid(micros_of_digit(most)))
    }

    /// Whether it takes every value that another one takes.
    pub(crate) fn holds(self, other: Self) -> bool {
        match (self, other) {
            (Self::Length(most), Self::Length(other)) => most >= other,
            (
                Self::Digits { precision, scale },
                Self::Digits {
                    precision: other_precision,
                    scale: other_scale,
                },
            ) => scale >= other_scale && precision - scale >= other_precision - other_scale,
            (Self::SecondDigits(most), Self::SecondDigits(other)) => most >= other,
            _ => false,
        }
    }

    /// What is wrong with it on a field of a type.
    pub(crate) fn mistake(self, field_type: &FieldType) -> Option<&'static str> {
        match (self, field_type) {
            (Self::Length(1..=Self::LONGEST), FieldType::String) => None,
            (Self::Length(_), FieldType::String) => {
                Some("a text is limited to 1 to 10485760 characters")
            }
            (Self::Digits { precision, scale }, FieldType::Decimal) => {
                let is_possible =
                    (1..=Self::MOST_DIGITS).contains(&precision) && scale <= precision;
                (!is_possible).then_some("a decimal has 1 to 1000 digits, and none beyond these")
            }
            (Self::SecondDigits(digits), field_type) if field_type.has_seconds() => {
                let is_possible = digits <= Self::MOST_SECOND_DIGITS;
                (!is_possible).then_some("a time is limited to 0 to 5 digits of a second; it has 6")
            }
            (Self::Length(_), _) => Some("only a text has a length"),
            (Self::Digits { .. }, _) => Some("only a decimal has digits"),
            (Self::SecondDigits(_), _) => Some("only a time has digits of a second"),
        }
    }
}

/// In words, to follow "takes" or "expected".
impl fmt::Display for Limit {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Length(1) => formatter.write_str("at most 1 character"),
            Self::Length(most) => write!(formatter, "at most {most} characters"),
            Self::Digits { precision, scale } => {
                let whole = precision - scale;
                let digits = if whole == 1 { "digit" } else { "digits" };
                write!(
                    formatter,
                    "at most {whole} {digits} before the point and {scale} after it"
                )
            }
            Self::SecondDigits(0) => formatter.write_str("whole seconds"),
            Self::SecondDigits(1) => formatter.write_str("at most 1 digit after the seconds"),
            Self::SecondDigits(most) => {
                write!(formatter, "at most {most} digits after the seconds")
            }
        }
    }
}

fn has_second_digits(micros: i64, most: u8) -> bool {
    micros.rem_euclid(micros_of_digit(most)) == 0
}

/// How many microseconds the last of so many digits of a second counts.
const fn micros_of_digit(digits: u8) -> i64 {
    10_i64.pow(6_u32.saturating_sub(digits as u32))
}

/// How many digits count before the point and after it.
fn digits(decimal: &str) -> (usize, usize) {
    let unsigned = decimal.trim_start_matches(['+', '-']);
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    (
        whole.trim_start_matches('0').len(),
        fraction.trim_end_matches('0').len(),
    )
}

/// The limit of a compiled model's text; another type does not compile.
#[doc(hidden)]
pub const fn max_length<T: FieldValue>(characters: u32) -> Limit {
    assert!(
        matches!(<T as StaticType>::TYPE, FieldType::String),
        "`max_length` limits a text: a String, or an Option of one"
    );
    Limit::Length(characters)
}

/// The limit of a compiled model's decimal; another type does not compile.
#[doc(hidden)]
pub const fn digits_of<T: FieldValue>(precision: u16, scale: u16) -> Limit {
    assert!(
        matches!(<T as StaticType>::TYPE, FieldType::Decimal),
        "`scale` limits a decimal: a Decimal, or an Option of one"
    );
    assert!(precision > 0, "a decimal has 1 to 1000 digits");
    Limit::Digits { precision, scale }
}

/// The limit of a compiled model's time or whole number of decimal digits; another type does not
/// compile.
#[doc(hidden)]
pub const fn precision_of<T: FieldValue>(precision: u16) -> Limit {
    match <T as StaticType>::TYPE {
        FieldType::Timestamp | FieldType::LocalDateTime | FieldType::LocalTime => {
            assert!(
                precision <= Limit::MOST_SECOND_DIGITS as u16,
                "`precision` limits a time to 0 to 5 digits of a second; it has 6"
            );
            Limit::SecondDigits(precision as u8)
        }
        FieldType::Decimal => digits_of::<T>(precision, 0),
        _ => panic!(
            "`precision` limits a decimal or a time: a Decimal, a DateTime<Utc>, a NaiveDateTime or a \
             NaiveTime, or an Option of one"
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_counts_characters_and_the_digits_that_matter() {
        let digits = |precision, scale| Limit::Digits { precision, scale };
        let time = |micros| Value::Timestamp(Timestamp::from_unix_micros(micros));
        let clock = |text: &str| Value::LocalTime(text.parse().unwrap());
        let cases = [
            (Limit::Length(3), Value::Text("äöü".to_owned()), true),
            (Limit::Length(3), Value::Text("abcd".to_owned()), false),
            (Limit::Length(3), Value::Null, true),
            (digits(4, 2), Value::Decimal("0099.9900".to_owned()), true),
            (digits(4, 2), Value::Decimal("100".to_owned()), false),
            (digits(2, 2), Value::Decimal("-0.12".to_owned()), true),
            (digits(2, 2), Value::Decimal("1".to_owned()), false),
            (digits(3, 0), Value::Decimal("0.5".to_owned()), false),
            (Limit::SecondDigits(3), time(-1_000), true),
            (Limit::SecondDigits(3), time(1_001), false),
            (Limit::SecondDigits(0), time(2_000_000), true),
            (Limit::SecondDigits(0), time(2_100_000), false),
            (Limit::SecondDigits(1), clock("09:30:00.5"), true),
            (Limit::SecondDigits(1), clock("09:30:00.25"), false),
        ];
        for (limit, value, expected) in cases {
            assert_eq!(limit.takes(&value), expected, "{limit:?} {value:?}");
        }
    }

    #[test]
    fn a_wider_limit_holds_a_narrower_one() {
        let digits = |precision, scale| Limit::Digits { precision, scale };
        assert!(Limit::Length(5).holds(Limit::Length(5)));
        assert!(!Limit::Length(4).holds(Limit::Length(5)));
        assert!(digits(6, 3).holds(digits(5, 2)));
        assert!(!digits(6, 4).holds(digits(5, 2)));
        assert!(Limit::SecondDigits(3).holds(Limit::SecondDigits(0)));
        assert!(!Limit::SecondDigits(0).holds(Limit::SecondDigits(3)));
    }

    #[test]
    fn a_time_is_cut_to_what_a_limit_takes() {
        let cut = |digits, micros| {
            let timestamp = Timestamp::from_unix_micros(micros);
            Limit::SecondDigits(digits).cut(timestamp).unix_micros()
        };
        assert_eq!(cut(3, 1_999_999), 1_999_000);
        assert_eq!(cut(0, -1), -1_000_000);
        assert_eq!(cut(5, 10), 10);
    }
}
