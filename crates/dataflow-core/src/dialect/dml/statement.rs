//! The text of a statement, with the types of its parameters.

use std::sync::Arc;

use crate::error::{Error, Kind, Result};
use crate::schema::{FieldType, ItemType, TableName, Text};
use crate::value::Value;

/// SQL with the type of each of its parameters.
///
/// Made once per model and operation, or once per shape of a filter, and shared from then on: the
/// text is the key under which each connection keeps the statement prepared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    sql: Arc<str>,
    parameters: Vec<FieldType>,
    is_kept: bool,
    is_of_one_row: bool,
    tenant_at: Option<usize>,
    is_secured: bool,
    subject: Option<Arc<Subject>>,
}

/// The row that a statement is about, as far as its parameters tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// The table of the row.
    pub table: TableName,
    /// Columns whose value is a parameter, with the position of that, from 0.
    pub columns: Vec<(Text, usize)>,
}

impl Statement {
    /// A statement whose parameters are numbered as the dialect numbers them, from 1.
    pub fn new(sql: impl Into<Arc<str>>, parameters: Vec<FieldType>) -> Self {
        Self {
            sql: sql.into(),
            parameters,
            is_kept: true,
            is_of_one_row: false,
            tenant_at: None,
            is_secured: false,
            subject: None,
        }
    }

    /// The same for a single use, after which no connection keeps it prepared: callers who never
    /// ask the same twice then leave room for what is asked often.
    #[must_use]
    pub fn for_once(&self) -> Self {
        Self {
            is_kept: false,
            ..self.clone()
        }
    }

    /// Whether a connection keeps it prepared for the next use.
    pub fn is_kept(&self) -> bool {
        self.is_kept
    }

    /// The same, where it reads or writes one row at the most, and gives that.
    #[must_use]
    pub(super) fn of_one_row(mut self) -> Self {
        self.is_of_one_row = true;
        self
    }

    /// Whether it reads or writes one row at the most, and gives that.
    pub fn is_of_one_row(&self) -> bool {
        self.is_of_one_row
    }

    /// The same, where the parameter at a position is the tenant.
    #[must_use]
    pub(super) fn of_tenant(mut self, position: Option<usize>) -> Self {
        self.tenant_at = position;
        self
    }

    /// The same, if so, where the database shows rows to their tenant alone: it has to be told who
    /// that is.
    #[must_use]
    pub fn secured(mut self, is_secured: bool) -> Self {
        self.is_secured = is_secured;
        self
    }

    /// The same, about a row.
    #[must_use]
    pub(super) fn about(mut self, subject: Option<Subject>) -> Self {
        self.subject = subject.map(Arc::new);
        self
    }

    /// The same with more text behind it, which has no parameter.
    pub(super) fn followed_by(&self, text: &str) -> Self {
        Self {
            sql: format!("{}{text}", self.sql).into(),
            ..self.clone()
        }
    }

    /// Which of the parameters is the tenant, from 0. A statement that has one MUST NOT run without.
    pub fn tenant_at(&self) -> Option<usize> {
        self.tenant_at
    }

    /// Whether it names rows that the database shows to their tenant alone.
    pub fn is_secured(&self) -> bool {
        self.is_secured
    }

    /// The row that it is about, where a refusal does not name the foreign key that is broken.
    pub fn subject(&self) -> Option<&Subject> {
        self.subject.as_deref()
    }

    /// The text.
    pub fn sql(&self) -> &Arc<str> {
        &self.sql
    }

    /// The type of each parameter, in order.
    pub fn parameters(&self) -> &[FieldType] {
        &self.parameters
    }

    /// Sees that there is a value for each parameter, and that each fits its type exactly: a
    /// driver would cut, round or refuse it in its own way.
    ///
    /// # Errors
    ///
    /// [`Kind::Invalid`] for an integer out of range, a number or text that SQL cannot store or a
    /// time outside the years 0001 to 9999, [`Kind::Internal`] for anything else; both name the
    /// position, from 1.
    pub fn accepts(&self, values: &[Value]) -> Result<()> {
        if values.len() != self.parameters.len() {
            let message = format!(
                "the statement has {} parameters, not {}",
                self.parameters.len(),
                values.len()
            );
            return Err(Error::new(Kind::Internal, message));
        }
        for (position, (parameter, value)) in self.parameters.iter().zip(values).enumerate() {
            if !fits(parameter, value) {
                return Err(misfit(position + 1, parameter, value));
            }
        }
        Ok(())
    }
}

fn fits(parameter: &FieldType, value: &Value) -> bool {
    match (parameter, value) {
        (_, Value::Null)
        | (FieldType::Bool, Value::Bool(_))
        | (FieldType::I64, Value::Integer(_))
        | (FieldType::Bytes, Value::Bytes(_))
        | (FieldType::Uuid, Value::Uuid(_))
        | (FieldType::LocalTime, Value::LocalTime(_))
        | (FieldType::Decimal, Value::Decimal(_))
        | (FieldType::Json, Value::Json(_)) => true,
        // What no list holds, such as not-a-number, is written as null.
        (
            FieldType::Array(
                ItemType::F32
                | ItemType::F64
                | ItemType::Timestamp
                | ItemType::LocalDateTime
                | ItemType::Date,
            ),
            Value::Json(list),
        ) => !list.contains("null"),
        (FieldType::Array(ItemType::String), Value::Json(list)) => !list.contains("\\u0000"),
        (FieldType::Array(_), Value::Json(_)) => true,
        // PostgreSQL stores no U+0000, so SQLite is not given one either.
        (FieldType::String | FieldType::Enum(_), Value::Text(text)) => !text.contains('\0'),
        (FieldType::I16, Value::Integer(integer)) => i16::try_from(*integer).is_ok(),
        (FieldType::I32, Value::Integer(integer)) => i32::try_from(*integer).is_ok(),
        // SQLite would store a text that cannot be read back.
        (FieldType::Timestamp, Value::Timestamp(timestamp)) => timestamp.is_in_calendar(),
        (FieldType::LocalDateTime, Value::LocalDateTime(time)) => time.is_in_calendar(),
        (FieldType::Date, Value::Date(date)) => date.is_in_calendar(),
        // SQLite would store null in the place of not-a-number.
        (FieldType::F32 | FieldType::F64, Value::Float(float)) => !float.is_nan(),
        _ => false,
    }
}

fn misfit(position: usize, parameter: &FieldType, value: &Value) -> Error {
    let is_outside = matches!(
        value,
        Value::Integer(_)
            | Value::Float(_)
            | Value::Timestamp(_)
            | Value::LocalDateTime(_)
            | Value::Date(_)
            | Value::Json(_)
    );
    let kind = match (parameter, value) {
        (FieldType::String | FieldType::Enum(_), Value::Text(_)) => {
            let message = format!("value {position} contains U+0000, which cannot be stored");
            return Error::new(Kind::Invalid, message);
        }
        _ if is_outside => Kind::Invalid,
        _ => Kind::Internal,
    };
    let message = format!("value {position} is not {}", parameter.describe());
    Error::new(kind, message)
}
