//! The texts of a decimal number.

use std::cmp::Ordering;

/// One text for each number and scale: no plus sign, no zeros in front, no negative zero.
pub(super) fn canonical_decimal(text: &str) -> String {
    let unsigned = text.trim_start_matches(['-', '+']);
    let trimmed = unsigned.trim_start_matches('0');
    let digits = if trimmed.is_empty() || trimmed.starts_with('.') {
        format!("0{trimmed}")
    } else {
        trimmed.to_owned()
    };
    let is_zero = digits.bytes().all(|byte| matches!(byte, b'0' | b'.'));
    if text.starts_with('-') && !is_zero {
        format!("-{digits}")
    } else {
        digits
    }
}

/// One text for each number, whatever its scale: `1.50` is `1.5`, and `2.0` is
/// `2`.
///
/// ```
/// use dataflow_core::value::shortest_decimal;
///
/// assert_eq!(shortest_decimal("1.50"), "1.5");
/// assert_eq!(shortest_decimal("+007.0"), "7");
/// assert_eq!(shortest_decimal("-0.00"), "0");
/// assert_eq!(shortest_decimal("100"), "100");
/// ```
pub fn shortest_decimal(text: &str) -> String {
    let mut digits = canonical_decimal(text);
    if digits.contains('.') {
        let kept = digits.trim_end_matches('0').trim_end_matches('.').len();
        digits.truncate(kept);
    }
    digits
}

/// How two decimals stand to each other as numbers, whatever their scale.
pub(crate) fn order_of_decimals(left: &str, right: &str) -> Ordering {
    let (left, right) = (shortest_decimal(left), shortest_decimal(right));
    match (left.strip_prefix('-'), right.strip_prefix('-')) {
        (None, None) => order_of_sizes(&left, &right),
        (Some(left), Some(right)) => order_of_sizes(right, left),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
    }
}

/// The longer whole is the greater one; digits in the same place stand as their texts do.
fn order_of_sizes(left: &str, right: &str) -> Ordering {
    let parts = |text: &str| {
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        (whole.len(), whole.to_owned(), fraction.to_owned())
    };
    parts(left).cmp(&parts(right))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_stand_as_numbers_do() {
        let rising = [
            "-10", "-9.5", "-9.49", "-0.1", "-0.01", "0", "0.009", "0.01", "9.9", "10",
        ];
        for (place, left) in rising.iter().enumerate() {
            for (other, right) in rising.iter().enumerate() {
                assert_eq!(
                    order_of_decimals(left, right),
                    place.cmp(&other),
                    "{left} {right}"
                );
            }
        }
        assert_eq!(order_of_decimals("+01.500", "1.5"), Ordering::Equal);
        assert_eq!(order_of_decimals("-0.00", "0"), Ordering::Equal);
    }
}
