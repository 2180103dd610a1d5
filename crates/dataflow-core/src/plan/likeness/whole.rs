//! Things that one statement makes and another removes.

use super::{Likeness, Rank};
use crate::dialect::identifier;
use crate::dialect::token::{Brackets, tokens};
use crate::inventory::{Item, Whole};
use crate::plan::{Class, Lock, Run, Step};

impl<'a> Likeness<'a> {
    pub(super) fn make_whole(&mut self, item: &'a Item, whole: Whole) {
        let class = match whole {
            Whole::DomainRule | Whole::Owner => Class::Breaking,
            _ => Class::Safe,
        };
        let lock = lock(item, whole);
        let mut step = self.step(item, "create", class, lock, item.sql.clone());
        self.after_its_index(&mut step, item, whole);
        self.place(made_at(whole), item, step);
    }

    /// An index that is made beside writers is there only after the shared transaction.
    fn after_its_index(&self, step: &mut Step, item: &Item, whole: Whole) {
        let names_index = matches!(&*item.name, "cluster" | "replica identity");
        if whole == Whole::Setting && (names_index || is_of_index(item)) && step.rows > 0 {
            for statement in &mut step.statements {
                statement.run = Run::Alone;
            }
        }
    }

    /// What can be changed in place is given the target's statement; all else was found to be made
    /// anew.
    pub(super) fn change_whole(&mut self, found: &'a Item, wanted: &'a Item, whole: Whole) {
        match whole {
            Whole::CompositeType => self.change_members(found, wanted),
            Whole::Extension => self.change_extension(found, wanted),
            _ => {
                let sql = match whole {
                    Whole::Privilege => format!("{}; {}", found.undo, wanted.sql),
                    _ => wanted.sql.clone(),
                };
                let class = match whole {
                    Whole::Owner => Class::Breaking,
                    _ => Class::Safe,
                };
                let mut step = self.step(wanted, "change", class, lock(wanted, whole), sql);
                self.after_its_index(&mut step, wanted, whole);
                self.place(made_at(whole), wanted, step);
            }
        }
    }

    /// Whoever wrote an extension also wrote which of its versions lead to which others.
    fn change_extension(&mut self, found: &Item, wanted: &'a Item) {
        let words = tokens(&wanted.sql, Brackets::Position);
        let Some(version) = words.last().map(|token| token.text) else {
            return self.refuse(wanted, "differs from the target", "change");
        };
        let is_there = found.sql.ends_with(&format!("VERSION {version}"));
        if !is_there && !found.shape.lines().any(|reached| reached == version) {
            let how = format!("has no update that leads to version {version}");
            return self.refuse(wanted, &how, "change");
        }
        let identifier = identifier(&wanted.name);
        let mut sql = format!("ALTER EXTENSION {identifier} UPDATE TO {version}");
        let mut after_name = words.iter().skip(3);
        if after_name.any(|token| token.is("schema"))
            && let Some(schema) = after_name.next()
        {
            sql += &format!("; ALTER EXTENSION {identifier} SET SCHEMA {}", schema.text);
        }
        let step = self.step(wanted, "change", Class::Breaking, Lock::Nobody, sql);
        self.place(Rank::Extension, wanted, step);
    }

    pub(super) fn remove_whole(&mut self, item: &'a Item, whole: Whole) {
        let class = match whole {
            Whole::Schema | Whole::Extension => Class::Destructive,
            Whole::DomainRule | Whole::Trigger | Whole::Statistics | Whole::Setting => Class::Safe,
            _ => Class::Breaking,
        };
        let lock = lock(item, whole);
        let step = self.step(item, "drop", class, lock, item.undo.clone());
        self.place(removed_at(whole), item, step);
    }
}

/// Whether the target's statement changes a thing that is there, so that what needs it stays.
pub(super) fn is_changed_in_place(whole: Whole, found: &Item, wanted: &Item) -> bool {
    match whole {
        Whole::Function | Whole::Procedure => found.shape == wanted.shape,
        // Columns can be added at the end of a view.
        Whole::View => {
            let mut after = wanted.shape.lines();
            !found.shape.is_empty()
                && found
                    .shape
                    .lines()
                    .all(|column| after.next() == Some(column))
        }
        Whole::Schema
        | Whole::Extension
        | Whole::CompositeType
        | Whole::Setting
        | Whole::Owner
        | Whole::Privilege
        | Whole::DefaultPrivilege => true,
        _ => false,
    }
}

/// Whether a thing stays when a column that it needs is given another type.
pub(super) fn follows_types(whole: Whole) -> bool {
    matches!(
        whole,
        Whole::Statistics | Whole::Setting | Whole::Owner | Whole::Privilege
    )
}

fn made_at(whole: Whole) -> Rank {
    match whole {
        Whole::Schema => Rank::Schema,
        Whole::Extension => Rank::Extension,
        Whole::Collation => Rank::Collation,
        Whole::Domain | Whole::DomainRule | Whole::CompositeType | Whole::RangeType => Rank::Type,
        Whole::TextSearchDictionary
        | Whole::TextSearchConfiguration
        | Whole::ForeignDataWrapper
        | Whole::ForeignServer => Rank::Type,
        Whole::Function
        | Whole::Procedure
        | Whole::Aggregate
        | Whole::Operator
        | Whole::Cast
        | Whole::Conversion => Rank::Routine,
        Whole::View | Whole::MaterializedView => Rank::View,
        Whole::Rule | Whole::Trigger | Whole::Policy | Whole::Publication => Rank::Trigger,
        Whole::Statistics => Rank::Index,
        Whole::Setting | Whole::Owner => Rank::Setting,
        Whole::Privilege => Rank::Privilege,
        // It would see the steps that follow.
        Whole::DefaultPrivilege | Whole::EventTrigger => Rank::DefaultPrivilege,
    }
}

fn removed_at(whole: Whole) -> Rank {
    match whole {
        Whole::Schema => Rank::WithoutSchema,
        Whole::Extension => Rank::WithoutExtension,
        Whole::Domain | Whole::CompositeType | Whole::RangeType => Rank::WithoutType,
        Whole::TextSearchDictionary
        | Whole::TextSearchConfiguration
        | Whole::ForeignDataWrapper
        | Whole::ForeignServer => Rank::WithoutType,
        Whole::Collation => Rank::WithoutCollation,
        Whole::DomainRule => Rank::WithoutConstraint,
        Whole::Function
        | Whole::Procedure
        | Whole::Aggregate
        | Whole::Operator
        | Whole::Cast
        | Whole::Conversion => Rank::WithoutRoutine,
        Whole::View | Whole::MaterializedView => Rank::WithoutView,
        Whole::Rule | Whole::Trigger | Whole::Policy | Whole::Publication => Rank::WithoutTrigger,
        Whole::Statistics => Rank::WithoutIndex,
        Whole::Setting | Whole::Owner => Rank::WithoutSetting,
        Whole::EventTrigger | Whole::Privilege | Whole::DefaultPrivilege => Rank::WithoutPrivilege,
    }
}

/// Whether a setting is one of an index, which keeps nobody waiting but those who change the schema.
fn is_of_index(item: &Item) -> bool {
    item.sql.starts_with("ALTER INDEX")
}

fn lock(item: &Item, whole: Whole) -> Lock {
    match whole {
        Whole::Trigger => Lock::Writers,
        Whole::Setting if is_of_index(item) => Lock::SchemaChanges,
        Whole::Rule | Whole::Policy | Whole::Setting => Lock::Everybody,
        _ => Lock::Nobody,
    }
}
