//! One field of a model.

use serde::{Deserialize, Serialize};

use super::{Access, DefaultValue, FieldType, Generated, Limit, Rules, Text};

/// One field of a model, and the column that stores it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Field {
    /// The name in Rust and in JSON.
    pub name: Text,
    /// The name of the column.
    pub column: Text,
    /// The field's documentation, shown by OpenAPI and MCP.
    pub description: Option<Text>,
    /// What it holds.
    pub field_type: FieldType,
    /// Whether it may hold no value.
    pub nullable: bool,
    /// What it holds when an input leaves it out.
    pub default: Option<DefaultValue>,
    /// Whether the library writes it when a row is created, changed or deleted.
    pub stamp: Option<Stamp>,
    /// Whether it says whose row this is; see [`ModelSchema::tenant`](super::ModelSchema::tenant).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub tenant: bool,
    /// How the database computes it, where it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub generated: Option<Generated>,
    /// How much of its type it takes; without one, all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<Limit>,
    /// The type of a column that another tool made on a database whose columns may hold what their
    /// types do not say. A column of this type stays as it is, with its default and without a
    /// guard; one that is made is of the field's own type.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub adopts: Option<Text>,
    /// How its texts are compared and sorted: a collation that the database has; without one, as
    /// the database does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub collation: Option<Text>,
    /// What a database that keeps comments says about its column.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<Text>,
    /// What its values fulfill beyond their type.
    #[serde(default, skip_serializing_if = "Rules::is_none")]
    pub rules: Rules,
    /// Which way it goes through doors.
    #[serde(default, skip_serializing_if = "Access::is_open")]
    pub access: Access,
}

impl Field {
    /// A required field, stored in a column of its name, of which nothing else is declared.
    pub fn new(name: impl Into<Text>, field_type: FieldType) -> Self {
        let name = name.into();
        Self {
            column: name.clone(),
            name,
            description: None,
            field_type,
            nullable: false,
            default: None,
            stamp: None,
            tenant: false,
            generated: None,
            limit: None,
            adopts: None,
            collation: None,
            comment: None,
            rules: Rules::NONE,
            access: Access::OPEN,
        }
    }

    /// Whether an input may leave it out: it is nullable, has a default, or is computed.
    pub fn is_optional(&self) -> bool {
        self.nullable || self.default.is_some() || self.is_computed()
    }

    /// Whether no input may give it: the library stamps it or fills it with the tenant, or the
    /// database generates it.
    pub fn is_computed(&self) -> bool {
        self.stamp.is_some() || self.tenant || self.generated.is_some()
    }
}

/// What the library writes by itself: a time, or the count of changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stamp {
    /// When the row was created.
    Created,
    /// When the row was last changed.
    Updated,
    /// How often the row was written: 1 when it is created, one more with each change. A change
    /// that says which version it is a change of is refused when the row has another by then.
    Version,
    /// When the row was deleted; null while it was not. Such a row stays, and is left out.
    Deleted,
}
