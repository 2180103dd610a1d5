//! Where a page ends and the next one begins.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value as Json;

use super::listing::{IsNull, Listing, Start};
use crate::error::{Error, Kind, Result};
use crate::schema::ModelSchema;
use crate::value::{Object, Value, from_json, parse_object};

/// The cursor after a row, from its values in the fields of the order. It names the order, so that
/// it leads nowhere in another one.
pub fn cursor_of(model: &ModelSchema, listing: &Listing, values: &[Value]) -> String {
    let order = listing.order().iter().map(|order| order.spelled(model));
    let members: Object = order.zip(values.iter().map(Value::to_json)).collect();
    URL_SAFE_NO_PAD.encode(Json::Object(members).to_string())
}

/// A listing from a cursor on, and the values that are parameters of its statement.
///
/// # Errors
///
/// [`Kind::Malformed`] when it is no cursor of this model and order.
pub fn starting_after(
    model: &ModelSchema,
    listing: Listing,
    cursor: &str,
) -> Result<(Listing, Vec<Value>)> {
    let values = values_of(model, &listing, cursor).ok_or_else(|| {
        let message = format!(
            "\"after\" is no cursor of model {:?} in this order",
            model.name
        );
        Error::new(Kind::Malformed, message)
            .with_help("pass the cursor that came with the page before, and ask for the same order")
    })?;
    let is_null = |value: &Value| match value {
        Value::Null => IsNull::Yes,
        _ => IsNull::No,
    };
    let start = Start::After(values.iter().map(is_null).collect());
    let parameters = values.into_iter().filter(|value| !value.is_null());
    Ok((listing.starting(start), parameters.collect()))
}

fn values_of(model: &ModelSchema, listing: &Listing, cursor: &str) -> Option<Vec<Value>> {
    let text = URL_SAFE_NO_PAD.decode(cursor).ok()?;
    let members = parse_object(&text).ok()?;
    if members.len() != listing.order().len() {
        return None;
    }
    let values = listing
        .order()
        .iter()
        .zip(&members)
        .map(|(order, (name, json))| {
            let value = from_json(order.by.field_type(model), json).ok()?;
            let is_possible = order.by.is_nullable(model) || !value.is_null();
            (*name == order.spelled(model) && is_possible).then_some(value)
        });
    values.collect()
}
