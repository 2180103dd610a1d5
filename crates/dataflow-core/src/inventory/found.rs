//! How things of an inventory are found.

use std::collections::HashMap;

use super::{Inventory, Item, ItemKind, Place};
use crate::schema::TableName;

impl Inventory {
    /// The things that others call something.
    pub(crate) fn by_id(&self) -> HashMap<&str, &Item> {
        let called = self.items.iter().filter(|item| !item.id.is_empty());
        called.map(|item| (&*item.id, item)).collect()
    }

    /// The things by what they are known by.
    pub(crate) fn by_place(&self) -> HashMap<Place<'_>, &Item> {
        let place = |item| (Item::place(item), item);
        self.items.iter().map(place).collect()
    }

    /// What cannot be without a thing, but for what only has a value because of it.
    pub(crate) fn dependents<'a>(&'a self, needed: &Item) -> impl Iterator<Item = &'a Item> {
        let items = self.by_id();
        let needs = self.needs.iter();
        let needs = needs.filter(|need| need.needed == needed.id && !need.is_value);
        needs.filter_map(move |need| items.get(&*need.dependent).copied())
    }

    /// The table of a name.
    pub(crate) fn table_named(&self, name: &TableName) -> Option<&Item> {
        let mut items = self.items.iter();
        items.find(|item| item.kind == ItemKind::Table && item.full_name() == *name)
    }
}
