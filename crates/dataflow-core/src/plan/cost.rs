//! What a change costs: its class, and whom it keeps waiting.

use super::{Change, Class, Lock};
use crate::dialect::{Dialect, TypeChange, is_filled_in_later, takes_more};

/// A table of no more rows is written anew, or read to the end, in the time of a deep breath.
const FEW_ROWS: u64 = 10_000;

/// What a change of a table with so many rows costs those who use the database.
pub(super) fn class(change: &Change, rows: u64, dialect: &dyn Dialect) -> Class {
    let read = if rows > 0 { Class::Scan } else { Class::Safe };
    match change {
        Change::CreateSchema { .. }
        | Change::CreateEnumType { .. }
        | Change::AddLabels { .. }
        | Change::CreateTable(_)
        | Change::Imitate { .. }
        | Change::DropNotNull { .. }
        | Change::SetComment { .. }
        | Change::DropConstraint { .. }
        | Change::RenameConstraint { .. }
        | Change::RenameIndex { .. }
        | Change::SetTriggers { .. }
        | Change::SetRowSecurity { turns: false, .. } => Class::Safe,
        Change::CreateIndex { .. }
        | Change::AddCheck { .. }
        | Change::AddForeignKey { .. }
        | Change::ValidateConstraint { .. } => read,
        // Programs of the version before leave it out.
        Change::SetDefault { column, .. } if !column.is_left_out_by_writers() => Class::Breaking,
        Change::SetDefault { .. } => Class::Safe,
        // Whoever let it begin let programs fail that write null.
        Change::SetNotNull { is_begun: true, .. } => read,
        Change::ReplaceCheck { found, check, .. } if takes_more(check, found) => read,
        Change::AddColumn { column, .. } if is_filled_in_later(column, dialect) => read,
        Change::AddColumn { column, .. } if column.is_stored() && rows > FEW_ROWS => Class::Rewrite,
        Change::AddColumn { .. } => Class::Safe,
        // Writers that name the columns of a conflict need the unique index on them.
        Change::DropIndex { index, .. } if index.unique => Class::Breaking,
        Change::DropIndex { .. } => Class::Safe,
        Change::RenameTable { .. }
        | Change::RenameColumn { .. }
        | Change::SetRowSecurity { .. }
        | Change::SetNotNull { .. }
        | Change::ReplaceCheck { .. }
        | Change::ReplaceForeignKey { .. } => Class::Breaking,
        // Indexes over it are made anew, while nobody else gets in.
        Change::SetCollation { .. } if rows > 0 => Class::Rewrite,
        Change::SetCollation { .. } => Class::Safe,
        // That the table is written anew is told of the whole.
        Change::DropRowid { .. } => Class::Safe,
        Change::SetGenerated { column, found, .. } => {
            match (&column.generated, found) {
                // What was stored is computed from now on.
                (Some(_), None) if rows > 0 => Class::Irreversible,
                (Some(_), Some(_)) if rows > 0 => Class::Rewrite,
                _ => Class::Breaking,
            }
        }
        Change::SetGuard { column, .. } if column.guard.is_none() => Class::Safe,
        Change::SetGuard { .. } => Class::Breaking,
        Change::SetLimit { column, found, .. } => match (column.takes(), found) {
            (None, _) => Class::Safe,
            (Some(wanted), Some(found)) if wanted.holds(found.takes) => Class::Safe,
            _ => Class::Breaking,
        },
        Change::SetType {
            column,
            found,
            drops_default,
            ..
        } => match dialect.type_change(found, &column.column_type) {
            TypeChange::Free if *drops_default && !column.is_left_out_by_writers() => {
                Class::Breaking
            }
            TypeChange::Free => Class::Safe,
            TypeChange::Rewrite | TypeChange::Parsed => Class::Rewrite,
            TypeChange::Zoned | TypeChange::Lossy => Class::Irreversible,
        },
        Change::RebuildTable { changes, .. } => {
            let parts = changes.iter().map(|change| class(change, rows, dialect));
            let whole = if rows > FEW_ROWS {
                Class::Rewrite
            } else {
                read
            };
            parts.fold(whole, Class::max)
        }
        Change::DropTable { .. } | Change::DropColumn { .. } => Class::Destructive,
    }
}

/// Whom a change of a table with so many rows keeps waiting.
pub(super) fn lock(change: &Change, rows: u64, dialect: &dyn Dialect) -> Lock {
    let capability = dialect.capability();
    let is_online = rows > 0 && capability.online_changes;
    let lock = match change {
        Change::CreateSchema { .. }
        | Change::CreateEnumType { .. }
        | Change::AddLabels { .. }
        | Change::CreateTable(_) => Lock::Nobody,
        // Rows may break a constraint, which nobody may read or write while it comes or goes.
        Change::CreateIndex { index, .. } if index.deferrable.is_some() => Lock::Everybody,
        Change::DropIndex {
            is_constraint: true,
            ..
        } => Lock::Everybody,
        Change::CreateIndex { .. } | Change::DropIndex { .. } if is_online => Lock::SchemaChanges,
        Change::ValidateConstraint { .. }
        | Change::RenameIndex { .. }
        | Change::SetComment { .. } => Lock::SchemaChanges,
        Change::CreateIndex { .. } | Change::AddForeignKey { .. } => Lock::Writers,
        Change::SetTriggers { found, .. } if found.is_empty() => Lock::Writers,
        Change::RebuildTable { .. } => capability.least_lock,
        _ if capability.alter_column => Lock::Everybody,
        _ => capability.least_lock,
    };
    lock.max(capability.least_lock)
}
