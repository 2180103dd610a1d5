//! What a table is called.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer};
use serde::ser::{Serialize, SerializeStruct, Serializer};

use super::Text;

/// What a table is called: its name, and its schema where that is not the one that new tables are
/// made in. Tables of one name in two schemas are two tables.
///
/// ```
/// use dataflow_core::schema::TableName;
///
/// let invoices = TableName::within("billing", "invoices");
/// assert_ne!(invoices, TableName::new("invoices"));
/// assert_eq!(invoices.to_string(), "billing.invoices");
/// assert_eq!(TableName::new("users"), "users");
/// ```
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct TableName {
    /// The schema, where one is declared.
    pub schema: Option<Text>,
    /// The name within it.
    pub name: Text,
}

impl TableName {
    /// A table of the schema that new tables are made in.
    pub fn new(name: impl Into<Text>) -> Self {
        Self {
            schema: None,
            name: name.into(),
        }
    }

    /// A table of a schema.
    pub fn within(schema: impl Into<Text>, name: impl Into<Text>) -> Self {
        Self {
            schema: Some(schema.into()),
            name: name.into(),
        }
    }

    /// Another table of the same schema.
    #[must_use]
    pub fn sibling(&self, name: impl Into<Text>) -> Self {
        Self {
            schema: self.schema.clone(),
            name: name.into(),
        }
    }
}

/// `billing.invoices`; in no set of models do two tables read alike.
impl fmt::Display for TableName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.schema {
            Some(schema) => write!(formatter, "{schema}.{}", self.name),
            None => formatter.write_str(&self.name),
        }
    }
}

/// As it stands in messages: `"billing.invoices"`.
impl fmt::Debug for TableName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.schema {
            Some(_) => write!(formatter, "{:?}", self.to_string()),
            None => write!(formatter, "{:?}", self.name),
        }
    }
}

impl From<&'static str> for TableName {
    fn from(name: &'static str) -> Self {
        Self::new(name)
    }
}

impl From<String> for TableName {
    fn from(name: String) -> Self {
        Self::new(name)
    }
}

impl From<Text> for TableName {
    fn from(name: Text) -> Self {
        Self::new(name)
    }
}

/// A text is the name of a table without a schema.
impl PartialEq<str> for TableName {
    fn eq(&self, name: &str) -> bool {
        self.schema.is_none() && self.name == name
    }
}

impl PartialEq<&str> for TableName {
    fn eq(&self, name: &&str) -> bool {
        self == *name
    }
}

/// A text, or with a schema `{"schema": "billing", "name": "invoices"}`.
impl Serialize for TableName {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Some(schema) = &self.schema else {
            return serializer.serialize_str(&self.name);
        };
        let mut both = serializer.serialize_struct("TableName", 2)?;
        both.serialize_field("schema", schema)?;
        both.serialize_field("name", &self.name)?;
        both.end()
    }
}

impl<'de> Deserialize<'de> for TableName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(serde::Deserialize)]
        #[serde(
            untagged,
            expecting = "expected the name of a table, or its schema and name"
        )]
        enum Written {
            Name(String),
            Both(Both),
        }

        #[derive(serde::Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Both {
            schema: String,
            name: String,
        }

        Ok(match Written::deserialize(deserializer)? {
            Written::Name(name) => Self::new(name),
            Written::Both(Both { schema, name }) => Self {
                schema: Some(Cow::Owned(schema)),
                name: Cow::Owned(name),
            },
        })
    }
}
