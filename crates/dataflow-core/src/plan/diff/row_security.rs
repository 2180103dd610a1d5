//! Whose rows the database shows.

use super::Difference;
use crate::plan::{Change, Finding, FindingKind, Run, Step};
use crate::snapshot::{DatabaseSnapshot, RowSecurity, Sight, Table};

/// Steps that fill rows in once the other changes are committed, where whoever migrates is not shown
/// them then: found out so late, it could only be half done.
pub(super) fn hidden_rows(
    steps: &[Step],
    desired: &DatabaseSnapshot,
    found: &DatabaseSnapshot,
) -> Vec<Finding> {
    let finding = |step: &Step| {
        let is_filled_in = |run: &Run| matches!(run, Run::InBatches { .. });
        let mut statements = step.statements.iter();
        statements.find(|statement| is_filled_in(&statement.run))?;
        let before = found.table(step.existing_table.as_ref()?)?;
        let after = desired.table(step.change.table())?;
        let is_hidden = match (&after.row_security, &before.row_security) {
            (Some(_), _) => before.existing.sight != Sight::Whole,
            (None, Some(_)) => false,
            (None, None) => before.existing.sight == Sight::Limited,
        };
        is_hidden.then(|| Finding {
            table: step.change.table().clone(),
            column: match &step.change {
                Change::AddColumn { column, .. } | Change::SetNotNull { column, .. } => {
                    Some(column.name.clone())
                }
                _ => None,
            },
            kind: FindingKind::HiddenRows,
        })
    };
    steps.iter().filter_map(finding).collect()
}

impl Difference<'_> {
    pub(super) fn of_row_security(&mut self, desired: &Table, existing: Option<&Table>) {
        let found = existing.and_then(|table| table.row_security.as_ref());
        let wanted = desired.row_security.as_ref();
        let set = |wanted: Option<&RowSecurity>, found: Option<&RowSecurity>, turns| {
            Change::SetRowSecurity {
                table: desired.name.clone(),
                wanted: wanted.cloned(),
                found: found.cloned(),
                turns,
            }
        };
        let is_column = |name: &String| found.is_some_and(|found| found.column == *name);
        if wanted.is_some() && self.changes_a_type_of(desired, is_column) {
            // A policy that looks at a column is in the way of another type.
            let (gone, back) = (set(None, found, false), set(wanted, None, false));
            self.changes.extend([gone, back]);
        } else if wanted != found {
            // A policy shows more of what is hidden, and hides nothing of what is shown.
            let only_shows =
                wanted.is_some() && existing.is_some_and(|table| table.existing.is_closed);
            let turns = existing.is_some() && wanted.is_some() != found.is_some() && !only_shows;
            self.changes.push(set(wanted, found, turns));
        }
    }
}
