//! The way back: which checks of a table are the rules of a field, in whatever spelling a database
//! gives them back, and what these take.

use std::cmp::Ordering;

use super::{LABELS, LENGTH, RANGE};
use crate::dialect::token::{Brackets, Token, TokenKind, tokens};
use crate::snapshot::{self, Check};
use crate::value::order_of_decimals;

/// The column whose field's rules a check could be by its form, in whatever spelling a database
/// gives it back, and how its name ends if it is.
pub(crate) fn form_of_rule(check: &Check) -> Option<(String, &'static str)> {
    if let Some(bounds) = Bounds::of(&check.expression) {
        let suffix = bounds.suffix();
        return Some((bounds.column, suffix));
    }
    Some((Labels::of(&check.expression)?.column, LABELS))
}

/// Whether a condition takes everything that another one takes, as far as both are rules of one
/// column.
pub(crate) fn takes_more(check: &Check, found: &Check) -> bool {
    if let (Some(wider), Some(narrower)) =
        (Labels::of(&check.expression), Labels::of(&found.expression))
    {
        let is_taken = |label: &String| wider.labels.contains(label);
        return wider.column == narrower.column && narrower.labels.iter().all(is_taken);
    }
    let (Some(wider), Some(narrower)) =
        (Bounds::of(&check.expression), Bounds::of(&found.expression))
    else {
        return false;
    };
    let holds = |outer: &Option<String>, inner: &Option<String>, outside| match (outer, inner) {
        (None, _) => true,
        (Some(_), None) => false,
        (Some(outer), Some(inner)) => order(inner, outer).is_some_and(|found| found != outside),
    };
    wider.column == narrower.column
        && wider.of_length == narrower.of_length
        && holds(&wider.least, &narrower.least, Ordering::Less)
        && holds(&wider.most, &narrower.most, Ordering::Greater)
}

/// Numbers stand by what they are, times by their texts.
fn order(left: &str, right: &str) -> Option<Ordering> {
    let is_number = |text: &str| {
        let unsigned = text.strip_prefix('-').unwrap_or(text);
        !unsigned.is_empty()
            && unsigned
                .bytes()
                .all(|byte| byte.is_ascii_digit() || byte == b'.')
    };
    match (is_number(left), is_number(right)) {
        (true, true) => Some(order_of_decimals(left, right)),
        (false, false) if left.len() == right.len() => Some(left.cmp(right)),
        _ => None,
    }
}

/// What a condition says, if it lists the texts that one column takes and says nothing else.
struct Labels {
    column: String,
    labels: Vec<String>,
}

impl Labels {
    fn of(expression: &str) -> Option<Self> {
        let tokens = tokens(expression, Brackets::Name);
        let is_plain = |token: &&Token| !token.is_mark("(") && !token.is_mark(")");
        let words: Vec<&Token> = tokens.iter().filter(is_plain).collect();
        let [column, operator, list @ ..] = words.as_slice() else {
            return None;
        };
        let is_column = matches!(column.kind, TokenKind::Word | TokenKind::Quoted);
        let (items, commas): (Vec<&Token>, Vec<&Token>) = list
            .iter()
            .partition(|token| token.kind == TokenKind::Literal);
        let is_list = operator.is("in")
            && commas.len() + 1 == items.len()
            && commas.iter().all(|mark| mark.is_mark(","));
        (is_column && is_list).then(|| Self {
            column: column.name(),
            labels: items.iter().map(|item| item.name()).collect(),
        })
    }
}

/// What a condition says, if it bounds one column and says nothing else.
#[derive(Debug, PartialEq)]
pub(crate) struct Bounds {
    pub(crate) column: String,
    /// Whether they are those of its length.
    pub(crate) of_length: bool,
    /// The constant that is the least, as the database spells it.
    pub(crate) least: Option<String>,
    /// The constant that is the most.
    pub(crate) most: Option<String>,
}

impl Bounds {
    /// Those that a check of a table is, if the rules of a field made it.
    pub(crate) fn of_rule(table: &str, check: &Check) -> Option<Self> {
        let bounds = Self::of(&check.expression)?;
        let name = snapshot::constraint_name(table, &[&bounds.column], bounds.suffix());
        (check.name == name).then_some(bounds)
    }

    fn suffix(&self) -> &'static str {
        match self.of_length {
            true => LENGTH,
            false => RANGE,
        }
    }

    fn of(expression: &str) -> Option<Self> {
        let tokens = tokens(expression, Brackets::Position);
        let words = without_casts(&tokens);
        let mut ends = words.split(|token| token.is("and"));
        let mut bounds = Self::of_end(ends.next()?)?;
        for end in ends {
            let Self {
                column,
                of_length,
                least,
                most,
            } = Self::of_end(end)?;
            let is_free =
                |held: &Option<String>, new: &Option<String>| held.is_none() || new.is_none();
            let goes_together = column == bounds.column
                && of_length == bounds.of_length
                && is_free(&bounds.least, &least)
                && is_free(&bounds.most, &most);
            if !goes_together {
                return None;
            }
            bounds.least = bounds.least.or(least);
            bounds.most = bounds.most.or(most);
        }
        Some(bounds)
    }

    /// Of `column >= 1`, or the same of its length.
    fn of_end(words: &[Token]) -> Option<Self> {
        let (of_length, words) = match words {
            [first, rest @ ..] if first.is(LENGTH) && rest.len() >= 3 => (true, rest),
            words => (false, words),
        };
        let [column, operator, constant @ ..] = words else {
            return None;
        };
        let constant = match constant {
            [constant] if is_constant(constant) => constant.name(),
            [minus, constant] if minus.is_mark("-") && is_constant(constant) => {
                format!("-{}", constant.name())
            }
            _ => return None,
        };
        let is_column = matches!(column.kind, TokenKind::Word | TokenKind::Quoted);
        let (least, most) = match operator.text {
            ">=" => (Some(constant), None),
            "<=" => (None, Some(constant)),
            _ => return None,
        };
        is_column.then(|| Self {
            column: column.name(),
            of_length,
            least,
            most,
        })
    }
}

