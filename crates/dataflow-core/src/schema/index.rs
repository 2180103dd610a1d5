//! An index over fields of a model.

use serde::{Deserialize, Serialize};

use super::{List, Text};

/// An index, unique or plain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Index {
    /// The fields it covers, in order.
    pub fields: List<Text>,
    /// Whether no two rows may agree on all of them.
    pub unique: bool,
}
