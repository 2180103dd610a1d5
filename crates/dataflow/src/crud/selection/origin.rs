//! What the members of an input mean of one model.

use dataflow_core::error::{Fault, FaultCode, Kind, closest};
use dataflow_core::node::Object;
use dataflow_core::query::{Aggregate, By, Filter, Groups, Inclusion, Inside, Order, Sought};
use dataflow_core::schema::Models;
use dataflow_core::{Error, ModelSchema, Result};
use serde_json::Value as Json;

use crate::table::{GroupsOf, Table, own_fields};

/// The most places inside documents that one list is sorted by, and that are given of its rows.
const MOST_PLACES: usize = 16;

/// The model whose rows an input asks for, and where in the whole input that stands.
pub(super) struct Origin<'a> {
    pub(super) models: &'a dyn Models,
    pub(super) model: &'a ModelSchema,
    pub(super) parent: &'a str,
}

impl<'a> Origin<'a> {
    pub(super) fn of(table: &'a Table) -> Self {
        Self {
            models: table.models(),
            model: table.model(),
            parent: "",
        }
    }

    /// What a filter cannot mean ends the reading; values that a field refuses are told with the
    /// rest.
    pub(super) fn filter(&self, input: &Object, faults: &mut Vec<Fault>) -> Result<Filter> {
        let pointer = format!("{}/filter", self.parent);
        self.filter_at("filter", input, faults, |filter| {
            Filter::parse_at(&pointer, self.models, self.model, filter)
        })
    }

    fn filter_at(
        &self,
        name: &str,
        input: &Object,
        faults: &mut Vec<Fault>,
        parse: impl Fn(&Object) -> Result<Filter>,
    ) -> Result<Filter> {
        match input.get(name) {
            None | Some(Json::Null) => Ok(Filter::all()),
            Some(Json::Object(filter)) => match parse(filter) {
                Err(error) if error.kind() == Kind::Invalid => {
                    faults.extend(error.faults().iter().cloned());
                    Ok(Filter::all())
                }
                parsed => parsed,
            },
            Some(_) => {
                faults.push(self.wrong_type(name, "must be an object"));
                Ok(Filter::all())
            }
        }
    }

    pub(super) fn order(&self, input: &Object, faults: &mut Vec<Fault>) -> Result<Vec<Order>> {
        let parse = |term: &str| Order::parse(self.models, self.model, term);
        self.terms(input, faults, parse)
    }

    pub(super) fn order_of_groups(
        &self,
        groups: &Groups,
        input: &Object,
        faults: &mut Vec<Fault>,
    ) -> Result<Vec<Order>> {
        let parse = |term: &str| groups.parse_order(self.models, self.model, term);
        self.terms(input, faults, parse)
    }

    fn terms(
        &self,
        input: &Object,
        faults: &mut Vec<Fault>,
        parse: impl Fn(&str) -> Result<Order>,
    ) -> Result<Vec<Order>> {
        let terms = self.texts("order", input, faults).unwrap_or_default();
        let read = terms.iter().enumerate().map(|(index, term)| {
            let pointer = format!("{}/order/{index}", self.parent);
            parse(term).map_err(|error| pointing(error, &pointer))
        });
        let order: Vec<Order> = read.collect::<Result<_>>()?;
        self.look_inside_so_often("order", order.iter().map(|order| &order.by), faults);
        Ok(order)
    }

