//! From syntax to [`ParsedModel`](crate::parsed::ParsedModel),
//! [`ParsedEnum`](crate::parsed::ParsedEnum) and [`ParsedRow`](crate::parsed::ParsedRow), attribute
//! by attribute. Rules between attributes are in [`check`](crate::check).

mod arguments;
mod check;
mod default;
mod description;
mod drops;
mod enumeration;
mod field;
mod generator;
mod index;
mod inverse;
mod limit;
mod model;
mod relation;
mod row;
mod rules;

pub(crate) use enumeration::enumeration;
pub(crate) use model::model;
pub(crate) use row::row;

use syn::{LitStr, Path};

use arguments::Arguments;

use crate::errors::Errors;
use crate::parsed::ParsedCheck;

/// The conditions that are declared in one place.
fn checks(arguments: &Arguments, errors: &mut Errors) -> Vec<ParsedCheck> {
    arguments
        .lists(&["check"])
        .filter_map(|(word, tokens)| check::check(word, tokens.clone(), errors))
        .collect()
}

/// Where the user says the foundation is: `crate = "…"`.
fn krate(arguments: &Arguments, errors: &mut Errors) -> Option<Path> {
    let literal: LitStr = arguments.value("crate", errors)?;
    literal
        .parse()
        .map_err(|_| {
            errors.add(
                &literal,
                "`crate` is no path to a crate; write `crate = \"my_face::dataflow\"`",
            )
        })
        .ok()
}
