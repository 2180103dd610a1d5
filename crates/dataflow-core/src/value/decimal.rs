//! The texts of a decimal number.

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
