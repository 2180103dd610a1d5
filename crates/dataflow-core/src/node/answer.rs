//! What a node gives back.

use bytes::Bytes;
use serde_json::Value as Json;

/// What a node gives back: a body, and what a door may want to say beside it.
#[derive(Debug, Clone, PartialEq, Default)]
#[non_exhaustive]
pub struct Answer {
    /// The result itself.
    pub body: Body,
    /// The key of the row that the call created: each of its fields as it stands in a path, before
    /// percent-encoding.
    pub created: Option<Vec<String>>,
    /// Where the next page begins, when there is one.
    pub next: Option<String>,
    /// How many rows the body holds, when it holds a list of them.
    pub rows: Option<usize>,
    /// The version of the row in the body, when it holds one of a model that has versions.
    pub version: Option<i64>,
}

/// The result of a node, in the form that the [`Context`](super::Context) asked for.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Body {
    /// Nothing to say: the call succeeded.
    #[default]
    Empty,
    /// JSON text.
    Bytes(Bytes),
    /// A JSON value.
    Value(Json),
}

impl Answer {
    /// An answer that has only a body.
    pub fn new(body: Body) -> Self {
        Self {
            body,
            ..Self::default()
        }
    }

    /// Adds the key of the row that was created.
    #[must_use]
    pub fn with_created(mut self, key: Vec<String>) -> Self {
        self.created = Some(key);
        self
    }

    /// The same of a row that was there already.
    #[must_use]
    pub fn without_created(mut self) -> Self {
        self.created = None;
        self
    }

    /// Adds where the next page begins.
    #[must_use]
    pub fn with_next(mut self, cursor: Option<String>) -> Self {
        self.next = cursor;
        self
    }

    /// Adds the version of the row in the body.
    #[must_use]
    pub fn with_version(mut self, version: Option<i64>) -> Self {
        self.version = version;
        self
    }

    /// Adds how many rows the body holds.
    #[must_use]
    pub fn with_rows(mut self, rows: usize) -> Self {
        self.rows = Some(rows);
        self
    }
}

impl From<Json> for Body {
    fn from(value: Json) -> Self {
        Self::Value(value)
    }
}

impl Body {
    /// The result as JSON text; an empty one is `null`.
    pub fn into_bytes(self) -> Bytes {
        match self {
            Self::Empty => Bytes::from_static(b"null"),
            Self::Bytes(bytes) => bytes,
            Self::Value(value) => value.to_string().into(),
        }
    }

    /// The result as a JSON value; an empty one is null.
    ///
    /// # Panics
    ///
    /// When a node answered with bytes that are not JSON.
    pub fn into_value(self) -> Json {
        match self {
            Self::Empty => Json::Null,
            Self::Bytes(bytes) => {
                serde_json::from_slice(&bytes).expect("a node answers with JSON text")
            }
            Self::Value(value) => value,
        }
    }
}
