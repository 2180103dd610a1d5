//! `has_many(…)`, `has_one(…)` and `many_to_many(…)` on a struct.

use proc_macro2::{Ident, TokenStream};
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::{Path, Token, parenthesized};

use super::Arguments;
use crate::errors::Errors;
use crate::parsed::{ParsedInverse, ParsedWay};
use crate::words;

/// The relations of other models that are given a name here.
pub(super) fn inverses(arguments: &Arguments, errors: &mut Errors) -> Vec<ParsedInverse> {
    let mut inverses = Vec::new();
    for (word, tokens) in arguments.lists(&["has_many", "has_one", "many_to_many"]) {
        inverses.extend(list(word, tokens.clone(), errors));
    }
    inverses
}

fn list(word: &Ident, tokens: TokenStream, errors: &mut Errors) -> Vec<ParsedInverse> {
    let read = |input: ParseStream| -> syn::Result<Vec<ParsedInverse>> {
        if word == "many_to_many" {
            return Ok(vec![many_to_many(input)?]);
        }
        let mut inverses = Vec::new();
        while !input.is_empty() {
            inverses.push(has(word, input)?);
            if !input.is_empty() {
                input.parse::<Token![,]>()?;
            }
        }
        Ok(inverses)
    };
    let example = words::MODEL
        .word(&word.to_string())
        .map_or("", |known| known.example);
    let message = format!("`{word}` takes what is called how: `{example}`");
    if tokens.is_empty() {
        errors.add(word, message);
        return Vec::new();
    }
    // The parser's own words say what it expected, not what may stand here.
    read.parse2(tokens.clone()).unwrap_or_else(|_| {
        errors.add(&tokens, message);
        Vec::new()
    })
}

/// `posts = Post.author_id`
fn has(word: &Ident, input: ParseStream) -> syn::Result<ParsedInverse> {
    let ident = name(input)?;
    let target = Path::parse_mod_style(input)?;
    input.parse::<Token![.]>()?;
    let field = Ident::parse_any(input)?;
    let way = match word == "has_one" {
        true => ParsedWay::One(field),
        false => ParsedWay::Many(field),
    };
    Ok(ParsedInverse { ident, target, way })
}

/// `tags = Tag, through = PostTag(post_id, tag_id)`
fn many_to_many(input: ParseStream) -> syn::Result<ParsedInverse> {
    let ident = name(input)?;
    let target = Path::parse_mod_style(input)?;
    input.parse::<Token![,]>()?;
    let through = Ident::parse_any(input)?;
    if through != "through" {
        return Err(syn::Error::new(through.span(), "`through` follows"));
    }
    input.parse::<Token![=]>()?;
    let between = Path::parse_mod_style(input)?;
    let fields;
    parenthesized!(fields in input);
    let here = Ident::parse_any(&fields)?;
    fields.parse::<Token![,]>()?;
    let there = Ident::parse_any(&fields)?;
    let _: Option<Token![,]> = fields.parse()?;
    let _: Option<Token![,]> = input.parse()?;
    let way = ParsedWay::Through {
        between,
        here,
        there,
    };
    Ok(ParsedInverse { ident, target, way })
}

fn name(input: ParseStream) -> syn::Result<Ident> {
    let ident = Ident::parse_any(input)?;
    input.parse::<Token![=]>()?;
    Ok(ident)
}
