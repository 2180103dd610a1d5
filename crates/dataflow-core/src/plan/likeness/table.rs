//! Tables as a whole.

use std::collections::HashMap;

use super::inherited::{Partition, is_child};
use super::{Likeness, Rank, column};
use crate::dialect::{self, TypeChange};
use crate::inventory::{ColumnParts, Inventory, Item, ItemKind, Need, Place, Whole};
use crate::plan::{Class, Lock, Statement};
use crate::schema::TableName;

/// A table of no more rows is written anew in the time of a deep breath.
const FEW_ROWS: u64 = 10_000;

impl<'a> Likeness<'a> {
    /// A table with its columns and keys; indexes and what points at other tables follow.
    pub(super) fn make_table(&mut self, item: &'a Item) {
        if self.take_in(item) {
            return;
        }
        let sql = match item.sql.is_empty() {
            true => create_table(item, self.wanted, &item.shape),
            false => item.sql.clone(),
        };
        let step = self.step(item, "create", Class::Safe, Lock::Nobody, sql);
        self.place(Rank::Table, item, step);
        if is_child(item) || Partition::of(&item.shape).is_some() {
            self.differ_from_parents(item);
        }
    }

    /// A partition that keys of others point into leaves before it goes.
    pub(super) fn drop_table(&mut self, item: &'a Item) {
        let name = item.identifier();
        let sql = format!("DROP TABLE {name}");
        let mut step = self.step(item, "drop", Class::Destructive, Lock::Everybody, sql);
        if let Some(partition) = Partition::of(&item.shape)
            && self.is_pointed_into(item)
        {
            let detach = format!("ALTER TABLE {} DETACH PARTITION {name}", partition.parent);
            step.statements.insert(0, Statement::together(detach));
        }
        self.place(Rank::WithoutTable, item, step);
    }

    /// Whether the parent of a partition stays, and a key points at it.
    fn is_pointed_into(&self, partition: &Item) -> bool {
        let items = self.found.by_id();
        let needs = self.found.needs.iter();
        let needed = |need: &Need| items.get(&*need.needed).copied();
        let mut parents = needs
            .clone()
            .filter(|need| need.dependent == partition.id)
            .filter_map(needed)
            .filter(|item| item.kind == ItemKind::Table && !self.going.contains(&item.full_name()));
        parents.any(|parent| {
            let name = parent.full_name();
            let mut needs = needs.clone();
            needs.any(|need| {
                let dependent = items.get(&*need.dependent);
                dependent.is_some_and(|item| item.kind == ItemKind::ForeignKey)
                    && needed(need).is_some_and(|item| item.owner() == name)
            })
        })
    }

    /// Where the database cannot change a table in place, it is written anew in the target's words.
    pub(super) fn change_table(&mut self, found: &'a Item, wanted: &'a Item) {
        if self.dialect.capability().alter_column {
            if self.change_parents(found, wanted) {
                return;
            }
            let how = format!("is {}, in the target {}", manner(found), manner(wanted));
            return self.refuse(wanted, &how, "change");
        }
        let feed = self.found.feed.iter();
        let feed = feed.filter(|item| item.table.as_deref() == Some(&wanted.name));
        let feed = feed.map(|item| item.sql.clone());
        let Some(statements) =
            dialect::rebuilt_as_written(&wanted.name, &found.sql, &wanted.sql, feed)
        else {
            return self.refuse(wanted, "differs from the target", "take apart and change");
        };
        let class = self.class_of_rebuild(&wanted.full_name());
        let mut step = self.step(wanted, "write anew", class, Lock::Writers, String::new());
        step.statements = statements;
        self.place(Rank::Table, wanted, step);

        // The keys of several tables may change together, with the indexes that they lead to.
        let mut step = self.step(
            wanted,
            "look where keys lead from and to",
            Class::Safe,
            Lock::Nobody,
            String::new(),
        );
        let tables = self.wanted.items.iter();
        let others = tables.filter(|item| item.kind == ItemKind::Table && !item.shape.is_empty());
        let others: Vec<&str> = others.map(|table| &*table.name).collect();
        step.statements = vec![dialect::keys_lead_somewhere(&wanted.name, &others)];
        self.place(Rank::Keys, wanted, step);
    }