fn is_constant(token: &Token) -> bool {
    let is_number = token.text.starts_with(|first: char| first.is_ascii_digit());
    token.kind == TokenKind::Literal || token.kind == TokenKind::Word && is_number
}

/// The words without parentheses and without the types that PostgreSQL adds.
fn without_casts<'t>(tokens: &[Token<'t>]) -> Vec<Token<'t>> {
    let mut words = Vec::new();
    let mut is_in_type = false;
    for token in tokens {
        is_in_type = match is_in_type {
            true => token.kind == TokenKind::Word && !token.is("and"),
            false => token.is_mark("::"),
        };
        if !is_in_type && !token.is_mark("(") && !token.is_mark(")") {
            words.push(*token);
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(expression: &str) -> Check {
        Check {
            name: String::new(),
            expression: expression.to_owned(),
        }
    }

    #[test]
    fn a_rule_is_known_in_the_spelling_of_either_database() {
        let bounds = |column: &str, of_length, least: &str, most: &str| {
            let end = |text: &str| (!text.is_empty()).then(|| text.to_owned());
            Some(Bounds {
                column: column.to_owned(),
                of_length,
                least: end(least),
                most: end(most),
            })
        };
        let cases = [
            ("age >= 0 AND age <= 150", bounds("age", false, "0", "150")),
            (
                "((age >= 0) AND (age <= 150))",
                bounds("age", false, "0", "150"),
            ),
            ("(age >= '-5'::integer)", bounds("age", false, "-5", "")),
            ("age >= -5", bounds("age", false, "-5", "")),
            (
                "(x <= (0.5)::double precision)",
                bounds("x", false, "", "0.5"),
            ),
            (
                "length(\"full name\") >= 2",
                bounds("full name", true, "2", ""),
            ),
            ("(length((name)::text) >= 2)", bounds("name", true, "2", "")),
            (
                "(at >= '2020-01-01 00:00:00+00'::timestamp with time zone)",
                bounds("at", false, "2020-01-01 00:00:00+00", ""),
            ),
            ("age > 0", None),
            ("age >= other", None),
            ("age >= 0 AND size <= 1", None),
            ("age >= 0 AND age >= 1", None),
            ("age >= 0 OR age <= -5", None),
            ("lower(name) >= 2", None),
        ];
        for (expression, expected) in cases {
            assert_eq!(Bounds::of(expression), expected, "{expression}");
        }
    }

    #[test]
    fn a_wider_rule_takes_all_that_a_narrower_one_takes() {
        let cases = [
            (
                "age >= 0 AND age <= 150",
                "((age >= 1) AND (age <= 99))",
                true,
            ),
            ("age >= 0", "age >= 0 AND age <= 150", true),
            ("age >= 0 AND age <= 150", "age >= 0", false),
            ("age >= -5", "(age >= '-1'::integer)", true),
            ("age >= 2", "age >= 1", false),
            ("age >= 2", "size >= 3", false),
            ("length(name) >= 2", "name >= 3", false),
            ("length(name) >= 2", "length((name)::text) >= 10", true),
            ("at >= '2020-01-01'", "at >= '2020-02-01'", true),
            ("at <= '2020-01-01'", "at <= '2020-02-01'", false),
            ("mood IN ('a', 'b')", "mood in ('b')", true),
            ("mood IN ('a')", "mood in ('a', 'b')", false),
            ("mood IN ('a')", "state in ('a')", false),
        ];
        for (wider, narrower, expected) in cases {
            assert_eq!(
                takes_more(&check(wider), &check(narrower)),
                expected,
                "{wider}; {narrower}"
            );
        }
    }

    #[test]
    fn a_rule_is_known_by_its_form() {
        let form = |expression| form_of_rule(&check(expression));
        let of = |column: &str, suffix| Some((column.to_owned(), suffix));
        let cases = [
            ("age >= 0", of("age", RANGE)),
            ("length(name) >= 2", of("name", LENGTH)),
            ("mood in ('it''s', 'so')", of("mood", LABELS)),
            ("mood not in ('so')", None),
            ("age > 0", None),
        ];
        for (expression, expected) in cases {
            assert_eq!(form(expression), expected, "{expression}");
        }
    }

    #[test]
    fn a_rule_is_the_librarys_by_name_and_form() {
        let is_rule = |name: &str, expression: &str| {
            let check = Check {
                name: name.to_owned(),
                ..check(expression)
            };
            Bounds::of_rule("users", &check).is_some()
        };
        assert!(is_rule("users_age_range", "age >= 0"));
        assert!(!is_rule("users_age_check", "age >= 0"));
        assert!(!is_rule("users_age_range", "age > 0"));
        assert!(!is_rule("users_age_range", "length(age) >= 0"));
    }
}
