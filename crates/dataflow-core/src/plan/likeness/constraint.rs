//! Constraints and indexes.

use super::{Likeness, Rank};
use crate::dialect::identifier;
use crate::inventory::{Item, ItemKind};
use crate::plan::{Class, Lock, Run, Statement, Step};

impl<'a> Likeness<'a> {
    pub(super) fn add_constraint(&mut self, item: &'a Item) {
        let sql = add_constraint(item);
        let step = self.step(item, "add", Class::Scan, Lock::Everybody, sql);
        // A check of a table with rows is added beside writers.
        let is_check = item.sql.starts_with("CHECK") && !item.sql.ends_with("NOT VALID");
        let step = match is_check && step.rows > 0 {
            true => self.validated_later(step, item),
            false => step,
        };
        self.place(Rank::Constraint, item, step);
    }

    pub(super) fn add_foreign_key(&mut self, item: &'a Item) {
        let sql = add_constraint(item);
        let step = self.step(item, "add", Class::Scan, Lock::Writers, sql);
        let is_later = !item.sql.ends_with("NOT VALID") && !self.is_partitioned(item);
        let step = match is_later && step.rows > 0 {
            true => self.validated_later(step, item),
            false => step,
        };
        self.place(Rank::ForeignKey, item, step);
    }

    /// Writers that name the columns of a conflict need the key; all else they do not miss.
    pub(super) fn drop_constraint(&mut self, item: &'a Item) {
        let is_key = item.kind == ItemKind::Constraint && !item.sql.starts_with("CHECK");
        let (class, rank) = match (is_key, &item.kind) {
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
        if step.rows > 0
            && self.dialect.capability().online_changes
            && !self.is_partitioned(item)
            && let Some((manner, rest)) = item.sql.split_once("INDEX ")
        {
            step.lock = Lock::SchemaChanges;
            step.statements = vec![Statement {
                sql: format!("{manner}INDEX CONCURRENTLY {rest}"),
                run: Run::Outside {
                    undo: Some(format!("DROP INDEX CONCURRENTLY IF EXISTS {name}")),
                },
            }];
            step.statements.splice(0..0, self.unfit_rows(item));
        }
        self.place(Rank::Index, item, step);
    }

    pub(super) fn drop_index(&mut self, item: &'a Item) {
        let class = match item.definition.to_uppercase().starts_with("CREATE UNIQUE") {
            true => Class::Breaking,
            false => Class::Safe,
        };
        let sql = format!("DROP INDEX {}", item.identifier());
        let step = self.step(item, "drop", class, Lock::Everybody, sql);
        self.place(Rank::WithoutIndex, item, step);
    }

    /// New rows fulfill a constraint at once; those that are there are read while others go on.
    fn validated_later(&self, mut step: Step, item: &Item) -> Step {
        let (table, name) = (item.owner_identifier(), identifier(&item.name));
        for statement in &mut step.statements {
            statement.sql.push_str(" NOT VALID");
        }
        step.statements.push(Statement::alone(format!(
            "ALTER TABLE {table} VALIDATE CONSTRAINT {name}"
        )));
        step.statements.splice(0..0, self.unfit_rows(item));
        step
    }
}

fn add_constraint(item: &Item) -> String {
    let (table, name) = (item.owner_identifier(), identifier(&item.name));
    format!("ALTER TABLE {table} ADD CONSTRAINT {name} {}", item.sql)
}
