//! `min_length`, `min`, `max`, `pattern`, `email`, `url` and `validate`.

use proc_macro2::TokenStream;
use syn::LitStr;

use super::Arguments;
use super::default::literal;
use super::limit::{LENGTHS, number};
use crate::errors::Errors;
use crate::parsed::{DefaultLiteral, ParsedDefault, ParsedValueRules};

/// The rules of a field, each readable by itself.
pub(super) fn value_rules(arguments: &Arguments, errors: &mut Errors) -> ParsedValueRules {
    ParsedValueRules {
        min_length: number(arguments, "min_length", LENGTHS, errors),
        min: bound(arguments, "min", errors),
        max: bound(arguments, "max", errors),
        pattern: pattern(arguments, errors),
        email: arguments.flag("email"),
        url: arguments.flag("url"),
        validate: arguments.value("validate", errors),
    }
}

/// Whether it fits the type of its field is for the foundation to say, which knows the types.
fn bound(arguments: &Arguments, word: &str, errors: &mut Errors) -> Option<ParsedDefault> {
    let tokens: TokenStream = arguments.value(word, errors)?;
    match literal(tokens.clone()) {
        Ok(DefaultLiteral::Bool(_)) | Err(_) => {
            let message =
                format!("`{word}` is a number of at most 64 bits, or a text such as a date");
            errors.add(tokens, message);
            None
        }
        Ok(literal) => Some(ParsedDefault { tokens, literal }),
    }
}

fn pattern(arguments: &Arguments, errors: &mut Errors) -> Option<LitStr> {
    let literal: LitStr = arguments.value("pattern", errors)?;
    let fault = match regex_syntax::parse(&literal.value()) {
        Ok(_) => return Some(literal),
        Err(regex_syntax::Error::Parse(fault)) => fault.kind().to_string(),
        Err(regex_syntax::Error::Translate(fault)) => fault.kind().to_string(),
        Err(other) => other.to_string(),
    };
    errors.add(&literal, format!("the pattern cannot be read: {fault}"));
    None
}
