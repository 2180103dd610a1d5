//! The comparison of two snapshots.

mod column;
mod comment;
mod constraint;
mod enum_type;
mod index;
mod row_security;
mod trigger;

use std::borrow::Cow;

use super::rename::Renames;
use super::{Change, Finding, FindingKind, Hints, Plan, Step, TableHints, order, rebuild};
use crate::dialect::{self, Dialect};
use crate::schema::TableName;
use crate::snapshot::{Column, DatabaseSnapshot, ForeignKey, Table};

/// What has to change in a database for it to hold what is desired.
///
/// Only what is desired is compared: a table that no model declares is never looked at. Nothing is
/// dropped and nothing gets another name unless a hint says so.
pub fn plan(
    desired: &DatabaseSnapshot,
    found: &DatabaseSnapshot,
    hints: &Hints,
    dialect: &dyn Dialect,
) -> Plan {
    let mut findings = Vec::new();
    let renames = Renames::of(desired, found, hints, &mut findings);
    let renamed = renames.applied(found, desired);
    let mut difference = Difference {
        hints,
        renames: &renames,
        dialect,
        changes: renames.changes().collect(),
        findings,
    };
    difference.of_schemas(desired, found);
    difference.of_enum_types(desired, found);
    difference.of_tables(desired, &renamed);
    difference.of_dropped_tables(desired, found);
    let Difference {
        mut findings,
        changes,
        ..
    } = difference;
    let changes = rebuild::gathered(changes, found, &renames, dialect, &mut findings);
    // What is not part of the shared transaction finds the new names, whatever its place.
    let follows = |change: &Change| {
        let step = step(change.clone(), found, &renames, dialect);
        step.has_later() && !step.is_shared()
    };
    let changes: Vec<Change> = order::ordered(changes)
        .into_iter()
        .map(
            |change| match order::precedes_renames(&change) && !follows(&change) {
                true => renames.in_old_names(change),
                false => change,
            },
        )
        .collect();
    let places: Vec<Place> = changes.iter().filter_map(Place::of).collect();
    let steps = changes.iter().map(|change| {
        let mut step = step(change.clone(), found, &renames, dialect);
        match moved(change, &places) {
            None => {}
            Some(Moved::Renamed) => {
                let former = renames.in_old_names(change.clone());
                step.begin_with(dialect::statements(&former, step.rows, dialect));
            }
            Some(Moved::Made) => step.begin_with(Vec::new()),
        }
        step
    });
    let mut steps: Vec<Step> = steps.collect();
    enum_type::commit_what_is_used(&mut steps);
    findings.extend(row_security::hidden_rows(&steps, desired, found));
    Plan { steps, findings }
}

/// A table, or one column of it, that a change makes, renames or gives another type.
struct Place<'a> {
    change: &'a Change,
    table: &'a TableName,
    column: Option<&'a str>,
}

/// Why what a change reads is not there before any step as it reads it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Moved {
    /// It has another name.
    Renamed,
    /// It is not there, or of another type.
    Made,
}

impl<'a> Place<'a> {
    fn of(change: &'a Change) -> Option<Self> {
        let (table, column) = match change {
            Change::RenameTable { to, .. } => (to, None),
            Change::CreateTable(table) => (&table.name, None),
            Change::RenameColumn { table, to, .. } => (table, Some(to)),
            Change::AddColumn { table, column, .. }
            | Change::SetType { table, column, .. }
            | Change::SetGenerated { table, column, .. } => (table, Some(&column.name)),
            _ => return None,
        };
        let column = column.map(String::as_str);
        Some(Self {
            change,
            table,
            column,
        })
    }

    /// How it moves what another change reads.
    fn moves(&self, reader: &Change, reads: &[(&TableName, Option<&str>)]) -> Option<Moved> {
        let covers = |(table, column): &(&TableName, Option<&str>)| {
            let is_any = self.column.is_none() || column.is_none();
            self.table == *table && (is_any || self.column == *column)
        };
        match (self.change, reader) {
            _ if std::ptr::eq(self.change, reader) || !reads.iter().any(covers) => None,
            // Null stays null, whatever the type.
            (Change::SetType { .. }, Change::SetNotNull { .. }) => None,
            (Change::RenameTable { .. } | Change::RenameColumn { .. }, _) => Some(Moved::Renamed),
            _ => Some(Moved::Made),
        }
    }
}

fn moved(change: &Change, places: &[Place]) -> Option<Moved> {
    let reads = change.read_columns();
    let moves = |place: &Place| place.moves(change, &reads);
    let places = places.iter().filter(|_| !reads.is_empty());
    places.filter_map(moves).max()
}

/// What was found out so far.
struct Difference<'a> {
    hints: &'a Hints,
    renames: &'a Renames,
    dialect: &'a dyn Dialect,
    changes: Vec<Change>,
    findings: Vec<Finding>,
}

