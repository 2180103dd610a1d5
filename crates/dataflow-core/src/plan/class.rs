//! What a step costs those who use the database, and whom it keeps waiting.

use std::fmt;

use serde::Serialize;

/// What a step costs those who use the database; the later, the graver.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// Nobody notices: it takes a moment, and programs of the version before go on.
    Safe,
    /// The rows are read, or filled in batch by batch, while others go on writing.
    Scan,
    /// Programs of the version before fail at it: a rename, a value that becomes required.
    Breaking,
    /// Every row is written anew, while nobody else gets in.
    Rewrite,
    /// Something stored is lost, because it was declared as dropped.
    Destructive,
    /// Stored values become others, from which those of before cannot be made again.
    Irreversible,
}

/// Whom a step keeps waiting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Lock {
    /// Nobody.
    Nobody,
    /// Other changes of the schema.
    SchemaChanges,
    /// Everybody who writes.
    Writers,
    /// Everybody.
    Everybody,
}

impl fmt::Display for Class {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Safe => "safe",
            Self::Scan => "scan",
            Self::Breaking => "breaking",
            Self::Rewrite => "rewrite",
            Self::Destructive => "destructive",
            Self::Irreversible => "irreversible",
        })
    }
}

impl fmt::Display for Lock {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Nobody => "nobody",
            Self::SchemaChanges => "schema changes",
            Self::Writers => "writers",
            Self::Everybody => "everybody",
        })
    }
}
