//! The columns of a table.

use super::{Difference, is_dropped};
use crate::plan::{Change, FindingKind, TableHints};
use crate::snapshot::{Check, Column, Table, not_null_name};

impl Difference<'_> {
    pub(super) fn of_columns(
        &mut self,
        desired: &Table,
        found: &Table,
        hints: Option<&TableHints>,
    ) {
        for column in &desired.columns {
            match found.column(&column.name) {
                Some(existing) => {
                    self.of_column(desired, column, found, existing);
                    self.drop_left_over(desired, found, column);
                }
                None => self.add_column(desired, found, column, hints),
            }
        }
        // What is computed goes before what it is computed of.
        let (computed, plain): (Vec<_>, Vec<_>) = found
            .columns
            .iter()
            .filter(|column| desired.column(&column.name).is_none())
            .partition(|column| column.generated.is_some());
        for column in computed.into_iter().chain(plain) {
            if is_dropped(hints, &column.name) {
                self.changes.push(Change::DropColumn {
                    table: desired.name.clone(),
                    column: column.name.clone(),
                });
            } else {
                let kind = match column.is_left_out_by_writers() {
                    true => FindingKind::UndeclaredColumn,
                    false => FindingKind::UndeclaredRequiredColumn,
                };
                self.find(desired, Some(&column.name), kind);
            }
        }
    }

    fn of_column(&mut self, table: &Table, desired: &Column, existing: &Table, found: &Column) {
        if desired.is_serial && !found.is_serial {
            self.find(table, Some(&desired.name), FindingKind::NotSerial);
        }
        if desired.generated != found.generated {
            self.changes.push(Change::SetGenerated {
                table: table.name.clone(),
                column: desired.clone(),
                found: found.generated.clone(),
            });
            if desired.generated.is_some() && self.dialect.capability().alter_column {
                // It is added anew, as it is to be.
                self.comment_on_column(table, desired, None);
                return;
            }
        }
        // What makes a key where no writer gives one is nobody's business.
        let is_left = table.primary_key.contains(&desired.name) && desired.default.is_none();
        self.comment_on_column(table, desired, found.comment.as_ref());
        let table = || table.name.clone();
        // A collation that nobody declares stays.
        let desired = &Column {
            collation: desired
                .collation
                .clone()
                .or_else(|| found.collation.clone()),
            ..desired.clone()
        };
        let has_type = desired.column_type.eq_ignore_ascii_case(&found.column_type);
        if desired.collation != found.collation {
            self.changes.push(Change::SetCollation {
                table: table(),
                column: desired.clone(),
                found: found.collation.clone(),
            });
        }
        if !has_type {
            self.changes.push(Change::SetType {
                table: table(),
                column: desired.clone(),
                found: found.column_type.clone(),
                drops_default: found.default.is_some() && desired.default.is_none(),
            });
        } else if desired.default != found.default && !found.is_serial && !is_left {
            self.of_default(existing, desired, found.default.as_ref());
        }
        let condition = |column: &Column| Some(column.guard.as_ref()?.condition.clone());
        // A column that somebody else made has no guard and needs none.
        let is_guarded = found.guard.is_some() || !has_type;
        if is_guarded && condition(desired) != condition(found) {
            self.changes.push(Change::SetGuard {
                table: table(),
                column: desired.clone(),
                found: found.guard.clone(),
            });
        }
        if !desired.is_limited_as(found) {
            self.changes.push(Change::SetLimit {
                table: table(),
                column: desired.clone(),
                found: found.limit.clone(),
            });
        }
        match (desired.nullable, found.nullable) {
            (true, false) => self.changes.push(Change::DropNotNull {
                table: table(),
                column: desired.name.clone(),
            }),
            (false, true) => self.changes.push(Change::SetNotNull {
                table: table(),
                column: desired.clone(),
                is_begun: self.has_stand_in(existing, &desired.name),
            }),
            _ => {}
        }
    }

    /// A default that no model ever had is not the models' to take away.
    fn of_default(&mut self, table: &Table, desired: &Column, found: Option<&String>) {
        let hints = self.hints.of_table(&table.name);
        let is_declared = desired.default.is_some()
            || hints.is_some_and(|hints| hints.declared_defaults.contains(&desired.name));
        match found {
            Some(found) if !is_declared => {
                let found = found.clone();
                let kind = FindingKind::UndeclaredDefault { found };
                self.find(table, Some(&desired.name), kind);
            }
            _ => self.changes.push(Change::SetDefault {
                table: table.name.clone(),
                column: desired.clone(),
                found: found.cloned(),
            }),
        }
    }

    /// Whether an interrupted attempt left something in the place of `NOT NULL`.
    fn has_stand_in(&self, found: &Table, column: &str) -> bool {
        let constraint = not_null_name(&found.name, column);
        let is_it = |check: &Check| check.name == constraint;
        self.dialect.capability().online_changes && found.checks.iter().any(is_it)
    }

    /// What an interrupted attempt left in the place of `NOT NULL` would go on refusing null.
    fn drop_left_over(&mut self, desired: &Table, found: &Table, column: &Column) {
        let constraint = not_null_name(&desired.name, &column.name);
        let is_it = |check: &Check| check.name == constraint;
        let is_left_over = column.nullable
            && self.has_stand_in(found, &column.name)
            && !desired.checks.iter().any(is_it);
        if is_left_over {
            self.changes.push(Change::DropConstraint {
                table: desired.name.clone(),
                constraint,
            });
        }
    }

    fn add_column(
        &mut self,
        desired: &Table,
        found: &Table,
        column: &Column,
        hints: Option<&TableHints>,
    ) {
        let is_said_to_be_renamed = |name: &str| {
            hints.is_some_and(|hints| hints.renamed_columns.iter().any(|rename| rename.to == name))
        };
        if is_said_to_be_renamed(&column.name) {
            return;
        }
        if let Some(former) = former_column(desired, found, column, hints) {
            let kind = FindingKind::PerhapsRenamed {
                former: former.name.clone(),
            };
            self.find(desired, Some(&column.name), kind);
        }
        let is_filled = column.is_left_out_by_writers();
        if !is_filled && found.existing.rows > 0 {
            self.find(desired, Some(&column.name), FindingKind::NothingToFillIn);
            return;
        }
        let foreign_key = desired
            .foreign_keys
            .iter()
            .find(|foreign_key| foreign_key.column == column.name)
            .filter(|_| !self.dialect.capability().add_foreign_key);
        self.changes.push(Change::AddColumn {
            table: desired.name.clone(),
            column: column.clone(),
            foreign_key: foreign_key.cloned(),
        });
        self.comment_on_column(desired, column, None);
    }
}

/// A column that looks like one that is missing, and that nobody declares any longer.
fn former_column<'a>(
    desired: &Table,
    found: &'a Table,
    missing: &Column,
    hints: Option<&TableHints>,
) -> Option<&'a Column> {
    let is_known = |name: &String| hints.is_some_and(|hints| hints.known_columns.contains(name));
    found.columns.iter().find(|column| {
        desired.column(&column.name).is_none()
            && column
                .column_type
                .eq_ignore_ascii_case(&missing.column_type)
            && !is_dropped(hints, &column.name)
            && !is_known(&column.name)
    })
}
