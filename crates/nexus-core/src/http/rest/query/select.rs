//! What rows are made of, and in which order they come.

use dataflow_core::ModelSchema;
use dataflow_core::error::{Error, Kind, Result, closest};
use dataflow_core::node::Object;
use dataflow_core::query::{Aggregate, Inside, Order, Sought};
use serde_json::Value as Json;

use super::condition::Condition;
use super::filter::Filter;
use super::list::items;
use super::origin::Origin;
use super::parameter::{limit_of, unknown, unknown_parameter};

/// What a row is made of: fields, values inside their documents, `note->>city`, what the rows that are
/// alike in these come to, `age.max()`, and rows that relations lead to, `author(name)`, all of them or some: `posts(id,order=id.desc,limit=3)`.
pub(super) fn select(origin: Origin<'_>, value: &str, input: &mut Object) -> Result<()> {
    let selected = Selected::read(origin, &format!("({value})"), 0)?;
    selected.add_to(input);
    Ok(())
}

/// The same of one row, of which nothing can be summed up.
pub(super) fn of_row(origin: Origin<'_>, value: &str, input: &mut Object) -> Result<()> {
    let selected = Selected::read(origin, &format!("({value})"), 0)?;
    selected.has_no_aggregates()?;
    selected.add_to(input);
    Ok(())
}

/// How deep relations may stand inside each other. The operation allows fewer.
const MOST_LEVELS: usize = 8;

/// What a list in brackets names.
#[derive(Default)]
struct Selected {
    fields: Vec<Json>,
    aggregates: Vec<Json>,
    includes: Object,
    filter: Filter,
    order: Vec<Json>,
    limit: Option<u64>,
}

impl Selected {
    fn read(origin: Origin<'_>, list: &str, level: usize) -> Result<Self> {
        let mut selected = Self::default();
        let mut is_whole = false;
        for item in items(list).map_err(in_select)? {
            let said = item.split_once('=');
            if let Some(said) = said.filter(|(name, _)| !name.contains('(')) {
                let narrowed = selected.narrow(origin, said, level);
                narrowed.map_err(in_select)?;
                continue;
            }
            let (list, name) = match item.split_once('(') {
                Some((aggregate, ")")) => {
                    Aggregate::parse(origin.model_schema, aggregate).map_err(in_select)?;
                    (&mut selected.aggregates, aggregate)
                }
                Some((relation, _)) => {
                    let inner = &item[relation.len()..];
                    selected.include(origin, (relation, inner), level)?;
                    continue;
                }
                None if item == "*" => {
                    is_whole = true;
                    continue;
                }
                None if is_field(origin.model_schema, item)? => (&mut selected.fields, item),
                None => return Err(in_select(unknown_field(origin.model_schema, item))),
            };
            let name = Json::from(name);
            if list.contains(&name) {
                return Err(stands_twice(&name));
            }
            list.push(name);
        }
        let has_parts = !(selected.fields.is_empty() && selected.aggregates.is_empty());
        if is_whole == has_parts {
            let error = Error::new(Kind::Malformed, "the fields are neither all nor named");
            return Err(in_select(
                error.with_help("name the fields of a row, or * for all of them"),
            ));
        }
        Ok(selected)
    }

    /// Which of the rows that a relation leads to are given, in which order, or how many.
    fn narrow(
        &mut self,
        origin: Origin<'_>,
        (name, value): (&str, &str),
        level: usize,
    ) -> Result<()> {
        match name {
            _ if level == 0 => {
                let message = format!("{name:?} is said of the rows of the list");
                Err(Error::new(Kind::Malformed, message)
                    .with_help(format!("give it beside select, as in &{name}=…")))
            }
            "limit" => match self.limit.replace(limit_of(value)?) {
                None => Ok(()),
                Some(_) => Err(stands_twice(&name.into())),
            },
            "order" => {
                let term = Order::parse(origin.models, origin.model_schema, value);
                term.map(|_| self.order.push(value.into()))
            }
            "select" | "after" | "offset" => Err(unknown_parameter(name, ["limit", "order"])),
            _ => self.filter.take(origin, Condition::item(name, value)),
        }
    }

    /// The rows that a relation leads to, and what of them.
    fn include(
        &mut self,
        origin: Origin<'_>,
        (relation, inner): (&str, &str),
        level: usize,
    ) -> Result<()> {
        if level > MOST_LEVELS {
            let message = format!("relations are followed deeper than {MOST_LEVELS} levels");
            return Err(in_select(Error::new(Kind::Malformed, message)));
        }
        let Some(link) = origin.link(relation) else {
            let nearest = closest(relation, origin.model_schema.relation_names());
            let error = unknown("relation", relation, nearest);
            return Err(in_select(match nearest {
                Some(_) => error,
                None => error.with_help("aggregates are such as count() or age.max()"),
            }));
        };
        let selected = Self::read(origin.at(link.target()), inner, level + 1)?;
        selected.has_no_aggregates()?;
        let mut members = Object::new();
        selected.add_to(&mut members);
        let name = relation.to_owned();
        match self.includes.insert(name, members.into()) {
            None => Ok(()),
            Some(_) => Err(stands_twice(&relation.into())),
        }
    }

    fn has_no_aggregates(&self) -> Result<()> {
        if self.aggregates.is_empty() {
            return Ok(());
        }
        let message = "aggregates are of the rows of a list";
        Err(in_select(Error::new(Kind::Malformed, message).with_help(
            "name fields and relations of the row, or ask for the list of rows",
        )))
    }

    fn add_to(self, input: &mut Object) {
        for (member, list) in [
            ("fields", self.fields),
            ("aggregate", self.aggregates),
            ("order", self.order),
        ] {
            if !list.is_empty() {
                input.insert(member.to_owned(), list.into());
            }
        }
        if let Some(limit) = self.limit {
            input.insert("limit".to_owned(), limit.into());
        }
        self.filter.add_to(input);
        if !self.includes.is_empty() {
            input.insert("include".to_owned(), self.includes.into());
        }
    }
}

/// Whether it is a field, or a value inside its document.
fn is_field(model_schema: &ModelSchema, item: &str) -> Result<bool> {
    match Inside::parse(model_schema, item, Sought::Document) {
        Some(inside) => inside.map(|_| true).map_err(in_select),
        None => Ok(model_schema.shown_position(item).is_some()),
    }
}

fn unknown_field(model_schema: &ModelSchema, name: &str) -> Error {
    let names = model_schema.shown().map(|field| field.name.as_ref());
    let error = unknown("field", name, closest(name, names.chain(["*", "count()"])));
    if model_schema
        .relation_names()
        .any(|relation| relation == name)
    {
        return error.with_help(format!("write {name}(*) for the rows of the relation"));
    }
    error
}

fn stands_twice(name: &Json) -> Error {
    let message = format!("{name} stands twice");
    in_select(Error::new(Kind::Malformed, message))
}

fn in_select(error: Error) -> Error {
    error.with_faults(Vec::new()).within("parameter \"select\"")
}
