//! `index(…)` and `unique(…)` on a struct.

use proc_macro2::{Ident, TokenStream};
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{LitStr, Token, parenthesized, token};

use crate::errors::Errors;
use crate::parsed::{Nulls, ParsedIndex, ParsedMember, ParsedMemberKey};
use crate::words;

/// Reads the list of a word.
pub(super) fn index(word: &Ident, tokens: TokenStream, errors: &mut Errors) -> Option<ParsedIndex> {
    let mut index = ParsedIndex::new(word.clone());
    let items = |input: ParseStream| {
        while !input.is_empty() {
            item(input, &mut index)?;
            if !input.is_empty() {
                input.parse::<Token![,]>()?;
            }
        }
        Ok(())
    };
    let message = format!("`{word}` takes names of fields: `{word}(a, b)`");
    match items.parse2(tokens) {
        Ok(()) if index.members.is_empty() => {
            errors.add(word, message);
            None
        }
        Ok(()) => Some(index),
        // The parser's own words say what it expected, not what may stand here.
        Err(error) if error.to_string().starts_with("expected") => {
            errors.push(syn::Error::new(error.span(), message));
            None
        }
        Err(error) => {
            errors.push(error);
            None
        }
    }
}

/// One item: an option such as `name = "…"`, or something that is covered.
fn item(input: ParseStream, index: &mut ParsedIndex) -> syn::Result<()> {
    if input.peek(LitStr) {
        let expression = ParsedMemberKey::Expression(input.parse()?);
        index.members.push(member(input, expression)?);
        return Ok(());
    }
    let ident = Ident::parse_any(input)?;
    if input.peek(Token![=]) {
        input.parse::<Token![=]>()?;
        let value = input.parse()?;
        let slot = match ident.unraw().to_string().as_str() {
            "name" => &mut index.name,
            "method" => &mut index.method,
            "where" => &mut index.predicate,
            "deferrable" => &mut index.deferrable,
            "nulls" => &mut index.nulls,
            unknown => return Err(unknown_option(&ident, unknown)),
        };
        return fill(slot, &ident, value);
    }
    if input.peek(token::Paren) {
        if ident != "include" {
            return Err(unknown_option(&ident, &ident.unraw().to_string()));
        }
        let included;
        parenthesized!(included in input);
        let names =
            Punctuated::<Ident, Token![,]>::parse_terminated_with(&included, Ident::parse_any)?;
        index.include.extend(names);
        return Ok(());
    }
    index
        .members
        .push(member(input, ParsedMemberKey::Field(ident))?);
    Ok(())
}

/// What may follow something that is covered: `desc`, `nulls first`, `ops "…"`.
fn member(input: ParseStream, key: ParsedMemberKey) -> syn::Result<ParsedMember> {
    let mut member = ParsedMember::new(key);
    while !input.is_empty() && !input.peek(Token![,]) {
        let word = Ident::parse_any(input)?;
        match word.to_string().as_str() {
            "asc" => member.descending = false,
            "desc" => member.descending = true,
            "nulls" => member.nulls = Some(nulls(input)?),
            "ops" => member.operator_class = Some(input.parse()?),
            unknown => {
                let known = ["asc", "desc", "nulls", "ops"];
                let advice = words::nearest(unknown, known.into_iter());
                return Err(syn::Error::new(
                    word.span(),
                    format!("unknown word `{unknown}`; {advice}"),
                ));
            }
        }
    }
    Ok(member)
}

fn nulls(input: ParseStream) -> syn::Result<Nulls> {
    let place = Ident::parse_any(input)?;
    match place.to_string().as_str() {
        "first" => Ok(Nulls::First),
        "last" => Ok(Nulls::Last),
        _ => Err(syn::Error::new(
            place.span(),
            "null stands `nulls first` or `nulls last`",
        )),
    }
}

fn fill(slot: &mut Option<LitStr>, word: &Ident, value: LitStr) -> syn::Result<()> {
    if value.value().trim().is_empty() {
        return Err(syn::Error::new(
            value.span(),
            format!("`{word}` is empty; say it, or remove it"),
        ));
    }
    match slot.replace(value) {
        None => Ok(()),
        Some(_) => Err(syn::Error::new(
            word.span(),
            format!("`{word}` stands twice; remove one"),
        )),
    }
}

fn unknown_option(word: &Ident, unknown: &str) -> syn::Error {
    let known = ["name", "method", "where", "deferrable", "nulls", "include"];
    let advice = words::nearest(unknown, known.into_iter());
    syn::Error::new(word.span(), format!("unknown option `{unknown}`; {advice}"))
}
