//! What a partition or a child has because its parent has it: it is made, changed and removed with
//! that.

use std::collections::HashMap;

use super::{Likeness, Rank};
use crate::dialect::token::{Brackets, Token, tokens};
use crate::inventory::{ColumnParts, Inventory, Item, ItemKind, Place};
use crate::plan::{Class, Lock};

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

/// How a partition stands to its parent.
pub(super) struct Partition<'a> {
    parent: &'a str,
    bounds: &'a str,
    /// How its own partitions are told apart.
    rest: &'a str,
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
            if !is_whole || is_seen || is_like(item) {
                continue;
            }
            let there = other.get(&item.place()).copied();
            if !is_like(above) {
                let found_above = other.get(&above.place()).copied();
                if std::ptr::eq(of, self.wanted) {
                    self.differ_after_parent(item, above, there, found_above);
                }
            } else if there.is_some_and(|there| is_own_way(item, there)) {
                own.push(item);
            } else {
                self.refuse(item, "is not as its parent has it", "change");
            }
        }
        own
    }

    /// What changes with its parent gets what the parent gets, and then its own way.
    fn differ_after_parent(
        &mut self,
        item: &'a Item,
        above: &Item,
        found: Option<&Item>,
        found_above: Option<&Item>,
    ) {
        let (ItemKind::Column(wanted), ItemKind::Column(parent)) = (&item.kind, &above.kind) else {
            return;
        };
        let expected = match (found.map(|it| &it.kind), found_above.map(|it| &it.kind)) {
            (Some(ItemKind::Column(child)), Some(ItemKind::Column(before))) => ColumnParts {
                default: match before.default == parent.default {
                    true => child.default.clone(),
                    false => parent.default.clone(),
                },
                not_null: match before.not_null == parent.not_null {
                    true => child.not_null,
                    false => parent.not_null,
                },
                ..parent.clone()
            },
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

    /// Whether two manners of a table are those of a partition of one parent that has other bounds:
    /// it leaves, and comes back once all that leave have left. Rows that lie outside undo all.
    pub(super) fn move_partition(&mut self, found: &'a Item, wanted: &'a Item) -> bool {
        let (Some(before), Some(after)) =
            (Partition::of(&found.shape), Partition::of(&wanted.shape))
        else {
            return false;
        };
        let is_kept = before.parent == after.parent && before.rest == after.rest;
        if !is_kept {
            return false;
        }
        let (parent, name) = (after.parent, wanted.identifier());
        let mut place = |rank, verb, class, what: String| {
            let sql = format!("ALTER TABLE {parent} {what}");
            let step = self.step(wanted, verb, class, Lock::Everybody, sql);
            self.place(rank, wanted, step);
        };
        place(
            Rank::Detach,
            "take out",
            Class::Breaking,
            format!("DETACH PARTITION {name}"),
        );
        place(
            Rank::Attach,
            "put back with other bounds",
            Class::Scan,
            format!("ATTACH PARTITION {name} {}", after.bounds),
        );
        true
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
