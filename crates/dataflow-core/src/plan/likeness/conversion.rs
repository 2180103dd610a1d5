//! Values that become those of another type.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::column;
use crate::inventory::{ColumnParts, Inventory, Item, ItemKind, Whole};
use crate::schema::TableName;

/// From which type values are converted to which, as a database calls them.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Conversion {
    /// The type that they are of.
    pub from: String,
    /// The type that they become of.
    pub to: String,
}

/// What is known of a database beside what its schemas hold.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Learned {
    /// About how many rows tables hold.
    pub rows: HashMap<TableName, u64>,
    /// Conversions that the database does not know.
    pub unknown: HashSet<Conversion>,
}

/// The conversions that columns need on the way to what is wanted, as far as the database can be
/// asked for them beforehand.
pub fn conversions(wanted: &Inventory, found: &Inventory) -> Vec<Conversion> {
    let there = wanted.by_place();
    let (before, after) = (Types::new(found), Types::new(wanted));
    let here = found.by_place();
    let is_known = |made: &Item| here.contains_key(&made.place());
    let needed = found.items.iter().filter_map(|item| {
        let other = there.get(&item.place())?;
        let (ItemKind::Column(from), ItemKind::Column(to)) = (&item.kind, &other.kind) else {
            return None;
        };
        let conversion = Conversion {
            from: before.stored(item, from),
            to: after.stored(other, to),
        };
        let is_needed = conversion.from != conversion.to && !column::is_made_anew(from, to);
        (is_needed && after.made(other).is_none_or(is_known)).then_some(conversion)
    });
    let needed: BTreeSet<Conversion> = needed.collect();
    needed.into_iter().collect()
}

/// The types that somebody made, by the ids of what is of them.
pub(super) struct Types<'a>(HashMap<&'a str, &'a Item>);

impl<'a> Types<'a> {
    pub(super) fn new(inventory: &'a Inventory) -> Self {
        let items = inventory.by_id();
        let needs = inventory.needs.iter().filter(|need| !need.is_value);
        let of_type = needs.filter_map(|need| {
            let needed = items.get(&*need.needed)?;
            is_type(&needed.kind).then_some((&*need.dependent, *needed))
        });
        Self(of_type.collect())
    }

    /// The type of a column.
    pub(super) fn of(&self, column: &Item) -> Option<&'a Item> {
        self.0.get(&*column.id).copied()
    }

    /// Whether a column is of a domain, which may have a rule or a default for its values.
    pub(super) fn is_domain(&self, column: &Item) -> bool {
        let made = self.of(column);
        made.is_some_and(|made| made.kind == ItemKind::Whole(Whole::Domain))
    }

    /// The type that the values of a column are of: what a domain is made of, not the domain.
    pub(super) fn made(&self, column: &Item) -> Option<&'a Item> {
        let mut made = self.of(column)?;
        while made.kind == ItemKind::Whole(Whole::Domain) {
            made = self.of(made)?;
        }
        Some(made)
    }

    /// What the values of a column are stored as.
    pub(super) fn stored(&self, column: &Item, parts: &ColumnParts) -> String {
        let mut stored = parts.column_type.clone();
        let mut of = column;
        while let Some(domain) = self.of(of)
            && domain.kind == ItemKind::Whole(Whole::Domain)
        {
            let list = if stored.ends_with("[]") { "[]" } else { "" };
            stored = format!("{}{list}", domain.shape);
            of = domain;
        }
        stored
    }
}

/// Whether columns can be of it.
pub(super) fn is_type(kind: &ItemKind) -> bool {
    use Whole::{CompositeType, Domain, RangeType};
    match kind {
        ItemKind::Whole(whole) => matches!(whole, Domain | CompositeType | RangeType),
        kind => *kind == ItemKind::Enum,
    }
}
