//! One change of a database, as a value.

use super::Lock;
use crate::schema::TableName;
use crate::snapshot::{
    Check, Column, EnumType, ForeignKey, Generated, Guard, Index, Limit, RowSecurity, Table,
    Trigger,
};

/// What is changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// A schema for tables to be made in.
    CreateSchema {
        /// The schema.
        schema: String,
        /// The first table that is to be in it.
        table: TableName,
    },
    /// A new type of named values.
    CreateEnumType {
        /// The first table that has a column of it.
        table: TableName,
        /// The type.
        enum_type: EnumType,
    },
    /// More labels of a type of named values.
    AddLabels {
        /// The first table that has a column of it.
        table: TableName,
        /// The type as it is.
        found: EnumType,
        /// The labels that it is to have.
        wanted: Vec<String>,
    },
    /// A new table with its columns, key and foreign keys; its indexes follow as steps.
    CreateTable(Table),
    /// A table that is said to be no longer needed, with its rows.
    DropTable {
        /// The table.
        table: TableName,
        /// What its triggers of the house call, where that does not go by itself.
        functions: Vec<String>,
    },
    /// Another name for a table.
    RenameTable {
        /// As it is called.
        from: TableName,
        /// As it is to be called.
        to: TableName,
    },
    /// Changes that a database makes only by writing the whole table anew.
    RebuildTable {
        /// The table as it is.
        table: Table,
        /// What is different afterwards.
        changes: Vec<Change>,
    },
    /// A new column of a table that exists.
    AddColumn {
        /// The table.
        table: TableName,
        /// The column.
        column: Column,
        /// Its foreign key, where the database takes one only together with a new column.
        foreign_key: Option<ForeignKey>,
    },
    /// A column that is said to be no longer needed, with its values.
    DropColumn {
        /// The table.
        table: TableName,
        /// The column.
        column: String,
    },
    /// Another name for a column.
    RenameColumn {
        /// The table.
        table: TableName,
        /// As it is called.
        from: String,
        /// As it is to be called.
        to: String,
    },
    /// Another type of a column.
    SetType {
        /// The table.
        table: TableName,
        /// The column as it is to be.
        column: Column,
        /// The type that it has.
        found: String,
        /// Whether it has a default, which goes with the type, and is to have none.
        drops_default: bool,
    },
    /// Another way in which a column is computed, or one that is computed no longer or from now on.
    SetGenerated {
        /// The table.
        table: TableName,
        /// The column as it is to be.
        column: Column,
        /// How it is computed.
        found: Option<Generated>,
    },
    /// Another type of a column, where that is a condition.
    SetGuard {
        /// The table.
        table: TableName,
        /// The column as it is to be.
        column: Column,
        /// The condition that it has.
        found: Option<Guard>,
    },
    /// Another limit of a column whose type tells none.
    SetLimit {
        /// The table.
        table: TableName,
        /// The column as it is to be.
        column: Column,
        /// The limit that it has.
        found: Option<Limit>,
    },
    /// Another way in which the texts of a column are compared.
    SetCollation {
        /// The table.
        table: TableName,
        /// The column as it is to be.
        column: Column,
        /// The collation that it has.
        found: Option<String>,
    },
    /// Rows that are kept by their key alone from now on.
    DropRowid {
        /// The table.
        table: TableName,
    },
    /// Another comment.
    SetComment {
        /// The table.
        table: TableName,
        /// The column, where it is about one.
        column: Option<String>,
        /// What is said.
        comment: String,
    },
    /// A column that takes null from now on.
    DropNotNull {
        /// The table.
        table: TableName,
        /// The column.
        column: String,
    },
    /// A column that refuses null from now on; rows that hold it get the default.
    SetNotNull {
        /// The table.
        table: TableName,
        /// The column as it is to be.
        column: Column,
        /// Whether an attempt that was interrupted has begun it.
        is_begun: bool,
    },
    /// Another default of a column; rows that exist keep their values.
    SetDefault {
        /// The table.
        table: TableName,
        /// The column as it is to be.
        column: Column,
        /// The default that it has.
        found: Option<String>,
    },
    /// A new index.
    CreateIndex {
        /// The table.
        table: TableName,
        /// The index.
        index: Index,
        /// Whether what an interrupted attempt left under its name has to go first.
        is_left_over: bool,
    },
    /// An index that is no longer needed.
    DropIndex {
        /// The table.
        table: TableName,
        /// The index as it is.
        index: Index,
        /// Whether it belongs to a constraint, and goes with that.
        is_constraint: bool,
    },
    /// Another name for an index.
    RenameIndex {
        /// The table.
        table: TableName,
        /// As it is called.
        from: String,
        /// The index as it is to be.
        index: Index,
    },
    /// A condition on the rows of a table that exists.
    AddCheck {
        /// The table.
        table: TableName,
        /// The condition.
        check: Check,
    },
    /// Another condition in the place of one of the same name.
    ReplaceCheck {
        /// The table.
        table: TableName,
        /// The condition as it is.
        found: Check,
        /// The condition as it is to be.
        check: Check,
    },
    /// Other actions of a foreign key, or another time at which it is checked.
    ReplaceForeignKey {
        /// The table that points.
        table: TableName,
        /// The foreign key as it is.
        found: ForeignKey,
        /// The foreign key as it is to be.
        foreign_key: ForeignKey,
    },
    /// A foreign key between tables that exist.
    AddForeignKey {
        /// The table that points.
        table: TableName,
        /// The foreign key.
        foreign_key: ForeignKey,
    },
    /// A constraint that is no longer needed.
    DropConstraint {
        /// The table.
        table: TableName,
        /// The constraint.
        constraint: String,
    },
    /// Another name for a constraint.
    RenameConstraint {
        /// The table.
        table: TableName,
        /// As it is called.
        from: String,
        /// As it is to be called.
        to: String,
    },
    /// A constraint that holds for new rows already, and is to hold for all.
    ValidateConstraint {
        /// The table.
        table: TableName,
        /// The constraint.
        constraint: String,
    },
    /// Other triggers that write down the changes of rows, or none.
    SetTriggers {
        /// The table.
        table: TableName,
        /// The triggers as they are to be.
        triggers: Vec<Trigger>,
        /// The triggers that it has.
        found: Vec<Trigger>,
        /// Whether rows may have been written before that nobody wrote down.
        after_gap: bool,
    },
    /// Rows that the database shows to others than before.
    SetRowSecurity {
        /// The table.
        table: TableName,
        /// Whose rows it is to show, where not everybody's.
        wanted: Option<RowSecurity>,
        /// Whose it shows.
        found: Option<RowSecurity>,
        /// Whether programs of the version before find other rows from then on: none that belongs
        /// to a tenant, or those of all. Where every row is hidden, the policy only shows some.
        turns: bool,
    },
    /// A change that makes a schema like another one; its statements tell how.
    Imitate {
        /// The table, or what else is changed.
        table: TableName,
        /// The change in words.
        what: String,
    },
}

