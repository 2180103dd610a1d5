//! Types of named values that lose some of them, or have them in another order, and types in use
//! that are made of another one.
//!
//! No statement takes a label away, or changes what a type is made of while rows hold its values.
//! So the type is set aside under another name before anything is
//! made, and is from then on one that is not wanted: the wanted one is made, columns are given it,
//! what needs the former one is made anew, and that goes.

use std::borrow::Cow;
use std::collections::HashMap;

use super::enumeration::labels;
use super::{Likeness, Rank, composite};
use crate::dialect::enum_type;
use crate::inventory::{Inventory, Item, ItemKind, Whole};
use crate::plan::{Class, Lock};
use crate::snapshot::constraint_name;

/// The types that are set aside.
#[derive(Debug, Default)]
pub(super) struct Aside {
    /// The types as they are found, each with what it is called meanwhile.
    types: Vec<(Item, Item)>,
    /// The labels that are lost, by what the type is called meanwhile.
    lost: HashMap<String, bool>,
    /// What the types of columns are called meanwhile, and what they are found as.
    columns: HashMap<String, String>,
}

/// What is found once types are set aside, and those types.
pub(super) fn set_aside<'a>(
    found: &'a Inventory,
    wanted: &Inventory,
) -> (Cow<'a, Inventory>, Aside) {
    let there = wanted.by_place();
    let mut aside = Aside::default();
    let mut ids = HashMap::new();
    for item in &found.items {
        let Some(other) = there.get(&item.place()) else {
            continue;
        };
        if !gives_way(item, other, found) || is_part_of_types(item, found) {
            continue;
        }
        let mut former = Item {
            name: constraint_name(&item.name, &[], "former"),
            ..item.clone()
        };
        former.undo = format!("DROP TYPE {}", former.identifier());
        if item.kind == ItemKind::Enum {
            let after = labels(&other.sql);
            let is_lost = labels(&item.sql).iter().any(|label| !after.contains(label));
            aside.lost.insert(former.identifier(), is_lost);
        }
        ids.insert(item.id.clone(), former.clone());
        aside.types.push((item.clone(), former));
    }
    if ids.is_empty() {
        return (Cow::Borrowed(found), aside);
    }
    let mut inventory = found.clone();
    let columns = columns(found, &ids);
    for item in &mut inventory.items {
        if let Some(former) = ids.get(&item.id) {
            item.name.clone_from(&former.name);
            item.undo.clone_from(&former.undo);
        } else if let (ItemKind::Column(parts), Some(former)) =
            (&mut item.kind, columns.get(&*item.id))
        {
            let list = if parts.column_type.ends_with("[]") {
                "[]"
            } else {
                ""
            };
            let meanwhile = former.identifier() + list;
            let found = std::mem::replace(&mut parts.column_type, meanwhile.clone());
            aside.columns.insert(meanwhile, found);
        }
    }
    (Cow::Owned(inventory), aside)
}

/// Whether a type that is wanted as another one is can only be made anew, for columns to be given it.
fn gives_way(found: &Item, wanted: &Item, inventory: &Inventory) -> bool {
    let is_of_columns = || {
        let mut dependents = inventory.dependents(found);
        dependents.any(|item| matches!(item.kind, ItemKind::Column(_)))
    };
    match found.kind {
        ItemKind::Enum => !enum_type::are_kept(&labels(&found.sql), &labels(&wanted.sql)),
        ItemKind::Whole(Whole::Domain) => found.definition != wanted.definition && is_of_columns(),
        ItemKind::Whole(Whole::CompositeType) => {
            composite::is_retyped(found, wanted) && is_of_columns()
        }
        _ => false,
    }
}

/// Whether other types are made of it, which no column lets go of.
fn is_part_of_types(item: &Item, found: &Inventory) -> bool {
    let mut dependents = found.dependents(item);
    dependents.any(|dependent| {
        matches!(
            dependent.kind,
            ItemKind::Whole(Whole::Domain | Whole::CompositeType | Whole::RangeType)
                | ItemKind::Other(_)
        )
    })
}

/// The columns of types, by their ids.
fn columns<'a>(
    found: &'a Inventory,
    types: &'a HashMap<String, Item>,
) -> HashMap<&'a str, &'a Item> {
    let needs = found.needs.iter().filter(|need| !need.is_value);
    let of_type = needs.filter_map(|need| Some((&*need.dependent, types.get(&need.needed)?)));
    of_type.collect()
}

impl Aside {
    /// Whether a column only changes from a type that is set aside to the one in its place.
    pub(super) fn is_recast(&self, found: &str, wanted: &str) -> bool {
        self.columns.get(found).is_some_and(|named| named == wanted)
    }

    /// Whether a thing is a type that was set aside, by the name that it has then.
    pub(super) fn has(&self, item: &Item) -> bool {
        self.types
            .iter()
            .any(|(_, former)| former.place() == item.place())
    }

    /// Whether an enum is a type that was set aside, and has labels that are not wanted.
    pub(super) fn loses_labels(&self, former: &Item) -> bool {
        self.lost.get(&former.identifier()) == Some(&true)
    }
}

impl<'a> Likeness<'a> {
    pub(super) fn set_types_aside(&mut self) {
        let aside: &'a Aside = self.aside;
        for (item, former) in &aside.types {
            let sql = format!(
                "ALTER TYPE {} RENAME TO {}",
                item.identifier(),
                crate::dialect::identifier(&former.name)
            );
            let step = self.step(item, "set aside", Class::Breaking, Lock::Nobody, sql);
            self.place(Rank::Aside, item, step);
        }
    }
}
