//! What must hold of relations.

use std::collections::HashSet;

use crate::errors::Errors;
use crate::parsed::{ParsedField, ParsedModel};

pub(super) fn rules_belong_to_a_relation(field: &ParsedField, errors: &mut Errors) {
    if field.belongs_to.is_some() || field.incomplete {
        return;
    }
    let message = "this says what happens to a foreign key; add `belongs_to`, or remove it";
    let rules = &field.rules;
    for action in [&rules.on_delete, &rules.on_update].into_iter().flatten() {
        errors.add(&action.literal, message);
    }
    if let Some(word) = &rules.deferred {
        errors.add(word, message);
    }
    if let Some(name) = &rules.name {
        errors.add(
            name,
            "this names a relation; add `belongs_to`, or remove it",
        );
    }
}

/// Fields and relations are constants of the struct, in capitals.
pub(super) fn relations_have_names_of_their_own(model: &ParsedModel, errors: &mut Errors) {
    let mut seen: HashSet<String> = model
        .fields
        .iter()
        .map(|field| field.name.to_uppercase())
        .collect();
    let own = model
        .fields
        .iter()
        .filter(|field| field.belongs_to.is_some());
    let own = own.filter_map(|field| Some((model.relation_name(field)?, &field.ident)));
    let inverses = model.inverses.iter();
    let inverses = inverses.map(|inverse| (inverse.name(), &inverse.ident));
    for (name, ident) in own.chain(inverses) {
        if !seen.insert(name.to_uppercase()) {
            errors.add(
                ident,
                format!("`{name}` is a field or another relation; give this one another name"),
            );
        }
    }
}
