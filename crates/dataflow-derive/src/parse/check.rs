//! `check(…)` on a struct or a field.

use proc_macro2::{Ident, TokenStream};
use syn::parse::{ParseStream, Parser};
use syn::{LitStr, Token};

use crate::errors::Errors;
use crate::parsed::ParsedCheck;

/// Reads the list of the word: a condition, and perhaps a name.
pub(super) fn check(word: &Ident, tokens: TokenStream, errors: &mut Errors) -> Option<ParsedCheck> {
    const FORM: &str =
        "a check is a condition in SQL, and perhaps a name: `check(\"price > 0\", name = \"…\")`";
    let parts = |input: ParseStream| {
        let expression: LitStr = input.parse()?;
        if input.is_empty() {
            return Ok((expression, None));
        }
        input.parse::<Token![,]>()?;
        if input.is_empty() {
            return Ok((expression, None));
        }
        let option: Ident = input.parse()?;
        if option != "name" {
            return Err(syn::Error::new(option.span(), FORM));
        }
        input.parse::<Token![=]>()?;
        let name: LitStr = input.parse()?;
        input.parse::<Option<Token![,]>>()?;
        Ok((expression, Some(name)))
    };
    if tokens.is_empty() {
        errors.add(word, FORM);
        return None;
    }
    let (expression, name) = parts
        .parse2(tokens)
        .map_err(|error| errors.push(syn::Error::new(error.span(), FORM)))
        .ok()?;
    for (what, text) in [("condition", Some(&expression)), ("name", name.as_ref())] {
        if let Some(text) = text.filter(|text| text.value().trim().is_empty()) {
            errors.add(text, format!("the {what} of this `{word}` is empty"));
        }
    }
    Some(ParsedCheck { name, expression })
}
