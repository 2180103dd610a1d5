//! The foreign keys and other constraints of a table.

use super::{Difference, is_dropped};
use crate::dialect;
use crate::plan::{Change, TableHints};
use crate::snapshot::{Check, ForeignKey, Table};

impl Difference<'_> {
    pub(super) fn of_foreign_keys(&mut self, desired: &Table, found: &Table) {
        for foreign_key in &desired.foreign_keys {
            let is_it = |existing: &&ForeignKey| same_target(existing, foreign_key);
            match found.foreign_keys.iter().find(is_it) {
                Some(existing) => self.finish_foreign_key(desired, found, existing, foreign_key),
                // Where it comes together with its column, that step makes it.
                None if self.comes_with_its_column(found, foreign_key) => {}
                None => self.add_foreign_key(desired, foreign_key),
            }
        }
    }

    pub(super) fn add_foreign_key(&mut self, table: &Table, foreign_key: &ForeignKey) {
        self.changes.push(Change::AddForeignKey {
            table: table.name.clone(),
            foreign_key: foreign_key.clone(),
        });
    }

    /// A condition is known by what it says, whatever it is called. One of the same name that says
    /// something else is the declared one of a version before.
    pub(super) fn of_checks(&mut self, desired: &Table, found: &Table, hints: Option<&TableHints>) {
        let is_dropped = |check: &&Check| {
            hints.is_some_and(|hints| hints.dropped_constraints.contains(&check.name))
        };
        let there: Vec<&Check> = found
            .checks
            .iter()
            .filter(|check| !is_dropped(check))
            .collect();
        for check in &desired.checks {
            if found.checks.contains(check) {
                continue;
            }
            let says_it = |existing: &&Check| existing.expression == check.expression;
            let former = self.renames.former_check_name(desired, &check.name);
            let same_name = |existing: &&&Check| {
                existing.name == check.name || Some(&existing.name) == former.as_ref()
            };
            if let Some(existing) = found.checks.iter().find(says_it) {
                self.rename_check(desired, existing, check);
                continue;
            }
            match there.iter().find(same_name) {
                Some(existing) => self.changes.push(Change::ReplaceCheck {
                    table: desired.name.clone(),
                    found: (*existing).clone(),
                    check: check.clone(),
                }),
                None => self.changes.push(Change::AddCheck {
                    table: desired.name.clone(),
                    check: check.clone(),
                }),
            }
        }
        for check in there {
            self.drop_left_rule(desired, check, hints);
        }
    }

    /// What a field's rules asked for, and ask for no longer, would go on refusing values. That of a
    /// column that nobody declares stays, as the column does.
    fn drop_left_rule(&mut self, desired: &Table, found: &Check, hints: Option<&TableHints>) {
        let Some((column, suffix)) = dialect::form_of_rule(found) else {
            return;
        };
        let names = self.renames.check_names(&desired.name, &column, suffix);
        if !names.contains(&found.name) {
            return;
        }
        let is_wanted =
            |check: &Check| names.contains(&check.name) || check.expression == found.expression;
        let is_decided = desired.column(&column).is_some() || is_dropped(hints, &column);
        if is_decided && !desired.checks.iter().any(is_wanted) {
            self.changes.push(Change::DropConstraint {
                table: desired.name.clone(),
                constraint: found.name.clone(),
            });
        }
    }

    /// Where no constraint can be given another name, it is made anew under that one: by its name it
    /// is known later as what a rule asked for.
    fn rename_check(&mut self, table: &Table, existing: &Check, check: &Check) {
        if self.dialect.capability().alter_column {
            return self.rename_constraint(table, &existing.name, &check.name);
        }
        let is_named = !existing.name.is_empty() && existing.name != check.name;
        if is_named && self.renames.touch(&table.name) {
            self.changes.push(Change::ReplaceCheck {
                table: table.name.clone(),
                found: existing.clone(),
                check: check.clone(),
            });
        }
    }

    /// Names are made of those of table and columns; where one of those changes, a constraint
    /// follows.
    fn rename_constraint(&mut self, table: &Table, from: &str, to: &str) {
        let can_follow = self.dialect.capability().alter_column && self.renames.touch(&table.name);
        if from != to && can_follow {
            self.changes.push(Change::RenameConstraint {
                table: table.name.clone(),
                from: from.to_owned(),
                to: to.to_owned(),
            });
        }
    }

    /// A hint that names nothing has done its work already.
    pub(super) fn drop_constraint(&mut self, desired: &Table, found: &Table, constraint: &str) {
        let is_it = |foreign_key: &ForeignKey| foreign_key.name == constraint;
        let is_there = found.foreign_keys.iter().any(is_it)
            || found.checks.iter().any(|check| check.name == constraint)
            || dialect::names_constraint(found, constraint);
        let is_check = |table: &Table| {
            let mut named = table.checks.iter().filter(|check| check.name == constraint);
            named.next().cloned()
        };
        // The hint may stay once the condition has been made anew.
        let is_declared = desired.foreign_keys.iter().any(is_it)
            || is_check(desired).is_some_and(|check| is_check(found) == Some(check));
        if is_there && !is_declared {
            self.changes.push(Change::DropConstraint {
                table: desired.name.clone(),
                constraint: constraint.to_owned(),
            });
        }
    }

    fn comes_with_its_column(&self, found: &Table, foreign_key: &ForeignKey) -> bool {
        !self.dialect.capability().add_foreign_key && found.column(&foreign_key.column).is_none()
    }

    fn finish_foreign_key(
        &mut self,
        table: &Table,
        found: &Table,
        existing: &ForeignKey,
        desired: &ForeignKey,
    ) {
        let rules = |key: &ForeignKey| (key.on_delete, key.on_update, key.deferred);
        if rules(existing) != rules(desired) {
            self.changes.push(Change::ReplaceForeignKey {
                table: table.name.clone(),
                found: existing.clone(),
                foreign_key: desired.clone(),
            });
            return;
        }
        self.rename_constraint(table, &existing.name, &desired.name);
        if found.existing.unfinished.contains(&existing.name) {
            self.changes.push(Change::ValidateConstraint {
                table: table.name.clone(),
                constraint: existing.name.clone(),
            });
        }
    }
}

/// Whether a foreign key points from and to the same columns, whatever it is called.
fn same_target(found: &ForeignKey, desired: &ForeignKey) -> bool {
    found.column == desired.column
        && found.referenced_table == desired.referenced_table
        && found.referenced_column == desired.referenced_column
}
