//! The indexes of a table.

use super::Difference;
use crate::plan::{Change, FindingKind, TableHints};
use crate::snapshot::{Index, Table};

impl Difference<'_> {
    pub(super) fn of_indexes(
        &mut self,
        desired: &Table,
        found: &Table,
        hints: Option<&TableHints>,
    ) {
        let is_constraint = |index: &Index| {
            index.deferrable.is_some() || found.existing.constraints.contains(&index.name)
        };
        // What is both goes by either hint.
        let is_dropped = |index: &&Index| {
            hints.is_some_and(|hints| {
                hints.dropped_indexes.contains(&index.name)
                    || is_constraint(index) && hints.dropped_constraints.contains(&index.name)
            })
        };
        for index in found.indexes.iter().filter(is_dropped) {
            // The hint may stay once the index has been made anew.
            if !desired.indexes.iter().any(|wanted| is_same(index, wanted)) {
                self.changes.push(Change::DropIndex {
                    table: desired.name.clone(),
                    index: index.clone(),
                    is_constraint: is_constraint(index),
                });
            }
        }
        let remaining = |index: &&Index| {
            !is_dropped(index) || desired.indexes.iter().any(|wanted| is_same(index, wanted))
        };
        let there: Vec<&Index> = found.indexes.iter().filter(remaining).collect();
        for index in &desired.indexes {
            let same_name = |existing: &&&Index| existing.name == index.name;
            if let Some(existing) = closest(&there, index) {
                self.follow_the_columns(desired, existing, index);
            } else if let Some(existing) = there.iter().find(same_name) {
                // Whose it is nobody knows, so it is made anew only if a hint says so.
                let kind = FindingKind::Index {
                    found: Box::new((*existing).clone()),
                    wanted: Box::new(index.clone()),
                };
                self.find(desired, None, kind);
            } else {
                let is_left_over = found.existing.unfinished.contains(&index.name);
                self.create_index(desired, index, is_left_over);
            }
        }
    }

    pub(super) fn create_index(&mut self, table: &Table, index: &Index, is_left_over: bool) {
        self.changes.push(Change::CreateIndex {
            table: table.name.clone(),
            index: index.clone(),
            is_left_over,
        });
    }

    /// Names are made of those of table and columns; where one of those changes, the index follows.
    fn follow_the_columns(&mut self, table: &Table, found: &Index, desired: &Index) {
        let is_same_otherwise = differs_in_name_alone(found, desired);
        if found.name != desired.name && is_same_otherwise && self.renames.touch(&table.name) {
            self.changes.push(Change::RenameIndex {
                table: table.name.clone(),
                from: found.name.clone(),
                index: desired.clone(),
            });
        }
    }
}

/// The index that does the work of another: the very one, one that differs in its name alone, or one
/// that does more.
fn closest<'a>(there: &[&'a Index], wanted: &Index) -> Option<&'a Index> {
    let serving = || there.iter().filter(|existing| existing.serves_as(wanted));
    let found = serving()
        .find(|existing| existing.name == wanted.name)
        .or_else(|| serving().find(|existing| differs_in_name_alone(existing, wanted)))
        .or_else(|| serving().next());
    found.copied()
}

fn differs_in_name_alone(found: &Index, wanted: &Index) -> bool {
    let named = Index {
        name: wanted.name.clone(),
        ..found.clone()
    };
    named == *wanted
}

fn is_same(found: &Index, desired: &Index) -> bool {
    found == desired
}
