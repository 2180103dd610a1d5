//! Which of the tables and columns that are there bear another name now.

mod old_names;

use std::borrow::Cow;

use super::{Change, Finding, FindingKind, Hints, TableHints};
use crate::dialect::{SUFFIXES_OF_RULES, identifier, mention, with_names};
use crate::schema::TableName;
use crate::snapshot::{DatabaseSnapshot, Index, Table, constraint_name};

/// How the name of a check ends that no model names.
const CHECK: &str = "check";

/// The tables that are there, in the names that hints give them.
pub(crate) fn renamed<'a>(
    desired: &DatabaseSnapshot,
    found: &'a DatabaseSnapshot,
    hints: &Hints,
) -> Cow<'a, DatabaseSnapshot> {
    Renames::of(desired, found, hints, &mut Vec::new()).applied(found, desired)
}

/// The names that change, each as it is and as it is to be.
#[derive(Debug, Default)]
pub(super) struct Renames {
    tables: Vec<(TableName, TableName)>,
    /// The table's name is the one that it is to have.
    columns: Vec<(TableName, String, String)>,
}

impl Renames {
    /// A hint counts while the old name is there and the new one is not; afterwards it may stay.
    pub(super) fn of(
        desired: &DatabaseSnapshot,
        found: &DatabaseSnapshot,
        hints: &Hints,
        findings: &mut Vec<Finding>,
    ) -> Self {
        let mut renames = Self::default();
        for table in &desired.tables {
            let Some(hints) = hints.of_table(&table.name) else {
                continue;
            };
            let existing = match found.table(&table.name) {
                Some(existing) => existing,
                None => match renames.former(hints, found) {
                    Some(existing) => existing,
                    None => continue,
                },
            };
            renames.columns_of(table, existing, hints, findings);
        }
        renames
    }

