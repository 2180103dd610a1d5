//! Tables that leave their parents and come to others.

use super::inherited::{Partition, above};
use super::key::{is_check, is_key, made};
use super::{Likeness, Rank};
use crate::dialect::token::{Brackets, Token, tokens};
use crate::inventory::{Item, ItemKind};
use crate::plan::{Class, Lock, Statement};
use crate::schema::TableName;

/// What a table is part of.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Parents<'a> {
    /// Of one table, within bounds.
    Partitioned { parent: &'a str, bounds: &'a str },
    /// Of any number of tables, whose rows its own are as well.
    Inherited(Vec<&'a str>),
}

impl<'a> Parents<'a> {
    /// The parents of a table, and how its own partitions are told apart.
    fn of(table: &'a Item) -> (Self, &'a str) {
        let shape = table.shape.as_str();
        if let Some(partition) = Partition::of(shape) {
            let (parent, bounds) = (partition.parent, partition.bounds);
            return (Self::Partitioned { parent, bounds }, partition.rest);
        }
        let list = shape.strip_prefix("INHERITS (");
        match list.and_then(|list| list.strip_suffix(')')) {
            Some(list) => (Self::Inherited(parents(list)), ""),
            None => (Self::Inherited(Vec::new()), shape),
        }
    }

    fn names(&self) -> Vec<&'a str> {
        match self {
            Self::Partitioned { parent, .. } => vec![parent],
            Self::Inherited(parents) => parents.clone(),
        }
    }
}

/// The names in a list, as they stand in it.
fn parents(list: &str) -> Vec<&str> {
    let words = tokens(list, Brackets::Position);
    let names = words.split(|token| token.is_mark(","));
    let name = |words: &[Token]| Some(&list[words.first()?.start..words.last()?.end()]);
    names.filter_map(name).collect()
}

/// The parents that stay: those that the wanted ones begin with. The server counts those that come
/// after them.
fn staying<'a>(before: &Parents<'_>, after: &Parents<'a>) -> Vec<&'a str> {
    let (Parents::Inherited(before), Parents::Inherited(after)) = (before, after) else {
        return Vec::new();
    };
    let mut there = before.iter();
    let stays = |parent: &&&str| there.any(|former| former == *parent);
    after.iter().take_while(stays).copied().collect()
}

/// Whether a table has other parents, and nothing else of it as a whole differs.
pub(super) fn have_other_parents(found: &Item, wanted: &Item) -> bool {
    let ((before, old_rest), (after, new_rest)) = (Parents::of(found), Parents::of(wanted));
    old_rest == new_rest && before.names() != after.names()
}

impl<'a> Likeness<'a> {
    /// Whether the change of a table as a whole is one of its parents or of its bounds, which is
    /// made then.
    pub(super) fn change_parents(&mut self, found: &'a Item, wanted: &'a Item) -> bool {
        if self.move_partition(found, wanted) {
            return true;
        }
        if !have_other_parents(found, wanted) {
            return false;
        }
        let ((before, _), (after, _)) = (Parents::of(found), Parents::of(wanted));
        if let Some(parent) = self.parent_with_keys(&before, &after) {
            let how = format!(
                "is {}, in the target {}, and the server names the foreign keys that it has \
                 of {parent}",
                super::table::manner(found),
                super::table::manner(wanted)
            );
            self.refuse(wanted, &how, "change");
            return true;
        }
        self.leave(wanted, &before, &after);
        self.join(wanted, &before, &after);
        true
    }

    /// Programs of before read its rows with those of the parent.
    fn leave(&mut self, table: &'a Item, before: &Parents<'_>, after: &Parents<'_>) {
        let name = table.identifier();
        let stay = staying(before, after);
        let statements = match before {
            Parents::Partitioned { parent, .. } => {
                vec![format!("ALTER TABLE {parent} DETACH PARTITION {name}")]
            }
            Parents::Inherited(parents) => parents
                .iter()
                .copied()
                .filter(|parent| !stay.contains(parent))
                .map(|parent| format!("ALTER TABLE {name} NO INHERIT {parent}"))
                .collect(),
        };
        self.regroup_by(Rank::Leave, table, "take out of its parents", statements);
    }

