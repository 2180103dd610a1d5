//! Keys and indexes of tables that consist of others, which consist of parts: one in each partition,
//! under a name of its own.

use super::inherited::{Partition, above};
use super::{Likeness, Rank, constraint, table};
use crate::dialect::identifier;
use crate::dialect::token::{Brackets, tokens};
use crate::inventory::{Inventory, Item, ItemKind};
use crate::plan::{Class, Lock, Statement};

/// Whether an index stands behind a thing.
pub(super) fn is_key(item: &Item) -> bool {
    match item.kind {
        ItemKind::Index => true,
        ItemKind::Constraint => !is_check(item),
        _ => false,
    }
}

/// Whether a thing is a condition that rows fulfill.
pub(super) fn is_check(item: &Item) -> bool {
    item.kind == ItemKind::Constraint && item.sql.starts_with("CHECK")
}

impl<'a> Likeness<'a> {
    /// The statements that make a key: where it consists of parts, alone at first, and then with
    /// each of them. A part that is there is taken, not made a second time.
    pub(super) fn made_with_parts(&self, key: &Item) -> Vec<Statement> {
        let parts: Vec<&Item> = parts(self.wanted, key).collect();
        let mut statements = vec![Statement::together(made(key, parts.is_empty()))];
        for part in parts {
            if !self.is_there(part) {
                statements.extend(self.made_with_parts(part));
            }
            let (key, part) = (key.identifier(), part.identifier());
            let attach = format!("ALTER INDEX {key} ATTACH PARTITION {part}");
            statements.push(Statement::together(attach));
        }
        statements
    }

    /// Whether a wanted thing is there as it is to be, and stays there.
    pub(super) fn is_there(&self, item: &'a Item) -> bool {
        let mut found = self.found.items.iter();
        let is_like = found.any(|found| found.place() == item.place() && found.is_like(item));
        is_like && !self.moved.is_remade(item) && !self.moved.is_lost(item)
    }

    /// Whether a key of another kind is a part of one that is found, and goes with it.
    pub(super) fn takes_constraints_along(&self, index: &Item) -> bool {
        let mut parts = parts(self.found, index);
        parts.any(|part| part.kind == ItemKind::Constraint || self.takes_constraints_along(part))
    }

    /// Whether a partition comes to a table that has keys already: it would be given parts of them
    /// under names that the server chooses. So it is made alone, given what it is asked for, and
    /// taken in once the table is as it is wanted.
    pub(super) fn take_in(&mut self, partition: &'a Item) -> bool {
        let asked = self.asked_for(partition);
        let Some(manner) = Partition::of(&partition.shape) else {
            return false;
        };
        if asked.is_empty() {
            return false;
        }
        let sql = table::create_table(partition, self.wanted, manner.rest);
        let alone = self.step(partition, "create", Class::Safe, Lock::Nobody, sql);
        self.place(Rank::Table, partition, alone);

        let (parent, bounds) = (manner.parent, manner.bounds);
        let name = partition.identifier();
        let attach = format!("ALTER TABLE {parent} ATTACH PARTITION {name} {bounds}");
        let mut step = self.step(partition, "take in", Class::Safe, Lock::Nobody, attach);
        let made = asked
            .iter()
            .map(|item| Statement::together(made(item, true)));
        step.statements.splice(0..0, made);
        self.place(Rank::Partition, partition, step);
        true
    }

    /// The keys and checks that a partition has to have to be taken in by a table; none where it
    /// is made as a part of it, because that has no keys yet.
    pub(super) fn asked_for(&self, partition: &Item) -> Vec<&'a Item> {
        let (wanted, name) = (self.wanted, partition.full_name());
        let is_joining = self.is_regrouped(&name);
        if !self.coming.contains(&name) && !is_joining {
            return Vec::new();
        }
        let items = wanted.by_id();
        let is_asked_for = |item: &&Item| {
            (is_key(item) || is_check(item))
                && item.owner() == name
                && above(item, &items).is_some_and(|above| self.is_asked_of_partitions(above))
        };
        let asked: Vec<&Item> = wanted.items.iter().filter(is_asked_for).collect();
        match is_joining || asked.iter().any(|item| is_key(item)) {
            true => asked,
            false => Vec::new(),
        }
    }

    /// Whether a key or check of a table is there when partitions are taken in.
    fn is_asked_of_partitions(&self, rule: &'a Item) -> bool {
        let table = self.wanted.table_named(&rule.owner());
        let of_partition = table.is_some_and(|table| self.asked_for(table).contains(&rule));
        of_partition || self.is_there(rule)
    }
}

/// The keys of partitions that a key consists of.
fn parts<'a>(inventory: &'a Inventory, key: &Item) -> impl Iterator<Item = &'a Item> {
    let items = inventory.items.iter();
    items.filter(move |item| !key.id.is_empty() && item.of == key.id && is_key(item))
}

/// The statement that makes a key; of one that consists of parts, without them.
pub(super) fn made(key: &Item, is_whole: bool) -> String {
    match (&key.kind, is_whole) {
        (ItemKind::Index, true) => key.sql.clone(),
        (ItemKind::Index, false) => {
            let words = tokens(&key.sql, Brackets::Position);
            let on = words.iter().find(|token| token.is("on"));
            let at = on.map_or(key.sql.len(), |token| token.end());
            let (before, after) = key.sql.split_at(at);
            format!("{before} ONLY{after}")
        }
        (_, true) => constraint::add_constraint(key),
        (_, false) => format!(
            "ALTER TABLE ONLY {} ADD CONSTRAINT {} {}",
            key.owner_identifier(),
            identifier(&key.name),
            key.sql
        ),
    }
}
