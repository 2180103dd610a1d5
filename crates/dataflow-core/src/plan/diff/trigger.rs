//! What writes down the changes of rows.

use super::Difference;
use crate::plan::{Change, FindingKind};
use crate::snapshot::{Table, Trigger};

impl Difference<'_> {
    /// Rows of a table that exists may have been written before, and the changes of those that were
    /// are not known.
    pub(super) fn of_triggers(&mut self, desired: &Table, existing: Option<&Table>) {
        let found = existing.and_then(|table| table.triggers.as_deref());
        let found = found.unwrap_or_default();
        let Some(wanted) = &desired.triggers else {
            // Told, so that a later start which wants none does not take this one's word.
            if !found.is_empty() {
                let is_wanted = false;
                self.find(desired, None, FindingKind::ChangeFeed { is_wanted });
            }
            return;
        };
        // A trigger that looks at a column of the key is in the way of another type.
        let is_of_key = |column: &String| desired.primary_key.contains(column);
        let is_in_the_way = !found.is_empty() && self.changes_a_type_of(desired, is_of_key);
        if Trigger::are_done_by(wanted, found) && !is_in_the_way {
            return;
        }
        let after_gap = existing.is_some() && !Trigger::miss_nothing(wanted, found);
        let set = |triggers: &[Trigger], found: &[Trigger]| Change::SetTriggers {
            table: desired.name.clone(),
            triggers: triggers.to_vec(),
            found: found.to_vec(),
            after_gap,
        };
        match is_in_the_way && !wanted.is_empty() {
            true => self.changes.extend([set(&[], found), set(wanted, &[])]),
            false => self.changes.push(set(wanted, found)),
        }
    }

    /// Whether one of some columns is given another type in place.
    pub(super) fn changes_a_type_of(
        &self,
        desired: &Table,
        columns: impl Fn(&String) -> bool,
    ) -> bool {
        let is_it = |change: &Change| match change {
            Change::SetType { table, column, .. } => {
                *table == desired.name && columns(&column.name)
            }
            _ => false,
        };
        self.dialect.capability().alter_column && self.changes.iter().any(is_it)
    }
}
