//! Types that are in use, which the database does not let change.

use std::collections::HashSet;

use super::conversion::is_type;
use super::{Likeness, column};
use crate::dialect::token::{Brackets, TokenKind, tokens};
use crate::inventory::{Inventory, Item, ItemKind};
use crate::schema::TableName;

impl<'a> Likeness<'a> {
    /// What is of a found thing and stays so, where that goes for good or for a moment.
    pub(super) fn user_of(&self, gone: &Item) -> Option<&'a Item> {
        let stays = |item: &Item| {
            let wanted = self.wanted_like(item);
            wanted.is_some_and(|wanted| match (&item.kind, &wanted.kind) {
                (ItemKind::Column(before), ItemKind::Column(after)) => {
                    let made = self.types.of(wanted);
                    !column::is_retyped(before, after)
                        || made.is_some_and(|made| made.place() == gone.place())
                }
                _ => is_type(&item.kind),
            })
        };
        let mut dependents = self.found.dependents(gone);
        dependents
            .find(|item| item.owner() != gone.owner() && stays(item) && !self.moved.is_remade(item))
    }

    /// What holds whole rows of the table of a column, or of one that has the column from it, and
    /// does so in the target as well or from then on: such rows keep their types.
    pub(super) fn user_of_rows(&self, column: &Item, side: &Inventory) -> Option<&'a Item> {
        let tables: HashSet<TableName> = heirs(column, side).iter().map(|it| it.owner()).collect();
        let holds_rows = |item: &Item| {
            let is_column = matches!(item.kind, ItemKind::Column(_));
            (is_column || is_type(&item.kind)) && !tables.contains(&item.owner())
        };
        let sides = [self.found, self.wanted].into_iter();
        let mut dependents = sides.flat_map(|side| {
            let tables = tables.iter().filter_map(|name| side.table_named(name));
            tables.flat_map(|table| side.dependents(table))
        });
        dependents.find(|item| holds_rows(item) && self.wanted_like(item).is_some())
    }

    /// The table whose partitions are told apart by a found column, or by one that is inherited from
    /// it.
    pub(super) fn divided_by(&self, column: &Item) -> Option<&'a Item> {
        let heirs = heirs(column, self.found);
        let tables = heirs
            .iter()
            .map(|heir| self.found.table_named(&heir.owner()));
        let mut tables = tables.flatten();
        tables.find(|table| {
            let words = tokens(&table.shape, Brackets::Position);
            let key = words.iter().skip_while(|word| !word.is("by"));
            let mut names =
                key.filter(|word| matches!(word.kind, TokenKind::Word | TokenKind::Quoted));
            names.any(|word| word.name() == column.name)
        })
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

/// A column, and those that partitions and children have because of it.
fn heirs<'a>(column: &'a Item, side: &'a Inventory) -> Vec<&'a Item> {
    let is_column = |item: &&Item| matches!(item.kind, ItemKind::Column(_));
    let columns = side.items.iter().filter(is_column);
    let mut heirs = vec![column];
    let mut at = 0;
    while let Some(id) = heirs.get(at).map(|heir| &heir.id) {
        heirs.extend(columns.clone().filter(|item| item.of == *id));
        at += 1;
    }
    heirs
}
