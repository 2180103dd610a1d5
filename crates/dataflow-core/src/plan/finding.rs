//! What a database has that differs from the models.

use crate::snapshot::Index;

/// One difference that no step removes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The table.
    pub table: String,
    /// The column, where one is at fault.
    pub column: Option<String>,
    /// What differs.
    pub kind: FindingKind,
}

/// What differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FindingKind {
    /// A column that no field declares, but that rows can be written without.
    UndeclaredColumn,
    /// A column that no field declares and that every new row would have to fill.
    UndeclaredRequiredColumn,
    /// A column of another type.
    ColumnType {
        /// As it is.
        found: String,
        /// As the field needs it.
        wanted: String,
    },
    /// A column that refuses null, for a field that may hold none.
    NotNull,
    /// A column that takes null, for a field that always holds a value.
    Nullable,
    /// A column with another default; rows written by this program are not affected.
    Default {
        /// As it is.
        found: Option<String>,
        /// As declared.
        wanted: Option<String>,
    },
    /// A primary key of other columns.
    PrimaryKey {
        /// As it is.
        found: Vec<String>,
        /// As declared.
        wanted: Vec<String>,
    },
    /// A key that the database should count up and does not.
    NotSerial,
    /// An index of the declared name that does not do the declared index's work.
    Index {
        /// As it is.
        found: Box<Index>,
        /// As declared.
        wanted: Box<Index>,
    },
    /// A foreign key that this database cannot add to a table that exists.
    MissingForeignKey {
        /// The table that should be pointed at.
        referenced_table: String,
    },
}

impl FindingKind {
    /// Whether a program cannot work with it, so that starting would only put the failure off.
    pub fn is_blocking(&self) -> bool {
        match self {
            // What a row is found by, when it is written again, has to be unique.
            Self::Index { wanted, .. } => wanted.unique,
            Self::UndeclaredRequiredColumn
            | Self::ColumnType { .. }
            | Self::NotNull
            | Self::PrimaryKey { .. }
            | Self::NotSerial => true,
            Self::UndeclaredColumn
            | Self::Nullable
            | Self::Default { .. }
            | Self::MissingForeignKey { .. } => false,
        }
    }
}
