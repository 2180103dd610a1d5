//! What has to go, or to be made anew, because something else does.

use std::collections::{HashMap, HashSet};

use super::aside::Aside;
use super::key::is_key;
use super::{column, composite, regrouped, whole};
use crate::inventory::{Inventory, Item, ItemKind, Place, Whole};

/// What becomes of a thing that others need.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum How {
    /// It goes, for good or to be made anew.
    Goes,
    /// It is a column, or a type with a member, that is given another type.
    IsRetyped,
    /// It is a column whose type is made anew under it.
    IsRecast,
    /// It is a privilege that is taken and given, with those on the parts of its thing.
    IsGivenAnew,
}

/// What moves on the way from one schema to another.
#[derive(Debug, Default)]
pub(super) struct Moved<'a> {
    /// What is removed and made again.
    remade: HashSet<Place<'a>>,
    /// What goes with a thing that is made anew, and is made again after it.
    lost: HashSet<Place<'a>>,
    /// The columns whose defaults have to go and come back.
    defaults: HashSet<Place<'a>>,
    /// The ids of what goes, for good or to be made anew.
    gone: HashSet<&'a str>,
}

impl<'a> Moved<'a> {
    pub(super) fn new(found: &'a Inventory, wanted: &'a Inventory, aside: &Aside) -> Self {
        let there = wanted.by_place();
        let (around, around_there) = (Around::new(found), Around::new(wanted));
        let sides = |part: &Item| [found, wanted].map(|side| side.table_named(&part.owner()));
        let is_regrouped = |part: &Item| {
            let [Some(found), Some(wanted)] = sides(part) else {
                return false;
            };
            regrouped::have_other_parents(found, wanted)
        };
        let stays = |part: &Item| sides(part).iter().all(Option::is_some) && !is_regrouped(part);
        let has_other_parts = |item: &Item, other: &Item| {
            let parts = [(&around, item), (&around_there, other)];
            let [before, after] = parts.map(|(around, key)| around.keys(key, stays));
            is_key(item) && before != after
        };
        let mut moved = Self::default();
        let mut moving: Vec<(&Item, How)> = Vec::new();
        for item in &found.items {
            let how = match there.get(&item.place()) {
                None => Some(How::Goes),
                Some(other) if item.is_like(other) && !has_other_parts(item, other) => None,
                Some(other) => how(item, other, aside),
            };
            if let Some(how) = how {
                moved.note(item, how);
                moving.push((item, how));
            }
        }
        while let Some((item, how)) = moving.pop() {
            for (dependent, is_value) in around.dependents(item) {
                let is_wanted = there.contains_key(&dependent.place());
                if is_wanted && let Some(how) = moved.follow(dependent, is_value, how) {
                    moving.push((dependent, how));
                }
            }
            // The columns of partitions and children are given the type with that of their parent.
            let is_column = |item: &Item| matches!(item.kind, ItemKind::Column(_));
            if matches!(how, How::IsRetyped | How::IsRecast) && is_column(item) {
                let parts = around.parts(item).into_iter();
                moving.extend(parts.filter(|part| is_column(part)).map(|part| (part, how)));
            }
            // A child may have by itself what its parent loses.
            let is_rule = matches!(item.kind, ItemKind::Constraint | ItemKind::Index);
            let is_wanted = there.contains_key(&item.place()) || aside.has(item);
            if how == How::Goes && (is_wanted || is_rule) {
                // What leaves its parent keeps what it has of it.
                let goes_along = |part: &&Item| part.owner() == item.owner() || !is_regrouped(part);
                for part in around.parts(item).into_iter().filter(goes_along) {
                    if there.contains_key(&part.place()) && moved.lost.insert(part.place()) {
                        moving.push((part, How::Goes));
                    }
                }
            }
        }
        moved.without_defaults_for_new_things(found, wanted);
        moved
    }

    /// What is made would begin with the privileges that are there, and not with those that it has
    /// in the other schema; so they go first and come back last.
    fn without_defaults_for_new_things(&mut self, found: &'a Inventory, wanted: &Inventory) {
        let here = found.by_place();
        let is_made = |item: &&Item| match here.get(&item.place()) {
            None => has_privileges(&item.kind),
            Some(found) => has_privileges(&item.kind) && self.remade.contains(&found.place()),
        };
        if !wanted.items.iter().any(|item| is_made(&item)) {
            return;
        }
        let kind = ItemKind::Whole(Whole::DefaultPrivilege);
        let defaults = found.items.iter().filter(|item| item.kind == kind);
        self.remade.extend(defaults.map(Item::place));
    }

    pub(super) fn is_remade(&self, item: &'a Item) -> bool {
        self.remade.contains(&item.place())
    }

    pub(super) fn is_lost(&self, item: &'a Item) -> bool {
        self.lost.contains(&item.place())
    }

    pub(super) fn loses_default(&self, column: &'a Item) -> bool {
        self.defaults.contains(&column.place())
    }

