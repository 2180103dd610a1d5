//! What a step that is not made leaves as it is.

use super::{Finding, FindingKind};
use crate::dialect;
use crate::plan::{Change, Class, Step};

impl Finding {
    /// What a step that is not made leaves as it is.
    pub(in crate::plan) fn of_refused(step: &Step) -> Vec<Self> {
        let changes = match &step.change {
            Change::RebuildTable { changes, .. } => changes.as_slice(),
            change => std::slice::from_ref(change),
        };
        let finding = |change| Self::of_change(change, step.class);
        changes.iter().map(finding).collect()
    }

    fn of_change(change: &Change, class: Class) -> Self {
        let (column, kind) = match change {
            Change::SetType { column, found, .. } => (
                Some(&column.name),
                FindingKind::ColumnType {
                    found: found.clone(),
                    wanted: column.column_type.clone(),
                },
            ),
            Change::SetLimit { column, found, .. } => (
                Some(&column.name),
                FindingKind::Limit {
                    found: found.as_ref().map(|limit| limit.takes),
                    wanted: column.takes(),
                },
            ),
            Change::ReplaceForeignKey {
                found, foreign_key, ..
            } => (
                Some(&foreign_key.column),
                FindingKind::ForeignKey {
                    found: dialect::foreign_key_rules(found),
                    wanted: dialect::foreign_key_rules(foreign_key),
                },
            ),
            Change::ReplaceCheck { found, check, .. } => (
                None,
                FindingKind::Check {
                    name: check.name.clone(),
                    found: found.expression.clone(),
                    wanted: check.expression.clone(),
                },
            ),
            Change::DropNotNull { column, .. } => (Some(column), FindingKind::NotNull),
            Change::SetGenerated { column, found, .. } => (
                Some(&column.name),
                FindingKind::Generated {
                    found: found.as_ref().map(ToString::to_string),
                    wanted: column.generated.as_ref().map(ToString::to_string),
                },
            ),
            Change::SetCollation { column, found, .. } => (
                Some(&column.name),
                FindingKind::Collation {
                    found: found.clone(),
                    wanted: column.collation.clone().unwrap_or_default(),
                },
            ),
            Change::DropRowid { .. } => (None, FindingKind::Rowid),
            Change::SetComment { column, .. } => (column.as_ref(), FindingKind::Comment),
            Change::SetNotNull { column, .. } => (Some(&column.name), FindingKind::Nullable),
            Change::SetDefault { column, found, .. } => (
                Some(&column.name),
                FindingKind::Default {
                    found: found.clone(),
                    wanted: column.default.clone(),
                },
            ),
            Change::SetTriggers { triggers, .. } => (
                None,
                FindingKind::ChangeFeed {
                    is_wanted: !triggers.is_empty(),
                },
            ),
            Change::SetRowSecurity { wanted, .. } => {
                let is_wanted = wanted.is_some();
                (None, FindingKind::RowSecurity { is_wanted })
            }
            Change::CreateSchema { .. }
            | Change::CreateEnumType { .. }
            | Change::AddLabels { .. }
            | Change::CreateTable(_) => (
                None,
                FindingKind::Missing {
                    change: change.to_string(),
                },
            ),
            Change::AddColumn { column, .. } => (
                Some(&column.name),
                FindingKind::Missing {
                    change: change.to_string(),
                },
            ),
            change => (
                None,
                FindingKind::Unmade {
                    change: change.to_string(),
                    class,
                },
            ),
        };
        Self {
            table: change.table().to_owned(),
            column: column.cloned(),
            kind,
        }
    }
}
