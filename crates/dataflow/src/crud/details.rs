//! What each node says about itself, takes and gives.

mod filter;
mod input;
mod output;
mod selection;

use dataflow_core::ModelSchema;
use dataflow_core::node::{Details, ModelVerb};

/// What one operation of a model says about itself, takes and gives.
pub(super) fn details(model: &ModelSchema, verb: ModelVerb) -> Details {
    Details {
        description: description(model, verb),
        input: input::of(model, verb),
        output: output::of(model, verb),
    }
}

fn description(model: &ModelSchema, verb: ModelVerb) -> String {
    let (name, key) = (&model.name, &model.key);
    let sentence = match verb {
        ModelVerb::Create => format!("Creates one {name}."),
        ModelVerb::Read => format!("Reads one {name} by its {key}."),
        ModelVerb::Update => format!("Changes fields of one {name}, found by its {key}."),
        ModelVerb::Delete => format!("Deletes one {name} by its {key}."),
        ModelVerb::List => format!(
            "Lists {name} rows, in the order of {key} unless asked otherwise, page by page."
        ),
        ModelVerb::Count => format!("Counts {name} rows."),
        ModelVerb::Upsert => format!("Creates one {name}, or changes the one that exists."),
        ModelVerb::BulkCreate => format!("Creates many {name} rows, all or none."),
        ModelVerb::BulkUpdate => format!(
            "Changes many {name} rows, all or none: rows, each with its {key} and its values, or \
             those of a filter, which are given the same values by set and are counted."
        ),
        ModelVerb::BulkDelete => {
            format!("Deletes many {name} rows, all or none: those of some ids, or of a filter.")
        }
        ModelVerb::BulkUpsert => {
            format!("Creates many {name} rows or changes those that exist, all or none.")
        }
        ModelVerb::Restore => format!("Restores one {name} that was deleted, by its {key}."),
        ModelVerb::Audit => format!(
            "What was done to one {name}, by its {key}, newest first: by whom, when, and which fields have other values since."
        ),
    };
    match &model.description {
        Some(about) => format!("{sentence} {about}"),
        None => sentence,
    }
}
