//! A condition: what the fields of a row must satisfy.

use std::sync::Arc;

use super::document::DocumentTest;
use super::link::Link;
use super::pattern::{Case, Pattern};
use crate::dialect::Dialect;
use crate::schema::TableName;
use crate::value::Value;

/// What the fields of a row must satisfy, as a tree. A condition that a null makes unknown lets
/// nothing through.
#[derive(Debug, Clone, PartialEq)]
pub enum Condition {
    /// The field at a position of the model satisfies a test.
    Field(usize, Test),
    /// The field at a position compares so with the field at another, of the same type.
    Fields(usize, Comparison, usize),
    /// A place inside the JSON document of a field satisfies a test.
    Inside(usize, Vec<String>, DocumentTest),
    /// Of the rows that a relation leads to, so many satisfy a condition on their own fields.
    Related(Arc<Link>, Quantifier, Box<Condition>),
    /// Every one of these holds; of none, every row is let through.
    All(Vec<Condition>),
    /// At least one of these holds; of none, no row is let through.
    Any(Vec<Condition>),
    /// The rows that this one does not let through, nulls included.
    Not(Box<Condition>),
}

/// What a field must satisfy.
#[derive(Debug, Clone, PartialEq)]
pub enum Test {
    /// To compare so with a value that is not null.
    Compare(Comparison, Value),
    /// To be one of these values, none of which is null. They are bound as one JSON array, so that
    /// lists of every length share one statement.
    In(Vec<Value>),
    /// To be a list whose items compare so with those of another.
    Items(ItemComparison, Value),
    /// To be a list of no items, or of some.
    Empty(bool),
    /// To be a text that matches a pattern.
    Matches(Case, Pattern),
    /// To be a document in which another is found.
    Contains(Value),
    /// To be null, or not to be.
    Null(bool),
}

/// How the items of a list compare with those of another, whatever their order and number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ItemComparison {
    /// All of the other's are among them.
    Contains,
    /// All of them are among the other's.
    Contained,
    /// At least one of them is among the other's.
    Overlaps,
}

/// How many of the rows that a relation leads to must satisfy a condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Quantifier {
    /// At least one.
    Some,
    /// All there are; of none, that is so.
    Every,
    /// Not one.
    None,
}

/// How a field compares with a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Comparison {
    /// Equal.
    Equal,
    /// Not equal; true for null as well.
    NotEqual,
    /// Greater.
    Greater,
    /// Greater or equal.
    GreaterOrEqual,
    /// Less.
    Less,
    /// Less or equal.
    LessOrEqual,
}

impl Comparison {
    /// Whether it asks for more than equality.
    pub fn is_order(self) -> bool {
        !matches!(self, Self::Equal | Self::NotEqual)
    }
}

impl Condition {
    /// The condition of every row.
    pub fn every_row() -> Self {
        Self::All(Vec::new())
    }

