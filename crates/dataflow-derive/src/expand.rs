//! From what was parsed to code: data, and a thin impl around it.

mod behaviors;
mod columns;
mod enumeration;
mod key;
mod model;
mod part;
mod relations;
mod row;
mod schema;
mod stub;
#[cfg(test)]
mod tests;
mod wrap;

use proc_macro2::TokenStream;
use quote::quote;
use syn::{DeriveInput, Path};

use crate::errors::Errors;
use crate::{check, krate, parse};

/// Expands `#[derive(Model)]`.
pub(crate) fn model(input: &DeriveInput) -> TokenStream {
    let mut errors = Errors::new();
    let parsed = parse::model(input, &mut errors);
    if let Some(model) = &parsed {
        check::model(model, &mut errors);
    }
    let given = parsed.as_ref().and_then(|model| model.krate.as_ref());
    let foundation = foundation(given, &mut errors);
    let messages = errors.finish();
    let items = match &parsed {
        Some(model) if messages.is_none() => model::model(model),
        _ => stub::model(input, parsed.as_ref()),
    };
    let wrapped = wrap::wrap(foundation.as_ref(), &items);
    quote!(#messages #wrapped)
}

/// Expands `#[derive(ModelEnum)]`.
pub(crate) fn enumeration(input: &DeriveInput) -> TokenStream {
    let mut errors = Errors::new();
    let parsed = parse::enumeration(input, &mut errors);
    if let Some(parsed) = &parsed {
        check::enumeration(parsed, &mut errors);
    }
    let given = parsed.as_ref().and_then(|parsed| parsed.krate.as_ref());
    let foundation = foundation(given, &mut errors);
    let messages = errors.finish();
    let items = match &parsed {
        Some(parsed) if messages.is_none() => enumeration::enumeration(parsed),
        _ => stub::enumeration(input),
    };
    let wrapped = wrap::wrap(foundation.as_ref(), &items);
    quote!(#messages #wrapped)
}

/// Expands `#[derive(FromRow)]`.
pub(crate) fn row(input: &DeriveInput) -> TokenStream {
    let mut errors = Errors::new();
    let parsed = parse::row(input, &mut errors);
    if let Some(row) = &parsed {
        check::row(row, &mut errors);
    }
    let given = parsed.as_ref().and_then(|row| row.krate.as_ref());
    let foundation = foundation(given, &mut errors);
    let messages = errors.finish();
    let items = match &parsed {
        Some(row) if messages.is_none() => part::row(row),
        _ => stub::row(input, parsed.as_ref()),
    };
    let wrapped = wrap::wrap(foundation.as_ref(), &items);
    quote!(#messages #wrapped)
}

/// The path of the crate that holds `__private`: as the user says, else as the manifest says.
fn foundation(given: Option<&Path>, errors: &mut Errors) -> Option<TokenStream> {
    if let Some(path) = given {
        return Some(quote!(#path));
    }
    krate::path().map_err(|error| errors.push(error)).ok()
}
