//! What a partition has because its parent has it: it is made, changed and removed with that.

use std::collections::HashMap;

use super::Likeness;
use crate::inventory::{Inventory, Item, ItemKind, Place};

/// What a thing is inherited from, where it is.
fn above<'a>(item: &Item, items: &HashMap<&str, &'a Item>) -> Option<&'a Item> {
    let above = items.get(&*item.of)?;
    (above.kind.word() == item.kind.word()).then_some(*above)
}

impl<'a> Likeness<'a> {
    /// Compares what is inherited, and gives the rest of one side. What differs though that from
    /// which it is inherited does not is a partition's own way, which no step follows.
    pub(super) fn inherit(
        &mut self,
        of: &'a Inventory,
        other: &HashMap<Place<'_>, &'a Item>,
    ) -> Vec<&'a Item> {
        let items = of.by_id();
        let is_like = |item: &Item| {
            let there = other.get(&item.place());
            there.is_some_and(|there| there.is_like(item))
        };
        let mut own = Vec::new();
        for item in &of.items {
            let Some(above) = above(item, &items) else {
                own.push(item);
                continue;
            };
            let table = item.owner();
            let is_whole = !self.coming.contains(&table) && !self.going.contains(&table);
            // What both sides have is looked at once.
            let is_seen = !std::ptr::eq(of, self.wanted) && other.contains_key(&item.place());
            if is_whole && !is_seen && !is_like(item) && is_like(above) {
                self.refuse(item, "is not as its parent has it", "change");
            }
        }
        own
    }

    /// Whether a table consists of others, which takes some changes only at once.
    pub(super) fn is_partitioned(&self, part: &Item) -> bool {
        let table = part.owner();
        let mut items = self.wanted.items.iter();
        items.any(|item| {
            item.kind == ItemKind::Table
                && item.shape.contains("PARTITION BY")
                && item.full_name() == table
        })
    }
}
