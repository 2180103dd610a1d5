//! The operators of a filter as data, and what each makes of its operand.

use serde_json::Value as Json;

use crate::error::FaultCode;
use crate::query::condition::{Comparison, Condition, ItemComparison, Test};
use crate::query::document::{DocumentTest, Scalar};
use crate::query::filter::can_be_listed;
use crate::query::pattern::{Case, Pattern};
use crate::schema::FieldType;
use crate::value::{Value, from_json};

/// Why an operand is refused.
pub(super) type Refusal = (FaultCode, String);

/// What an operator means.
#[derive(Debug, Clone, Copy)]
pub(super) enum Operator {
    Compare(Comparison),
    In,
    NotIn,
    Between,
    Like(Case),
    Contains,
    StartsWith,
    EndsWith,
    Contained,
    Overlaps,
    Empty,
    Null,
}

const OPERATORS: [(&str, Operator); 18] = [
    ("$eq", Operator::Compare(Comparison::Equal)),
    ("$ne", Operator::Compare(Comparison::NotEqual)),
    ("$gt", Operator::Compare(Comparison::Greater)),
    ("$gte", Operator::Compare(Comparison::GreaterOrEqual)),
    ("$lt", Operator::Compare(Comparison::Less)),
    ("$lte", Operator::Compare(Comparison::LessOrEqual)),
    ("$in", Operator::In),
    ("$nin", Operator::NotIn),
    ("$between", Operator::Between),
    ("$like", Operator::Like(Case::Sensitive)),
    ("$ilike", Operator::Like(Case::Insensitive)),
    ("$contains", Operator::Contains),
    ("$starts_with", Operator::StartsWith),
    ("$ends_with", Operator::EndsWith),
    ("$contained", Operator::Contained),
    ("$overlaps", Operator::Overlaps),
    ("$empty", Operator::Empty),
    ("$null", Operator::Null),
];

/// The tests that an operator stands for.
pub(super) enum Tests<T> {
    /// It holds.
    One(T),
    /// It does not.
    None(T),
    /// Both hold.
    Both(T, T),
}

impl<T> Tests<T> {
    /// The condition, when each test is one on its own.
    pub(super) fn map(self, condition: &impl Fn(T) -> Condition) -> Condition {
        match self {
            Self::One(test) => condition(test),
            Self::None(test) => Condition::Not(Box::new(condition(test))),
            Self::Both(first, second) => condition(first).and(condition(second)),
        }
    }
}

impl Operator {
    pub(super) const EQUAL: Self = Self::Compare(Comparison::Equal);

    pub(super) fn named(name: &str) -> Option<Self> {
        let found = OPERATORS.iter().find(|(known, _)| *known == name);
        found.map(|(_, operator)| *operator)
    }

    /// The names, and that of the operator that takes others.
    pub(super) fn names() -> impl Iterator<Item = &'static str> {
        OPERATORS.iter().map(|(name, _)| *name).chain(["$not"])
    }

    /// What it asks of a field of a type.
    pub(super) fn on_field(
        self,
        field_type: &FieldType,
        operand: &Json,
    ) -> Result<Tests<Test>, Refusal> {
        Ok(match self {
            Self::Compare(comparison) => Tests::One(compare(field_type, comparison, operand)?),
            Self::In => Tests::One(Test::In(listed(field_type, operand)?)),
            Self::NotIn => Tests::None(Test::In(listed(field_type, operand)?)),
            Self::Between => {
                let (least, most) = two(operand)?;
                Tests::Both(
                    compare(field_type, Comparison::GreaterOrEqual, least)?,
                    compare(field_type, Comparison::LessOrEqual, most)?,
                )
            }
            Self::Null => Tests::One(Test::Null(flag(operand)?)),
            of_lists if matches!(field_type, FieldType::Array(_)) => {
                Tests::One(of_lists.on_list(field_type, operand)?)
            }
            Self::Contained | Self::Overlaps | Self::Empty => {
                return Err(refused("is an operator of lists"));
            }
            Self::Contains if *field_type == FieldType::Json => {
                match from_json(field_type, operand)? {
                    Value::Null => return Err(refused("takes a JSON document; use $null")),
                    document => Tests::One(Test::Contains(document)),
                }
            }
            pattern => {
                if !matches!(field_type, FieldType::String | FieldType::Enum(_)) {
                    return Err(refused("is an operator of texts"));
                }
                let (case, pattern) = pattern.pattern(operand)?;
                Tests::One(Test::Matches(case, pattern))
            }
        })
    }

    /// What it asks of a place inside a document.
    pub(super) fn on_place(self, operand: &Json) -> Result<Tests<DocumentTest>, Refusal> {
        Ok(match self {
            Self::Compare(comparison) => Tests::One(compare_place(comparison, operand)?),
            Self::In => Tests::One(DocumentTest::In(scalars(operand)?)),
            Self::NotIn => Tests::None(DocumentTest::In(scalars(operand)?)),
            Self::Between => {
                let (least, most) = two(operand)?;
                Tests::Both(
                    compare_place(Comparison::GreaterOrEqual, least)?,
                    compare_place(Comparison::LessOrEqual, most)?,
                )
            }
            Self::Null => Tests::One(DocumentTest::Null(flag(operand)?)),
            Self::Contained | Self::Overlaps | Self::Empty => {
                return Err(refused("is an operator of lists"));
            }
            pattern => {
                let (case, pattern) = pattern.pattern(operand)?;
                Tests::One(DocumentTest::Matches(case, pattern))
            }
        })
    }

    /// A single item stands for a list of it.
    fn on_list(self, field_type: &FieldType, operand: &Json) -> Result<Test, Refusal> {
        let comparison = match self {
            Self::Contains => ItemComparison::Contains,
            Self::Contained => ItemComparison::Contained,
            Self::Overlaps => ItemComparison::Overlaps,
            Self::Empty => return Ok(Test::Empty(flag(operand)?)),
            _ => return Err(refused("is no operator of lists")),
        };
        let list = match operand {
            Json::Array(_) => from_json(field_type, operand)?,
            item => from_json(field_type, &Json::Array(vec![item.clone()]))?,
        };
        Ok(Test::Items(comparison, list))
    }

    fn pattern(self, operand: &Json) -> Result<(Case, Pattern), Refusal> {
        let text = operand.as_str().ok_or_else(|| refused("takes a text"))?;
        if text.contains('\0') {
            return Err(unstorable());
        }
        Ok(match self {
            Self::Like(case) => (case, Pattern::like(text)),
            Self::StartsWith => (Case::Sensitive, Pattern::starting_with(text)),
            Self::EndsWith => (Case::Sensitive, Pattern::ending_with(text)),
            _ => (Case::Sensitive, Pattern::containing(text)),
        })
    }
}