impl Difference<'_> {
    fn of_schemas(&mut self, desired: &DatabaseSnapshot, found: &DatabaseSnapshot) {
        for table in &desired.tables {
            let is_made = |change: &Change, schema: &str| matches!(change, Change::CreateSchema { schema: made, .. } if made == schema);
            let Some(schema) = table.name.schema.as_deref() else {
                continue;
            };
            let is_there = found.schemas.iter().any(|existing| existing == schema);
            if !is_there && !self.changes.iter().any(|change| is_made(change, schema)) {
                self.changes.push(Change::CreateSchema {
                    schema: schema.to_owned(),
                    table: table.name.clone(),
                });
            }
        }
    }

    fn of_tables(&mut self, desired: &DatabaseSnapshot, found: &DatabaseSnapshot) {
        let mut created = Vec::new();
        for table in &desired.tables {
            match found.table(&table.name) {
                Some(existing) => self.of_table(table, existing),
                None => {
                    created.push(&table.name);
                    self.create_table(table, |name| {
                        found.table(name).is_some() || created.contains(&name)
                    });
                }
            }
        }
    }

    /// A foreign key stands in `CREATE TABLE` when the database can resolve it by then, else it is
    /// added at the end; indexes are made at the end, when they are cheapest.
    fn create_table(&mut self, table: &Table, exists: impl Fn(&TableName) -> bool) {
        let can_point_forward = self.dialect.capability().forward_foreign_key;
        let stands_inside =
            |foreign_key: &&ForeignKey| can_point_forward || exists(&foreign_key.referenced_table);
        let (inside, later): (Vec<_>, Vec<_>) = table.foreign_keys.iter().partition(stands_inside);
        self.changes.push(Change::CreateTable(Table {
            indexes: Vec::new(),
            foreign_keys: inside.into_iter().cloned().collect(),
            ..table.clone()
        }));
        self.comment_on(table, None);
        for column in &table.columns {
            self.comment_on_column(table, column, None);
        }
        for foreign_key in later {
            self.add_foreign_key(table, foreign_key);
        }
        for index in &table.indexes {
            self.create_index(table, index, false);
        }
        self.of_triggers(table, None);
        self.of_row_security(table, None);
    }

    fn of_table(&mut self, desired: &Table, found: &Table) {
        let hints = self.hints.of_table(&desired.name);
        let is_key = |key: Vec<&String>| key.into_iter().eq(&desired.primary_key);
        if !found.keys().any(is_key) {
            let kind = FindingKind::PrimaryKey {
                found: found.primary_key.clone(),
                wanted: desired.primary_key.clone(),
            };
            self.find(desired, None, kind);
        }
        self.comment_on(desired, found.comment.as_ref());
        // A table that somebody else made without stays so.
        if desired.without_rowid && !found.without_rowid {
            let table = desired.name.clone();
            self.changes.push(Change::DropRowid { table });
        }
        self.of_columns(desired, found, hints);
        let found = &*self.without_what_is_replaced(desired, found);
        self.of_foreign_keys(desired, found);
        self.of_checks(desired, found, hints);
        self.of_indexes(desired, found, hints);
        self.of_triggers(desired, Some(found));
        self.of_row_security(desired, Some(found));
        for constraint in hints.iter().flat_map(|hints| &hints.dropped_constraints) {
            self.drop_constraint(desired, found, constraint);
        }
    }

    /// Where a column that is computed otherwise is dropped and added, what is about it goes along.
    fn without_what_is_replaced<'a>(&self, desired: &Table, found: &'a Table) -> Cow<'a, Table> {
        let is_replaced = |column: &&Column| {
            let existing = found.column(&column.name);
            existing.is_some_and(|existing| column.is_computed_otherwise(existing))
        };
        let replaced: Vec<&Column> = desired.columns.iter().filter(is_replaced).collect();
        if replaced.is_empty() || !self.dialect.capability().alter_column {
            return Cow::Borrowed(found);
        }
        let mut remaining = found.clone();
        for Column { name, .. } in replaced {
            remaining.indexes.retain(|index| !index.is_about(name));
            remaining
                .checks
                .retain(|check| !dialect::mentions(&check.expression, name));
            remaining.foreign_keys.retain(|key| key.column != *name);
        }
        Cow::Owned(remaining)
    }

    /// Those that point at others go first.
    fn of_dropped_tables(&mut self, desired: &DatabaseSnapshot, found: &DatabaseSnapshot) {
        let is_dropped = |table: &&Table| {
            self.hints.dropped_tables.contains(&table.name) && desired.table(&table.name).is_none()
        };
        let mut waiting: Vec<&Table> = found.tables.iter().filter(is_dropped).collect();
        while !waiting.is_empty() {
            let is_free = |table: &&Table| {
                let points_here = |other: &&Table| {
                    let is_it = |key: &ForeignKey| key.referenced_table == table.name;
                    other.name != table.name && other.foreign_keys.iter().any(is_it)
                };
                !waiting.iter().any(points_here)
            };
            let next = waiting.iter().position(is_free).unwrap_or(0);
            let table = waiting.remove(next);
            let triggers = table.triggers.iter().flatten();
            self.changes.push(Change::DropTable {
                table: table.name.clone(),
                functions: triggers
                    .filter_map(|trigger| trigger.function.clone())
                    .collect(),
            });
        }
    }

    fn find(&mut self, table: &Table, column: Option<&str>, kind: FindingKind) {
        self.findings.push(Finding {
            table: table.name.clone(),
            column: column.map(ToOwned::to_owned),
            kind,
        });
    }
}

/// Whether a hint says that a column is no longer needed.
fn is_dropped(hints: Option<&TableHints>, column: &str) -> bool {
    hints.is_some_and(|hints| hints.dropped_columns.iter().any(|name| name == column))
}

fn step(
    change: Change,
    found: &DatabaseSnapshot,
    renames: &Renames,
    dialect: &dyn Dialect,
) -> Step {
    let existing = found.table(renames.old_table(change.table()));
    let rows = existing.map_or(0, |table| table.existing.rows);
    Step::new(
        change,
        existing.map(|table| table.name.clone()),
        rows,
        dialect,
    )
}
