//! The conditions that keep a column of SQLite to its field, where its own type holds more: guards
//! of the field's type, and limits.
//!
//! Nobody writes such a condition by hand in these words, so by them it is known as one that a model
//! brought, and may be changed with it.

mod guard;

pub(in crate::dialect) use guard::guard;

use crate::dialect::token::{Brackets, TokenKind, canonical, tokens};
use crate::dialect::{identifier, mentions};
use crate::schema::Limit;
use crate::snapshot::{self, Check, Column, Guard, Table};

/// The condition that keeps the values of a column within a limit. Decimals are in their shortest
/// form.
pub(crate) fn limit_condition(column: &str, limit: &snapshot::Limit) -> String {
    let column = identifier(column);
    match limit.takes {
        Limit::Length(most) => format!("length({column}) BETWEEN 0 AND {most}"),
        Limit::Digits { precision, scale } => {
            let whole = precision - scale;
            format!(
                "instr(ltrim({column}, '-0') || '.', '.') - 1 <= {whole} \
                 AND length({column}) - instr({column} || '.', '.') <= {scale}"
            )
        }
        Limit::SecondDigits(most) => {
            let beyond = before_second_digits(limit.of_day) + u32::from(most) + 1;
            format!("rtrim(substr({column}, {beyond}), '0Z') = ''")
        }
    }
}

/// How long a time is up to the point behind its seconds.
const fn before_second_digits(of_day: bool) -> u32 {
    if of_day { 9 } else { 20 }
}

/// Tells the guards and limits of a table's columns from its other checks, all of which are in their
/// one spelling.
pub fn tell_narrowing(table: &mut Table) {
    let columns = &mut table.columns;
    table
        .checks
        .retain(|check| !columns.iter_mut().any(|column| belongs_to(column, check)));
}

/// Whether a check is the guard or the limit of a column, which then has it.
fn belongs_to(column: &mut Column, check: &Check) -> bool {
    if !mentions(&check.expression, &column.name) {
        return false;
    }
    let mut guards = guard::guards(&column.name);
    let guard = guards.find(|(condition, _)| canonical(condition) == check.expression);
    if let Some((_, stands_for)) = guard.filter(|_| column.guard.is_none()) {
        column.guard = Some(Guard {
            name: check.name.clone(),
            condition: canonical(&stands_for),
        });
        return true;
    }
    if column.limit.is_some() {
        return false;
    }
    column.limit = limit(&column.name, check);
    column.limit.is_some()
}

/// The limit that a check of a column stands for.
fn limit(column: &str, check: &Check) -> Option<snapshot::Limit> {
    let tokens = tokens(&check.expression, Brackets::Name);
    let numbers: Vec<u32> = tokens
        .iter()
        .filter(|token| token.kind == TokenKind::Word)
        .filter_map(|token| token.text.parse().ok())
        .collect();
    let of_day = matches!(numbers[..], [beyond] if beyond <= before_second_digits(false));
    let takes = match numbers[..] {
        [0, most] => Limit::Length(most),
        [1, whole, scale] => {
            let (whole, scale) = (u16::try_from(whole).ok()?, u16::try_from(scale).ok()?);
            Limit::Digits {
                precision: whole.checked_add(scale)?,
                scale,
            }
        }
        [beyond] => {
            let most = beyond.checked_sub(before_second_digits(of_day) + 1)?;
            Limit::SecondDigits(most.try_into().ok()?)
        }
        _ => return None,
    };
    let limit = snapshot::Limit {
        name: check.name.clone(),
        takes,
        of_day,
    };
    let is_it = canonical(&limit_condition(column, &limit)) == check.expression;
    is_it.then_some(limit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_is_known_by_its_condition() {
        let digits = Limit::Digits {
            precision: 10,
            scale: 2,
        };
        let check = |expression: &str| Check {
            name: "some".to_owned(),
            expression: expression.to_owned(),
        };
        for (takes, of_day) in [
            (Limit::Length(50), false),
            (digits, false),
            (Limit::SecondDigits(0), false),
            (Limit::SecondDigits(3), false),
            (Limit::SecondDigits(0), true),
            (Limit::SecondDigits(5), true),
        ] {
            let expected = snapshot::Limit {
                name: "some".to_owned(),
                takes,
                of_day,
            };
            let check = check(&canonical(&limit_condition("Full Name", &expected)));
            assert_eq!(limit("Full Name", &check), Some(expected));
            assert_eq!(limit("name", &check), None);
        }
        for expression in [
            "length(name) <= 50",
            "length(name) <= 5",
            "length(name) between 1 and 50",
        ] {
            assert_eq!(limit("name", &check(expression)), None, "{expression}");
        }
    }
}
