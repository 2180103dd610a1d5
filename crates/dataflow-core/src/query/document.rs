//! Places inside a JSON document, and what they must hold.

use std::marker::PhantomData;

use serde_json::Value as Json;

use super::condition::{Comparison, Condition};
use super::inside::{DocumentValue, Inside, Sought};
use super::pattern::{Case, Pattern};
use super::predicate::Predicate;
use crate::dialect::Dialect;
use crate::schema::Model;
use crate::value::Value;

/// What a place inside a JSON document must satisfy.
#[derive(Debug, Clone, PartialEq)]
pub enum DocumentTest {
    /// To compare so with a value of the same kind. A value of another kind, or none, is not equal.
    Compare(Comparison, Scalar),
    /// To be one of these values. They are bound as one JSON array.
    In(Vec<Scalar>),
    /// To be a text that matches a pattern.
    Matches(Case, Pattern),
    /// To be missing or null, or not to be.
    Null(bool),
}

/// A value inside a JSON document that others are compared with.
#[derive(Debug, Clone, PartialEq)]
pub enum Scalar {
    /// A text.
    Text(String),
    /// An integer.
    Integer(i64),
    /// A number with a fraction.
    Float(f64),
    /// A truth value.
    Bool(bool),
}

/// A place inside the documents of a column.
///
#[cfg_attr(feature = "derive", doc = "```")]
#[cfg_attr(not(feature = "derive"), doc = "```ignore")]
/// use dataflow_core::Model;
///
/// #[derive(Model)]
/// struct User {
///     #[model(primary_key)]
///     id: i64,
///     settings: serde_json::Value,
/// }
///
/// let dark = User::SETTINGS.at("theme").at("name").eq("dark");
/// let big = User::SETTINGS.at("size").gte(12);
/// # let _ = (dark, big);
/// ```
///
/// On PostgreSQL, [`eq`](Self::eq) of a place whose members are named, like
/// [`contains_document`](super::Column::contains_document), is found by an index of the column with
/// `method = "gin"`; every other comparison reads the rows that the rest of the condition leaves.
#[derive(Debug)]
pub struct DocumentColumn<M> {
    position: usize,
    path: Vec<String>,
    model: PhantomData<fn() -> M>,
}

impl<M: Model> DocumentColumn<M> {
    pub(super) fn new(position: usize, member: String) -> Self {
        Self {
            position,
            path: vec![member],
            model: PhantomData,
        }
    }

    /// A place further inside.
    #[must_use]
    pub fn at(mut self, member: impl Into<String>) -> Self {
        self.path.push(member.into());
        self
    }

    /// The text there, to be given or sorted by.
    pub fn as_text(self) -> DocumentValue<M, String> {
        self.sought(Sought::Text)
    }

    /// The number there, to be given or sorted by.
    pub fn as_number(self) -> DocumentValue<M, f64> {
        self.sought(Sought::Number)
    }

    /// Whatever is there, to be given.
    pub fn as_json(self) -> DocumentValue<M, Json> {
        self.sought(Sought::Document)
    }

    fn sought<T>(self, sought: Sought) -> DocumentValue<M, T> {
        DocumentValue::new(Inside {
            field: self.position,
            path: self.path,
            sought,
        })
    }

    /// It equals a text, number or truth value.
    pub fn eq(self, value: impl Into<Scalar>) -> Predicate<M> {
        self.compare(Comparison::Equal, value)
    }

    /// It does not; what is missing, null or of another kind does not either.
    pub fn ne(self, value: impl Into<Scalar>) -> Predicate<M> {
        self.compare(Comparison::NotEqual, value)
    }

    /// It is less than a value of the same kind.
    pub fn lt(self, value: impl Into<Scalar>) -> Predicate<M> {
        self.compare(Comparison::Less, value)
    }

    /// It is less than a value of the same kind, or equal.
    pub fn lte(self, value: impl Into<Scalar>) -> Predicate<M> {
        self.compare(Comparison::LessOrEqual, value)
    }

    /// It is greater than a value of the same kind.
    pub fn gt(self, value: impl Into<Scalar>) -> Predicate<M> {
        self.compare(Comparison::Greater, value)
    }

    /// It is greater than a value of the same kind, or equal.
    pub fn gte(self, value: impl Into<Scalar>) -> Predicate<M> {
        self.compare(Comparison::GreaterOrEqual, value)
    }

    /// It is one of several values of the same kinds.
    pub fn is_in<V: Into<Scalar>>(self, values: impl IntoIterator<Item = V>) -> Predicate<M> {
        self.test(DocumentTest::In(
            values.into_iter().map(Into::into).collect(),
        ))
    }

    /// It is none of several values; what is missing, null or of another kind is none of them either.
    pub fn is_not_in<V: Into<Scalar>>(self, values: impl IntoIterator<Item = V>) -> Predicate<M> {
        !self.is_in(values)
    }

    /// It is of the kind of two values, and neither less than the first nor greater than the second.
    pub fn between(self, least: impl Into<Scalar>, most: impl Into<Scalar>) -> Predicate<M> {
        let (position, path) = (self.position, self.path.clone());
        let most = DocumentTest::Compare(Comparison::LessOrEqual, most.into());
        let most = Predicate::new(Condition::Inside(position, path, most));
        self.gte(least).and(most)
    }

