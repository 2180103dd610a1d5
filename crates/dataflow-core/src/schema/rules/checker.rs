//! The rules of a model's fields, ready to be asked.

use std::cmp::Ordering;
use std::sync::OnceLock;

use regex::Regex;

use super::{Format, Validator, bound, pattern};
use crate::error::FaultCode;
use crate::schema::{Field, Limit, Text};
use crate::value::{Refusal, Value};

/// The limits and rules of a model's fields, ready to be asked. One for a model without any holds
/// nothing and refuses nothing.
#[derive(Debug, Default)]
pub struct Checker {
    /// By the position of the field; empty where no field has a rule.
    fields: Vec<Option<Box<FieldRules>>>,
}

#[derive(Debug)]
struct FieldRules {
    limit: Option<Limit>,
    min_length: Option<u32>,
    min: Option<Value>,
    max: Option<Value>,
    pattern: Option<Pattern>,
    format: Option<Format>,
    validator: Validator,
    is_sensitive: bool,
    /// The bounds as they were declared.
    told: [String; 2],
}

/// A pattern, which is compiled when the first value comes: a start compiles none.
#[derive(Debug)]
struct Pattern {
    text: Text,
    compiled: OnceLock<Option<Regex>>,
}

impl Checker {
    /// Of fields, which are known by their position from then on.
    pub fn of<'f>(fields: impl IntoIterator<Item = &'f Field>) -> Self {
        let fields: Vec<_> = fields.into_iter().map(FieldRules::of).collect();
        match fields.iter().any(Option::is_some) {
            true => Self { fields },
            false => Self::default(),
        }
    }

    /// Whether nothing is ever refused.
    pub fn takes_all(&self) -> bool {
        self.fields.is_empty()
    }

    /// Everything that the rules of a field refuse in a value of its type. No value breaks none.
    pub fn faults(&self, position: usize, value: &Value) -> Vec<Refusal> {
        match self.fields.get(position) {
            Some(Some(rules)) if !value.is_null() => rules.faults(value),
            _ => Vec::new(),
        }
    }
}

impl FieldRules {
    fn of(field: &Field) -> Option<Box<Self>> {
        let rules = &field.rules;
        if rules.is_none() && !rules.validator.is_some() && field.limit.is_none() {
            return None;
        }
        let [min, max] = rules.range(&field.field_type);
        let told = [&rules.min, &rules.max];
        Some(Box::new(Self {
            limit: field.limit,
            min_length: rules.min_length,
            min,
            max,
            pattern: rules.pattern.clone().map(Pattern::new),
            format: rules.format,
            validator: rules.validator,
            is_sensitive: field.access.sensitive,
            told: told.map(|bound| bound.as_ref().map_or_else(String::new, ToString::to_string)),
        }))
    }

    fn faults(&self, value: &Value) -> Vec<Refusal> {
        let [least, most] = &self.told;
        let text = match value {
            Value::Text(text) => Some(text.as_str()),
            _ => None,
        };
        let mut faults = Vec::new();
        let mut refuse = |code, detail: String| faults.push((code, format!("takes {detail}")));
        if let Some(limit) = self.limit.filter(|limit| !limit.takes(value)) {
            refuse(FaultCode::Range, limit.to_string());
        }
        if let (Some(least), Some(text)) = (self.min_length, text)
            && text.chars().take(least as usize).count() < least as usize
        {
            let characters = if least == 1 {
                "character"
            } else {
                "characters"
            };
            refuse(FaultCode::Range, format!("at least {least} {characters}"));
        }
        let stands = |bound: &Value| bound::order(value, bound);
        if let Some(min) = &self.min
            && !matches!(stands(min), Some(Ordering::Greater | Ordering::Equal))
        {
            refuse(FaultCode::Range, format!("at least {least}"));
        }
        if let Some(max) = &self.max
            && !matches!(stands(max), Some(Ordering::Less | Ordering::Equal))
        {
            refuse(FaultCode::Range, format!("at most {most}"));
        }
        if let (Some(pattern), Some(text)) = (&self.pattern, text)
            && !pattern.takes(text)
        {
            let detail = format!("a text that matches {}", pattern.text);
            refuse(FaultCode::Format, detail);
        }
        if let (Some(format), Some(text)) = (self.format, text)
            && !format.takes(text)
        {
            refuse(FaultCode::Format, format.in_words().to_owned());
        }
        if let Some(refusal) = self.validator.refusal(value) {
            // Nobody knows what the program says, so of what is sensitive it says nothing.
            let detail = match self.is_sensitive {
                true => "is refused".to_owned(),
                false => refusal.into_owned(),
            };
            faults.push((FaultCode::Rule, detail));
        }
        faults
    }
}

