//! The way from one schema to another, whatever either holds.
//!
//! Each thing that differs is made, changed or removed by statements that the catalogue itself gave.
//! Where there are none, the plan says so by name and is not made.

mod aside;
mod column;
mod composite;
mod constraint;
mod conversion;
mod enumeration;
mod feed;
mod inherited;
mod key;
mod moved;
mod order;
mod regrouped;
mod retyped;
mod sequence;
mod table;
mod unfit;
mod uses;
mod whole;

pub use conversion::{Conversion, Learned, conversions};

use std::collections::HashSet;

use super::{Change, Class, Finding, FindingKind, Lock, Plan, Statement, Step};
use crate::dialect::Dialect;
use crate::inventory::{Inventory, Item, ItemKind};
use crate::schema::TableName;
use aside::Aside;
use conversion::Types;
use enumeration::Extended;
use moved::Moved;
use order::{Placed, Rank};

/// What has to change for schemas to hold exactly what is wanted, as far as it is known how a
/// database takes it.
///
/// The comparison is complete: what is found and not wanted is dropped. Nothing is taken for
/// something else under another name.
pub fn likeness(
    wanted: &Inventory,
    found: &Inventory,
    learned: &Learned,
    dialect: &dyn Dialect,
) -> Plan {
    let (found, aside) = aside::set_aside(found, wanted);
    let found = &*found;
    let mut likeness = Likeness {
        wanted,
        found,
        aside: &aside,
        learned,
        dialect,
        types: Types::new(wanted),
        former_types: Types::new(found),
        going: removed(found, wanted, &ItemKind::Table),
        coming: removed(wanted, found, &ItemKind::Table),
        moved: Moved::new(found, wanted, &aside),
        extended: Vec::new(),
        steps: Vec::new(),
        findings: Vec::new(),
    };
    likeness.compare();
    Plan {
        steps: order::ordered(likeness.steps, found, wanted),
        findings: likeness.findings,
    }
}

/// Whether a thing can be made anew without what no statement makes of it, such as an index that was
/// left invalid.
fn is_made_plain(found: &Item, wanted: &Item) -> bool {
    wanted.beyond.is_empty() && found.kind == ItemKind::Index
}

/// Whether a statement removes a thing also where none makes it.
fn goes_whatever_it_is(kind: &ItemKind) -> bool {
    matches!(kind, ItemKind::Table | ItemKind::Index)
}

/// The names of the things of a kind that one schema has and the other has not.
fn removed(of: &Inventory, other: &Inventory, kind: &ItemKind) -> HashSet<TableName> {
    let there = other.by_place();
    of.items
        .iter()
        .filter(|item| item.kind == *kind && !there.contains_key(&item.place()))
        .map(Item::full_name)
        .collect()
}

/// What is known so far.
struct Likeness<'a> {
    wanted: &'a Inventory,
    found: &'a Inventory,
    aside: &'a Aside,
    learned: &'a Learned,
    dialect: &'a dyn Dialect,
    /// The types of what is wanted.
    types: Types<'a>,
    /// The types of what is found.
    former_types: Types<'a>,
    /// The tables that go, with all that goes with them.
    going: HashSet<TableName>,
    /// The tables that come.
    coming: HashSet<TableName>,
    moved: Moved<'a>,
    /// The types that are given labels.
    extended: Vec<Extended<'a>>,
    steps: Vec<Placed<'a>>,
    findings: Vec<Finding>,
}

