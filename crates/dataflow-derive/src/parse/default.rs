//! `default = …`.

use proc_macro2::TokenStream;
use syn::parse::{Parse, ParseStream};
use syn::{Lit, Token};

use crate::errors::Errors;
use crate::parsed::{DefaultLiteral, ParsedDefault};

/// Reads a literal. Whether it fits the type of its field is for the foundation to say, which knows
/// the types.
pub(super) fn default(tokens: TokenStream, errors: &mut Errors) -> Option<ParsedDefault> {
    match syn::parse2::<DefaultLiteral>(tokens.clone()) {
        Ok(literal) => Some(ParsedDefault { tokens, literal }),
        Err(error) => {
            errors.add(tokens, error);
            None
        }
    }
}

impl Parse for DefaultLiteral {
    fn parse(input: ParseStream) -> syn::Result<Self> {
        let minus: Option<Token![-]> = input.parse()?;
        let sign = if minus.is_some() { "-" } else { "" };
        let no_literal = "a default is a literal: a boolean, a number or a string";
        let literal: Lit = input.parse().map_err(|_| input.error(no_literal))?;
        let refuse = |message| Err(syn::Error::new(literal.span(), message));
        if !input.is_empty() {
            return refuse(no_literal);
        }
        match &literal {
            Lit::Int(digits) => match format!("{sign}{}", digits.base10_digits()).parse() {
                Ok(integer) => Ok(Self::Integer(integer)),
                Err(_) => refuse("the default does not fit into 64 bits, the widest integer field"),
            },
            Lit::Float(digits) => {
                match format!("{sign}{}", digits.base10_digits()).parse::<f64>() {
                    Ok(float) if float.is_finite() => Ok(Self::Float(float)),
                    _ => refuse("the default does not fit into an f64, the widest float field"),
                }
            }
            Lit::Bool(truth) if minus.is_none() => Ok(Self::Bool(truth.value)),
            Lit::Str(text) if minus.is_none() => Ok(Self::Text(text.value())),
            _ => {
                refuse("no field has a default of this kind; write a boolean, a number or a string")
            }
        }
    }
}
