//! The way from one schema to another, whatever either holds.
//!
//! Each thing that differs is made, changed or removed by statements that the catalogue itself gave.
//! Where there are none, the plan says so by name and is not made.

mod column;
mod enumeration;
mod sequence;
mod table;

use std::collections::{HashMap, HashSet};

use super::{Change, Class, Finding, FindingKind, Lock, Plan, Run, Statement, Step};
use crate::dialect::{Dialect, identifier};
use crate::inventory::{Inventory, Item, ItemKind};

/// What has to change for a schema to hold exactly what is wanted. `rows` says about how many rows a
/// table holds.
///
/// The comparison is complete: what is found and not wanted is dropped. Nothing is taken for
/// something else under another name.
pub fn likeness(
    wanted: &Inventory,
    found: &Inventory,
    rows: &HashMap<String, u64>,
    dialect: &dyn Dialect,
) -> Plan {
    let mut likeness = Likeness {
        wanted,
        found,
        rows,
        dialect,
        going: removed(found, wanted, &ItemKind::Table),
        coming: removed(wanted, found, &ItemKind::Table),
        remade: HashSet::new(),
        steps: Vec::new(),
        findings: Vec::new(),
    };
    likeness.compare();
    let Likeness {
        mut steps,
        findings,
        ..
    } = likeness;
    steps.sort_by_key(|(rank, _)| *rank);
    Plan {
        steps: steps.into_iter().map(|(_, step)| step).collect(),
        findings,
    }
}

/// The names of the things of a kind that one schema has and the other has not.
fn removed<'a>(of: &'a Inventory, other: &Inventory, kind: &ItemKind) -> HashSet<&'a str> {
    let there = other.by_place();
    of.items
        .iter()
        .filter(|item| item.kind == *kind && !there.contains_key(&item.place()))
        .map(|item| &*item.name)
        .collect()
}

/// When a step is made: what depends on others goes before them and comes after them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Ownerless,
    WithoutComment,
    WithoutTrigger,
    WithoutView,
    WithoutForeignKey,
    WithoutIndex,
    WithoutConstraint,
    WithoutDefault,
    WithoutTable,
    WithoutColumn,
    WithoutSequence,
    Enum,
    Sequence,
    Table,
    Column,
    Type,
    Default,
    WithoutEnum,
    Owner,
    Null,
    Constraint,
    Index,
    ForeignKey,
    View,
    Trigger,
    Comment,
}

/// What is known so far.
struct Likeness<'a> {
    wanted: &'a Inventory,
    found: &'a Inventory,
    rows: &'a HashMap<String, u64>,
    dialect: &'a dyn Dialect,
    /// The tables that go, with all that goes with them.
    going: HashSet<&'a str>,
    /// The tables that come.
    coming: HashSet<&'a str>,
    /// What is removed and made again, and loses its comment by that.
    remade: HashSet<(Option<&'a str>, &'a str)>,
    steps: Vec<(Rank, Step)>,
    findings: Vec<Finding>,
}

impl<'a> Likeness<'a> {
    fn compare(&mut self) {
        let (wanted, found) = (self.wanted, self.found);
        let (here, there) = (found.by_place(), wanted.by_place());
        self.remade_tables(&here);
        for item in &wanted.items {
            match here.get(&item.place()) {
                None => self.make(item),
                Some(existing) if !existing.is_like(item) => self.change(existing, item),
                Some(_) => {}
            }
        }
        // What was made last goes first.
        let left = found.items.iter().rev();
        for item in left.filter(|item| !there.contains_key(&item.place())) {
            if !self.goes_with_its_table(item) {
                self.remove(item);
            }
        }
        self.comments_are_lost_with_their_things(&here);
    }

