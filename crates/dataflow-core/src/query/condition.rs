//! A filter: conditions that all hold.

use super::parse::list_item;
use crate::error::{Error, Fault, FaultCode, Kind, Result, closest};
use crate::schema::{ModelSchema, Text};
use crate::value::{Value, from_json};

/// Conditions that all hold; none of them means every row.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Filter {
    /// The name of the model whose fields the conditions count; none without conditions.
    pub(super) model: Option<Text>,
    pub(super) conditions: Vec<Condition>,
}

/// What one field must satisfy.
#[derive(Debug, Clone, PartialEq)]
pub struct Condition {
    /// The position of the field in its model.
    pub field: usize,
    /// What it must satisfy.
    pub test: Test,
}

/// What a field must satisfy.
#[derive(Debug, Clone, PartialEq)]
pub enum Test {
    /// To compare so with a value that is not null.
    Compare(Comparison, Value),
    /// To be one of these values, written as one JSON array, so that lists of every length share
    /// one statement.
    In(String),
    /// To be null, or not to be.
    Null(bool),
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

/// What makes two filters share one statement: the fields and tests, not the values.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Shape(Vec<(usize, u8)>);

impl Filter {
    /// Every row.
    pub fn all() -> Self {
        Self::default()
    }

    /// The filter, and one field that equals a value (null for null).
    ///
    /// # Errors
    ///
    /// When the model has no such field, or the filter is one of another model.
    pub fn and_equal(self, model: &ModelSchema, field: &str, value: Value) -> Result<Self> {
        let field = position(model, field)?;
        let test = match value {
            Value::Null => Test::Null(true),
            value => Test::Compare(Comparison::Equal, value),
        };
        self.and(model, Condition { field, test })
    }

    /// The filter, and one field that is one of several values.
    ///
    /// # Errors
    ///
    /// When the model has no such field, when it holds bytes or JSON, or when the filter is one of
    /// another model.
    pub fn and_in(self, model: &ModelSchema, field: &str, values: &[Value]) -> Result<Self> {
        let field_position = position(model, field)?;
        let items: Result<Vec<_>, _> = values.iter().map(list_item).collect();
        let items = items
            .map_err(|(code, detail)| Error::invalid(vec![Fault::of_field(field, code, detail)]))?;
        let test = Test::In(serde_json::Value::Array(items).to_string());
        let condition = Condition {
            field: field_position,
            test,
        };
        self.and(model, condition)
    }

    fn and(mut self, model: &ModelSchema, condition: Condition) -> Result<Self> {
        self.check_model(model)?;
        self.model = Some(model.name.clone());
        self.conditions.push(condition);
        Ok(self)
    }

    /// Sees that the filter is one of a model. Another model has other fields at the same positions.
    ///
    /// # Errors
    ///
    /// [`Kind::Malformed`] that names both models.
    pub fn check_model(&self, model: &ModelSchema) -> Result<()> {
        match &self.model {
            Some(own) if *own != model.name => Err(Error::new(
                Kind::Malformed,
                format!("a filter of model {own:?} cannot filter {:?}", model.name),
            )
            .with_help("make the filter with the schema of the model that is filtered")),
            _ => Ok(()),
        }
    }

    /// The conditions, in the order given.
    pub fn conditions(&self) -> &[Condition] {
        &self.conditions
    }

    /// The shape, by which its statement is found again.
    pub fn shape(&self) -> Shape {
        let of_condition = |condition: &Condition| {
            let test = match &condition.test {
                Test::Compare(comparison, _) => *comparison as u8,
                Test::In(_) => 16,
                Test::Null(true) => 17,
                Test::Null(false) => 18,
            };
            (condition.field, test)
        };
        Shape(self.conditions.iter().map(of_condition).collect())
    }

    /// The values, in the order of the parameters of its statement.
    pub fn into_values(self) -> Vec<Value> {
        let value_of = |condition: Condition| match condition.test {
            Test::Compare(_, value) => Some(value),
            Test::In(list) => Some(Value::Json(list)),
            Test::Null(_) => None,
        };
        self.conditions.into_iter().filter_map(value_of).collect()
    }
}

impl Condition {
    /// The condition that a field's test, as JSON writes it, means.
    pub(super) fn compare(
        model: &ModelSchema,
        field: usize,
        comparison: Comparison,
        json: &serde_json::Value,
    ) -> Result<Test, (FaultCode, String)> {
        match (
            from_json(&model.fields[field].field_type, json)?,
            comparison,
        ) {
            (Value::Null, Comparison::Equal) => Ok(Test::Null(true)),
            (Value::Null, Comparison::NotEqual) => Ok(Test::Null(false)),
            (Value::Null, _) => Err((FaultCode::Type, "null has no order".to_owned())),
            (Value::Json(_), comparison) if comparison.is_order() => {
                Err((FaultCode::Type, "a JSON document has no order".to_owned()))
            }
            (value, comparison) => Ok(Test::Compare(comparison, value)),
        }
    }
}

/// The position of a field, or an error that names the closest one.
pub(super) fn position(model: &ModelSchema, field: &str) -> Result<usize> {
    model.position(field).ok_or_else(|| {
        let names = model.fields.iter().map(|field| &*field.name);
        let error = Error::new(
            Kind::Malformed,
            format!("model {:?} has no field {field:?}", model.name),
        );
        match closest(field, names) {
            Some(closest) => error.with_help(format!("did you mean {closest:?}?")),
            None => error,
        }
    })
}