    /// Each place inside a document is looked for in every row.
    fn look_inside_so_often<'b>(
        &self,
        name: &str,
        named: impl Iterator<Item = &'b By>,
        faults: &mut Vec<Fault>,
    ) {
        if named.filter_map(By::as_inside).count() > MOST_PLACES {
            let detail = format!("names more than {MOST_PLACES} places inside documents");
            faults.push(Fault::at(self.parent, name, FaultCode::Range, detail));
        }
    }

    /// A value inside a document has the name of its last member, which a relation may have too.
    pub(super) fn named_apart(
        &self,
        fields: Option<&[By]>,
        includes: &[Inclusion],
        faults: &mut Vec<Fault>,
    ) {
        let is_included = |name: &str| includes.iter().any(|include| include.link.name() == name);
        for (index, by) in fields.into_iter().flatten().enumerate() {
            if is_included(by.given_as(self.model)) {
                let pointer = format!("{}/fields/{index}", self.parent);
                faults.push(stands_twice(pointer));
            }
        }
    }

    /// The groups that are given in the place of rows, where fields and aggregates are asked for.
    pub(super) fn groups(
        &self,
        fields: Option<&[By]>,
        aggregates: &[Aggregate],
        input: &Object,
        faults: &mut Vec<Fault>,
    ) -> Result<Option<GroupsOf>> {
        let having = input.get("having").filter(|having| !having.is_null());
        let Some(fields) = fields.filter(|_| !aggregates.is_empty()) else {
            if having.is_some() {
                let detail = "is a condition on groups, which have \"fields\" and \"aggregate\"";
                faults.push(Fault::at(self.parent, "having", FaultCode::Unknown, detail));
            }
            return Ok(None);
        };
        let fields = own_fields(self.model, fields, "rows are grouped")?;
        let groups = Groups::of(self.model, fields, aggregates.to_owned());
        let pointer = format!("{}/having", self.parent);
        let having = self.filter_at("having", input, faults, |having| {
            Filter::parse_at(&pointer, self.models, groups.rows(), having)
        })?;
        Ok(Some(GroupsOf { groups, having }))
    }

    pub(super) fn aggregates(
        &self,
        input: &Object,
        faults: &mut Vec<Fault>,
    ) -> Result<Vec<Aggregate>> {
        let names = self.texts("aggregate", input, faults).unwrap_or_default();
        let read = names.iter().enumerate().map(|(index, name)| {
            let read = Aggregate::parse(self.model, name);
            read.map_err(|error| pointing(error, &format!("/aggregate/{index}")))
        });
        read.collect()
    }

    pub(super) fn fields(
        &self,
        input: &Object,
        faults: &mut Vec<Fault>,
    ) -> Result<Option<Vec<By>>> {
        let Some(names) = self.texts("fields", input, faults) else {
            return Ok(None);
        };
        if names.is_empty() {
            let detail = "must name at least one field";
            faults.push(Fault::at(self.parent, "fields", FaultCode::Range, detail));
        }
        let model = self.model;
        let mut fields: Vec<By> = Vec::with_capacity(names.len());
        for (index, name) in names.iter().enumerate() {
            let pointer = format!("{}/fields/{index}", self.parent);
            let field = self.field(name);
            let field = field.map_err(|error| pointing(error, &pointer))?;
            let is_alike = |other: &By| other.given_as(model) == field.given_as(model);
            if fields.iter().any(is_alike) {
                faults.push(stands_twice(pointer));
                continue;
            }
            fields.push(field);
        }
        self.look_inside_so_often("fields", fields.iter(), faults);
        Ok(Some(fields))
    }

    /// A field, or a value inside its document.
    fn field(&self, name: &str) -> Result<By> {
        if let Some(inside) = Inside::parse(self.model, name, Sought::Document) {
            return inside.map(By::Inside);
        }
        let position = self.model.shown_position(name);
        let field = position.map(By::Field);
        field.ok_or_else(|| unknown_field(self.model, name))
    }

    /// The texts of a member that may be left out and else must be a list of them.
    fn texts<'i>(
        &self,
        name: &str,
        input: &'i Object,
        faults: &mut Vec<Fault>,
    ) -> Option<Vec<&'i str>> {
        let items = match input.get(name) {
            None | Some(Json::Null) => return None,
            Some(Json::Array(items)) => items.iter().map(Json::as_str).collect::<Option<Vec<_>>>(),
            Some(_) => None,
        };
        if items.is_none() {
            faults.push(self.wrong_type(name, "must be an array of strings"));
        }
        items
    }

    pub(super) fn wrong_type(&self, name: &str, detail: &'static str) -> Fault {
        Fault::at(self.parent, name, FaultCode::Type, detail)
    }
}

fn stands_twice(pointer: String) -> Fault {
    Fault {
        pointer,
        code: FaultCode::Unknown,
        detail: "stands twice".into(),
    }
}

fn unknown_field(model: &ModelSchema, name: &str) -> Error {
    let message = format!("model {:?} has no field {name:?}", model.name);
    let fault = Fault {
        pointer: String::new(),
        code: FaultCode::Unknown,
        detail: "is not a field".into(),
    };
    let error = Error::new(Kind::Malformed, message).with_faults(vec![fault]);
    match closest(name, model.shown().map(|field| &*field.name)) {
        Some(meant) => error.with_help(format!("did you mean {meant:?}?")),
        None => error,
    }
}

/// An error whose faults are those of one place.
pub(super) fn pointing(error: Error, pointer: &str) -> Error {
    let mut faults = error.faults().to_vec();
    for fault in &mut faults {
        fault.pointer = pointer.to_owned();
    }
    error.with_faults(faults)
}
