//! An index over fields of a model.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::{List, Text};

/// An index, unique or plain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Index {
    /// Its name in the database; without one, it is made of the table and what the index covers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Text>,
    /// What it covers, in order.
    #[serde(rename = "fields")]
    pub members: List<IndexMember>,
    /// Whether no two rows may agree on all of it.
    pub unique: bool,
    /// How it is built, such as `gin`; without one, it is sorted, which both databases can.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<Text>,
    /// Fields whose values it holds beside what it covers, so that a query need not read the row.
    #[serde(default, skip_serializing_if = "<[_]>::is_empty")]
    pub include: List<Text>,
    /// The rows it covers, as a condition in SQL; without one, all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub predicate: Option<Text>,
    /// For how long rows may agree on all of it, where it is unique; without one, never.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deferrable: Option<Deferrable>,
    /// Whether rows without a value agree, as those do that have the same one.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub nulls_not_distinct: bool,
}

/// When PostgreSQL looks whether rows agree, where they may for a while.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Deferrable {
    /// When a statement ends, unless its transaction puts it off.
    InitiallyImmediate,
    /// When the transaction ends.
    InitiallyDeferred,
}

/// One thing that an index covers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Spelling", into = "Spelling")]
pub struct IndexMember {
    /// A field, or what is computed of some.
    pub key: IndexKey,
    /// Whether the largest value stands first.
    pub descending: bool,
    /// Where null stands; without one, where the database puts it.
    pub nulls: Option<Nulls>,
    /// How PostgreSQL compares the values, such as `text_pattern_ops`; without one, as their type
    /// is usually compared.
    pub operator_class: Option<Text>,
}

/// What a member of an index is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IndexKey {
    /// The field of a name.
    Field(Text),
    /// An expression in SQL, over columns.
    Expression(Text),
}

/// Where null stands among values that are sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Nulls {
    /// Before them.
    First,
    /// After them.
    Last,
}

impl Index {
    /// A plain index over fields, in order.
    pub fn over<Name: Into<Text>>(fields: impl IntoIterator<Item = Name>) -> Self {
        let members: Vec<_> = fields.into_iter().map(IndexMember::field).collect();
        Self {
            name: None,
            members: members.into(),
            unique: false,
            method: None,
            include: Cow::Borrowed(&[]),
            predicate: None,
            deferrable: None,
            nulls_not_distinct: false,
        }
    }

    /// The same, and no two rows may agree on all of it.
    #[must_use]
    pub fn unique(mut self) -> Self {
        self.unique = true;
        self
    }

    /// Whether a field is among what it covers.
    pub fn covers(&self, field: &str) -> bool {
        let mut fields = self.members.iter().filter_map(IndexMember::as_field);
        fields.any(|covered| covered == field)
    }

    /// The fields that no two rows agree on, in order; none where the index promises something
    /// else: it is plain, covers an expression, or only some rows.
    pub fn unique_fields(&self) -> Option<Vec<&str>> {
        let is_promise = self.unique && self.predicate.is_none();
        let fields = || self.members.iter().map(IndexMember::as_field).collect();
        is_promise.then(fields)?
    }
}

impl Deferrable {
    /// As SQL says it, and so do models.
    pub fn as_sql(self) -> &'static str {
        match self {
            Self::InitiallyImmediate => "INITIALLY IMMEDIATE",
            Self::InitiallyDeferred => "INITIALLY DEFERRED",
        }
    }
}

impl IndexMember {
    /// A field, sorted as usual.
    pub fn field(name: impl Into<Text>) -> Self {
        Self::sorted(IndexKey::Field(name.into()))
    }

    /// An expression, sorted as usual.
    pub fn expression(sql: impl Into<Text>) -> Self {
        Self::sorted(IndexKey::Expression(sql.into()))
    }

    /// A field, sorted as usual; the derive calls this in a `static`.
    #[doc(hidden)]
    pub const fn of(name: &'static str) -> Self {
        Self::sorted(IndexKey::Field(Cow::Borrowed(name)))
    }

    /// Whether it is a field of which nothing else is declared.
    pub(super) fn is_plain(&self) -> bool {
        let plain = self.as_field().map(|name| Self::field(name.to_owned()));
        plain.is_some_and(|plain| plain == *self)
    }

    /// The name of the field, where it is one.
    pub fn as_field(&self) -> Option<&str> {
        match &self.key {
            IndexKey::Field(name) => Some(name),
            IndexKey::Expression(_) => None,
        }
    }

    const fn sorted(key: IndexKey) -> Self {
        Self {
            key,
            descending: false,
            nulls: None,
            operator_class: None,
        }
    }
}

/// A member as definitions spell it: a field of which nothing else is declared is its name.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Spelling {
    Field(Text),
    Member {
        #[serde(flatten)]
        key: IndexKey,
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        descending: bool,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        nulls: Option<Nulls>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        operator_class: Option<Text>,
    },
}

impl From<Spelling> for IndexMember {
    fn from(spelling: Spelling) -> Self {
        match spelling {
            Spelling::Field(name) => Self::field(name),
            Spelling::Member {
                key,
                descending,
                nulls,
                operator_class,
            } => Self {
                key,
                descending,
                nulls,
                operator_class,
            },
        }
    }
}

impl From<IndexMember> for Spelling {
    fn from(member: IndexMember) -> Self {
        match member {
            IndexMember {
                key: IndexKey::Field(name),
                descending: false,
                nulls: None,
                operator_class: None,
            } => Self::Field(name),
            IndexMember {
                key,
                descending,
                nulls,
                operator_class,
            } => Self::Member {
                key,
                descending,
                nulls,
                operator_class,
            },
        }
    }
}
