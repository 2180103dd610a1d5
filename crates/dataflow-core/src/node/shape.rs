//! What a node takes or gives, as a JSON Schema that every client can read.

mod faults;
mod ruled;

use std::fmt;

use serde_json::{Value as Json, json};

use crate::schema::{Field, FieldType, Limit};
use crate::value::Object;

/// A JSON Schema (2020-12) of the portable kind: a single `type`, no `$ref`, no composition.
///
/// Some MCP clients drop every tool of a server whose schemas use more than that.
///
/// ```
/// use dataflow_core::node::Shape;
///
/// let shape = Shape::object()
///     .required("name", Shape::string())
///     .optional("limit", Shape::integer());
///
/// assert_eq!(shape.required_names(), ["name"]);
/// assert!(shape.has_property("limit"));
/// ```
#[derive(Clone, PartialEq)]
pub struct Shape(Object);

impl Shape {
    /// A shape written by hand or derived elsewhere; it must be portable as described above.
    pub fn from_schema(schema: Object) -> Self {
        Self(schema)
    }

    /// Any value.
    pub fn any() -> Self {
        Self::from_schema(Object::new())
    }

    /// An object without members; [`required`](Self::required) and [`optional`](Self::optional)
    /// add them. No others are taken.
    pub fn object() -> Self {
        Self::of_type("object")
            .with("properties", json!({}))
            .with("required", json!([]))
            .with("additionalProperties", false)
    }

    /// An object with members of any name.
    pub fn free_object() -> Self {
        Self::of_type("object")
    }

    /// The same object, which may hold members beside those that are declared.
    #[must_use]
    pub fn open(self) -> Self {
        let Self(mut schema) = self;
        schema.shift_remove("additionalProperties");
        Self(schema)
    }

    /// An array of items of one shape.
    pub fn array(items: Self) -> Self {
        Self::of_type("array").with("items", items)
    }

    /// A string.
    pub fn string() -> Self {
        Self::of_type("string")
    }

    /// An integer.
    pub fn integer() -> Self {
        Self::of_type("integer")
    }

    /// True or false.
    pub fn boolean() -> Self {
        Self::of_type("boolean")
    }

    /// What a field holds, with its description.
    pub fn of_field(field: &Field) -> Self {
        let mut shape = Self::of_field_type(&field.field_type);
        if let Some(Limit::Length(most)) = field.limit {
            shape = shape.with("maxLength", most);
        }
        shape = shape.ruled(field);
        match &field.description {
            Some(description) => shape.described(description),
            None => shape,
        }
    }

    /// What a value of a type is, whatever the rules of a field.
    pub fn of_field_type(field_type: &FieldType) -> Self {
        match field_type {
            FieldType::Bool => Self::boolean(),
            FieldType::I16 => Self::integer().between(i16::MIN.into(), i16::MAX.into()),
            FieldType::I32 => Self::integer().between(i32::MIN.into(), i32::MAX.into()),
            FieldType::I64 => Self::integer().with("format", "int64"),
            FieldType::F32 | FieldType::F64 => Self::of_type("number"),
            FieldType::String => Self::string(),
            FieldType::Bytes => Self::string().with("contentEncoding", "base64"),
            FieldType::Uuid => Self::string().with("format", "uuid"),
            FieldType::Timestamp => Self::string().with("format", "date-time"),
            FieldType::LocalDateTime => Self::string().with("format", "date-time-local"),
            FieldType::Date => Self::string().with("format", "date"),
            FieldType::LocalTime => Self::string().with("format", "time-local"),
            FieldType::Decimal => Self::string().with("format", "decimal"),
            FieldType::Json => Self::any(),
            FieldType::Array(item) => Self::array(Self::of_field_type(&item.field_type())),
            FieldType::Enum(enum_type) => Self::string().with("enum", json!(enum_type.variants)),
        }
    }

    /// Adds a description.
    #[must_use]
    pub fn described(self, description: &str) -> Self {
        self.with("description", description)
    }

    /// Bounds an integer, both ends included.
    #[must_use]
    pub fn between(self, least: i64, most: i64) -> Self {
        self.with("minimum", least).with("maximum", most)
    }

    /// Adds a member that must be given.
    #[must_use]
    pub fn required(mut self, name: &str, shape: Self) -> Self {
        if let Some(Json::Array(required)) = self.0.get_mut("required") {
            required.push(name.into());
        }
        self.optional(name, shape)
    }

    /// Adds a member that may be left out.
    #[must_use]
    pub fn optional(mut self, name: &str, shape: Self) -> Self {
        if let Some(Json::Object(properties)) = self.0.get_mut("properties") {
            properties.insert(name.to_owned(), shape.into());
        }
        self
    }

    /// The names of the members that must be given.
    pub fn required_names(&self) -> Vec<&str> {
        let required = self.schema().get("required").and_then(Json::as_array);
        required
            .into_iter()
            .flatten()
            .filter_map(Json::as_str)
            .collect()
    }

    /// The members and their schemas, in order.
    pub fn properties(&self) -> impl Iterator<Item = (&str, &Json)> {
        let properties = self.schema().get("properties").and_then(Json::as_object);
        properties
            .into_iter()
            .flatten()
            .map(|(name, schema)| (name.as_str(), schema))
    }

    /// Whether a member is declared.
    pub fn has_property(&self, name: &str) -> bool {
        self.properties().any(|(declared, _)| declared == name)
    }

    /// Whether members that are not declared are taken.
    pub fn is_open(&self) -> bool {
        self.schema().get("additionalProperties") != Some(&Json::Bool(false))
    }

    /// The schema itself.
    pub fn schema(&self) -> &Object {
        &self.0
    }

    fn of_type(name: &str) -> Self {
        Self::any().with("type", name)
    }

    fn with(mut self, keyword: &str, value: impl Into<Json>) -> Self {
        self.0.insert(keyword.to_owned(), value.into());
        self
    }
}

impl fmt::Debug for Shape {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Shape").field(self.schema()).finish()
    }
}

impl From<Shape> for Json {
    fn from(shape: Shape) -> Self {
        Self::Object(shape.0)
    }
}
