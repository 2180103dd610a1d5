//! Things that one statement makes and another removes.

use super::{Likeness, Rank};
use crate::inventory::{Item, Whole};
use crate::plan::{Class, Lock};

impl<'a> Likeness<'a> {
    pub(super) fn make_whole(&mut self, item: &'a Item, whole: Whole) {
        let class = match whole {
            Whole::DomainRule => Class::Breaking,
            _ => Class::Safe,
        };
        let step = self.step(item, "create", class, lock(whole), item.sql.clone());
        self.place(made_at(whole), item, step);
    }

    /// What can be changed in place is given the target's statement; all else was found to be made
    /// anew.
    pub(super) fn change_whole(&mut self, found: &'a Item, wanted: &'a Item, whole: Whole) {
        match whole {
            Whole::CompositeType => self.change_members(found, wanted),
            Whole::Extension => self.refuse(wanted, "differs from the target", "change"),
            _ => {
                let sql = match whole {
                    Whole::Privilege => format!("{}; {}", found.undo, wanted.sql),
                    _ => wanted.sql.clone(),
                };
                let step = self.step(wanted, "change", Class::Safe, lock(whole), sql);
                self.place(made_at(whole), wanted, step);
            }
        }
    }

    pub(super) fn remove_whole(&mut self, item: &'a Item, whole: Whole) {
        let class = match whole {
            Whole::Schema | Whole::Extension => Class::Destructive,
            Whole::DomainRule | Whole::Trigger | Whole::Statistics | Whole::Setting => Class::Safe,
            _ => Class::Breaking,
        };
        let step = self.step(item, "drop", class, lock(whole), item.undo.clone());
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
        | Whole::Privilege
        | Whole::DefaultPrivilege => true,
        _ => false,
    }
}

/// Whether a thing stays when a column that it needs is given another type.
pub(super) fn follows_types(whole: Whole) -> bool {
    matches!(whole, Whole::Statistics | Whole::Setting | Whole::Privilege)
}

fn made_at(whole: Whole) -> Rank {
    match whole {
        Whole::Schema => Rank::Schema,
        Whole::Extension => Rank::Extension,
        Whole::Collation => Rank::Collation,
        Whole::Domain | Whole::DomainRule | Whole::CompositeType | Whole::RangeType => Rank::Type,
        Whole::Function | Whole::Procedure => Rank::Routine,
        Whole::View | Whole::MaterializedView => Rank::View,
        Whole::Rule | Whole::Trigger | Whole::Policy => Rank::Trigger,
        Whole::Statistics => Rank::Index,
        Whole::Setting => Rank::Setting,
        Whole::Privilege => Rank::Privilege,
        Whole::DefaultPrivilege => Rank::DefaultPrivilege,
    }
}

fn removed_at(whole: Whole) -> Rank {
    match whole {
        Whole::Schema => Rank::WithoutSchema,
        Whole::Extension => Rank::WithoutExtension,
        Whole::Domain | Whole::CompositeType | Whole::RangeType => Rank::WithoutType,
        Whole::Collation => Rank::WithoutCollation,
        Whole::DomainRule => Rank::WithoutConstraint,
        Whole::Function | Whole::Procedure => Rank::WithoutRoutine,
        Whole::View | Whole::MaterializedView => Rank::WithoutView,
        Whole::Rule | Whole::Trigger | Whole::Policy => Rank::WithoutTrigger,
        Whole::Statistics => Rank::WithoutIndex,
        Whole::Setting => Rank::WithoutSetting,
        Whole::Privilege | Whole::DefaultPrivilege => Rank::WithoutPrivilege,
    }
}

fn lock(whole: Whole) -> Lock {
    match whole {
        Whole::Trigger => Lock::Writers,
        Whole::Rule | Whole::Policy | Whole::Setting => Lock::Everybody,
        _ => Lock::Nobody,
    }
}
