//! What a database has that differs from the models.

mod refused;

use super::Class;
use crate::schema::{Limit, TableName};
use crate::snapshot::Index;

/// One difference that no step removes, or that no step may remove.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The table.
    pub table: TableName,
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
    /// A column whose enum type has labels that nobody declares, or has them in another order.
    Labels {
        /// As they are.
        found: Vec<String>,
        /// As declared.
        wanted: Vec<String>,
    },
    /// A column that takes more or less of its type.
    Limit {
        /// As it is.
        found: Option<Limit>,
        /// As declared.
        wanted: Option<Limit>,
    },
    /// Another collation than the declared one.
    Collation {
        /// As it is.
        found: Option<String>,
        /// As declared.
        wanted: String,
    },
    /// Another comment, or none.
    Comment,
    /// Changes of rows that are not written down as they should be, or that nobody wants to know.
    ChangeFeed {
        /// Whether they should be written down.
        is_wanted: bool,
    },
    /// Rows that are shown to others than their tenant, or to nobody who does not say for whom.
    RowSecurity {
        /// Whether the rows of tenants should be kept apart.
        is_wanted: bool,
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
    /// A column with a default that no version of the model ever declared: somebody else's.
    UndeclaredDefault {
        /// As it is.
        found: String,
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
    /// A foreign key with other actions, or checked at another time.
    ForeignKey {
        /// What it does, as SQL.
        found: String,
        /// What is declared.
        wanted: String,
    },
    /// A condition of the declared name that is another.
    Check {
        /// Its name.
        name: String,
        /// As it is.
        found: String,
        /// As declared.
        wanted: String,
    },
    /// A column that is computed in another way, or that only one side computes.
    Generated {
        /// As it is.
        found: Option<String>,
        /// As declared.
        wanted: Option<String>,
    },
    /// A table whose rows are to be kept by their key alone, and have a number beside it.
    Rowid,
    /// A column that is missing and cannot be added, because nothing fills it in the rows that
    /// exist.
    NothingToFillIn,
    /// A column that has to be filled in after the other changes are made, in rows that whoever
    /// migrates is not shown then.
    HiddenRows,
    /// A column that is missing, while one like it was declared before and no longer is.
    PerhapsRenamed {
        /// The one like it.
        former: String,
    },
    /// A table that is missing, while the one that its model had before is there.
    PerhapsRenamedTable {
        /// The one that is there.
        former: TableName,
    },
    /// A column that is missing, and so is the one that it is said to have been.
    MissingFormerColumn {
        /// The one that it is said to have been.
        former: String,
    },
    /// A table that would have to be written anew, and whose statement cannot be read.
    CannotRebuild {
        /// What would be different afterwards.
        change: String,
    },
    /// A table or a column that is missing.
    Missing {
        /// What would add it.
        change: String,
    },
    /// Something that has to be made, changed or dropped for a schema to be like another one, and
    /// that no step can.
    Beyond {
        /// What it is, and what would have to become of it.
        what: String,
    },
    /// A change that is not made.
    Unmade {
        /// The change.
        change: String,
        /// Its class.
        class: Class,
    },
}

impl FindingKind {
    /// Whether a program cannot work with it, so that starting would only put the failure off.
    pub fn is_blocking(&self) -> bool {
        match self {
            // What a row is found by, when it is written again, has to be unique.
            Self::Index { wanted, .. } => wanted.unique,
            // One that takes more serves as well, as long as others keep to what is declared.
            Self::Limit { found, wanted } => match (found, wanted) {
                (None, _) => false,
                (Some(found), Some(wanted)) => !found.holds(*wanted),
                (Some(_), None) => true,
            },
            Self::ChangeFeed { is_wanted } => *is_wanted,
            Self::UndeclaredRequiredColumn
            | Self::ColumnType { .. }
            | Self::NotNull
            | Self::PrimaryKey { .. }
            | Self::NotSerial
            | Self::Generated { .. }
            | Self::NothingToFillIn
            | Self::HiddenRows
            | Self::PerhapsRenamed { .. }
            | Self::PerhapsRenamedTable { .. }
            | Self::MissingFormerColumn { .. }
            | Self::CannotRebuild { .. }
            | Self::Missing { .. }
            | Self::Beyond { .. }
            | Self::RowSecurity { .. }
            | Self::Unmade { .. } => true,
            Self::UndeclaredColumn
            | Self::Nullable
            | Self::Default { .. }
            | Self::UndeclaredDefault { .. }
            | Self::ForeignKey { .. }
            | Self::Check { .. }
            | Self::Collation { .. }
            | Self::Rowid
            | Self::Labels { .. }
            | Self::Comment => false,
        }
    }

    /// Whether a program of an older version of the model cannot work with it: a missing index is a
    /// matter of the newer one.
    pub(super) fn stops_older_programs(&self) -> bool {
        let is_of_newer = matches!(
            self,
            Self::Unmade { .. } | Self::ChangeFeed { .. } | Self::RowSecurity { is_wanted: true }
        );
        self.is_blocking() && !is_of_newer
    }

    /// Whether it stands for a step that could be made.
    pub(super) fn is_refusal(&self) -> bool {
        matches!(
            self,
            Self::ColumnType { .. }
                | Self::Limit { .. }
                | Self::Generated { .. }
                | Self::NotNull
                | Self::Missing { .. }
                | Self::ChangeFeed { .. }
                | Self::RowSecurity { .. }
                | Self::Unmade { .. }
        )
    }

    /// What to do about it, where more can be said than that model and table have to agree.
    pub fn help(&self) -> Option<&'static str> {
        match self {
            Self::NothingToFillIn => Some(
                "make the field an Option, or give it a #[model(default = …)] that existing rows \
                 can take",
            ),
            Self::HiddenRows => Some(
                "let ddl_url name a role that has BYPASSRLS, or make the field an Option in this \
                 release",
            ),
            Self::PerhapsRenamed { .. } => Some(
                "say #[model(renamed_from = \"…\")] on the field if it is the same column under \
                 another name, or #[model(drop_columns(…))] on the struct if the old one may go; \
                 to keep both, remove the old field in one release and add the new one in the next",
            ),
            Self::PerhapsRenamedTable { .. } => Some(
                "say #[model(renamed_from = \"…\")] on the struct if it is the same table under \
                 another name, or drop_table(\"…\") of the set if the old one may go; to keep it \
                 beside a new and empty one, approve this plan",
            ),
            Self::Index { .. } => Some(
                "say #[model(drop_indexes(…))] on the struct to have it made anew, or give the \
                 declared index another name",
            ),
            Self::Check { .. } => Some(
                "drop the check that is there with #[model(drop_constraints(…))] on the struct, or \
                 give the declared one another name",
            ),
            Self::Labels { .. } => Some(
                "declare the labels that are there, in their order: PostgreSQL takes none from a \
                 type",
            ),
            Self::Beyond { .. } => Some("change it by hand, then plan again"),
            Self::MissingFormerColumn { .. } => {
                Some("correct the name in renamed_from, or remove it")
            }
            _ => None,
        }
    }
}