    /// This condition and another. Conditions that all hold stand in one list, so that it makes no
    /// difference to the statement in which order they were joined.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self::All(joined(self, other, |condition| match condition {
            Self::All(conditions) => Ok(conditions),
            single => Err(single),
        }))
    }

    /// This condition or another.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self::Any(joined(self, other, |condition| match condition {
            Self::Any(conditions) => Ok(conditions),
            single => Err(single),
        }))
    }

    /// Whether it lets every row through, as far as its form tells: it tests nothing.
    pub fn is_every_row(&self) -> bool {
        match self {
            Self::All(conditions) => conditions.iter().all(Self::is_every_row),
            Self::Any(conditions) => conditions.iter().any(Self::is_every_row),
            Self::Not(condition) => condition.is_no_row(),
            Self::Field(..) | Self::Fields(..) | Self::Inside(..) | Self::Related(..) => false,
        }
    }

    fn is_no_row(&self) -> bool {
        match self {
            Self::Field(_, Test::In(values)) => values.is_empty(),
            Self::All(conditions) => conditions.iter().any(Self::is_no_row),
            Self::Any(conditions) => conditions.iter().all(Self::is_no_row),
            Self::Not(condition) => condition.is_every_row(),
            Self::Field(..) | Self::Fields(..) | Self::Inside(..) | Self::Related(..) => false,
        }
    }

    /// The condition over other fields. Those that relations lead to stay what they are.
    #[must_use]
    pub fn with_fields(self, other: &impl Fn(usize) -> usize) -> Self {
        let each = |conditions: Vec<Self>| {
            let conditions = conditions.into_iter();
            conditions
                .map(|condition| condition.with_fields(other))
                .collect()
        };
        match self {
            Self::Field(field, test) => Self::Field(other(field), test),
            Self::Fields(left, comparison, right) => {
                Self::Fields(other(left), comparison, other(right))
            }
            Self::Inside(field, path, test) => Self::Inside(other(field), path, test),
            Self::All(conditions) => Self::All(each(conditions)),
            Self::Any(conditions) => Self::Any(each(conditions)),
            Self::Not(condition) => Self::Not(Box::new(condition.with_fields(other))),
            related @ Self::Related(..) => related,
        }
    }

    /// Adds the values to those of a statement, in the order of its parameters.
    pub(super) fn bind(self, dialect: &dyn Dialect, values: &mut Vec<Value>) {
        match self {
            Self::Field(_, test) => values.extend(test.into_value(dialect)),
            Self::Fields(..) => {}
            Self::Inside(_, path, test) => test.bind(dialect, path, values),
            Self::All(conditions) | Self::Any(conditions) => {
                for condition in conditions {
                    condition.bind(dialect, values);
                }
            }
            Self::Not(condition) | Self::Related(_, _, condition) => {
                condition.bind(dialect, values);
            }
        }
    }

    /// Adds the tables that its relations lead to.
    pub(super) fn add_tables<'c>(&'c self, tables: &mut Vec<&'c TableName>) {
        match self {
            Self::Field(..) | Self::Fields(..) | Self::Inside(..) => {}
            Self::All(conditions) | Self::Any(conditions) => {
                for condition in conditions {
                    condition.add_tables(tables);
                }
            }
            Self::Not(condition) => condition.add_tables(tables),
            Self::Related(link, _, condition) => {
                tables.extend(link.tables());
                condition.add_tables(tables);
            }
        }
    }
}

impl Test {
    fn into_value(self, dialect: &dyn Dialect) -> Option<Value> {
        match self {
            Self::Compare(_, value) | Self::Items(_, value) | Self::Contains(value) => Some(value),
            Self::In(list) => Some(Value::Json(list_of(&list))),
            Self::Matches(case, pattern) => Some(Value::Text(dialect.pattern(&pattern, case))),
            Self::Null(_) | Self::Empty(_) => None,
        }
    }
}

/// A list as the JSON array that it is bound as. A text with U+0000 is left out: no row holds it,
/// and PostgreSQL would refuse the whole list.
pub fn list_of(values: &[Value]) -> String {
    let is_storable = |value: &&Value| !matches!(value, Value::Text(text) if text.contains('\0'));
    let items = values.iter().filter(is_storable).map(Value::to_json);
    serde_json::Value::Array(items.collect()).to_string()
}

/// The members of two conditions, of which each may be a list of the same kind already.
fn joined(
    first: Condition,
    second: Condition,
    members: impl Fn(Condition) -> Result<Vec<Condition>, Condition>,
) -> Vec<Condition> {
    let mut all = members(first).unwrap_or_else(|single| vec![single]);
    match members(second) {
        Ok(more) => all.extend(more),
        Err(single) => all.push(single),
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_tests_nothing_is_every_row() {
        let every = Condition::every_row;
        let no = || Condition::Any(Vec::new());
        let in_none = || Condition::Field(0, Test::In(Vec::new()));
        let null = || Condition::Field(0, Test::Null(true));
        let not = |condition| Condition::Not(Box::new(condition));
        let cases = [
            (every(), true),
            (Condition::All(vec![every(), every()]), true),
            (Condition::Any(vec![null(), every()]), true),
            (not(no()), true),
            (not(in_none()), true),
            (not(Condition::All(vec![null(), no()])), true),
            (no(), false),
            (null(), false),
            (not(null()), false),
            (not(every()), false),
            (Condition::All(vec![every(), null()]), false),
        ];
        for (condition, expected) in cases {
            assert_eq!(condition.is_every_row(), expected, "{condition:?}");
        }
    }
}
