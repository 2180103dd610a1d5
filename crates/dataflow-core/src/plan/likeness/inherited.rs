//! What a partition or a child has because its parent has it: it is made, changed and removed with
//! that.

use std::collections::HashMap;

use super::{Likeness, Rank};
use crate::inventory::{ColumnParts, Inventory, Item, ItemKind, Place};
use crate::plan::Class;

/// What a thing is inherited from, where it is.
fn above<'a>(item: &Item, items: &HashMap<&str, &'a Item>) -> Option<&'a Item> {
    let above = items.get(&*item.of)?;
    (above.kind.word() == item.kind.word()).then_some(*above)
}

/// A table that has what its parents have.
pub(super) fn is_child(table: &Item) -> bool {
    table.shape.starts_with("INHERITS")
}

/// Whether two columns differ only in what each table may have its own way.
fn is_own_way(one: &Item, other: &Item) -> bool {
    let is_said_alike = one.definition == other.definition;
    let (ItemKind::Column(one), ItemKind::Column(other)) = (&one.kind, &other.kind) else {
        return false;
    };
    let alike = ColumnParts {
        default: other.default.clone(),
        not_null: other.not_null,
        ..one.clone()
    };
    is_said_alike && alike == *other && one.generated.is_empty()
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
                match other
                    .get(&item.place())
                    .is_some_and(|there| is_own_way(item, there))
                {
                    true => own.push(item),
                    false => self.refuse(item, "is not as its parent has it", "change"),
                }
            }
        }
        own
    }

    /// A child that is made begins with the defaults of its parents.
    pub(super) fn differ_from_parents(&mut self, table: &Item) {
        let wanted = self.wanted;
        let items = wanted.by_id();
        let name = table.full_name();
        for item in wanted.items.iter().filter(|item| item.owner() == name) {
            let ItemKind::Column(parts) = &item.kind else {
                continue;
            };
            if let Some(ItemKind::Column(parent)) = above(item, &items).map(|item| &item.kind)
                && item.definition.is_empty()
            {
                self.differ(item, parent, parts);
            }
        }
    }

    /// Gives a column that is made with those of its parent what it has its own way.
    fn differ(&mut self, item: &'a Item, parent: &ColumnParts, wanted: &ColumnParts) {
        if parent.default != wanted.default {
            let class = Class::Safe;
            self.alter(
                Rank::Default,
                item,
                "set the default of",
                class,
                |name| match wanted.default.as_str() {
                    "" => format!("ALTER COLUMN {name} DROP DEFAULT"),
                    default => format!("ALTER COLUMN {name} SET DEFAULT {default}"),
                },
            );
        }
        if wanted.not_null && !parent.not_null {
            self.alter(Rank::Null, item, "let refuse null", Class::Safe, |name| {
                format!("ALTER COLUMN {name} SET NOT NULL")
            });
        }
    }

    /// Whether the children of a table keep a column as their own that it loses.
    pub(super) fn stays_with_children(&self, column: &Item) -> bool {
        let there = self.wanted.by_place();
        let mut items = self.found.items.iter();
        items.any(|item| {
            item.of == column.id
                && matches!(item.kind, ItemKind::Column(_))
                && there.contains_key(&item.place())
        })
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
