//! `default = …`.

use proc_macro2::TokenStream;
use syn::parse::{ParseStream, Parser};
use syn::{Lit, Token};

use crate::errors::Errors;
use crate::parsed::{DefaultLiteral, ParsedDefault};

const KINDS: &str = "a default is a literal: a boolean, a number or a string";
const TOO_WIDE: &str = "the default does not fit into 64 bits; the widest fields are i64 and f64";

/// Reads a literal. Whether it fits the type of its field is for the foundation to say, which knows
/// the types.
pub(super) fn default(tokens: TokenStream, errors: &mut Errors) -> Option<ParsedDefault> {
    match literal(tokens.clone()) {
        Ok(literal) => Some(ParsedDefault { tokens, literal }),
        Err(message) => {
            errors.add(tokens, message);
            None
        }
    }
}

/// The literal that tokens are.
pub(super) fn literal(tokens: TokenStream) -> Result<DefaultLiteral, &'static str> {
    let signed_literal = |input: ParseStream| -> syn::Result<(Option<Token![-]>, Lit)> {
        Ok((input.parse()?, input.parse()?))
    };
    let (minus, literal) = signed_literal.parse2(tokens).map_err(|_| KINDS)?;
    let sign = if minus.is_some() { "-" } else { "" };
    match literal {
        Lit::Int(integer) => format!("{sign}{}", integer.base10_digits())
            .parse()
            .map(DefaultLiteral::Integer)
            .map_err(|_| TOO_WIDE),
        Lit::Float(float) => format!("{sign}{}", float.base10_digits())
            .parse()
            .ok()
            .filter(|float: &f64| float.is_finite())
            .map(DefaultLiteral::Float)
            .ok_or(TOO_WIDE),
        Lit::Bool(truth) if minus.is_none() => Ok(DefaultLiteral::Bool(truth.value)),
        Lit::Str(text) if minus.is_none() => Ok(DefaultLiteral::Text(text.value())),
        _ => Err(KINDS),
    }
}