    /// It is a text that matches a pattern, as [`Column::like`](super::Column::like).
    pub fn like(self, pattern: &str) -> Predicate<M> {
        self.matches(Case::Sensitive, Pattern::like(pattern))
    }

    /// It is a text that matches a pattern, as [`Column::ilike`](super::Column::ilike).
    pub fn ilike(self, pattern: &str) -> Predicate<M> {
        self.matches(Case::Insensitive, Pattern::like(pattern))
    }

    /// It is a text that holds another.
    pub fn contains(self, text: &str) -> Predicate<M> {
        self.matches(Case::Sensitive, Pattern::containing(text))
    }

    /// It is a text that begins with another.
    pub fn starts_with(self, text: &str) -> Predicate<M> {
        self.matches(Case::Sensitive, Pattern::starting_with(text))
    }

    /// It is a text that ends with another.
    pub fn ends_with(self, text: &str) -> Predicate<M> {
        self.matches(Case::Sensitive, Pattern::ending_with(text))
    }

    /// It is missing or null.
    pub fn is_null(self) -> Predicate<M> {
        self.test(DocumentTest::Null(true))
    }

    /// It is neither missing nor null.
    pub fn is_not_null(self) -> Predicate<M> {
        self.test(DocumentTest::Null(false))
    }

    fn compare(self, comparison: Comparison, value: impl Into<Scalar>) -> Predicate<M> {
        self.test(DocumentTest::Compare(comparison, value.into()))
    }

    fn matches(self, case: Case, pattern: Pattern) -> Predicate<M> {
        self.test(DocumentTest::Matches(case, pattern))
    }

    fn test(self, test: DocumentTest) -> Predicate<M> {
        Predicate::new(Condition::Inside(self.position, self.path, test))
    }
}

impl DocumentTest {
    /// What stands in the shape of a filter: a kind is compared by a text of its own.
    pub(super) fn word(&self) -> u32 {
        match self {
            Self::Compare(comparison, scalar) => {
                let kind = match scalar {
                    Scalar::Text(_) => 0,
                    Scalar::Bool(_) => 1,
                    Scalar::Integer(_) => 2,
                    Scalar::Float(_) => 3,
                };
                *comparison as u32 * 4 + kind
            }
            Self::In(_) => 32,
            Self::Null(true) => 33,
            Self::Null(false) => 34,
            Self::Matches(case, _) => 35 + *case as u32,
        }
    }

    /// The document that a document is found to contain if it equals a value at a path, or fails to
    /// if it does not; none where that says less. A number may be a position in an array, and a
    /// document with an item at some position contains what has it at any.
    pub(crate) fn as_document(&self, path: &[String]) -> Option<Json> {
        let Self::Compare(Comparison::Equal | Comparison::NotEqual, scalar) = self else {
            return None;
        };
        let is_position = |member: &String| member.trim_start().parse::<i64>().is_ok();
        let is_number = !matches!(scalar, Scalar::Float(float) if !float.is_finite());
        if path.iter().any(is_position) || !is_number {
            return None;
        }
        let inner = scalar.clone().into_json();
        let nest =
            |inner, member: &String| Json::Object([(member.clone(), inner)].into_iter().collect());
        Some(path.iter().rev().fold(inner, nest))
    }

    /// Adds the path and the value to the values of a statement, or what stands for both.
    pub(super) fn bind(self, dialect: &dyn Dialect, path: Vec<String>, values: &mut Vec<Value>) {
        if let Some(document) = self
            .as_document(&path)
            .filter(|_| dialect.capability().indexes_documents)
        {
            values.push(Value::Json(document.to_string()));
            return;
        }
        values.push(dialect.document_path(&path));
        values.extend(match self {
            Self::Compare(_, scalar) => Some(scalar.into_value()),
            Self::In(list) => {
                let items = list.into_iter().map(Scalar::into_json).collect();
                Some(Value::Json(Json::Array(items).to_string()))
            }
            Self::Matches(case, pattern) => Some(Value::Text(dialect.pattern(&pattern, case))),
            Self::Null(_) => None,
        });
    }
}

impl Scalar {
    /// The scalar that a JSON value is, if it is one.
    pub(super) fn of_json(json: &Json) -> Option<Self> {
        match json {
            Json::String(text) => Some(Self::Text(text.clone())),
            Json::Number(number) => match number.as_i64() {
                Some(integer) => Some(Self::Integer(integer)),
                None => number.as_f64().map(Self::Float),
            },
            Json::Bool(value) => Some(Self::Bool(*value)),
            _ => None,
        }
    }

    fn into_json(self) -> Json {
        match self {
            Self::Text(text) => text.into(),
            Self::Integer(integer) => integer.into(),
            Self::Float(float) => float.into(),
            Self::Bool(value) => value.into(),
        }
    }

    fn into_value(self) -> Value {
        match self {
            Self::Text(text) => Value::Text(text),
            Self::Integer(integer) => Value::Integer(integer),
            Self::Float(float) => Value::Float(float),
            Self::Bool(value) => Value::Bool(value),
        }
    }
}

macro_rules! scalars {
    ($($rust:ty: $scalar:ident;)*) => {$(
        impl From<$rust> for Scalar {
            fn from(value: $rust) -> Self {
                Self::$scalar(value.into())
            }
        }
    )*};
}

scalars! {
    &str: Text;
    String: Text;
    bool: Bool;
    i32: Integer;
    i64: Integer;
    f64: Float;
}