    /// Tables of the target whose keys lead where nothing can be found: no row could be written, and
    /// no check made.
    pub(super) fn refuse_keys_to_nowhere(&mut self, here: &HashMap<Place<'_>, &'a Item>) {
        if self.dialect.capability().alter_column {
            return;
        }
        let wanted = self.wanted;
        let tables = wanted.items.iter();
        for table in tables.filter(|item| item.kind == ItemKind::Table && !item.shape.is_empty()) {
            let stays = |found: &&Item| found.is_like(table) && found.shape == table.shape;
            if here.get(&table.place()).is_none_or(|found| !stays(found)) {
                let how = format!("has a foreign key mismatch in the target ({})", table.shape);
                self.refuse(table, &how, "make");
            }
        }
    }

    fn class_of_rebuild(&self, table: &TableName) -> Class {
        let rows = self.rows(table);
        let whole = match rows {
            0 => Class::Safe,
            _ if rows > FEW_ROWS => Class::Rewrite,
            _ => Class::Scan,
        };
        let wanted = columns(self.wanted, table);
        let parts =
            columns(self.found, table)
                .into_iter()
                .map(|(name, parts)| match wanted.get(name) {
                    None if parts.generated.is_empty() => Class::Destructive,
                    Some(other) => match self
                        .dialect
                        .type_change(&parts.column_type, &other.column_type)
                    {
                        TypeChange::Zoned | TypeChange::Lossy if rows > 0 => Class::Irreversible,
                        _ => Class::Safe,
                    },
                    None => Class::Safe,
                });
        parts.fold(whole, Class::max)
    }

    /// A table that is written anew loses its indexes and triggers, and gets those of the target.
    pub(super) fn remade_tables(&mut self, here: &HashMap<Place<'_>, &'a Item>) {
        if self.dialect.capability().alter_column {
            return;
        }
        let wanted = self.wanted;
        let is_rebuilt = |table: &str| {
            let differs = |item: &&Item| {
                item.kind == ItemKind::Table
                    && item.name == table
                    && here
                        .get(&item.place())
                        .is_some_and(|found| !found.is_like(item))
            };
            wanted.items.iter().any(|item| differs(&item))
        };
        let lost: Vec<&'a Item> = wanted
            .items
            .iter()
            .filter(|item| matches!(item.kind, ItemKind::Index | ItemKind::Whole(Whole::Trigger)))
            .filter(|item| item.table.as_deref().is_some_and(is_rebuilt))
            .filter(|item| {
                here.get(&item.place())
                    .is_some_and(|found| found.is_like(item))
            })
            .collect();
        for item in lost {
            self.make(item);
        }
    }
}

/// What a table is beside its columns.
pub(super) fn manner(table: &Item) -> &str {
    match table.shape.as_str() {
        "" => "one of its own",
        shape => shape,
    }
}

/// The columns of a table.
fn columns<'a>(inventory: &'a Inventory, table: &TableName) -> HashMap<&'a str, &'a ColumnParts> {
    let column = |item: &'a Item| match &item.kind {
        ItemKind::Column(parts) if item.owner() == *table => Some((&*item.name, parts)),
        _ => None,
    };
    inventory.items.iter().filter_map(column).collect()
}

/// The statement that makes a table of its columns, with what follows them.
pub(super) fn create_table(table: &Item, wanted: &Inventory, manner: &str) -> String {
    let name = table.full_name();
    let is_inherited = |column: &Item| is_child(table) && column.of != table.id;
    let columns = wanted.items.iter().filter_map(|item| match &item.kind {
        // What a child has of its own beside its parents stands there too.
        ItemKind::Column(_) if is_inherited(item) && item.definition.is_empty() => None,
        ItemKind::Column(parts) if item.owner() == name => {
            Some(format!("\n  {}", column::clause(&item.name, parts)))
        }
        _ => None,
    });
    let columns: Vec<String> = columns.collect();
    let statement = format!(
        "CREATE TABLE {} ({}\n) {manner}",
        table.identifier(),
        columns.join(",")
    );
    statement.trim_end().to_owned()
}
