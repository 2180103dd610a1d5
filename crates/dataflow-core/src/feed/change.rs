//! One change of one row.

use super::Position;
use crate::value::Object;

/// One change of one row: which row, not what it holds. Whoever wants that reads the row, as it is
/// by then.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct RowChange {
    /// Its place in the order of changes.
    pub position: Position,
    /// The name of the model.
    pub model: String,
    /// What was done.
    pub verb: RowVerb,
    /// The key of the row, by the names of its fields.
    pub key: Object,
    /// The key that the row had before, where it got another.
    pub former_key: Option<Object>,
    /// Whose row it is, where rows of the model belong to tenants; none too where nobody wrote that
    /// down yet.
    pub tenant: Option<String>,
    /// The number of the transaction that did it, where the database numbers them: changes that
    /// have the same took effect together.
    pub transaction: Option<u64>,
}

/// What was done to a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RowVerb {
    /// It is new.
    Create,
    /// Some of its values may be others.
    Update,
    /// It is gone.
    Delete,
}

impl RowChange {
    /// A change.
    pub fn new(position: Position, model: String, verb: RowVerb, key: Object) -> Self {
        Self {
            position,
            model,
            verb,
            key,
            former_key: None,
            tenant: None,
            transaction: (position.transaction > 0).then_some(position.transaction),
        }
    }
}

impl RowVerb {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Create, Self::Update, Self::Delete];

    /// It in a word: `create`, `update`, `delete`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Update => "update",
            Self::Delete => "delete",
        }
    }

    /// The verb of a word.
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|verb| verb.as_str() == word)
    }
}
