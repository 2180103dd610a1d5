//! Which rows an input asks for.

mod include;

use dataflow_core::error::{Fault, FaultCode, Kind, closest};
use dataflow_core::node::Object;
use dataflow_core::query::{Aggregate, By, Filter, Groups, Inclusion, Inside, Order, Sought};
use dataflow_core::schema::Models;
use dataflow_core::{Error, ModelSchema, Result, Value};
use serde_json::Value as Json;

use super::input::{finished, only, required_key};
use crate::repository::DEFAULT_LIMIT;
use crate::table::{Beginning, GroupsOf, Selection, Table, own_fields};

/// The most rows that one page has.
pub(super) const MAX_LIMIT: usize = 1_000;

/// The most rows that a page passes over. Each of them is read; a cursor passes over none.
pub(super) const MAX_OFFSET: usize = 100_000;

/// The most places inside documents that one list is sorted by, and that are given of its rows.
const MOST_PLACES: usize = 16;

const MEMBERS: [&str; 10] = [
    "filter",
    "order",
    "fields",
    "include",
    "distinct",
    "aggregate",
    "having",
    "limit",
    "after",
    "offset",
];

/// The selection that an input means, and what is loaded beside its rows.
pub(super) fn read(table: &Table, input: &Object) -> Result<(Selection, Vec<Inclusion>)> {
    let mut faults = Vec::new();
    only(&MEMBERS, input, &mut faults);
    let origin = Origin::of(table);
    let filter = origin.filter(input, &mut faults)?;
    let fields = origin.fields(input, &mut faults)?;
    let includes = origin.includes(input, &mut faults)?;
    origin.named_apart(fields.as_deref(), &includes, &mut faults);
    let aggregates = origin.aggregates(input, &mut faults)?;
    let groups = origin.groups(fields.as_deref(), &aggregates, input, &mut faults)?;
    let order = match &groups {
        None => origin.order(input, &mut faults)?,
        Some(of) => origin.order_of_groups(&of.groups, input, &mut faults)?,
    };
    let mut take = |read: Result<_, Fault>| read.map_err(|fault| faults.push(fault)).ok();
    let limit = take(number("", input, "limit", 1..=MAX_LIMIT));
    let offset = take(number("", input, "offset", 0..=MAX_OFFSET));
    let is_distinct = flag(input, "distinct", &mut faults);
    let from = beginning(input, offset.flatten(), &mut faults);
    let selection = limit.map(|limit| Selection {
        order,
        fields,
        is_distinct,
        aggregates,
        groups,
        from,
        ..Selection::of(filter, limit.unwrap_or(DEFAULT_LIMIT))
    });
    Ok((finished(selection, faults)?, includes))
}

/// The key of a row, which of its fields are given, and what is loaded beside it.
pub(super) fn read_one(table: &Table, input: &Object) -> Result<(Selection, Vec<Inclusion>)> {
    let model = table.model();
    let mut faults = Vec::new();
    let key_names = model.key.fields.iter().map(AsRef::as_ref);
    let names: Vec<&str> = key_names.chain(["fields", "include"]).collect();
    only(&names, input, &mut faults);
    let origin = Origin::of(table);
    let key = required_key(model, "", input, &mut faults);
    let fields = origin.fields(input, &mut faults)?;
    let includes = origin.includes(input, &mut faults)?;
    origin.named_apart(fields.as_deref(), &includes, &mut faults);
    let key = finished(key, faults)?;
    let selection = Selection {
        fields,
        ..Selection::of(table.of_key(key)?, 1)
    };
    Ok((selection, includes))
}

/// The key of a row, and which page is asked for of what belongs to it.
pub(super) fn read_page_of_row(
    table: &Table,
    input: &Object,
) -> Result<(Vec<Value>, Beginning, usize)> {
    let model = table.model();
    let mut faults = Vec::new();
    let key_names = model.key.fields.iter().map(AsRef::as_ref);
    let names: Vec<&str> = key_names.chain(["limit", "after"]).collect();
    only(&names, input, &mut faults);
    let key = required_key(model, "", input, &mut faults);
    // A field of the key stands before a word of the same name.
    let words: Object = input
        .clone()
        .into_iter()
        .filter(|(name, _)| !model.key.contains(name))
        .collect();
    let limit = number("", &words, "limit", 1..=MAX_LIMIT).map_err(|fault| faults.push(fault));
    let from = beginning(&words, None, &mut faults);
    let limit = limit.ok().flatten().unwrap_or(DEFAULT_LIMIT);
    Ok((finished(key, faults)?, from, limit))
}

/// `filter`, and nothing else.
pub(super) fn only_filter(table: &Table, input: &Object) -> Result<Filter> {
    let mut faults = Vec::new();
    only(&["filter"], input, &mut faults);
    let origin = Origin::of(table);
    let filter = origin.filter(input, &mut faults)?;
    finished(Some(filter), faults)
}