fn compare(
    field_type: &FieldType,
    comparison: Comparison,
    operand: &Json,
) -> Result<Test, Refusal> {
    match (from_json(field_type, operand)?, comparison) {
        (Value::Null, Comparison::Equal) => Ok(Test::Null(true)),
        (Value::Null, Comparison::NotEqual) => Ok(Test::Null(false)),
        (Value::Null, _) => Err(refused("null has no order")),
        (Value::Json(_), comparison) if comparison.is_order() => Err(refused(match field_type {
            FieldType::Array(_) => "a list has no order",
            _ => "a JSON document has no order",
        })),
        (value, comparison) => Ok(Test::Compare(comparison, value)),
    }
}

fn compare_place(comparison: Comparison, operand: &Json) -> Result<DocumentTest, Refusal> {
    match (operand, comparison) {
        (Json::Null, Comparison::Equal) => Ok(DocumentTest::Null(true)),
        (Json::Null, Comparison::NotEqual) => Ok(DocumentTest::Null(false)),
        _ => Ok(DocumentTest::Compare(comparison, scalar(operand)?)),
    }
}

fn scalar(operand: &Json) -> Result<Scalar, Refusal> {
    match Scalar::of_json(operand) {
        Some(Scalar::Text(text)) if text.contains('\0') => Err(unstorable()),
        Some(scalar) => Ok(scalar),
        None => Err(refused("takes texts, numbers, true and false")),
    }
}

/// The values of a list, as those of a field. A list holds no null: nothing equals it.
fn listed(field_type: &FieldType, operand: &Json) -> Result<Vec<Value>, Refusal> {
    if !can_be_listed(field_type) {
        return Err(refused("is no operator of this field"));
    }
    let value_of = |item: &Json| match from_json(field_type, item)? {
        Value::Null => Err(refused("takes no null; use $null")),
        value => Ok(value),
    };
    items(operand)?.iter().map(value_of).collect()
}

fn scalars(operand: &Json) -> Result<Vec<Scalar>, Refusal> {
    items(operand)?.iter().map(scalar).collect()
}

fn items(operand: &Json) -> Result<&[Json], Refusal> {
    let items = operand.as_array().map(Vec::as_slice);
    items.ok_or_else(|| refused("takes a list"))
}

fn two(operand: &Json) -> Result<(&Json, &Json), Refusal> {
    match items(operand)? {
        [least, most] => Ok((least, most)),
        _ => Err(refused("takes a list of two values")),
    }
}

fn flag(operand: &Json) -> Result<bool, Refusal> {
    operand
        .as_bool()
        .ok_or_else(|| refused("takes true or false"))
}

fn refused(detail: &str) -> Refusal {
    (FaultCode::Type, detail.to_owned())
}

fn unstorable() -> Refusal {
    let detail = "contains U+0000, which cannot be stored".to_owned();
    (FaultCode::Format, detail)
}
