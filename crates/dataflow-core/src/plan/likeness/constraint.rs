//! Constraints and indexes.

use super::key::{is_check, is_key};
use super::unfit::is_unique;
use super::{Likeness, Rank};
use crate::dialect::identifier;
use crate::inventory::{Item, ItemKind};
use crate::plan::{Class, Lock, Run, Statement, Step};

impl<'a> Likeness<'a> {
    pub(super) fn add_constraint(&mut self, item: &'a Item) {
        let sql = add_constraint(item);
        let mut step = self.step(item, "add", Class::Scan, Lock::Everybody, sql);
        match is_check(item) {
            true => {
                step = self.validated_later(step, item);
                step.statements.extend(self.validated_below(item));
            }
            false => step.statements = self.made_with_parts(item),
        }
        self.place(Rank::Constraint, item, step);
    }

    /// A check that does not hold for the rows of a table, and does for those of its children.
    fn validated_below(&self, check: &Item) -> Vec<Statement> {
        let Some(valid) = check.sql.strip_suffix(" NOT VALID") else {
            return Vec::new();
        };
        let children = self.wanted.items.iter();
        let children = children.filter(|item| item.of == check.id && is_check(item));
        let validated = children.flat_map(|child| match child.sql == valid {
            true => vec![Statement::together(validate(child))],
            false => self.validated_below(child),
        });
        validated.collect()
    }

    pub(super) fn add_foreign_key(&mut self, item: &'a Item) {
        let sql = add_constraint(item);
        let step = self.step(item, "add", Class::Scan, Lock::Writers, sql);
        let step = match self.is_partitioned(item) {
            true => step,
            false => self.validated_later(step, item),
        };
        self.place(Rank::ForeignKey, item, step);
    }

    /// Writers that name the columns of a conflict need the key; all else they do not miss.
    pub(super) fn drop_constraint(&mut self, item: &'a Item) {
        let (class, rank) = match (is_key(item), &item.kind) {
            (true, _) => (Class::Breaking, Rank::WithoutConstraint),
            (false, ItemKind::ForeignKey) => (Class::Safe, Rank::WithoutForeignKey),
            (false, _) => (Class::Safe, Rank::WithoutConstraint),
        };
        let (table, name) = (item.owner_identifier(), identifier(&item.name));
        let sql = format!("ALTER TABLE {table} DROP CONSTRAINT {name}");
        let step = self.step(item, "drop", class, Lock::Everybody, sql);
        self.place(rank, item, step);
    }

    pub(super) fn make_index(&mut self, item: &'a Item) {
        let mut step = self.step(item, "create", Class::Scan, Lock::Writers, item.sql.clone());
        let name = item.identifier();
        let unfit = self.unfit_rows(item);
        if self.is_partitioned(item) {
            step.statements = self.made_with_parts(item);
        } else if step.rows > 0
            && self.dialect.capability().online_changes
            && !self.is_pointed_at(item)
            && (unfit.is_some() || !is_unique(item))
            && let Some((manner, rest)) = item.sql.split_once("INDEX ")
        {
            step.lock = Lock::SchemaChanges;
            step.statements = vec![Statement {
                sql: format!("{manner}INDEX CONCURRENTLY {rest}"),
                run: Run::Outside {
                    undo: Some(format!("DROP INDEX CONCURRENTLY IF EXISTS {name}")),
                },
            }];
            step.statements.splice(0..0, unfit);
        }
        self.place(Rank::Index, item, step);
    }

    pub(super) fn drop_index(&mut self, item: &'a Item) {
        let class = match item.definition.to_uppercase().starts_with("CREATE UNIQUE") {
            true => Class::Breaking,
            false => Class::Safe,
        };
        let cascade = match self.takes_constraints_along(item) {
            true => " CASCADE",
            false => "",
        };
        let sql = format!("DROP INDEX {}{cascade}", item.identifier());
        let step = self.step(item, "drop", class, Lock::Everybody, sql);
        self.place(Rank::WithoutIndex, item, step);
    }

    /// Whether a key of another table is to point at what an index keeps apart.
    fn is_pointed_at(&self, index: &Item) -> bool {
        let items = self.wanted.by_id();
        let mut needs = self.wanted.needs.iter();
        needs.any(|need| {
            let dependent = items.get(&*need.dependent);
            need.needed == index.id
                && dependent.is_some_and(|item| item.kind == ItemKind::ForeignKey)
        })
    }

    /// New rows fulfill a constraint at once; those that are there are read while others go on, where
    /// they were found to fit before anything is changed. Else all of it is undone if they do not.
    fn validated_later(&self, mut step: Step, item: &Item) -> Step {
        let is_later = step.rows > 0 && !item.sql.ends_with("NOT VALID");
        let Some(unfit) = is_later.then(|| self.unfit_rows(item)).flatten() else {
            return step;
        };
        for statement in &mut step.statements {
            statement.sql.push_str(" NOT VALID");
        }
        step.statements.insert(0, unfit);
        step.statements.push(Statement::alone(validate(item)));
        step
    }
}

fn validate(item: &Item) -> String {
    let (table, name) = (item.owner_identifier(), identifier(&item.name));
    format!("ALTER TABLE {table} VALIDATE CONSTRAINT {name}")
}

pub(super) fn add_constraint(item: &Item) -> String {
    let (table, name) = (item.owner_identifier(), identifier(&item.name));
    format!("ALTER TABLE {table} ADD CONSTRAINT {name} {}", item.sql)
}