impl<'a> Likeness<'a> {
    fn compare(&mut self) {
        let (wanted, found) = (self.wanted, self.found);
        let (here, there) = (found.by_place(), wanted.by_place());
        self.set_types_aside();
        self.refuse_keys_to_nowhere(&here);
        self.remade_tables(&here);
        for item in self.inherit(wanted, &here) {
            match here.get(&item.place()) {
                None => self.make(item),
                Some(existing)
                    if existing.beyond != item.beyond && !is_made_plain(existing, item) =>
                {
                    self.refuse_change(existing, item);
                }
                Some(existing) if self.moved.is_remade(existing) => {
                    if let Some(user) = self.user_of(existing) {
                        self.refuse_while_used(existing, user);
                        continue;
                    }
                    if !self.goes_by_itself(existing) {
                        self.remove(existing);
                    }
                    self.make(item);
                }
                Some(existing) if self.moved.is_lost(existing) => self.make(item),
                Some(existing) if !existing.is_like(item) => self.change(existing, item),
                Some(existing) => self.keep(existing, item),
            }
        }
        // What was made last goes first.
        let left = self.inherit(found, &there).into_iter().rev();
        for item in left.filter(|item| !there.contains_key(&item.place())) {
            if let Some(user) = self.user_of(item) {
                let how = format!("is not in the target while {user} is made of it");
                self.refuse(item, &how, "drop");
            } else if !self.goes_by_itself(item) {
                self.remove(item);
            }
        }
        self.carry_feed();
        self.add_labels_ahead();
    }

    /// What ties a table to others is cut before, so that the order in which tables go is free.
    fn goes_by_itself(&self, item: &Item) -> bool {
        if matches!(item.kind, ItemKind::ForeignKey | ItemKind::SequenceOwner) {
            return false;
        }
        let is_part = item.table.is_some();
        let goes_along = || self.moved.takes_along(item) && !self.outlives_parent(item);
        is_part && self.going.contains(&item.owner()) || goes_along()
    }

    /// What stays as it is may have to go for a moment.
    fn keep(&mut self, found: &'a Item, wanted: &'a Item) {
        if let (ItemKind::Column(before), ItemKind::Column(after)) = (&found.kind, &wanted.kind)
            && self.moved.loses_default(found)
        {
            self.set_default(wanted, before, after, true);
        }
    }

    fn make(&mut self, item: &'a Item) {
        if !item.beyond.is_empty() {
            return self.refuse(item, "is only in the target", "make");
        }
        match &item.kind {
            ItemKind::Enum => self.make_enum(item),
            ItemKind::Sequence => self.make_sequence(item),
            ItemKind::SequenceOwner => self.own_sequence(item),
            ItemKind::Table => self.make_table(item),
            ItemKind::Column(parts) => self.add_column(item, parts),
            ItemKind::Constraint => self.add_constraint(item),
            ItemKind::ForeignKey => self.add_foreign_key(item),
            ItemKind::Index => self.make_index(item),
            ItemKind::Comment => self.comment(item),
            ItemKind::Whole(whole) => self.make_whole(item, *whole),
            ItemKind::Other(_) => self.refuse(item, "is only in the target", "make"),
        }
    }

    fn change(&mut self, found: &'a Item, wanted: &'a Item) {
        match (&found.kind, &wanted.kind) {
            (ItemKind::Enum, _) => self.change_enum(found, wanted),
            (ItemKind::Sequence, _) => self.change_sequence(found, wanted),
            (ItemKind::Table, _) => self.change_table(found, wanted),
            (ItemKind::Column(before), ItemKind::Column(parts)) => {
                let loses_default = self.moved.loses_default(found);
                self.change_column((found, before), (wanted, parts), loses_default);
            }
            (ItemKind::Comment, _) => self.make(wanted),
            (ItemKind::Whole(whole), _) => self.change_whole(found, wanted, *whole),
            _ => self.refuse_change(found, wanted),
        }
    }

