//! Where a reader is.

use std::fmt;
use std::str::FromStr;

/// A place in the order of changes, to go on from later; written as `17` or `1203.17`.
///
/// A later change has a greater position. Positions of one database mean nothing in another.
///
/// ```
/// use dataflow_core::feed::Position;
///
/// let position: Position = "1203.17".parse().unwrap();
/// assert_eq!(position.to_string(), "1203.17");
/// assert!(position < "1204.3".parse().unwrap());
/// assert!("1203.".parse::<Position>().is_err());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Position {
    /// The number of the transaction; 0 where the database does not number them, because they take
    /// effect in the order in which they write.
    pub transaction: u64,
    /// The number within the outbox.
    pub entry: u64,
}

/// The text is not a position.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a position in the order of changes, such as 17 or 1203.17")]
pub struct PositionError;

impl fmt::Display for Position {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.transaction {
            0 => write!(formatter, "{}", self.entry),
            transaction => write!(formatter, "{transaction}.{}", self.entry),
        }
    }
}

impl FromStr for Position {
    type Err = PositionError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (transaction, entry) = text.split_once('.').unwrap_or(("0", text));
        Ok(Self {
            transaction: number(transaction)?,
            entry: number(entry)?,
        })
    }
}

/// As both databases count: in 63 bits.
fn number(digits: &str) -> Result<u64, PositionError> {
    let is_digits = digits.bytes().all(|byte| byte.is_ascii_digit());
    let number = digits.parse::<i64>().map_err(|_| PositionError)?;
    match is_digits {
        true => Ok(number.unsigned_abs()),
        false => Err(PositionError),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_position_is_one_number_or_two() {
        let position = |transaction, entry| Ok(Position { transaction, entry });
        let cases = [
            ("17", position(0, 17)),
            ("1203.17", position(1203, 17)),
            ("9223372036854775807", position(0, i64::MAX as u64)),
            ("9223372036854775808", Err(PositionError)),
            ("", Err(PositionError)),
            (".", Err(PositionError)),
            ("1.", Err(PositionError)),
            ("-1", Err(PositionError)),
            ("+1", Err(PositionError)),
            ("1.2.3", Err(PositionError)),
            ("1 ", Err(PositionError)),
        ];
        for (text, expected) in cases {
            assert_eq!(text.parse(), expected, "{text:?}");
        }
    }

    #[test]
    fn positions_sort_by_transaction_first() {
        let sorted = ["1.9", "2.1", "2.3", "10.2"].map(|text| text.parse::<Position>().unwrap());
        assert!(sorted.is_sorted());
    }
}
