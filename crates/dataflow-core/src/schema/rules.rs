//! What the values of a field fulfill beyond their type.
//!
//! Rules are data, so a model that is known only from the registry keeps them as a compiled one does;
//! the one exception is a function, which only the program has that was compiled with it. A
//! [`Checker`] asks them before any database sees a value; what SQL can say stands in the table too.

mod bound;
mod checker;
mod email;
mod pattern;
mod validator;

use serde::{Deserialize, Serialize};

pub use bound::Bound;
#[doc(hidden)]
pub use bound::{bound, min_length, text_rule};
pub use checker::Checker;
pub(crate) use pattern::in_json_schema;
pub use validator::Validator;
#[doc(hidden)]
pub use validator::{Validates, validate};

use super::{Field, FieldType, Text};
use crate::value::Value;

/// What the values of a field fulfill beyond their type. No value fulfills all of it.
///
/// ```
/// use dataflow_core::Value;
/// use dataflow_core::schema::{Bound, Checker, Field, FieldType, Rules};
///
/// let mut age = Field::new("age", FieldType::I32);
/// age.rules = Rules { min: Some(Bound::Integer(0)), ..Rules::NONE };
/// let checker = Checker::of([&age]);
///
/// assert!(checker.faults(0, &Value::Integer(7)).is_empty());
/// let faults = checker.faults(0, &Value::Integer(-7));
/// assert_eq!(faults[0].1, "takes at least 0");
/// ```
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Rules {
    /// How many characters a text has at least.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_length: Option<u32>,
    /// The least value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<Bound>,
    /// The greatest value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<Bound>,
    /// What a text has a match for, in the syntax of the crate `regex`. Only `^` and `$` make it
    /// the whole of the text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pattern: Option<Text>,
    /// What a text is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub format: Option<Format>,
    /// What the program itself says. It is no part of a definition that is stored.
    #[serde(skip)]
    pub validator: Validator,
}

/// What a text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// An e-mail address, as HTML defines a valid one for `<input type=email>`.
    Email,
    /// An absolute URL, as the URL standard of the WHATWG defines a valid one.
    Url,
}

impl Rules {
    /// No rule.
    pub const NONE: Self = Self {
        min_length: None,
        min: None,
        max: None,
        pattern: None,
        format: None,
        validator: Validator::NONE,
    };

    /// Whether nothing is declared that a stored definition would keep.
    pub fn is_none(&self) -> bool {
        *self == Self::NONE
    }

    /// The least and the greatest value, in the type of their field.
    pub(crate) fn range(&self, field_type: &FieldType) -> [Option<Value>; 2] {
        let value = |bound: &Option<Bound>| bound.as_ref()?.value(field_type).ok();
        [value(&self.min), value(&self.max)]
    }
}

impl Format {
    /// Whether a text is one.
    fn takes(self, text: &str) -> bool {
        match self {
            Self::Email => email::is_valid(text),
            Self::Url => is_valid_url(text),
        }
    }

    /// In words, to follow "takes".
    fn in_words(self) -> &'static str {
        match self {
            Self::Email => "an e-mail address",
            Self::Url => "an absolute URL",
        }
    }
}

/// What a browser would only make a URL by repairing it, such as one with spaces, is none.
fn is_valid_url(text: &str) -> bool {
    let is_repaired = std::cell::Cell::new(false);
    let note = |_| is_repaired.set(true);
    let parsed = url::Url::options()
        .syntax_violation_callback(Some(&note))
        .parse(text);
    parsed.is_ok() && !is_repaired.get()
}

/// What is wrong with the rules of a field; nothing where they fit it.
pub(crate) fn mistakes(field: &Field) -> Vec<String> {
    let rules = &field.rules;
    let is_text = field.field_type == FieldType::String;
    let mut mistakes = Vec::new();
    let has_rule = !rules.is_none() || rules.validator.is_some();
    if has_rule && field.is_computed() {
        mistakes.push("nobody gives it, so nothing is checked; declare a check".to_owned());
    }
    let of_texts = rules.min_length.is_some() || rules.pattern.is_some() || rules.format.is_some();
    if of_texts && !is_text {
        mistakes.push("only a text has a length, a pattern or a format".to_owned());
    }
    if let (Some(least), Some(super::Limit::Length(most))) = (rules.min_length, field.limit)
        && least > most
    {
        mistakes.push("it is to be longer than it may be".to_owned());
    }
    for bound in [&rules.min, &rules.max].into_iter().flatten() {
        mistakes.extend(bound.value(&field.field_type).err());
    }
    if let [Some(least), Some(most)] = rules.range(&field.field_type)
        && bound::order(&least, &most) == Some(std::cmp::Ordering::Greater)
    {
        mistakes.push("it is to be more than it may be".to_owned());
    }
    if let Some(pattern) = &rules.pattern {
        mistakes.extend(pattern::compiled(pattern).err());
    }
    mistakes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_absolute_and_needs_no_repair() {
        let cases = [
            ("https://example.org/a?b=c#d", true),
            ("mailto:ann@example.org", true),
            ("https://xn--bcher-kva.example/", true),
            ("https://bücher.example/größe", true),
            ("/a/b", false),
            ("example.org", false),
            ("", false),
            (" https://example.org", false),
            ("https://example.org/a b", false),
            ("https:example.org", false),
            ("https:\\\\example.org", false),
            ("https://", false),
            ("https://example.org/%zz", false),
        ];
        for (text, expected) in cases {
            assert_eq!(Format::Url.takes(text), expected, "{text}");
        }
    }

    #[test]
    fn rules_that_no_value_could_fulfill_are_mistakes() {
        let rules = |rules: Rules, field_type| Field {
            rules,
            ..Field::new("field", field_type)
        };
        let min = |min| Rules {
            min: Some(min),
            ..Rules::NONE
        };
        let pattern = |pattern: &'static str| Rules {
            pattern: Some(pattern.into()),
            ..Rules::NONE
        };
        let between = |min, max| Rules {
            min: Some(Bound::Integer(min)),
            max: Some(Bound::Integer(max)),
            ..Rules::NONE
        };
        let right = [
            rules(pattern("^[a-z]+$"), FieldType::String),
            rules(min(Bound::Integer(1)), FieldType::Decimal),
            rules(min(Bound::Text("0.01".into())), FieldType::Decimal),
            rules(min(Bound::Text("2020-01-01".into())), FieldType::Date),
            rules(between(1, 1), FieldType::F64),
        ];
        for field in right {
            assert_eq!(mistakes(&field), [""; 0], "{:?}", field.rules);
        }
        let wrong = [
            (rules(pattern("("), FieldType::String), "cannot be read"),
            (rules(pattern("a"), FieldType::Json), "only a text"),
            (rules(min(Bound::Integer(1)), FieldType::String), "no order"),
            (rules(min(Bound::Float(0.5)), FieldType::I64), "expected"),
            (
                rules(min(Bound::Integer(70_000)), FieldType::I16),
                "expected",
            ),
            (rules(between(2, 1), FieldType::I64), "more than it may be"),
        ];
        for (field, expected) in wrong {
            let mistakes = mistakes(&field).join("; ");
            assert!(mistakes.contains(expected), "{expected}: {mistakes}");
        }
    }
}