impl Change {
    /// The table that is changed, by the name that it has when its turn comes.
    pub fn table(&self) -> &TableName {
        match self {
            Self::CreateTable(table) | Self::RebuildTable { table, .. } => &table.name,
            Self::CreateSchema { table, .. }
            | Self::CreateEnumType { table, .. }
            | Self::AddLabels { table, .. }
            | Self::RenameTable { from: table, .. }
            | Self::DropTable { table, .. }
            | Self::DropRowid { table }
            | Self::AddColumn { table, .. }
            | Self::DropColumn { table, .. }
            | Self::RenameColumn { table, .. }
            | Self::SetType { table, .. }
            | Self::SetCollation { table, .. }
            | Self::SetComment { table, .. }
            | Self::SetGenerated { table, .. }
            | Self::SetGuard { table, .. }
            | Self::SetLimit { table, .. }
            | Self::DropNotNull { table, .. }
            | Self::SetNotNull { table, .. }
            | Self::SetDefault { table, .. }
            | Self::CreateIndex { table, .. }
            | Self::DropIndex { table, .. }
            | Self::RenameIndex { table, .. }
            | Self::AddCheck { table, .. }
            | Self::AddForeignKey { table, .. }
            | Self::ReplaceCheck { table, .. }
            | Self::ReplaceForeignKey { table, .. }
            | Self::DropConstraint { table, .. }
            | Self::RenameConstraint { table, .. }
            | Self::ValidateConstraint { table, .. }
            | Self::SetTriggers { table, .. }
            | Self::SetRowSecurity { table, .. }
            | Self::Imitate { table, .. } => table,
        }
    }

    /// The columns whose values it reads, each with its table; no column stands for any.
    pub(crate) fn read_columns(&self) -> Vec<(&TableName, Option<&str>)> {
        match self {
            Self::CreateIndex { table, index, .. } if index.has_expression() => {
                vec![(table, None)]
            }
            Self::AddCheck { table, .. } | Self::ReplaceCheck { table, .. } => {
                vec![(table, None)]
            }
            Self::CreateIndex { table, index, .. } => {
                let columns = index.columns();
                columns.map(|column| (table, Some(&**column))).collect()
            }
            Self::AddForeignKey { table, foreign_key } => vec![
                (table, Some(&foreign_key.column)),
                (
                    &foreign_key.referenced_table,
                    Some(&foreign_key.referenced_column),
                ),
            ],
            Self::SetNotNull { table, column, .. } | Self::SetType { table, column, .. } => {
                vec![(table, Some(&column.name))]
            }
            _ => Vec::new(),
        }
    }

    /// The tables that it makes others point at, each with whom that keeps waiting there.
    pub(crate) fn referenced_tables(&self) -> Vec<(&TableName, Lock)> {
        match self {
            Self::CreateTable(table) => table
                .foreign_keys
                .iter()
                .map(|foreign_key| (&foreign_key.referenced_table, Lock::Writers))
                .collect(),
            Self::AddForeignKey { foreign_key, .. } => {
                vec![(&foreign_key.referenced_table, Lock::Writers)]
            }
            Self::ReplaceForeignKey { foreign_key, .. } => {
                vec![(&foreign_key.referenced_table, Lock::Everybody)]
            }
            _ => Vec::new(),
        }
    }
}
