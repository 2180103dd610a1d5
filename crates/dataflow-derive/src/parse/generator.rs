//! `generate = "…"`.

use syn::LitStr;

use crate::errors::Errors;
use crate::parsed::{Generator, ParsedGenerator};
use crate::words;

pub(super) fn generator(literal: LitStr, errors: &mut Errors) -> Option<ParsedGenerator> {
    let kind = match literal.value().as_str() {
        "serial" => Generator::Serial,
        "uuid_v7" => Generator::UuidV7,
        "none" => Generator::None,
        unknown => {
            let advice = words::nearest(unknown, words::GENERATORS.iter().copied());
            errors.add(&literal, format!("unknown generator `{unknown}`; {advice}"));
            return None;
        }
    };
    Some(ParsedGenerator { literal, kind })
}