impl Pattern {
    fn new(text: Text) -> Self {
        Self {
            text,
            compiled: OnceLock::new(),
        }
    }

    /// A validated model's pattern can be read.
    fn takes(&self, text: &str) -> bool {
        let compiled = self
            .compiled
            .get_or_init(|| pattern::compiled(&self.text).ok());
        compiled
            .as_ref()
            .is_some_and(|pattern| pattern.is_match(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::{Bound, FieldType, Rules};

    fn details(field_type: FieldType, rules: Rules, value: Value) -> Vec<String> {
        let mut field = Field::new("field", field_type);
        field.rules = rules;
        let faults = Checker::of([&field]).faults(0, &value);
        faults.into_iter().map(|(_, detail)| detail).collect()
    }

    #[test]
    fn every_rule_that_a_value_breaks_is_told() {
        let rules = Rules {
            min_length: Some(3),
            pattern: Some("^[a-z]+$".into()),
            format: Some(Format::Email),
            validator: Validator::new(|_| Err("is taken by nobody".into())),
            ..Rules::NONE
        };
        let text = Value::Text("Ä".to_owned());
        assert_eq!(
            details(FieldType::String, rules.clone(), text),
            [
                "takes at least 3 characters",
                "takes a text that matches ^[a-z]+$",
                "takes an e-mail address",
                "is taken by nobody"
            ]
        );
        let none = [""; 0];
        assert_eq!(details(FieldType::String, rules, Value::Null), none);
    }

    #[test]
    fn a_range_holds_its_ends_in_every_type_that_has_an_order() {
        let decimal = |text: &str| Value::Decimal(text.to_owned());
        let cases = [
            (FieldType::I32, Bound::Integer(2), Value::Integer(2), true),
            (FieldType::I32, Bound::Integer(2), Value::Integer(1), false),
            (FieldType::F64, Bound::Integer(0), Value::Float(0.0), true),
            (FieldType::F64, Bound::Float(0.5), Value::Float(0.4), false),
            (
                FieldType::F64,
                Bound::Float(0.5),
                Value::Float(f64::NAN),
                false,
            ),
            (
                FieldType::Decimal,
                Bound::Integer(2),
                decimal("2.000"),
                true,
            ),
            (FieldType::Decimal, Bound::Integer(2), decimal("10"), true),
            (
                FieldType::Decimal,
                Bound::Float(0.1),
                decimal("0.09"),
                false,
            ),
            (
                FieldType::Decimal,
                Bound::Text("-0.01".into()),
                decimal("-0.1"),
                false,
            ),
        ];
        for (field_type, min, value, is_taken) in cases {
            let rules = Rules {
                min: Some(min.clone()),
                ..Rules::NONE
            };
            let details = details(field_type, rules, value.clone());
            assert_eq!(
                details.is_empty(),
                is_taken,
                "{min:?} {value:?} {details:?}"
            );
        }
        let day = |text: &'static str| Bound::Text(text.into());
        let field = |min, max| Rules {
            min: Some(day(min)),
            max: Some(day(max)),
            ..Rules::NONE
        };
        let date = Value::Date("2020-02-29".parse().unwrap());
        let told = details(FieldType::Date, field("2020-03-01", "2020-02-28"), date);
        assert_eq!(
            told,
            ["takes at least 2020-03-01", "takes at most 2020-02-28"]
        );
    }
}