    /// A partition is taken in with the parts of the keys that its parent has; else the server would
    /// make them under names of its own choice.
    fn join(&mut self, table: &'a Item, before: &Parents<'_>, after: &Parents<'_>) {
        let name = table.identifier();
        let stay = staying(before, after);
        let statements = match after {
            Parents::Partitioned { parent, bounds } => {
                let asked = self.asked_for(table).into_iter();
                let missing = asked.filter(|part| !self.is_there(part));
                let attach = format!("ALTER TABLE {parent} ATTACH PARTITION {name} {bounds}");
                missing
                    .map(|part| made(part, true))
                    .chain([attach])
                    .collect()
            }
            Parents::Inherited(parents) => parents
                .iter()
                .copied()
                .filter(|parent| !stay.contains(parent))
                .map(|parent| format!("ALTER TABLE {name} INHERIT {parent}"))
                .collect(),
        };
        self.regroup_by(Rank::Partition, table, "give its parents to", statements);
    }

    fn regroup_by(&mut self, rank: Rank, table: &'a Item, verb: &str, statements: Vec<String>) {
        if statements.is_empty() {
            return;
        }
        let mut step = self.step(table, verb, Class::Breaking, Lock::Everybody, String::new());
        step.statements = statements.into_iter().map(Statement::together).collect();
        self.place(rank, table, step);
    }

    /// A partition has the foreign keys of its parent under names that the server chooses, and keeps
    /// them when it leaves.
    fn parent_with_keys(&self, before: &Parents<'_>, after: &Parents<'_>) -> Option<String> {
        let with_keys = |parents: &Parents<'_>, items: &[Item]| {
            let Parents::Partitioned { parent, .. } = parents else {
                return None;
            };
            let is_of_parent =
                |item: &Item| item.kind == ItemKind::ForeignKey && is_named(&item.owner(), parent);
            items.iter().any(is_of_parent).then(|| (*parent).to_owned())
        };
        with_keys(before, &self.found.items).or_else(|| with_keys(after, &self.wanted.items))
    }

    /// Whether a table leaves its parents or comes to others.
    pub(super) fn is_regrouped(&self, table: &TableName) -> bool {
        let sides = (
            self.found.table_named(table),
            self.wanted.table_named(table),
        );
        let (Some(found), Some(wanted)) = sides else {
            return false;
        };
        self.dialect.capability().alter_column && have_other_parents(found, wanted)
    }

    /// Whether a found thing of a parent stays with a table that leaves it, whatever becomes of the
    /// parent's.
    pub(super) fn outlives_parent(&self, item: &Item) -> bool {
        self.is_regrouped(&item.owner()) && above(item, &self.found.by_id()).is_some()
    }

    /// Whether a found column is one of a parent that stays.
    fn keeps_parent(&self, column: Option<&'a Item>) -> bool {
        let origin = column.and_then(|column| above(column, &self.found.by_id()));
        let (Some(column), Some(origin)) = (column, origin) else {
            return false;
        };
        let table = column.owner();
        let sides = [self.found, self.wanted].map(|side| side.table_named(&table));
        let [Some(found), Some(wanted)] = sides else {
            return false;
        };
        let stay = staying(&Parents::of(found).0, &Parents::of(wanted).0);
        let of = origin.owner();
        stay.iter().any(|parent| is_named(&of, parent))
    }

    /// What a table that is regrouped has of a parent, as its own: it has it alone in between. Keys
    /// and checks of a new parent are those that it has, or come with it.
    pub(super) fn regroup(
        &mut self,
        item: &'a Item,
        is_wanted: bool,
        there: Option<&'a Item>,
    ) -> Option<&'a Item> {
        if !is_wanted {
            return Some(item);
        }
        if matches!(item.kind, ItemKind::Column(_)) {
            let table = self.wanted.table_named(&item.owner());
            let is_partition = table.is_some_and(|table| Partition::of(&table.shape).is_some());
            // The server says ever after that a child has it by itself as well.
            if item.definition.is_empty() && !is_partition && !self.keeps_parent(there) {
                self.refuse(item, "is its own, in the target its parent's", "change");
                return None;
            }
            return Some(item);
        }
        if (is_key(item) || is_check(item)) && !self.is_there(item) && there.is_some() {
            self.refuse(item, "is not as its parent has it", "change");
        }
        None
    }

    /// Whether two manners of a table are those of a partition of one parent that has other bounds:
    /// it leaves, and comes back once all that leave have left. Rows that lie outside undo all.
    fn move_partition(&mut self, found: &'a Item, wanted: &'a Item) -> bool {
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
}

/// Whether a name in a statement is that of a table.
fn is_named(table: &TableName, name: &str) -> bool {
    let words = tokens(name, Brackets::Position);
    let last = words.last().map(|token| token.name());
    let schema = (words.len() > 1).then(|| words[0].name());
    last.is_some_and(|last| table.name == last)
        && (schema.is_none() || table.schema.as_deref() == schema.as_deref())
}
