//! The query string of a list: a page, and filters in the grammar of PostgREST.
//!
//! ```text
//! ?limit=20 & after=<cursor> & order=age.desc.nullslast & select=id,email
//!  └ page ──────────────────┘  └ order of rows ────────┘  └ fields of a row, or of groups of rows
//!                                                            and what they come to: city,age.max()
//!
//! & email=like.*@example.org & age=not.in.(1,2) & or=(age.gte.18,note->vip.eq.true)
//!   field = operator.value                        conditions that stand inside each other
//!
//! & age=gte.18 & age=lt.65                        conditions on one field, which all hold
//!
//! & stock=lt(field).wanted                        a comparison with another field of the row
//!
//! & order=note->age.desc & select=id,note->>city  a number, or a text, inside a document
//!
//! & author.name=eq.Ann & posts=some.(draft.is.true)      & select=id,author(name)
//!   a field of the row, and of the rows, that a relation leads to    and what is given of them
//!
//! & select=id,posts(id,title,draft=is.false,order=id.desc,limit=3)
//!             which of those rows there are, in which order, and how many for each row
//!
//! & select=city,count(),age.max() & having=(count.gte.2) & order=count.desc
//!   groups, those that come to so much, and sorted by it: as the rows call what they come to
//! ```
//!
//! What is not a field is a word of the query: a field that is called like one of them can be
//! filtered by inside `and=(…)`. Nothing is ignored: a misspelt filter that returns every row is a
//! leak.

mod condition;
mod elsewhere;
mod filter;
mod groups;
mod list;
mod logic;
mod operator;
mod origin;
mod parameter;
mod relation;
mod select;
mod subject;

use dataflow_core::error::{Error, Kind};
use dataflow_core::node::Object;

use crate::http::Problem;
use condition::Condition;
use filter::Filter;
pub(super) use operator::operand_of;
#[cfg(test)]
pub(crate) use operator::operators;
pub(super) use origin::Origin;
use parameter::{ALL, PAGE, limit_of, offset_of, pairs_of_rows};
pub(crate) use parameter::{DEFAULT_LIMIT, MOST_PASSED_OVER, MOST_ROWS};
pub(super) use parameter::{check_empty, pairs, unknown, unknown_parameter, with_after};

/// The input of a model's list operation that a query string stands for.
pub(super) fn list_input(origin: Origin<'_>, query: &str) -> Result<Object, Problem> {
    let mut input = Object::new();
    let mut filter = Filter::default();
    let mut limit = DEFAULT_LIMIT;
    let (mut order, mut having) = (None, None);
    for (name, value) in pairs_of_rows(query)? {
        match name.as_str() {
            "limit" => limit = limit_of(&value)?,
            "offset" => {
                input.insert(name, offset_of(&value)?.into());
            }
            "after" => {
                input.insert(name, value.into());
            }
            "order" => order = Some(value),
            "having" => having = Some(value),
            "select" => select::select(origin, &value, &mut input)?,
            _ => filter.take(origin, Condition::parameter(&name, &value))?,
        }
    }
    filter.add_to(&mut input);
    let groups = groups::of(origin.model_schema, &input);
    if let Some(order) = order {
        let order = groups::order(origin, groups.as_ref(), &order)?;
        input.insert("order".into(), order);
    }
    if let Some(having) = having {
        let having = groups::having(origin, groups.as_ref(), &having)?;
        input.insert("having".into(), having);
    }
    input.insert("limit".into(), limit.into());
    if let (Some(_), Some(_)) = (input.get("after"), input.get("offset")) {
        return Err(Problem::malformed(
            "parameters \"after\" and \"offset\" both say where the page begins",
        ));
    }
    Ok(input)
}

/// The rows that a query string names for a write, as its operation takes them; none where it names
/// none. Only `all=true` names every row, which no condition on a field is spelled like.
pub(super) fn rows_input(origin: Origin<'_>, query: &str) -> Result<Option<Object>, Problem> {
    let mut input = Object::new();
    let mut filter = Filter::default();
    for (name, value) in pairs_of_rows(query)? {
        match name.as_str() {
            ALL if value == "true" => {
                input.insert(name, true.into());
            }
            word if PAGE.contains(&word) => {
                let message = format!("parameter {name:?} chooses no rows of a write");
                return Err(Error::new(Kind::Malformed, message)
                    .with_help("name the rows by conditions on their fields")
                    .into());
            }
            _ => filter.take(origin, Condition::parameter(&name, &value))?,
        }
    }
    filter.add_to(&mut input);
    Ok(Some(input).filter(|input| !input.is_empty()))
}

/// The problem of a write that names no rows.
pub(super) fn no_rows() -> Problem {
    Error::new(Kind::Malformed, "the query names no rows")
        .with_help("name them by conditions on their fields, or say all=true")
        .into()
}

/// What counts the rows that a list gives pages of; none where it gives groups of rows.
pub(super) fn of_count(list: &Object) -> Option<Object> {
    if list.contains_key("aggregate") || list.contains_key("distinct") {
        return None;
    }
    let filter = list.get("filter").cloned();
    let filter = filter.map(|filter| ("filter".to_owned(), filter));
    Some(filter.into_iter().collect())
}

/// The fields that an upsert finds a row by: `on_conflict=email`, or the key.
pub(super) fn conflict_input(query: Option<&str>) -> Result<Object, Problem> {
    let mut input = Object::new();
    for (name, value) in pairs(query.unwrap_or_default())? {
        if name != "on_conflict" {
            return Err(unknown_parameter(&name, ["on_conflict"]).into());
        }
        let fields: Vec<&str> = value.split(',').map(str::trim).collect();
        input.insert("conflict_on".to_owned(), fields.into());
    }
    Ok(input)
}

/// The page that a query string asks for, and nothing else.
pub(super) fn page_input(query: &str) -> Result<Object, Problem> {
    let mut input = Object::from_iter([("limit".to_owned(), DEFAULT_LIMIT.into())]);
    for (name, value) in pairs(query)? {
        let value = match name.as_str() {
            "limit" => limit_of(&value)?.into(),
            "after" => value.into(),
            _ => return Err(unknown_parameter(&name, ["limit", "after"]).into()),
        };
        input.insert(name, value);
    }
    Ok(input)
}

/// What a query string says of the one row that a read gives: which of its fields, and what beside
/// it. A model without relations has nothing to choose from.
pub(super) fn add_to_read(
    origin: Origin<'_>,
    query: Option<&str>,
    input: &mut Object,
) -> Result<(), Problem> {
    if origin.model_schema.relation_names().next().is_none() {
        return check_empty(query);
    }
    for (name, value) in pairs(query.unwrap_or_default())? {
        if name != "select" {
            return Err(unknown_parameter(&name, ["select"]).into());
        }
        select::of_row(origin, &value, input)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