    fn former<'a>(&mut self, hints: &TableHints, found: &'a DatabaseSnapshot) -> Option<&'a Table> {
        let former = found.table(hints.renamed_from.as_ref()?)?;
        self.tables.push((former.name.clone(), hints.table.clone()));
        Some(former)
    }

    fn columns_of(
        &mut self,
        desired: &Table,
        found: &Table,
        hints: &TableHints,
        findings: &mut Vec<Finding>,
    ) {
        for rename in &hints.renamed_columns {
            if found.column(&rename.to).is_some() || desired.column(&rename.to).is_none() {
                continue;
            }
            if found.column(&rename.from).is_some() {
                let (from, to) = (rename.from.clone(), rename.to.clone());
                self.columns.push((desired.name.clone(), from, to));
            } else {
                findings.push(Finding {
                    table: desired.name.clone(),
                    column: Some(rename.to.clone()),
                    kind: FindingKind::MissingFormerColumn {
                        former: rename.from.clone(),
                    },
                });
            }
        }
    }

    /// Whether the table, or a column of it, bears another name now.
    pub(super) fn touch(&self, table: &TableName) -> bool {
        let is_table = self.tables.iter().any(|(_, to)| to == table);
        is_table || self.columns.iter().any(|(of, ..)| of == table)
    }

    /// The steps that give the new names, tables first.
    pub(super) fn changes(&self) -> impl Iterator<Item = Change> {
        let tables = self.tables.iter().map(|(from, to)| Change::RenameTable {
            from: from.clone(),
            to: to.clone(),
        });
        let columns = self
            .columns
            .iter()
            .map(|(table, from, to)| Change::RenameColumn {
                table: table.clone(),
                from: from.clone(),
                to: to.clone(),
            });
        tables.chain(columns)
    }

    /// The tables that are there, in the names that they are to have. Expressions spell these as
    /// the desired ones do.
    pub(super) fn applied<'a>(
        &self,
        found: &'a DatabaseSnapshot,
        desired: &DatabaseSnapshot,
    ) -> Cow<'a, DatabaseSnapshot> {
        if self.tables.is_empty() && self.columns.is_empty() {
            return Cow::Borrowed(found);
        }
        let mut snapshot = found.clone();
        for table in &mut snapshot.tables {
            for foreign_key in &mut table.foreign_keys {
                let referenced = self.new_table(&foreign_key.referenced_table).clone();
                let column = self.new_column(&referenced, &foreign_key.referenced_column);
                foreign_key.referenced_column = column.to_owned();
                foreign_key.referenced_table = referenced;
            }
            table.name = self.new_table(&table.name).clone();
            let name = table.name.clone();
            let rename = |column: &mut String| *column = self.new_column(&name, column).to_owned();
            table
                .columns
                .iter_mut()
                .for_each(|column| rename(&mut column.name));
            table.primary_key.iter_mut().for_each(rename);
            table
                .indexes
                .iter_mut()
                .flat_map(Index::columns_mut)
                .for_each(rename);
            table
                .foreign_keys
                .iter_mut()
                .for_each(|foreign_key| rename(&mut foreign_key.column));
            if let Some(security) = &mut table.row_security {
                let mut column = security.column.clone();
                rename(&mut column);
                security.rename(column);
            }
            let spelled = |new: &str| {
                let mut expressions = desired.table(&name)?.expressions();
                expressions.find_map(|expression| mention(expression, new))
            };
            for expression in table.expressions_mut() {
                *expression = with_names(expression, |old| {
                    let new = self.renamed_column(&name, old)?;
                    Some(spelled(new).map_or_else(|| identifier(new), ToOwned::to_owned))
                });
            }
        }
        Cow::Owned(snapshot)
    }

    /// The name that a table has before any step.
    pub(super) fn old_table<'a>(&'a self, new: &'a TableName) -> &'a TableName {
        let entry = self.tables.iter().find(|(_, to)| to == new);
        entry.map_or(new, |(from, _)| from)
    }

    /// What a check was called whose name is made of the table and a column, where one of those
    /// bears another name now.
    pub(super) fn former_check_name(&self, table: &Table, name: &str) -> Option<String> {
        if !self.touch(&table.name) {
            return None;
        }
        let former_table = self.old_table(&table.name);
        let of_columns = table.columns.iter().map(|column| vec![&*column.name]);
        let former = of_columns.chain([Vec::new()]).find_map(|columns| {
            let mut suffixes = [CHECK].into_iter().chain(SUFFIXES_OF_RULES);
            let of = |suffix: &&str| constraint_name(&table.name.name, &columns, suffix) == name;
            let suffix = suffixes.find(of)?;
            let former = columns.iter().map(|new| self.old_column(&table.name, new));
            let former: Vec<_> = former.collect();
            Some(constraint_name(&former_table.name, &former, suffix))
        });
        former.filter(|former| former != name)
    }

    /// What a check is called whose name is made of the table and a column, and what it was called
    /// where one of those bears another name now.
    pub(super) fn check_names(&self, table: &TableName, column: &str, suffix: &str) -> [String; 2] {
        let former_table = &self.old_table(table).name;
        let former_column = self.old_column(table, column);
        [
            constraint_name(&table.name, &[column], suffix),
            constraint_name(former_table, &[former_column], suffix),
        ]
    }

    fn new_table<'a>(&'a self, old: &'a TableName) -> &'a TableName {
        let entry = self.tables.iter().find(|(from, _)| from == old);
        entry.map_or(old, |(_, to)| to)
    }

    fn new_column<'a>(&'a self, table: &TableName, old: &'a str) -> &'a str {
        self.renamed_column(table, old).unwrap_or(old)
    }

    /// The name that a column is to have, where it is another.
    fn renamed_column(&self, table: &TableName, old: &str) -> Option<&str> {
        let is_it = |(of, from, _): &&(TableName, String, String)| {
            of == table && from.eq_ignore_ascii_case(old)
        };
        let (.., to) = self.columns.iter().find(is_it)?;
        Some(to)
    }

    fn old_column<'a>(&'a self, table: &TableName, new: &'a str) -> &'a str {
        let is_it = |(of, _, to): &&(TableName, String, String)| of == table && to == new;
        let entry = self.columns.iter().find(is_it);
        entry.map_or(new, |(_, from, _)| from)
    }
}
