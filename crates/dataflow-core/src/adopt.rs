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

mod contents;
mod draft;
mod field;
mod index;
mod inverse;
mod key;
mod leave_out;
mod loose;
mod name;
mod relation;
mod rule;
mod seen;
mod tenant;
mod unsaid;

use crate::dialect::Dialect;
use crate::error::{Error, Kind, Result};
use crate::inventory::{Brought, Inventory, Item, ItemKind, Whole};
use crate::plan::{Finding, FindingKind, Plan};
use crate::schema::SchemaSet;
use crate::snapshot::DatabaseSnapshot;

pub use contents::Contents;
use draft::Draft;
pub use name::variant as variant_name;
pub use seen::{HEAD, Seen, Stored};
pub use unsaid::{About, Unsaid};

/// Models for tables, and what there is that no model says.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Adopted {
    /// The models, validated. Synchronizing them changes nothing.
    pub schema_set: SchemaSet,
    /// What they do not say.
    pub unsaid: Vec<Unsaid>,
}

/// Writes models for the tables of a snapshot, which the inventories of their schemas list with all
/// that is beside them, by what was seen in their columns. `difference` tells what synchronizing a set of models
/// would change.
///
/// # Errors
///
/// When `difference` fails for a reason that lies in no table.
pub fn adopt(
    inventories: &[Inventory],
    found: &DatabaseSnapshot,
    contents: &Contents,
    dialect: &dyn Dialect,
    mut difference: impl FnMut(&SchemaSet) -> Result<Plan>,
) -> Result<Adopted> {
    let mut unsaid = Vec::new();
    let mut drafts = draft::drafts(found, contents, dialect, &mut unsaid);
    for inventory in inventories {
        leave_out_partitions(inventory, &mut drafts, &mut unsaid);
        leave_out_what_may_wait(inventory, &mut drafts);
    }
    leave_out_what_is_refused(&mut drafts, &mut unsaid, |set| set.validated().map(drop))?;
    loop {
        relation::leave_out_those_to_nobody(&mut drafts, &mut unsaid);
        let set = models(&drafts)?;
        if set.is_empty() {
            return settled(inventories, drafts, unsaid);
        }
        let plan = match difference(&set) {
            Ok(plan) => plan,
            Err(error) if lies_in_a_table(&error) => {
                let count = drafts.len();
                let alone = |set: SchemaSet| difference(&set).map(drop);
                leave_out_what_is_refused(&mut drafts, &mut unsaid, alone)?;
                if drafts.len() == count {
                    return Err(error);
                }
                continue;
            }
            Err(error) => return Err(error),
        };
        for step in &plan.steps {
            leave_out::change(&step.change, &mut drafts, &mut unsaid);
        }
        for finding in plan.blocking() {
            let why = finding.to_string();
            leave_out::table(&finding.table, why, &mut drafts, &mut unsaid);
        }
        if plan.steps.is_empty() && plan.blocking().next().is_none() {
            unsaid.extend(plan.findings.iter().filter_map(told));
            return settled(inventories, drafts, unsaid);
        }
    }
}

fn models(drafts: &[Draft]) -> Result<SchemaSet> {
    let models = drafts.iter().map(|draft| draft.model.clone());
    models.fold(SchemaSet::new(), SchemaSet::schema).validated()
}

/// What leads back to rows changes no table, so it comes last.
fn settled(
    inventories: &[Inventory],
    mut drafts: Vec<Draft>,
    mut unsaid: Vec<Unsaid>,
) -> Result<Adopted> {
    inverse::add(&mut drafts);
    for inventory in inventories {
        for beside in beside_the_models(inventory, inventories, &drafts) {
            // Things of no schema stand in the inventory of each.
            if !unsaid.contains(&beside) {
                unsaid.push(beside);
            }
        }
    }
    Ok(Adopted {
        schema_set: models(&drafts)?,
        unsaid,
    })
}

/// Columns that were left out are named already, and a feed of changes is none of the models'.
fn told(finding: &Finding) -> Option<Unsaid> {
    match finding.kind {
        FindingKind::UndeclaredColumn | FindingKind::ChangeFeed { .. } => None,
        _ => Some(Unsaid::part(&finding.table, finding.to_string())),
    }
}

/// Rows of a partition are rows of the table that it is a part of.
fn leave_out_partitions(inventory: &Inventory, drafts: &mut Vec<Draft>, unsaid: &mut Vec<Unsaid>) {
    for item in &inventory.items {
        if item.kind == ItemKind::Table && item.shape.starts_with("PARTITION OF") {
            let why = format!("it is a {}", item.shape);
            leave_out::table(&inventory.table(&item.name), why, drafts, unsaid);
        }
    }
}

