//! The foreign keys and other constraints of a table.

use super::Difference;
use crate::dialect;
use crate::plan::Change;
use crate::snapshot::{ForeignKey, Table};

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

    /// A hint that names nothing has done its work already.
    pub(super) fn drop_constraint(&mut self, desired: &Table, found: &Table, constraint: &str) {
        let is_it = |foreign_key: &ForeignKey| foreign_key.name == constraint;
        let is_there =
            found.foreign_keys.iter().any(is_it) || dialect::names_constraint(found, constraint);
        if is_there && !desired.foreign_keys.iter().any(is_it) {
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
        let is_named = !existing.name.is_empty() && existing.name != desired.name;
        if is_named && self.renames.touch(&table.name) {
            self.changes.push(Change::RenameConstraint {
                table: table.name.clone(),
                from: existing.name.clone(),
                to: desired.name.clone(),
            });
        }
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