/// The rows that a write is about where its input does not list them by the other word: `filter`, or
/// every row by `all`. A filter that tests nothing is taken for a mistake.
pub(super) fn chosen(
    table: &Table,
    other: &str,
    input: &Object,
    faults: &mut Vec<Fault>,
) -> Result<Option<Filter>> {
    let is_all = flag(input, "all", faults);
    let filter = Origin::of(table).filter(input, faults)?;
    let is_given = input.get("filter").is_some_and(|given| !given.is_null());
    let (name, code, detail) = match (is_all, is_given) {
        (true, false) => return Ok(Some(Filter::all())),
        (false, true) if !filter.condition().is_every_row() => return Ok(Some(filter)),
        (true, true) => {
            let detail = "cannot be given beside \"all\"".to_owned();
            ("filter", FaultCode::Unknown, detail)
        }
        (false, true) => {
            let detail = "tests nothing; say \"all\": true where every row is meant".to_owned();
            ("filter", FaultCode::Required, detail)
        }
        (false, false) => {
            let detail = "is required, or \"filter\", or \"all\": true".to_owned();
            (other, FaultCode::Required, detail)
        }
    };
    // A filter that could not be read was told of.
    if faults.is_empty() {
        faults.push(Fault::of_field(name, code, detail));
    }
    Ok(None)
}

/// The model whose rows an input asks for, and where in the whole input that stands.
struct Origin<'a> {
    models: &'a dyn Models,
    model: &'a ModelSchema,
    parent: &'a str,
}

impl<'a> Origin<'a> {
    fn of(table: &'a Table) -> Self {
        Self {
            models: table.models(),
            model: table.model(),
            parent: "",
        }
    }

    /// What a filter cannot mean ends the reading; values that a field refuses are told with the
    /// rest.
    fn filter(&self, input: &Object, faults: &mut Vec<Fault>) -> Result<Filter> {
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

    fn order(&self, input: &Object, faults: &mut Vec<Fault>) -> Result<Vec<Order>> {
        let parse = |term: &str| Order::parse(self.models, self.model, term);
        self.terms(input, faults, parse)
    }

    fn order_of_groups(
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
    fn named_apart(&self, fields: Option<&[By]>, includes: &[Inclusion], faults: &mut Vec<Fault>) {
        let is_included = |name: &str| includes.iter().any(|include| include.link.name() == name);
        for (index, by) in fields.into_iter().flatten().enumerate() {
            if is_included(by.given_as(self.model)) {
                let pointer = format!("{}/fields/{index}", self.parent);
                faults.push(stands_twice(pointer));
            }
        }
    }

    /// The groups that are given in the place of rows, where fields and aggregates are asked for.
    fn groups(
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

    fn aggregates(&self, input: &Object, faults: &mut Vec<Fault>) -> Result<Vec<Aggregate>> {
        let names = self.texts("aggregate", input, faults).unwrap_or_default();
        let read = names.iter().enumerate().map(|(index, name)| {
            let read = Aggregate::parse(self.model, name);
            read.map_err(|error| pointing(error, &format!("/aggregate/{index}")))
        });
        read.collect()
    }

    fn fields(&self, input: &Object, faults: &mut Vec<Fault>) -> Result<Option<Vec<By>>> {
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

    fn wrong_type(&self, name: &str, detail: &'static str) -> Fault {
        Fault::at(self.parent, name, FaultCode::Type, detail)
    }
}

fn beginning(input: &Object, offset: Option<usize>, faults: &mut Vec<Fault>) -> Beginning {
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

fn flag(input: &Object, name: &str, faults: &mut Vec<Fault>) -> bool {
    match input.get(name) {
        None | Some(Json::Null) => false,
        Some(Json::Bool(value)) => *value,
        Some(_) => {
            faults.push(wrong_type(name, "must be true or false"));
            false
        }
    }
}

fn number(
    parent: &str,
    input: &Object,
    name: &str,
    range: std::ops::RangeInclusive<usize>,
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

fn stands_twice(pointer: String) -> Fault {
    Fault {
        pointer,
        code: FaultCode::Unknown,
        detail: "stands twice".into(),
    }
}

fn wrong_type(name: &str, detail: &'static str) -> Fault {
    Fault::of_field(name, FaultCode::Type, detail)
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

/// An error whose faults stand inside a place.
pub(super) fn inside(error: Error, parent: &str) -> Error {
    let mut faults = error.faults().to_vec();
    for fault in &mut faults {
        fault.pointer.insert_str(0, parent);
    }
    error.with_faults(faults)
}

/// An error whose faults are those of one place.
fn pointing(error: Error, pointer: &str) -> Error {
    let mut faults = error.faults().to_vec();
    for fault in &mut faults {
        fault.pointer = pointer.to_owned();
    }
    error.with_faults(faults)
}
