//! `max_length`, `precision` and `scale`.

use std::ops::RangeInclusive;

use syn::LitInt;

use super::Arguments;
use crate::errors::Errors;
use crate::parsed::ParsedLimit;

/// What PostgreSQL can be told.
pub(super) const LENGTHS: RangeInclusive<u64> = 1..=10_485_760;
const DIGITS: RangeInclusive<u64> = 0..=1_000;
const DIGITS_AFTER_THE_POINT: RangeInclusive<u64> = 0..=1_000;

/// The limits of a field, each within its bounds.
pub(super) fn limit(arguments: &Arguments, errors: &mut Errors) -> ParsedLimit {
    ParsedLimit {
        max_length: number(arguments, "max_length", LENGTHS, errors),
        precision: number(arguments, "precision", DIGITS, errors),
        scale: number(arguments, "scale", DIGITS_AFTER_THE_POINT, errors),
    }
}

/// The number that follows a word, within bounds.
pub(super) fn number(
    arguments: &Arguments,
    word: &str,
    bounds: RangeInclusive<u64>,
    errors: &mut Errors,
) -> Option<LitInt> {
    let literal: LitInt = arguments.value(word, errors)?;
    let is_within = literal
        .base10_parse()
        .is_ok_and(|number: u64| bounds.contains(&number));
    if is_within && literal.suffix().is_empty() {
        return Some(literal);
    }
    let message = format!(
        "`{word}` is a number from {} to {}",
        bounds.start(),
        bounds.end()
    );
    errors.add(&literal, message);
    None
}