    /// Whether a thing goes by itself, with that which it is a part of.
    pub(super) fn takes_along(&self, item: &Item) -> bool {
        !item.of.is_empty() && self.gone.contains(&*item.of)
    }

    fn note(&mut self, item: &'a Item, how: How) -> bool {
        if how != How::Goes {
            return false;
        }
        if !item.id.is_empty() {
            self.gone.insert(&item.id);
        }
        self.remade.insert(item.place())
    }

    /// What becomes of a thing when something that it needs moves; none where it stays, or where
    /// that was known.
    fn follow(&mut self, item: &'a Item, is_value: bool, how: How) -> Option<How> {
        let is_moved = match (&item.kind, how) {
            (_, How::IsGivenAnew) => true,
            (ItemKind::Column(parts), _) if is_value && !parts.generated.is_empty() => true,
            (ItemKind::Column(_), How::Goes) if is_value => {
                self.defaults.insert(item.place());
                false
            }
            // The database makes those anew when a column is given another type.
            (ItemKind::Constraint | ItemKind::Index, How::IsRetyped)
            | (ItemKind::Index, How::IsRecast) => false,
            // It may compare the column with another of the type, which is given it later.
            (ItemKind::Constraint, How::IsRecast) => item.sql.starts_with("CHECK"),
            (ItemKind::Constraint | ItemKind::ForeignKey | ItemKind::Index, _) => true,
            (ItemKind::Whole(whole), how) => how == How::Goes || !whole::follows_types(*whole),
            _ => false,
        };
        (is_moved && self.note(item, How::Goes)).then_some(How::Goes)
    }
}

/// What becomes of a thing that both schemas have, and that differs.
fn how(found: &Item, wanted: &Item, aside: &Aside) -> Option<How> {
    match (&found.kind, &wanted.kind) {
        (ItemKind::Column(before), ItemKind::Column(after)) => {
            match column::is_made_anew(before, after) {
                true => Some(How::Goes),
                false if aside.is_recast(&before.column_type, &after.column_type) => {
                    Some(How::IsRecast)
                }
                false => column::is_retyped(before, after).then_some(How::IsRetyped),
            }
        }
        (ItemKind::Constraint | ItemKind::ForeignKey | ItemKind::Index, _) => Some(How::Goes),
        (ItemKind::Whole(Whole::Privilege), _) => Some(How::IsGivenAnew),
        (ItemKind::Whole(Whole::CompositeType), _) => {
            composite::changes_members(found, wanted).then_some(How::IsRetyped)
        }
        (ItemKind::Whole(whole), _) => {
            (!whole::is_changed_in_place(*whole, found, wanted)).then_some(How::Goes)
        }
        _ => None,
    }
}

/// Whether roles may be let use it.
fn has_privileges(kind: &ItemKind) -> bool {
    match kind {
        ItemKind::Table | ItemKind::Sequence | ItemKind::Enum => true,
        ItemKind::Whole(whole) => matches!(
            whole,
            Whole::Schema
                | Whole::Domain
                | Whole::CompositeType
                | Whole::RangeType
                | Whole::Function
                | Whole::Procedure
                | Whole::View
                | Whole::MaterializedView
        ),
        _ => false,
    }
}

/// What is around the things of a schema.
struct Around<'a> {
    dependents: HashMap<&'a str, Vec<(&'a Item, bool)>>,
    parts: HashMap<&'a str, Vec<&'a Item>>,
}

impl<'a> Around<'a> {
    fn new(inventory: &'a Inventory) -> Self {
        let items = inventory.by_id();
        let mut dependents: HashMap<_, Vec<_>> = HashMap::new();
        for need in &inventory.needs {
            if let Some(item) = items.get(&*need.dependent) {
                let known = dependents.entry(&*need.needed).or_default();
                known.push((*item, need.is_value));
            }
        }
        let mut parts: HashMap<_, Vec<_>> = HashMap::new();
        for item in inventory.items.iter().filter(|item| !item.of.is_empty()) {
            parts.entry(&*item.of).or_default().push(item);
        }
        Self { dependents, parts }
    }

    fn dependents(&self, item: &Item) -> Vec<(&'a Item, bool)> {
        let dependents = self.dependents.get(&*item.id).into_iter().flatten();
        let others = dependents.filter(|(other, _)| other.id != item.id);
        others.copied().collect()
    }

    /// What a key consists of in those partitions that a condition means.
    fn keys(&self, key: &Item, is_meant: impl Fn(&Item) -> bool) -> HashSet<(Place<'a>, &'a str)> {
        let parts = self.parts(key).into_iter();
        let keys = parts.filter(|part| is_key(part) && is_meant(part));
        keys.map(|part| (part.place(), &*part.definition)).collect()
    }

    fn parts(&self, item: &Item) -> Vec<&'a Item> {
        let has_parts = !item.id.is_empty();
        let parts = has_parts.then(|| self.parts.get(&*item.id)).flatten();
        parts.into_iter().flatten().copied().collect()
    }
}
