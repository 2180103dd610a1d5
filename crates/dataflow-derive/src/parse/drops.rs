//! `drop_columns(…)`, `drop_indexes(…)` and `drop_constraints(…)`.

use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::{LitStr, Token};

use super::Arguments;
use crate::errors::Errors;
use crate::parsed::ParsedDrops;

/// Reads the lists of names that may go.
pub(super) fn drops(arguments: &Arguments, errors: &mut Errors) -> ParsedDrops {
    let mut drops = ParsedDrops::default();
    for (word, tokens) in arguments.lists(&["drop_columns", "drop_indexes", "drop_constraints"]) {
        let names = match word.to_string().as_str() {
            "drop_columns" => &mut drops.columns,
            "drop_indexes" => &mut drops.indexes,
            "drop_constraints" => &mut drops.constraints,
            _ => continue,
        };
        let list = Punctuated::<LitStr, Token![,]>::parse_terminated;
        match list.parse2(tokens.clone()) {
            Ok(list) if !list.is_empty() => names.extend(list),
            _ => errors.add(
                word,
                format!("`{word}` takes names as the database knows them: `{word}(\"old\")`"),
            ),
        }
    }
    drops
}
