//! What writes down the changes of rows. It goes with the tables that it watches: it steps aside
//! while a column that it looks at is given another type, and leaves nothing behind.

use super::{Likeness, Rank, column};
use crate::inventory::{Item, ItemKind, Whole};
use crate::plan::{Class, Lock};

impl<'a> Likeness<'a> {
    pub(super) fn carry_feed(&mut self) {
        if !self.dialect.capability().alter_column {
            return;
        }
        let found = self.found;
        for item in &found.feed {
            match item.kind {
                ItemKind::Whole(Whole::Trigger) if self.is_in_the_way(item) => {
                    self.feed_step(Rank::WithoutTrigger, item, "set aside", &item.undo);
                    self.feed_step(Rank::Trigger, item, "put back", &item.sql);
                }
                ItemKind::Whole(Whole::Function) if self.is_of_table_that_goes(item) => {
                    self.feed_step(Rank::WithoutRoutine, item, "drop", &item.undo);
                }
                _ => {}
            }
        }
    }

    fn feed_step(&mut self, rank: Rank, item: &'a Item, verb: &str, sql: &str) {
        let step = self.step(item, verb, Class::Safe, Lock::Writers, sql.to_owned());
        self.place(rank, item, step);
    }

    /// Whether a column that a trigger looks at is given another type.
    fn is_in_the_way(&self, trigger: &Item) -> bool {
        let there = self.wanted.by_place();
        let items = self.found.by_id();
        let is_retyped = |item: &&Item| match (
            &item.kind,
            there.get(&item.place()).map(|other| &other.kind),
        ) {
            (ItemKind::Column(before), Some(ItemKind::Column(after))) => {
                column::is_retyped(before, after)
            }
            _ => false,
        };
        let needs = self.found.needs.iter();
        let mut needed = needs
            .filter(|need| need.dependent == trigger.id)
            .filter_map(|need| items.get(&*need.needed).copied());
        needed.any(|item| is_retyped(&item))
    }

    /// Whether what calls a function goes with its table.
    fn is_of_table_that_goes(&self, function: &Item) -> bool {
        let needs = &self.found.needs;
        let calls = |trigger: &&Item| {
            let mut needs = needs.iter();
            needs.any(|need| need.dependent == trigger.id && need.needed == function.id)
        };
        let mut triggers = self.found.feed.iter().filter(calls).peekable();
        triggers.peek().is_some() && triggers.all(|trigger| self.going.contains(&trigger.owner()))
    }
}