    /// What ties a table to others is cut before, so that the order in which tables go is free.
    fn goes_with_its_table(&self, item: &Item) -> bool {
        if matches!(item.kind, ItemKind::ForeignKey | ItemKind::SequenceOwner) {
            return false;
        }
        let goes = |table: &str| self.going.contains(table);
        item.table.as_deref().is_some_and(goes)
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
            ItemKind::View => self.simple(Rank::View, item, "create", item.sql.clone()),
            ItemKind::Trigger => self.simple(Rank::Trigger, item, "create", item.sql.clone()),
            ItemKind::Other(_) => self.refuse(item, "is only in the target", "make"),
        }
    }

    fn change(&mut self, found: &'a Item, wanted: &'a Item) {
        if found.beyond != wanted.beyond || matches!(wanted.kind, ItemKind::Other(_)) {
            return self.refuse_change(found, wanted);
        }
        match (&found.kind, &wanted.kind) {
            (ItemKind::Enum, _) => self.change_enum(found, wanted),
            (ItemKind::Sequence, _) => self.change_sequence(wanted),
            (ItemKind::Table, _) => self.change_table(found, wanted),
            (ItemKind::Column(found), ItemKind::Column(parts)) => {
                self.change_column(wanted, found, parts);
            }
            (ItemKind::Comment, _) => self.make(wanted),
            _ => {
                let place = (wanted.table.as_deref(), &*wanted.name);
                self.remade.insert(place);
                self.remove(found);
                self.make(wanted);
            }
        }
    }

    fn remove(&mut self, item: &'a Item) {
        let name = identifier(&item.name);
        match &item.kind {
            _ if !item.beyond.is_empty() && item.kind != ItemKind::Table => {
                self.refuse(item, "is not in the target", "drop");
            }
            ItemKind::Enum => {
                self.simple(Rank::WithoutEnum, item, "drop", format!("DROP TYPE {name}"));
            }
            ItemKind::Sequence => self.drop_sequence(item),
            ItemKind::SequenceOwner => self.disown_sequence(item),
            ItemKind::Table => self.drop_table(item),
            ItemKind::Column(parts) => self.drop_column(item, parts),
            ItemKind::Constraint | ItemKind::ForeignKey => self.drop_constraint(item),
            ItemKind::Index => self.drop_index(item),
            ItemKind::Comment => {
                let sql = format!("COMMENT ON {} IS NULL", item.name);
                self.simple(Rank::WithoutComment, item, "remove", sql);
            }
            ItemKind::View => {
                self.simple(Rank::WithoutView, item, "drop", format!("DROP VIEW {name}"));
            }
            ItemKind::Trigger => {
                let sql = format!("DROP TRIGGER {name}");
                self.simple(Rank::WithoutTrigger, item, "drop", sql);
            }
            ItemKind::Other(_) => self.refuse(item, "is not in the target", "drop"),
        }
    }

    fn add_constraint(&mut self, item: &'a Item) {
        let sql = add_constraint(item);
        let table = table(item);
        let step = self.step(item, "add", Class::Scan, Lock::Everybody, sql);
        // A check of a table with rows is added beside writers.
        let is_check = item.sql.starts_with("CHECK") && !item.sql.ends_with("NOT VALID");
        let step = match is_check && step.rows > 0 {
            true => validated_later(step, table, item),
            false => step,
        };
        self.steps.push((Rank::Constraint, step));
    }

    fn add_foreign_key(&mut self, item: &'a Item) {
        let sql = add_constraint(item);
        let step = self.step(item, "add", Class::Scan, Lock::Writers, sql);
        let is_valid = !item.sql.ends_with("NOT VALID");
        let step = match is_valid && step.rows > 0 {
            true => validated_later(step, table(item), item),
            false => step,
        };
        self.steps.push((Rank::ForeignKey, step));
    }

    /// Writers that name the columns of a conflict need the key; all else they do not miss.
    fn drop_constraint(&mut self, item: &'a Item) {
        let is_key = item.kind == ItemKind::Constraint && !item.sql.starts_with("CHECK");
        let (class, rank) = match (is_key, &item.kind) {
            (true, _) => (Class::Breaking, Rank::WithoutConstraint),
            (false, ItemKind::ForeignKey) => (Class::Safe, Rank::WithoutForeignKey),
            (false, _) => (Class::Safe, Rank::WithoutConstraint),
        };
        let (table, name) = (identifier(table(item)), identifier(&item.name));
        let sql = format!("ALTER TABLE {table} DROP CONSTRAINT {name}");
        let step = self.step(item, "drop", class, Lock::Everybody, sql);
        self.steps.push((rank, step));
    }

    fn make_index(&mut self, item: &'a Item) {
        let mut step = self.step(item, "create", Class::Scan, Lock::Writers, item.sql.clone());
        let name = identifier(&item.name);
        if step.rows > 0
            && self.dialect.capability().online_changes
            && let Some((manner, rest)) = item.sql.split_once("INDEX ")
        {
            step.lock = Lock::SchemaChanges;
            step.statements = vec![Statement {
                sql: format!("{manner}INDEX CONCURRENTLY {rest}"),
                run: Run::Outside {
                    undo: Some(format!("DROP INDEX CONCURRENTLY IF EXISTS {name}")),
                },
            }];
        }
        self.steps.push((Rank::Index, step));
    }

    fn drop_index(&mut self, item: &'a Item) {
        let class = match item.definition.to_uppercase().starts_with("CREATE UNIQUE") {
            true => Class::Breaking,
            false => Class::Safe,
        };
        let sql = format!("DROP INDEX {}", identifier(&item.name));
        let step = self.step(item, "drop", class, Lock::Everybody, sql);
        self.steps.push((Rank::WithoutIndex, step));
    }

    /// An index that is made beside writers is there only after the shared transaction.
    fn comment(&mut self, item: &'a Item) {
        let mut step = self.step(item, "set", Class::Safe, Lock::Nobody, item.sql.clone());
        if item.name.starts_with("INDEX") && step.rows > 0 {
            step.statements = vec![Statement::alone(item.sql.clone())];
        }
        self.steps.push((Rank::Comment, step));
    }

    /// A comment that stays is said again when its thing is made anew.
    fn comments_are_lost_with_their_things(
        &mut self,
        here: &HashMap<(&str, Option<&str>, &str), &'a Item>,
    ) {
        let wanted = self.wanted;
        let comments = wanted.items.iter();
        for comment in comments.filter(|item| item.kind == ItemKind::Comment) {
            let is_about = |(table, name): &(Option<&str>, &str)| {
                let quoted = identifier(name);
                let is_it = [
                    format!("INDEX {quoted}"),
                    format!("VIEW {quoted}"),
                    format!(
                        "CONSTRAINT {quoted} ON {}",
                        identifier(table.unwrap_or_default())
                    ),
                    format!("COLUMN {}.{quoted}", identifier(table.unwrap_or_default())),
                ];
                is_it.contains(&comment.name)
            };
            let stays = here
                .get(&comment.place())
                .is_some_and(|found| found.is_like(comment));
            if stays && self.remade.iter().any(is_about) {
                self.make(comment);
            }
        }
    }

    /// A step of one statement that changes no row and takes a moment.
    fn simple(&mut self, rank: Rank, item: &Item, verb: &str, sql: String) {
        let lock = match item.kind {
            ItemKind::Trigger => Lock::Writers,
            _ => Lock::Nobody,
        };
        let class = match rank {
            Rank::WithoutEnum | Rank::WithoutView => Class::Breaking,
            _ => Class::Safe,
        };
        let step = self.step(item, verb, class, lock, sql);
        self.steps.push((rank, step));
    }

    /// A step of one statement. What would be slow with many rows is safe where there are none.
    fn step(&self, item: &Item, verb: &str, class: Class, lock: Lock, sql: String) -> Step {
        let table = item.table.as_deref().unwrap_or(&item.name);
        let rows = self.rows.get(table).copied().unwrap_or_default();
        let is_there = item.kind == ItemKind::Table || item.table.is_some();
        let is_new = self.coming.contains(table);
        let class = match class {
            Class::Scan | Class::Rewrite if rows == 0 => Class::Safe,
            class => class,
        };
        Step {
            change: Change::Imitate {
                table: table.to_owned().into(),
                what: format!("{verb} {item}"),
            },
            statements: vec![Statement::together(sql)],
            class,
            lock: match is_new {
                true => Lock::Nobody,
                false => lock,
            },
            existing_table: (is_there && !is_new && self.is_table(table))
                .then(|| table.to_owned().into()),
            rows,
        }
    }

    fn is_table(&self, name: &str) -> bool {
        let is_it = |item: &Item| item.kind == ItemKind::Table && item.name == name;
        self.found.items.iter().any(is_it)
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
        self.findings.push(Finding {
            table: item
                .table
                .clone()
                .unwrap_or_else(|| item.name.clone())
                .into(),
            column: None,
            kind: FindingKind::Beyond {
                what: format!("{item}{beyond} {how}, and no step can {verb} it"),
            },
        });
    }
}

/// The table that a part of one names.
fn table(item: &Item) -> &str {
    item.table.as_deref().unwrap_or_default()
}

fn add_constraint(item: &Item) -> String {
    let (table, name) = (identifier(table(item)), identifier(&item.name));
    format!("ALTER TABLE {table} ADD CONSTRAINT {name} {}", item.sql)
}

/// New rows fulfill a constraint at once; those that are there are read while others go on.
fn validated_later(mut step: Step, table: &str, item: &Item) -> Step {
    let (table, name) = (identifier(table), identifier(&item.name));
    for statement in &mut step.statements {
        statement.sql.push_str(" NOT VALID");
    }
    step.statements.push(Statement::alone(format!(
        "ALTER TABLE {table} VALIDATE CONSTRAINT {name}"
    )));
    step
}
