//! What must hold between the rules of a field, and of its row.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::LitInt;

use crate::errors::Errors;
use crate::parsed::{DefaultLiteral, ParsedDefault, ParsedField, ParsedModel, ParsedValueRules};

pub(super) fn a_value_can_fulfill_all_rules(field: &ParsedField, errors: &mut Errors) {
    let rules = &field.value_rules;
    let length = |literal: &Option<LitInt>| literal.as_ref()?.base10_parse::<u64>().ok();
    if let (Some(least), Some(most)) = (length(&rules.min_length), length(&field.limit.max_length))
        && least > most
    {
        errors.add(
            &rules.min_length,
            "more characters than `max_length` allows",
        );
    }
    if let (Some(min), Some(max)) = (&rules.min, &rules.max)
        && let (Some(least), Some(most)) = (number(min), number(max))
        && least > most
    {
        errors.add(&min.tokens, "`min` is greater than `max`");
    }
    if let (Some(_), Some(url)) = (&rules.email, &rules.url) {
        errors.add(url, "a text is an e-mail address or a URL; remove one");
    }
}

/// Bounds that are no numbers are compared when the model is registered.
fn number(bound: &ParsedDefault) -> Option<f64> {
    match bound.literal {
        DefaultLiteral::Integer(number) => Some(number as f64),
        DefaultLiteral::Float(number) => Some(number),
        _ => None,
    }
}

/// What the library or the database makes passes no door at which it could be checked.
pub(super) fn rules_are_for_what_is_given(field: &ParsedField, errors: &mut Errors) {
    let is_made = field.stamps().next().is_some() || field.generated.is_some();
    if !is_made {
        return;
    }
    for rule in declared(&field.value_rules) {
        errors.add(
            rule,
            "nobody gives this field, so nothing is checked; remove the rule, or use `check`",
        );
    }
}

fn declared(rules: &ParsedValueRules) -> impl Iterator<Item = TokenStream> {
    let bounds = [&rules.min, &rules.max].map(|bound| Some(bound.as_ref()?.tokens.clone()));
    let words = [&rules.email, &rules.url].map(|word| Some(word.as_ref()?.to_token_stream()));
    let others = [
        rules.min_length.as_ref().map(ToTokens::to_token_stream),
        rules.pattern.as_ref().map(ToTokens::to_token_stream),
        rules.validate.as_ref().map(ToTokens::to_token_stream),
    ];
    bounds.into_iter().chain(words).chain(others).flatten()
}

pub(super) fn a_row_has_one_version(model: &ParsedModel, errors: &mut Errors) {
    let versions = model
        .fields
        .iter()
        .filter_map(|field| field.version.as_ref());
    for second in versions.skip(1) {
        errors.add(second, "a row has one version; remove this one");
    }
}
