//! Models for tables that somebody else made.
//!
//! ```text
//! inventory, snapshot ─ draft → models ─ difference → what a model would change is left out ─┐
//!                                 ↑                                                          │
//!                                 └──────────────── until nothing would change ──────────────┘
//! ```
//!
//! What a model cannot say is left out of it and [named](Unsaid). A model whose first
//! synchronization would change something is none, whatever it says.

mod field;
mod model;
mod name;
mod unsaid;

use crate::dialect::Dialect;
use crate::error::Result;
use crate::inventory::{Inventory, Item, ItemKind, Whole};
use crate::plan::{Change, Finding, FindingKind, Plan};
use crate::schema::{SchemaSet, TableName};
use crate::snapshot::DatabaseSnapshot;

use model::Draft;
pub use name::variant as variant_name;
pub use unsaid::Unsaid;

/// Models for tables, and what there is that no model says.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Adopted {
    /// The models, validated. Synchronizing them changes nothing.
    pub schema_set: SchemaSet,
    /// What they do not say.
    pub unsaid: Vec<Unsaid>,
}

/// Writes models for the tables of a snapshot. `difference` tells what synchronizing a set of models
/// would change.
///
/// # Errors
///
/// Those of `difference`.
pub fn adopt(
    inventory: &Inventory,
    found: &DatabaseSnapshot,
    dialect: &dyn Dialect,
    mut difference: impl FnMut(&SchemaSet) -> Result<Plan>,
) -> Result<Adopted> {
    let mut unsaid = Vec::new();
    let mut drafts = model::drafts(found, dialect, &mut unsaid);
    loop {
        model::leave_out_relations_to_nobody(&mut drafts, &mut unsaid);
        let set = drafts
            .iter()
            .fold(SchemaSet::new(), |set, draft| {
                set.schema(draft.model.clone())
            })
            .validated()?;
        if set.is_empty() {
            unsaid.extend(beside_the_models(inventory, &drafts, &unsaid));
            return Ok(Adopted {
                schema_set: set,
                unsaid,
            });
        }
        let plan = difference(&set)?;
        let mut is_settled = true;
        for step in &plan.steps {
            is_settled = false;
            leave_out_change(&step.change, &mut drafts, &mut unsaid);
        }
        for finding in plan.blocking() {
            is_settled = false;
            leave_out_table(
                &finding.table,
                &finding.to_string(),
                &mut drafts,
                &mut unsaid,
            );
        }
        if is_settled {
            unsaid.extend(plan.findings.iter().filter_map(told));
            unsaid.extend(beside_the_models(inventory, &drafts, &unsaid));
            return Ok(Adopted {
                schema_set: set,
                unsaid,
            });
        }
    }
}

/// Columns that were left out are named already, and a feed of changes is none of the models'.
fn told(finding: &Finding) -> Option<Unsaid> {
    match finding.kind {
        FindingKind::UndeclaredColumn | FindingKind::ChangeFeed { .. } => None,
        _ => Some(Unsaid::new(&finding.table, finding.to_string())),
    }
}

/// Leaves out what would be changed, or all of the table where that cannot be told.
fn leave_out_change(change: &Change, drafts: &mut Vec<Draft>, unsaid: &mut Vec<Unsaid>) {
    let table = change.table().clone();
    let Some(draft) = drafts.iter_mut().find(|draft| draft.table == table) else {
        return;
    };
    let is_left_out = match change {
        Change::CreateIndex { index, .. } => draft.leave_out_index(index),
        Change::AddCheck { check, .. } => draft.leave_out_check(check),
        Change::AddForeignKey { foreign_key, .. } => draft.leave_out_relation(foreign_key),
        Change::SetType { column, .. }
        | Change::SetNotNull { column, .. }
        | Change::SetDefault { column, .. } => draft.leave_out_column(&column.name),
        Change::DropNotNull { column, .. } => draft.leave_out_column(column),
        Change::RebuildTable { changes, .. } => {
            for change in changes.clone() {
                leave_out_change(&change, drafts, unsaid);
            }
            return;
        }
        _ => false,
    };
    match is_left_out {
        true => unsaid.push(Unsaid::new(&table, format!("a model would {change}"))),
        false => leave_out_table(&table, &format!("a model would {change}"), drafts, unsaid),
    }
}

fn leave_out_table(
    table: &TableName,
    reason: &str,
    drafts: &mut Vec<Draft>,
    unsaid: &mut Vec<Unsaid>,
) {
    drafts.retain(|draft| draft.table != *table);
    unsaid.push(Unsaid::table(table, reason));
}

/// What is there beside tables that became models, and beside what is part of those.
fn beside_the_models(inventory: &Inventory, drafts: &[Draft], unsaid: &[Unsaid]) -> Vec<Unsaid> {
    let is_modelled = |table: &str| drafts.iter().any(|draft| draft.table == *table);
    let beside = |item: &Item| {
        let of_model = item.table.as_deref().is_none_or(is_modelled);
        let draft = drafts.iter().find(|draft| {
            item.table
                .as_deref()
                .is_some_and(|table| draft.table == *table)
        });
        let knows = |item: &Item| draft.is_some_and(|draft| draft.knows(&item.name));
        let is_said = match item.kind {
            ItemKind::Column(_) | ItemKind::SequenceOwner => item.beyond.is_empty(),
            ItemKind::Table => !is_modelled(&item.name) || item.beyond.is_empty(),
            ItemKind::Constraint | ItemKind::ForeignKey | ItemKind::Index => knows(item),
            ItemKind::Sequence => inventory
                .items
                .iter()
                .any(|other| other.kind == ItemKind::SequenceOwner && other.name == item.name),
            ItemKind::Comment => draft.is_some_and(|draft| draft.comments_on(&item.name)),
            ItemKind::Enum => drafts.iter().any(|draft| draft.holds(&item.name)),
            ItemKind::Whole(_) | ItemKind::Other(_) => false,
        };
        let is_base = item.kind == ItemKind::Whole(Whole::Extension);
        (of_model && !is_said && !is_base).then(|| match item.beyond.as_str() {
            "" => Unsaid::thing(item),
            beyond => Unsaid::part(item, beyond),
        })
    };
    let things = inventory.items.iter().filter_map(beside);
    things.filter(|thing| !unsaid.contains(thing)).collect()
}
