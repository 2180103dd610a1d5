//! Types that are in use, which the database does not let change.

use super::Likeness;
use super::conversion::is_type;
use crate::inventory::{Item, ItemKind};

impl<'a> Likeness<'a> {
    /// What is of a found type and stays so, where that cannot go for a moment.
    pub(super) fn user_of(&self, made: &Item) -> Option<&'a Item> {
        let stays = |item: &Item| {
            self.wanted_like(item)
                .is_some_and(|wanted| match item.kind {
                    ItemKind::Column(_) => {
                        let after = self.types.of(wanted);
                        after.is_some_and(|after| after.place() == made.place())
                    }
                    _ => is_type(&item.kind),
                })
        };
        let mut dependents = self.found.dependents(made);
        dependents.find(|item| stays(item) && !self.moved.is_remade(item))
    }

    /// What holds whole rows of the table of a column, which keep their types, and does so in the
    /// target as well or from then on.
    pub(super) fn user_of_rows(&self, column: &Item) -> Option<&'a Item> {
        let holds_rows = |item: &Item| {
            let is_column = matches!(item.kind, ItemKind::Column(_));
            (is_column || is_type(&item.kind)) && item.owner() != column.owner()
        };
        let sides = [self.found, self.wanted].into_iter();
        let mut dependents = sides.flat_map(|side| {
            let table = side.table_named(&column.owner());
            table.into_iter().flat_map(|table| side.dependents(table))
        });
        dependents.find(|item| holds_rows(item) && self.wanted_like(item).is_some())
    }

    /// What a found thing is in the target.
    fn wanted_like(&self, found: &Item) -> Option<&'a Item> {
        let mut wanted = self.wanted.items.iter();
        wanted.find(|wanted| wanted.place() == found.place())
    }

    pub(super) fn refuse_while_used(&mut self, item: &Item, user: &Item) {
        let how = format!("differs from the target while {user} is made of it");
        self.refuse(item, &how, "change");
    }
}