/// A constraint that may wait until the end of a transaction is no index of a model, unless it says of
/// what is unique that it is deferrable.
fn leave_out_what_may_wait(inventory: &Inventory, drafts: &mut [Draft]) {
    for item in inventory.items.iter().filter(|item| may_wait(item)) {
        let table = item.table.as_deref().map(|name| inventory.table(name));
        let mut drafts = drafts.iter_mut();
        if let Some(draft) = drafts.find(|draft| table.as_ref() == Some(&draft.found.name)) {
            draft.leave_out_index(&item.name);
        }
    }
}

fn may_wait(item: &Item) -> bool {
    item.kind == ItemKind::Constraint
        && item.definition.contains(") DEFERRABLE")
        && !item.definition.starts_with("UNIQUE")
}

/// Leaves out each table whose model is refused even when it stands alone.
fn leave_out_what_is_refused(
    drafts: &mut Vec<Draft>,
    unsaid: &mut Vec<Unsaid>,
    mut accept: impl FnMut(SchemaSet) -> Result<()>,
) -> Result<()> {
    let mut refused = Vec::new();
    for draft in drafts.iter() {
        match accept(draft.alone()) {
            Ok(()) => {}
            Err(error) if lies_in_a_table(&error) => {
                let reasons = [error.message().to_owned()].into_iter();
                let reasons: Vec<String> = reasons.chain(error.details().to_vec()).collect();
                refused.push((draft.found.name.clone(), reasons.join("; ")));
            }
            Err(error) => return Err(error),
        }
    }
    for (table, why) in refused {
        leave_out::table(&table, why, drafts, unsaid);
    }
    Ok(())
}

/// Whether the fault can be in what a model says, and not in the way to the database.
fn lies_in_a_table(error: &Error) -> bool {
    !matches!(
        error.kind(),
        Kind::Unavailable | Kind::Timeout | Kind::Contention | Kind::Forbidden
    )
}

/// What is there beside tables that became models, and beside what is part of those.
fn beside_the_models(
    inventory: &Inventory,
    inventories: &[Inventory],
    drafts: &[Draft],
) -> Vec<Unsaid> {
    let of = |name: &str| {
        let table = inventory.table(name);
        drafts.iter().find(|draft| draft.found.name == table)
    };
    let beside = |item: &Item| {
        let draft = item.table.as_deref().and_then(of);
        let of_model = item.table.is_none() || draft.is_some();
        let is_said = match item.kind {
            ItemKind::Column(_) | ItemKind::SequenceOwner => item.beyond.is_empty(),
            ItemKind::Table => {
                of(&item.name).is_none() || item.beyond.is_empty() && item.shape.is_empty()
            }
            ItemKind::Constraint if item.definition.starts_with("PRIMARY KEY") => !may_wait(item),
            ItemKind::Constraint | ItemKind::ForeignKey | ItemKind::Index => {
                draft.is_some_and(|draft| draft.knows(&item.name)) && !may_wait(item)
            }
            ItemKind::Sequence => inventory
                .items
                .iter()
                .any(|other| other.kind == ItemKind::SequenceOwner && other.name == item.name),
            ItemKind::Comment => draft.is_some_and(|draft| draft.comments_on(&item.name)),
            ItemKind::Enum => drafts.iter().any(|draft| draft.holds(&item.name)),
            // What every database has, and what a program is not concerned with.
            ItemKind::Whole(Whole::Extension | Whole::Owner) => true,
            ItemKind::Other(ref word) if word == "schema" => {
                let mut schemas = inventories.iter().filter_map(|other| other.schemas.one());
                schemas.any(|schema| schema == item.name)
            }
            ItemKind::Whole(whole @ (Whole::Policy | Whole::Setting)) => {
                draft.is_some_and(|draft| draft.secures(whole, &item.name))
            }
            ItemKind::Whole(_) | ItemKind::Other(_) => false,
        };
        (of_model && !is_said).then(|| Unsaid::thing(item, inventory))
    };
    let of_extension = |brought: &Brought| {
        let why = format!("it belongs to extension {:?}", brought.extension);
        Unsaid::table(&inventory.table(&brought.table), why)
    };
    let brought = inventory.brought.iter().map(of_extension);
    let items = inventory.items.iter();
    brought.chain(items.filter_map(beside)).collect()
}
