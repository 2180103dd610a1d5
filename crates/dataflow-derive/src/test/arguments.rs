//! What stands in the brackets of the attribute.

use proc_macro2::Ident;
use quote::format_ident;
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{LitStr, Path, Token, parenthesized};

use crate::errors::Errors;

/// What may stand in `on(…)`, with the variant of `Place` it means.
const PLACES: [(&str, &str); 3] = [
    ("sqlite", "Sqlite"),
    ("memory", "Memory"),
    ("postgres", "Postgres"),
];

/// The models, the databases, and where `dataflow` is.
#[derive(Default)]
pub(super) struct Arguments {
    pub(super) models: Vec<Path>,
    on: Vec<Ident>,
    pub(super) krate: Option<Path>,
}

impl Parse for Arguments {
    fn parse(input: ParseStream) -> syn::Result<Self> {
        let mut arguments = Self::default();
        while !input.is_empty() {
            if input.peek(Token![crate]) {
                input.parse::<Token![crate]>()?;
                input.parse::<Token![=]>()?;
                arguments.krate = Some(input.parse::<LitStr>()?.parse()?);
            } else {
                arguments.parse_list(input)?;
            }
            if !input.is_empty() {
                input.parse::<Token![,]>()?;
            }
        }
        Ok(arguments)
    }
}

impl Arguments {
    fn parse_list(&mut self, input: ParseStream) -> syn::Result<()> {
        let word: Ident = input.parse()?;
        let advice = "write `models(User, …)`, `on(sqlite, memory, postgres)`, or neither";
        if word != "models" && word != "on" {
            let message = format!("unknown argument `{word}`; {advice}");
            return Err(syn::Error::new(word.span(), message));
        }
        let list;
        parenthesized!(list in input);
        if word == "models" {
            self.models = list_of(&list)?;
        } else {
            self.on = list_of(&list)?;
        }
        Ok(())
    }

    /// The databases that it is to run on.
    pub(super) fn places(&self, errors: &mut Errors) -> Vec<Place> {
        let mut places: Vec<Place> = Vec::new();
        for word in &self.on {
            let known = PLACES.iter().find(|(known, _)| word == known);
            match known {
                None => {
                    let message =
                        format!("unknown database `{word}`; write sqlite, memory or postgres");
                    errors.push(syn::Error::new(word.span(), message));
                }
                Some(_) if places.iter().any(|place| place.word == *word) => {
                    let message = format!("`{word}` stands twice");
                    errors.push(syn::Error::new(word.span(), message));
                }
                Some((_, variant)) => places.push(Place {
                    word: word.clone(),
                    variant: format_ident!("{variant}"),
                }),
            }
        }
        places
    }
}

/// One word of `on(…)`.
pub(super) struct Place {
    pub(super) word: Ident,
    pub(super) variant: Ident,
}

fn list_of<T: Parse>(list: ParseStream) -> syn::Result<Vec<T>> {
    let items = Punctuated::<T, Token![,]>::parse_terminated(list)?;
    Ok(items.into_iter().collect())
}
