//! A filter: the condition that the rows of one model must satisfy.

use super::condition::{Comparison, Condition, Test};
use super::predicate::Predicate;
use super::shape::Shape;
use crate::dialect::Dialect;
use crate::error::{Error, Fault, FaultCode, Kind, Result};
use crate::schema::{FieldType, Model, ModelSchema, TableName, Text};
use crate::value::Value;

/// The condition that the rows of one model must satisfy; [`Filter::all`] lets every row through.
///
/// [`Filter::parse`] reads one from data; a typed [`Predicate`](super::Predicate) is one as well.
#[derive(Debug, Clone, PartialEq)]
pub struct Filter {
    /// The name of the model whose fields the condition counts; none without a condition.
    model: Option<Text>,
    condition: Condition,
}

impl Default for Filter {
    fn default() -> Self {
        Self {
            model: None,
            condition: Condition::every_row(),
        }
    }
}

/// What can filter the rows of a model: a [`Predicate`](super::Predicate) over its columns, whose
/// types the compiler checks, or a [`Filter`] that was read from data.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not filter the rows of `{M}`",
    note = "compare columns of `{M}`, as in `User::AGE.gte(18)`, or pass `Filter::all()`"
)]
pub trait FilterOf<M> {
    /// The filter.
    fn into_filter(self) -> Filter;
}

impl<M> FilterOf<M> for Filter {
    fn into_filter(self) -> Filter {
        self
    }
}

impl Filter {
    /// Every row.
    pub fn all() -> Self {
        Self::default()
    }

    /// A condition over the fields of a model.
    pub fn new(model: &ModelSchema, condition: Condition) -> Self {
        Self {
            model: Some(model.name.clone()),
            condition,
        }
    }

    /// The filter, and one field that equals a value (null for null).
    ///
    /// # Errors
    ///
    /// When the model has no such field, or the filter is one of another model.
    pub fn and_equal(self, model: &ModelSchema, field: &str, value: Value) -> Result<Self> {
        let test = match value {
            Value::Null => Test::Null(true),
            value => Test::Compare(Comparison::Equal, value),
        };
        let condition = Condition::Field(position(model, field)?, test);
        self.and(Self::new(model, condition))
    }

    /// The filter, and one field that is one of several values.
    ///
    /// # Errors
    ///
    /// When the model has no such field, when it holds bytes or JSON, or when the filter is one of
    /// another model.
    pub fn and_in(self, model: &ModelSchema, field: &str, values: &[Value]) -> Result<Self> {
        let position = position(model, field)?;
        let field_type = &model.fields[position].field_type;
        if !can_be_listed(field_type) {
            let detail = "is of no type that a list can hold";
            let fault = Fault::of_field(field, FaultCode::Type, detail);
            return Err(Error::invalid(vec![fault]));
        }
        let condition = Condition::Field(position, Test::In(values.to_vec()));
        self.and(Self::new(model, condition))
    }

    /// This filter and another of the same model.
    ///
    /// # Errors
    ///
    /// [`Kind::Malformed`] when they are of different models.
    pub fn and(self, other: Self) -> Result<Self> {
        let model = match (self.model, other.model) {
            (Some(own), Some(other)) if own != other => return Err(other_model(&own, &other)),
            (own, other) => own.or(other),
        };
        Ok(Self {
            model,
            condition: self.condition.and(other.condition),
        })
    }

    /// This filter of a model and a condition on its columns.
    pub(super) fn and_where<M: Model>(self, predicate: Predicate<M>) -> Self {
        let condition = predicate.into_condition();
        Self::new(M::schema(), self.condition.and(condition))
    }

    /// The tables of other models that it looks into, each as often as it does.
    pub fn tables(&self) -> Vec<&TableName> {
        let mut tables = Vec::new();
        self.condition.add_tables(&mut tables);
        tables
    }

    /// Sees that the filter is one of a model. Another model has other fields at the same positions.
    ///
    /// # Errors
    ///
    /// [`Kind::Malformed`] that names both models.
    pub fn check_model(&self, model: &ModelSchema) -> Result<()> {
        match &self.model {
            Some(own) if *own != model.name => Err(other_model(own, &model.name)),
            _ => Ok(()),
        }
    }

    /// The condition.
    pub fn condition(&self) -> &Condition {
        &self.condition
    }

    /// The shape, by which its statement is found again.
    pub fn shape(&self) -> Shape {
        Shape::of(&self.condition)
    }

    /// The values, in the order of the parameters of its statement.
    pub fn into_values(self, dialect: &dyn Dialect) -> Vec<Value> {
        let mut values = Vec::new();
        self.condition.bind(dialect, &mut values);
        values
    }
}

fn other_model(own: &str, other: &str) -> Error {
    let message = format!("a filter of model {own:?} cannot filter {other:?}");
    Error::new(Kind::Malformed, message)
        .with_help("make the filter with the schema of the model that is filtered")
}

/// Whether values of a type can be members of a list: bytes have no form in JSON that SQL compares,
/// documents none that is equal where they are.
pub(crate) fn can_be_listed(field_type: &FieldType) -> bool {
    !matches!(
        field_type,
        FieldType::Bytes | FieldType::Json | FieldType::Array(_)
    )
}

/// The position of a field, or an error that names the closest one.
pub(super) fn position(model: &ModelSchema, field: &str) -> Result<usize> {
    model.position(field).ok_or_else(|| {
        let names = model.fields.iter().map(|field| &*field.name);
        let message = format!("model {:?} has no field {field:?}", model.name);
        Error::new(Kind::Malformed, message).with_closest(field, names)
    })
}
