//! The order in which steps can be made.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};

use crate::inventory::{Inventory, Item, ItemKind};
use crate::plan::Step;

/// When a step is made, as far as nothing needs another order: what depends on others goes before
/// them and comes after them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Rank {
    Ownerless,
    WithoutPrivilege,
    WithoutComment,
    WithoutSetting,
    WithoutTrigger,
    WithoutView,
    WithoutForeignKey,
    Leave,
    WithoutIndex,
    WithoutConstraint,
    WithoutDefault,
    WithoutTable,
    WithoutColumn,
    WithoutSequence,
    WithoutRoutine,
    Aside,
    Detach,
    Attach,
    Schema,
    Extension,
    Collation,
    Type,
    Routine,
    Sequence,
    Table,
    Column,
    ColumnType,
    Default,
    WithoutType,
    WithoutCollation,
    WithoutExtension,
    WithoutSchema,
    Owner,
    Null,
    Partition,
    Constraint,
    Index,
    ForeignKey,
    Keys,
    View,
    Trigger,
    Setting,
    Comment,
    Privilege,
    DefaultPrivilege,
}

impl Rank {
    /// Whether such a step takes away what is there.
    fn is_removal(self) -> bool {
        self < Self::Attach
            || matches!(
                self,
                Self::WithoutType
                    | Self::WithoutCollation
                    | Self::WithoutExtension
                    | Self::WithoutSchema
            )
    }
}

/// A step, and what it makes, changes or removes.
pub(super) struct Placed<'a> {
    pub(super) rank: Rank,
    pub(super) item: &'a Item,
    pub(super) step: Step,
}

/// The steps by their ranks, but none before another that it needs. Where each of some needs
/// another one of them, the rank decides, and the database may refuse.
pub(super) fn ordered(placed: Vec<Placed<'_>>, found: &Inventory, wanted: &Inventory) -> Vec<Step> {
    let followers = followers(&placed, found, wanted);
    let mut before = vec![0; placed.len()];
    for follower in followers.iter().flatten() {
        before[*follower] += 1;
    }
    let by_rank = |at: usize| Reverse((placed[at].rank, at));
    let free = (0..placed.len()).filter(|at| before[*at] == 0).map(by_rank);
    let mut free: BinaryHeap<_> = free.collect();
    let mut order = Vec::with_capacity(placed.len());
    let mut is_made = vec![false; placed.len()];
    while order.len() < placed.len() {
        let left = (0..placed.len()).filter(|at| !is_made[*at]);
        let Some(at) = free
            .pop()
            .map(|Reverse((_, at))| at)
            .or_else(|| left.min_by_key(|at| placed[*at].rank))
        else {
            break;
        };
        if std::mem::replace(&mut is_made[at], true) {
            continue;
        }
        order.push(at);
        for follower in &followers[at] {
            before[*follower] -= 1;
            if before[*follower] == 0 {
                free.push(by_rank(*follower));
            }
        }
    }
    let mut steps: Vec<Option<Step>> = placed.into_iter().map(|it| Some(it.step)).collect();
    order.iter().filter_map(|at| steps[*at].take()).collect()
}

/// For each step those that have to wait for it.
fn followers(placed: &[Placed<'_>], found: &Inventory, wanted: &Inventory) -> Vec<Vec<usize>> {
    let mut followers = vec![Vec::new(); placed.len()];
    let mut follow = |first: usize, then: usize| {
        if first != then {
            followers[first].push(then);
        }
    };
    let is_removal = |at: &usize| placed[*at].rank.is_removal();
    let (before, after) = (Side::new(placed, found), Side::new(placed, wanted));
    // No step changes a key or a rule where it is: it is made once what it was a part of is gone.
    let is_made = |at: &usize| {
        use ItemKind::{Constraint, ForeignKey, Index};
        !is_removal(at) && matches!(placed[*at].item.kind, Constraint | ForeignKey | Index)
    };
    for (dependents, needed, is_value) in before.linked_steps() {
        // What lets go of a value is a step of its own, and so is what lets go of a thing that is
        // made anew, or what goes to be made anew itself.
        let goes =
            |at: &usize| is_removal(at) && !matches!(placed[*at].item.kind, ItemKind::Column(_));
        let is_let_go =
            is_value || needed.iter().any(|at| !is_removal(at)) || dependents.iter().any(goes);
        for then in needed.iter().filter(|at| is_removal(at)) {
            for dependent in dependents {
                match is_removal(dependent) || !is_let_go {
                    _ if is_made(dependent) => follow(*then, *dependent),
                    true => follow(*dependent, *then),
                    false => {}
                }
            }
        }
    }
    for (dependents, needed, _) in after.linked_steps() {
        for first in needed.iter().filter(|at| !is_removal(at)) {
            for then in dependents.iter().filter(|at| !is_removal(at)) {
                follow(*first, *then);
            }
        }
    }
    let mut places: HashMap<_, Vec<usize>> = HashMap::new();
    for (at, it) in placed.iter().enumerate() {
        places.entry(it.item.place()).or_default().push(at);
    }
    for steps in places.values() {
        for first in steps.iter().filter(|at| is_removal(at)) {
            for then in steps.iter().filter(|at| !is_removal(at)) {
                follow(*first, *then);
            }
        }
    }
    followers
}

/// The steps of the things of one schema.
struct Side<'a> {
    inventory: &'a Inventory,
    items: HashMap<&'a str, &'a Item>,
    steps: HashMap<&'a str, Vec<usize>>,
}

impl<'a> Side<'a> {
    fn new(placed: &[Placed<'_>], inventory: &'a Inventory) -> Self {
        let places = inventory.by_place();
        let mut steps: HashMap<&str, Vec<usize>> = HashMap::new();
        for (at, it) in placed.iter().enumerate() {
            if let Some(item) = places.get(&it.item.place())
                && !item.id.is_empty()
            {
                steps.entry(&item.id).or_default().push(at);
            }
        }
        Self {
            inventory,
            items: inventory.by_id(),
            steps,
        }
    }

    /// What needs another, with whether only a value does, and what is a part of another.
    fn links(&self) -> impl Iterator<Item = (&'a str, &'a str, bool)> {
        let needs = self.inventory.needs.iter();
        let needs = needs.map(|need| (&*need.dependent, &*need.needed, need.is_value));
        let items = self.inventory.items.iter();
        let parts = items.filter(|item| !item.id.is_empty() && !item.of.is_empty());
        let links = needs.chain(parts.map(|item| (&*item.id, &*item.of, false)));
        // A default needs its own column, whose steps have an order of their own.
        links.filter(|(dependent, needed, _)| dependent != needed)
    }

    /// The steps of what needs another, and those of the other. The steps of one thing, which may be
    /// those of its parts as well, have an order of their own.
    fn linked_steps(&self) -> impl Iterator<Item = (&[usize], &[usize], bool)> {
        let links = self.links();
        let steps = links.map(|(dependent, needed, is_value)| {
            (self.steps(dependent), self.steps(needed), is_value)
        });
        steps.filter(|(dependents, needed, _)| dependents != needed)
    }

    /// The steps of a thing. What has none of its own is made and removed with that which it is a
    /// part of.
    fn steps(&self, mut id: &'a str) -> &[usize] {
        while let Some(item) = self.items.get(id) {
            if let Some(steps) = self.steps.get(&*item.id) {
                return steps;
            }
            id = &item.of;
        }
        &[]
    }
}
