//! Which page of the rows: `limit`, and `after` or `offset`.

use std::ops::RangeInclusive;

use dataflow_core::error::{Fault, FaultCode};
use dataflow_core::node::Object;
use serde_json::Value as Json;

use super::wrong_type;
use crate::table::Beginning;

/// Where the page begins.
pub(super) fn beginning(
    input: &Object,
    offset: Option<usize>,
    faults: &mut Vec<Fault>,
) -> Beginning {
    match (input.get("after"), offset) {
        (None | Some(Json::Null), None) => Beginning::FirstRow,
        (None | Some(Json::Null), Some(rows)) => Beginning::Offset(rows),
        (Some(Json::String(cursor)), None) => Beginning::Cursor(cursor.clone()),
        (Some(_), Some(_)) => {
            let detail = "cannot be given beside \"after\"";
            faults.push(Fault::of_field("offset", FaultCode::Unknown, detail));
            Beginning::FirstRow
        }
        (Some(_), None) => {
            faults.push(wrong_type("after", "must be a string"));
            Beginning::FirstRow
        }
    }
}

/// A whole number, which may be left out.
pub(super) fn number(
    parent: &str,
    input: &Object,
    name: &str,
    range: RangeInclusive<usize>,
) -> Result<Option<usize>, Fault> {
    let number = match input.get(name) {
        None | Some(Json::Null) => return Ok(None),
        Some(Json::Number(number)) if !number.is_f64() => number.as_u64(),
        Some(_) => {
            let detail = "must be an integer";
            return Err(Fault::at(parent, name, FaultCode::Type, detail));
        }
    };
    let number = number.and_then(|number| usize::try_from(number).ok());
    match number.filter(|number| range.contains(number)) {
        Some(number) => Ok(Some(number)),
        None => {
            let detail = format!("must be from {} to {}", range.start(), range.end());
            Err(Fault::at(parent, name, FaultCode::Range, detail))
        }
    }
}
