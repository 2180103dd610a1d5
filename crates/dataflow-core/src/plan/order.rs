//! The order in which changes can be made.

use super::Change;

/// The changes in the order in which they can be made: what depends on others goes before them and
/// comes after them. Within a rank the order stays: parents are created first.
pub(super) fn ordered(mut changes: Vec<Change>) -> Vec<Change> {
    changes.sort_by_key(rank);
    changes
}

/// Whether a change is made while everything still has its old name.
pub(super) fn precedes_renames(change: &Change) -> bool {
    rank(change) < RENAMES
}

const RENAMES: u8 = 5;

fn rank(change: &Change) -> u8 {
    match change {
        Change::CreateSchema { .. } => 0,
        // PostgreSQL gives no column another type that a trigger or a policy looks at.
        Change::SetTriggers { triggers, .. } if triggers.is_empty() => 0,
        Change::SetRowSecurity { wanted: None, .. } => 0,
        Change::DropConstraint { .. } => 0,
        Change::DropIndex { .. } => 1,
        Change::DropTable { .. } => 2,
        Change::RebuildTable { .. } => 3,
        Change::DropColumn { .. } => 4,
        Change::RenameTable { .. } => RENAMES,
        Change::RenameColumn { .. } => 6,
        Change::RenameConstraint { .. } | Change::RenameIndex { .. } => 7,
        // Columns that exist can have them by then, and new ones can be made with them.
        Change::CreateEnumType { .. } | Change::AddLabels { .. } => 7,
        Change::CreateTable(_) | Change::Imitate { .. } => 8,
        Change::AddColumn { .. } => 9,
        Change::SetType { .. }
        | Change::SetCollation { .. }
        | Change::DropRowid { .. }
        | Change::SetComment { .. }
        | Change::SetGenerated { .. }
        | Change::SetGuard { .. }
        | Change::SetLimit { .. }
        | Change::SetDefault { .. }
        | Change::DropNotNull { .. } => 10,
        Change::SetNotNull { .. } => 11,
        Change::AddCheck { .. }
        | Change::AddForeignKey { .. }
        | Change::ReplaceCheck { .. }
        | Change::ReplaceForeignKey { .. } => 12,
        Change::ValidateConstraint { .. } => 13,
        Change::CreateIndex { .. } => 14,
        Change::SetTriggers { .. } | Change::SetRowSecurity { .. } => 15,
    }
}
