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
    Expansion {
        parse: parse::model,
        check: check::model,
        krate: |model| model.krate.as_ref(),
        items: model::model,
        stub: stub::model,
    }
    .of(input)
}

/// Expands `#[derive(ModelEnum)]`.
pub(crate) fn enumeration(input: &DeriveInput) -> TokenStream {
    Expansion {
        parse: parse::enumeration,
        check: check::enumeration,
        krate: |parsed| parsed.krate.as_ref(),
        items: enumeration::enumeration,
        stub: |input, _| stub::enumeration(input),
    }
    .of(input)
}

/// Expands `#[derive(FromRow)]`.
pub(crate) fn row(input: &DeriveInput) -> TokenStream {
    Expansion {
        parse: parse::row,
        check: check::row,
        krate: |row| row.krate.as_ref(),
        items: part::row,
        stub: stub::row,
    }
    .of(input)
}

/// What each derive does its own way, with what it reads an item as.
struct Expansion<P> {
    parse: fn(&DeriveInput, &mut Errors) -> Option<P>,
    check: fn(&P, &mut Errors),
    krate: fn(&P) -> Option<&Path>,
    items: fn(&P) -> TokenStream,
    stub: fn(&DeriveInput, Option<&P>) -> TokenStream,
}

impl<P> Expansion<P> {
    fn of(&self, input: &DeriveInput) -> TokenStream {
        let mut errors = Errors::new();
        let parsed = (self.parse)(input, &mut errors);
        if let Some(parsed) = &parsed {
            (self.check)(parsed, &mut errors);
        }
        let given = parsed.as_ref().and_then(self.krate);
        let foundation = foundation(given, &mut errors);
        let messages = errors.finish();
        let items = match &parsed {
            Some(parsed) if messages.is_none() => (self.items)(parsed),
            parsed => (self.stub)(input, parsed.as_ref()),
        };
        let wrapped = wrap::wrap(foundation.as_ref(), &items);
        quote!(#messages #wrapped)
    }
}

/// The path of the crate that holds `__private`: as the user says, else as the manifest says.
fn foundation(given: Option<&Path>, errors: &mut Errors) -> Option<TokenStream> {
    if let Some(path) = given {
        return Some(quote!(#path));
    }
    krate::path().map_err(|error| errors.push(error)).ok()
}
