//! What a partition or a child has because its parent has it: it is made, changed and removed with
//! that.

use std::collections::HashMap;

use super::key::is_key;
use super::{Likeness, Rank, column};
use crate::dialect::token::{Brackets, Token, tokens};
use crate::inventory::{ColumnParts, Inventory, Item, ItemKind, Place};
use crate::plan::Class;

/// What a thing is inherited from, where it is.
pub(super) fn above<'a>(item: &Item, items: &HashMap<&str, &'a Item>) -> Option<&'a Item> {
    let above = items.get(&*item.of)?;
    let is_one_kind = above.kind.word() == item.kind.word();
    (is_one_kind || is_key(above) && is_key(item)).then_some(*above)
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

/// How a partition stands to its parent.
pub(super) struct Partition<'a> {
    pub(super) parent: &'a str,
    pub(super) bounds: &'a str,
    /// How its own partitions are told apart.
    pub(super) rest: &'a str,
}

impl<'a> Partition<'a> {
    /// `PARTITION OF … FOR VALUES …` or `DEFAULT`, and `PARTITION BY …`
    pub(super) fn of(shape: &'a str) -> Option<Self> {
        let words = tokens(shape, Brackets::Position);
        let position = |from: usize, keywords: &[&str]| {
            let mut words = words.iter().skip(from);
            let is_it = |token: &Token| keywords.iter().any(|keyword| token.is(keyword));
            words.find(|token| token.depth == 0 && is_it(token))
        };
        let of = words.get(1).filter(|token| token.is("of"))?;
        let bounds = position(2, &["for", "default"])?.start;
        let rest = position(2, &["partition"]).map_or(shape.len(), |token| token.start);
        Some(Self {
            parent: shape[of.end()..bounds].trim(),
            bounds: shape[bounds..rest].trim(),
            rest: &shape[rest..],
        })
    }
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
        let is_wanted = std::ptr::eq(of, self.wanted);
        let here = self.found.by_id();
        let mut own = Vec::new();
        for item in &of.items {
            let Some(origin) = above(item, &items) else {
                own.push(item);
                continue;
            };
            let (table, there) = (item.owner(), other.get(&item.place()).copied());
            if self.is_regrouped(&table) {
                own.extend(self.regroup(item, is_wanted, there));
                continue;
            }
            // What both sides have is looked at once.
            let is_seen = !is_wanted && there.is_some();
            if is_seen || self.coming.contains(&table) || self.going.contains(&table) {
                continue;
            }
            let is_changed = !is_like(origin) || self.moved.is_remade(origin);
            let was_own = is_wanted && there.is_some_and(|there| above(there, &here).is_none());
            if is_changed && is_key(item) {
                if is_wanted {
                    self.make_room(item, there);
                }
            } else if was_own && self.is_merged(item) {
                self.refuse(item, "is its own, in the target its parent's", "change");
            } else if is_like(item) {
                continue;
            } else if is_changed {
                let found_origin = other.get(&origin.place()).copied();
                if is_wanted {
                    self.differ_after_parent(item, origin, there, found_origin);
                }
            } else if there.is_some_and(|there| is_own_way(item, there)) {
                own.push(item);
            } else {
                self.refuse(item, "is not as its parent has it", "change");
            }
        }
        own
    }

    /// Whether a column that a child has by itself is wanted as one that it has of its parent alone:
    /// the server would say ever after that it has it by itself as well.
    fn is_merged(&self, wanted: &Item) -> bool {
        let is_column = matches!(wanted.kind, ItemKind::Column(_));
        let table = wanted.owner();
        let shape = |side: &'a Inventory| side.table_named(&table).map(|table| &table.shape);
        is_column && wanted.definition.is_empty() && shape(self.found) == shape(self.wanted)
    }

    /// What becomes a part of a key that is made comes with it, and takes the place of what has its
    /// name.
    fn make_room(&mut self, part: &'a Item, found: Option<&'a Item>) {
        let items = self.found.by_id();
        if self.is_there(part) {
            return;
        }
        if !part.beyond.is_empty() {
            self.refuse(part, "is only in the target", "make");
        } else if let Some(found) = found
            && above(found, &items).is_none()
            && !self.goes_by_itself(found)
        {
            self.remove(found);
        }
    }

    /// What changes with its parent gets what the parent gets, and then its own way.
    fn differ_after_parent(
        &mut self,
        item: &'a Item,
        of: &Item,
        found: Option<&Item>,
        found_above: Option<&Item>,
    ) {
        let (ItemKind::Column(wanted), ItemKind::Column(parent)) = (&item.kind, &of.kind) else {
            return;
        };
        let expected = match (found.map(|it| &it.kind), found_above.map(|it| &it.kind)) {
            (Some(ItemKind::Column(child)), Some(ItemKind::Column(before))) => {
                let is_retyped = column::is_retyped(before, parent);
                if is_retyped && !child.default.is_empty() {
                    let (rank, verb) = (Rank::WithoutDefault, "drop the default of");
                    self.alter(rank, item, verb, Class::Safe, |name| {
                        format!("ALTER COLUMN {name} DROP DEFAULT")
                    });
                }
                ColumnParts {
                    default: match before.default == parent.default && !is_retyped {
                        true => child.default.clone(),
                        false => parent.default.clone(),
                    },
                    not_null: match before.not_null == parent.not_null {
                        true => child.not_null,
                        false => parent.not_null,
                    },
                    ..parent.clone()
                }
            }
            _ => parent.clone(),
        };
        let is_same_otherwise = ColumnParts {
            default: expected.default.clone(),
            not_null: expected.not_null,
            ..wanted.clone()
        } == expected;
        if is_same_otherwise && wanted.generated.is_empty() && item.definition.is_empty() {
            self.differ(item, &expected, wanted);
        }
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

    /// Gives a column that is made or changed with that of its parent what it has its own way.
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
        if wanted.not_null != parent.not_null {
            let (verb, word, class) = match wanted.not_null {
                true => ("let refuse null", "SET", Class::Breaking),
                false => ("let take null", "DROP", Class::Safe),
            };
            self.alter(Rank::Null, item, verb, class, |name| {
                format!("ALTER COLUMN {name} {word} NOT NULL")
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
