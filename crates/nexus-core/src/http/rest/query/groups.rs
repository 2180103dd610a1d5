//! In which order rows come, or groups of them, and which groups do.

use dataflow_core::ModelSchema;
use dataflow_core::error::{Error, Kind, Result};
use dataflow_core::node::Object;
use dataflow_core::query::{Aggregate, Groups, Order};
use serde_json::Value as Json;

use super::logic;
use super::origin::Origin;

/// The groups that an input asks for in the place of rows, by the fields and aggregates that are
/// selected.
pub(super) fn of(model_schema: &ModelSchema, input: &Object) -> Option<Groups> {
    let names = |member: &str| input.get(member)?.as_array();
    let fields = names("fields")?.iter().filter_map(Json::as_str);
    let fields = fields.filter_map(|name| model_schema.shown_position(name));
    let aggregates = names("aggregate")?.iter().filter_map(Json::as_str);
    let aggregates = aggregates.filter_map(|name| Aggregate::parse(model_schema, name).ok());
    Some(Groups::of(
        model_schema,
        fields.collect(),
        aggregates.collect(),
    ))
}

/// The terms of an order, each of which rows, or groups, are known to have.
pub(super) fn order(origin: Origin<'_>, groups: Option<&Groups>, value: &str) -> Result<Json> {
    let (models, model_schema) = (origin.models, origin.model_schema);
    let check = |term: &str| match groups {
        None => Order::parse(models, model_schema, term),
        Some(groups) => groups.parse_order(models, model_schema, term),
    };
    let terms = value.split(',');
    let checked: Result<Vec<Json>> = terms.map(|term| check(term).map(|_| term.into())).collect();
    checked
        .map(Json::from)
        .map_err(|error| in_parameter(error, "order"))
}

/// The conditions in brackets that all hold for a group.
pub(super) fn having(origin: Origin<'_>, groups: Option<&Groups>, value: &str) -> Result<Json> {
    let Some(groups) = groups else {
        let error = Error::new(Kind::Malformed, "\"having\" is a condition on groups");
        return Err(error.with_help("select fields and aggregates, as in select=city,count()"));
    };
    let conditions = logic::test(origin.at(groups.rows()), "and", value, 0);
    conditions.map_err(|error| in_parameter(error, "having"))
}

fn in_parameter(error: Error, name: &str) -> Error {
    let place = format!("parameter {name:?}");
    error.with_faults(Vec::new()).within(place)
}
