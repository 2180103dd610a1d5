//! Whose rows the database shows.

use super::Difference;
use crate::plan::Change;
use crate::snapshot::{RowSecurity, Table};

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
