//! Types of several values.

use super::{Likeness, Rank};
use crate::dialect::token::{Brackets, tokens};
use crate::inventory::Item;
use crate::plan::{Class, Lock, Statement};

impl<'a> Likeness<'a> {
    /// The members of a type that are added at its end, are given another type, or are gone.
    pub(super) fn change_members(&mut self, found: &'a Item, wanted: &'a Item) {
        let (before, after) = (members(&found.shape), members(&wanted.shape));
        let name = wanted.identifier();
        let of = |members: &[(&str, &'a str)], member: &str| {
            let mut members = members.iter().filter(|(name, _)| *name == member);
            members.next().map(|(_, words)| *words)
        };
        let gone = before.iter().filter(|(name, _)| of(&after, name).is_none());
        let gone = gone.map(|(member, _)| format!("DROP ATTRIBUTE {member}"));
        let made = after
            .iter()
            .filter_map(|(member, words)| match of(&before, member) {
                None => Some(format!("ADD ATTRIBUTE {member} {words}")),
                Some(other) if other != *words => {
                    Some(format!("ALTER ATTRIBUTE {member} TYPE {words}"))
                }
                Some(_) => None,
            });
        let changes: Vec<String> = gone.chain(made).collect();
        let is_lossy = changes.iter().any(|change| !change.starts_with("ADD"));
        let class = match is_lossy {
            true => Class::Destructive,
            false => Class::Breaking,
        };
        let is_retyped = changes.iter().any(|change| change.starts_with("ALTER"));
        if let Some(user) = self.user_of(found)
            && is_retyped
        {
            return self.refuse_while_used(wanted, user);
        }
        let mut step = self.step(wanted, "change", class, Lock::Nobody, String::new());
        let alter = |change| Statement::together(format!("ALTER TYPE {name} {change}"));
        step.statements = changes.into_iter().map(alter).collect();
        self.place(Rank::Type, wanted, step);
    }
}

/// Whether the members of a type differ in nothing but their types.
pub(super) fn is_retyped(found: &Item, wanted: &Item) -> bool {
    let (before, after) = (members(&found.shape), members(&wanted.shape));
    let names = |members: &[(&str, &str)]| -> Vec<String> {
        members.iter().map(|(name, _)| (*name).to_owned()).collect()
    };
    before != after && names(&before) == names(&after)
}

/// Whether a member of a type is given another type, or is gone: what reads it has to let go.
pub(super) fn changes_members(found: &Item, wanted: &Item) -> bool {
    let after = members(&wanted.shape);
    members(&found.shape)
        .iter()
        .any(|member| !after.contains(member))
}

/// The members of a type, each with what follows its name.
fn members(shape: &str) -> Vec<(&str, &str)> {
    let member = |line| {
        let tokens = tokens(line, Brackets::Position);
        let end = tokens.first().map_or(0, |token| token.text.len());
        let (name, words) = str::split_at(line, end);
        (name, words.trim_start())
    };
    shape.lines().map(member).collect()
}
