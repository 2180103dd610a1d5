//! A struct that derives `Model`.

use proc_macro2::{Ident, TokenStream};
use syn::ext::IdentExt;
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::{Data, DeriveInput, Fields, Token};

use super::Arguments;
use super::description::description;
use super::field::field;
use crate::errors::Errors;
use crate::parsed::{ParsedIndex, ParsedModel};
use crate::words;

/// The model, unless the item is something else than a struct with named fields.
pub(crate) fn model(input: &DeriveInput, errors: &mut Errors) -> Option<ParsedModel> {
    let mut arguments = Arguments::read(&input.attrs, words::MODEL, errors);
    let krate = super::krate(&mut arguments, errors);
    let table = arguments.value("table", errors);
    let indexes = indexes(&arguments, errors);
    if !input.generics.params.is_empty() {
        errors.add(
            &input.generics,
            "a model has one table, so it takes no generics; write one struct for each table",
        );
    }
    let mut incomplete = false;
    let mut fields = Vec::new();
    for (syntax, ident) in named_fields(input, errors)? {
        let (field, complete) = field(syntax, ident, errors);
        fields.push(field);
        incomplete |= !complete;
    }
    Some(ParsedModel {
        name: input.ident.unraw().to_string(),
        ident: input.ident.clone(),
        description: description(&input.attrs),
        krate,
        table,
        fields,
        indexes,
        incomplete,
    })
}

fn named_fields<'a>(
    input: &'a DeriveInput,
    errors: &mut Errors,
) -> Option<Vec<(&'a syn::Field, &'a Ident)>> {
    let fields = match &input.data {
        Data::Struct(data) => &data.fields,
        Data::Enum(data) => {
            let message = "an enum is no model; derive `ModelEnum` to use it as a field of one";
            errors.add(data.enum_token, message);
            return None;
        }
        Data::Union(data) => {
            errors.add(data.union_token, "a union is no model; use a struct");
            return None;
        }
    };
    match fields {
        Fields::Named(fields) => Some(
            fields
                .named
                .iter()
                .filter_map(|field| Some((field, field.ident.as_ref()?)))
                .collect(),
        ),
        Fields::Unnamed(fields) => {
            errors.add(
                fields,
                "the fields of a model have names: `struct User { id: i64 }`",
            );
            None
        }
        Fields::Unit => {
            errors.add(
                &input.ident,
                "a model has fields: `struct User { id: i64 }`",
            );
            None
        }
    }
}

fn indexes(arguments: &Arguments, errors: &mut Errors) -> Vec<ParsedIndex> {
    let mut indexes = Vec::new();
    for name in ["index", "unique"] {
        for (word, tokens) in arguments.lists(name) {
            match field_names(tokens.clone()) {
                Ok(fields) if fields.is_empty() => {
                    errors.add(
                        word,
                        format!("`{name}` covers no field; write `{name}(a, b)`"),
                    );
                }
                Ok(fields) => indexes.push(ParsedIndex {
                    word: word.clone(),
                    fields,
                }),
                Err(error) => errors.add(
                    word,
                    format!("`{name}` takes names of fields, `{name}(a, b)`: {error}"),
                ),
            }
        }
    }
    indexes
}

fn field_names(tokens: TokenStream) -> syn::Result<Vec<Ident>> {
    let names = Punctuated::<Ident, Token![,]>::parse_terminated_with;
    let parser = |input: syn::parse::ParseStream| names(input, Ident::parse_any);
    Ok(parser.parse2(tokens)?.into_iter().collect())
}