    fn remove(&mut self, item: &'a Item) {
        match &item.kind {
            _ if !item.beyond.is_empty() && !goes_whatever_it_is(&item.kind) => {
                self.refuse(item, "is not in the target", "drop");
            }
            ItemKind::Enum => self.drop_enum(item),
            ItemKind::Sequence => self.drop_sequence(item),
            ItemKind::SequenceOwner => self.disown_sequence(item),
            ItemKind::Table => self.drop_table(item),
            ItemKind::Column(parts) => self.drop_column(item, parts),
            ItemKind::Constraint | ItemKind::ForeignKey => self.drop_constraint(item),
            ItemKind::Index => self.drop_index(item),
            ItemKind::Comment => {
                let sql = match item.undo.as_str() {
                    "" => format!("COMMENT ON {} IS NULL", item.name),
                    undo => undo.to_owned(),
                };
                self.simple(Rank::WithoutComment, item, "remove", sql);
            }
            ItemKind::Whole(whole) => self.remove_whole(item, *whole),
            ItemKind::Other(_) => self.refuse(item, "is not in the target", "drop"),
        }
    }

    /// An index that is made beside writers is there only after the shared transaction.
    fn comment(&mut self, item: &'a Item) {
        let mut step = self.step(item, "set", Class::Safe, Lock::Nobody, item.sql.clone());
        if item.name.starts_with("INDEX") && step.rows > 0 {
            step.statements = vec![Statement::alone(item.sql.clone())];
        }
        // An event trigger is made last.
        let rank = match item.name.starts_with("EVENT TRIGGER") {
            true => Rank::DefaultPrivilege,
            false => Rank::Comment,
        };
        self.place(rank, item, step);
    }

    /// A step of one statement that changes no row, takes a moment and keeps nobody waiting.
    fn simple(&mut self, rank: Rank, item: &'a Item, verb: &str, sql: String) {
        let step = self.step(item, verb, Class::Safe, Lock::Nobody, sql);
        self.place(rank, item, step);
    }

    fn place(&mut self, rank: Rank, item: &'a Item, step: Step) {
        self.steps.push(Placed { rank, item, step });
    }

    /// A step of one statement. What would be slow with many rows is safe where there are none.
    fn step(&self, item: &Item, verb: &str, class: Class, lock: Lock, sql: String) -> Step {
        let table = item.owner();
        let rows = self.rows(&table);
        let is_there = item.kind == ItemKind::Table || item.table.is_some();
        let is_new = self.coming.contains(&table);
        let class = match class {
            Class::Scan | Class::Rewrite if rows == 0 => Class::Safe,
            class => class,
        };
        Step {
            change: Change::Imitate {
                table: table.clone(),
                what: format!("{verb} {item}"),
            },
            statements: vec![Statement::together(sql)],
            class,
            lock: match is_new {
                true => Lock::Nobody,
                false => lock,
            },
            existing_table: (is_there && !is_new && self.is_table(&table)).then_some(table),
            rows,
        }
    }

    /// About how many rows a table holds.
    fn rows(&self, table: &TableName) -> u64 {
        self.learned.rows.get(table).copied().unwrap_or_default()
    }

    fn is_table(&self, name: &TableName) -> bool {
        self.found.table_named(name).is_some()
    }

    /// What differs is said where the catalogue says it in a few words.
    fn refuse_change(&mut self, found: &Item, wanted: &Item) {
        let words = |item: &Item| match item.beyond.as_str() {
            "" => "nothing of the kind".to_owned(),
            beyond => beyond.to_owned(),
        };
        let how = match found.beyond == wanted.beyond {
            true => "differs from the target".to_owned(),
            false => format!("has {}, in the target {}", words(found), words(wanted)),
        };
        let plain = Item {
            beyond: String::new(),
            ..wanted.clone()
        };
        self.refuse(&plain, &how, "change");
    }

    fn refuse(&mut self, item: &Item, how: &str, verb: &str) {
        let beyond = match item.beyond.as_str() {
            "" => String::new(),
            beyond => format!(" ({beyond})"),
        };
        let unless = match &item.kind {
            ItemKind::Other(word) if word == "schema" => {
                " unless it is one of those that are named"
            }
            _ => "",
        };
        self.findings.push(Finding {
            table: item.owner(),
            column: None,
            kind: FindingKind::Beyond {
                what: format!("{item}{beyond} {how}, and no step can {verb} it{unless}"),
            },
        });
    }
}
