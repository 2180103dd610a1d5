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
mod conditions;
mod groups;
mod list;
mod origin;
mod relation;
mod select;

use std::collections::HashSet;

use dataflow_core::error::{Error, Kind, Result, closest};
use dataflow_core::node::Object;
use dataflow_core::schema::FieldType;
use dataflow_core::value::from_json;
use serde_json::Value as Json;

use super::{Problem, percent};
use condition::Spelling;
#[cfg(test)]
pub(crate) use condition::operators;
use conditions::Conditions;
pub(super) use origin::Origin;

/// The rows of a page when the client does not say.
pub(crate) const DEFAULT_LIMIT: u64 = 20;

/// The most rows of a page.
pub(crate) const MOST_ROWS: u64 = 1_000;

/// The most rows that a page passes over; each of them is read.
pub(crate) const MOST_PASSED_OVER: u64 = 100_000;

/// The words of a query that name no field.
const WORDS: [&str; 10] = [
    "limit", "after", "offset", "order", "select", "having", "and", "or", "not.and", "not.or",
];

/// Those that say which page of the rows is given, and what of them.
const PAGE: [&str; 6] = ["limit", "after", "offset", "order", "select", "having"];

/// What says that a write is about every row.
const ALL: &str = "all";

/// The input of a model's list operation that a query string stands for.
pub(super) fn list_input(origin: Origin<'_>, query: &str) -> Result<Object, Problem> {
    let mut input = Object::new();
    let mut conditions = Conditions::default();
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
            _ => conditions.take(origin, (&name, &value), Spelling::Parameter)?,
        }
    }
    conditions.add_to(&mut input);
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
    let mut conditions = Conditions::default();
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
            _ => conditions.take(origin, (&name, &value), Spelling::Parameter)?,
        }
    }
    conditions.add_to(&mut input);
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
            return Err(unknown("parameter", &name, closest(&name, ["on_conflict"])).into());
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
            _ => {
                return Err(unknown("parameter", &name, closest(&name, ["limit", "after"])).into());
            }
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
            return Err(unknown("parameter", &name, closest(&name, ["select"])).into());
        }
        select::of_row(origin, &value, input)?;
    }
    Ok(())
}

/// The same query with another place to begin.
pub(super) fn with_after(query: &str, after: &str) -> String {
    let kept = query.split('&').filter(|pair| {
        let name = pair.split('=').next();
        !pair.is_empty() && name != Some("after") && name != Some("offset")
    });
    let mut next: String = kept.flat_map(|pair| [pair, "&"]).collect();
    next.push_str("after=");
    next.push_str(&percent::encode(after));
    next
}

/// Refuses any parameter, for routes that take none.
pub(super) fn check_empty(query: Option<&str>) -> Result<(), Problem> {
    match pairs(query.unwrap_or_default())?.first() {
        None => Ok(()),
        Some((name, _)) => Err(unknown("parameter", name, None).into()),
    }
}

/// The parameters, decoded, each at most once.
pub(super) fn pairs(query: &str) -> Result<Vec<(String, String)>, Problem> {
    decoded(query, |_| false)
}

/// The parameters, decoded. A condition may stand beside others of the same name, and all hold.
fn pairs_of_rows(query: &str) -> Result<Vec<(String, String)>, Problem> {
    decoded(query, |name| !PAGE.contains(&name) && name != ALL)
}

fn decoded(
    query: &str,
    may_repeat: impl Fn(&str) -> bool,
) -> Result<Vec<(String, String)>, Problem> {
    let mut seen = HashSet::new();
    let mut pairs = Vec::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let name = percent::decode(&name.replace('+', " "), "the name of a parameter")?;
        let value = percent::decode(&value.replace('+', " "), "the value of a parameter")?;
        if !seen.insert(name.clone()) && !may_repeat(&name) {
            let detail = format!("parameter {} stands twice", quoted(&name));
            return Err(Problem::malformed(detail));
        }
        pairs.push((name, value));
    }
    Ok(pairs)
}

fn limit_of(value: &str) -> Result<u64> {
    let limit = value.parse().ok();
    limit
        .filter(|limit| (1..=MOST_ROWS).contains(limit))
        .ok_or_else(|| {
            let message = format!("parameter \"limit\" is a number from 1 to {MOST_ROWS}");
            Error::new(Kind::Malformed, message)
                .with_help("follow the Link header with rel=\"next\" for more rows")
        })
}

fn offset_of(value: &str) -> Result<u64> {
    let offset = value.parse().ok();
    offset
        .filter(|offset| *offset <= MOST_PASSED_OVER)
        .ok_or_else(|| {
            let message = format!("parameter \"offset\" is a number from 0 to {MOST_PASSED_OVER}");
            Error::new(Kind::Malformed, message)
                .with_help("follow the Link header with rel=\"next\" for rows further on")
        })
}

/// Text as the JSON value that a field of this type has, if it has one.
pub(super) fn operand_of(field_type: &FieldType, text: &str) -> Option<Json> {
    let json = match field_type {
        FieldType::Bool => Json::Bool(text.parse().ok()?),
        FieldType::I16 | FieldType::I32 | FieldType::I64 => text.parse::<i64>().ok()?.into(),
        FieldType::F32 | FieldType::F64 => text.parse::<f64>().ok()?.into(),
        FieldType::Json => return None,
        FieldType::Array(_) => serde_json::from_str(text).ok()?,
        _ => text.into(),
    };
    from_json(field_type, &json)
        .ok()
        .filter(|value| !value.is_null())?;
    Some(json)
}

pub(super) fn unknown(what: &str, name: &str, nearest: Option<&str>) -> Error {
    let error = Error::new(
        Kind::Malformed,
        format!("{what} {} is not known", quoted(name)),
    );
    match nearest {
        Some(nearest) => error.with_help(format!("did you mean {nearest:?}?")),
        None => error,
    }
}

/// A name from outside, not longer than a name is.
fn quoted(name: &str) -> String {
    const LONGEST: usize = 64;
    let short: String = name.chars().take(LONGEST).collect();
    if short.len() == name.len() {
        format!("{short:?}")
    } else {
        format!("{short:?}…")
    }
}

#[cfg(test)]
mod tests;
