//! The query string of a list: a page, and filters in the grammar of PostgREST.
//!
//! ```text
//! ?limit=20 & after=<cursor> & email=eq.ada@example.org
//!  └ page ──────────────────┘  └ field = operator . value
//! ```
//!
//! `limit` and `after` are taken; a field of that name cannot be filtered by. Nothing is ignored: a
//! misspelt filter that returns every row is a leak.

use std::collections::HashSet;

use dataflow_core::ModelSchema;
use dataflow_core::error::{Error, Kind, Result, closest};
use dataflow_core::node::Object;
use dataflow_core::schema::{Field, FieldType};
use dataflow_core::value::from_json;
use serde_json::{Value as Json, json};

use super::{Problem, percent};

/// The rows of a page when the client does not say.
pub(crate) const DEFAULT_LIMIT: u64 = 20;

/// The most rows of a page.
pub(crate) const MOST_ROWS: u64 = 1_000;

/// The operators and how the list operation calls them.
const OPERATORS: [(&str, &str); 1] = [("eq", "$eq")];

/// The input of a model's list operation that a query string stands for.
pub(super) fn list_input(model_schema: &ModelSchema, query: &str) -> Result<Object, Problem> {
    let mut limit = DEFAULT_LIMIT;
    let mut after = None;
    let mut filter = Object::new();
    for (name, value) in pairs(query)? {
        match name.as_str() {
            "limit" => limit = limit_of(&value)?,
            "after" => after = Some(value),
            _ => {
                let field = field_of(model_schema, &name)?;
                filter.insert(name, condition(field, &value)?);
            }
        }
    }
    let mut input = Object::new();
    if !filter.is_empty() {
        input.insert("filter".into(), filter.into());
    }
    input.insert("limit".into(), limit.into());
    if let Some(after) = after {
        input.insert("after".into(), after.into());
    }
    Ok(input)
}

/// The same query with another place to begin.
pub(super) fn with_after(query: &str, after: &str) -> String {
    let kept = query
        .split('&')
        .filter(|pair| !pair.is_empty() && pair.split('=').next() != Some("after"));
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
fn pairs(query: &str) -> Result<Vec<(String, String)>, Problem> {
    let mut seen = HashSet::new();
    let mut pairs = Vec::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let name = percent::decode(&name.replace('+', " "), "the name of a parameter")?;
        let value = percent::decode(&value.replace('+', " "), "the value of a parameter")?;
        if !seen.insert(name.clone()) {
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

fn field_of<'a>(model_schema: &'a ModelSchema, name: &str) -> Result<&'a Field> {
    model_schema.field(name).ok_or_else(|| {
        let fields = model_schema.fields.iter().map(|field| field.name.as_ref());
        unknown(
            "parameter",
            name,
            closest(name, fields.chain(["limit", "after"])),
        )
    })
}

fn condition(field: &Field, value: &str) -> Result<Json> {
    let name = &field.name;
    let Some((operator, operand)) = value.split_once('.') else {
        let message = format!("parameter {name:?} has no operator");
        return Err(
            Error::new(Kind::Malformed, message).with_help(format!("write {name}=eq.value"))
        );
    };
    let known = OPERATORS.iter().find(|(known, _)| *known == operator);
    let Some((_, operator)) = known else {
        let operators = OPERATORS.iter().map(|(known, _)| *known);
        let nearest = closest(operator, operators.clone());
        let mut error = unknown("operator", operator, nearest);
        if nearest.is_none() {
            let operators: Vec<_> = operators.collect();
            error = error.with_help(format!("the operators are {}", operators.join(", ")));
        }
        return Err(error);
    };
    let operand = operand_of(&field.field_type, operand).ok_or_else(|| {
        let expected = field.field_type.describe();
        Error::new(
            Kind::Malformed,
            format!("parameter {name:?}: expected {expected}"),
        )
    })?;
    Ok(json!({ *operator: operand }))
}

/// Text as the JSON value that a field of this type has, if it has one.
pub(super) fn operand_of(field_type: &FieldType, text: &str) -> Option<Json> {
    let json = match field_type {
        FieldType::Bool => Json::Bool(text.parse().ok()?),
        FieldType::I16 | FieldType::I32 | FieldType::I64 => text.parse::<i64>().ok()?.into(),
        FieldType::F32 | FieldType::F64 => text.parse::<f64>().ok()?.into(),
        FieldType::Json => return None,
        _ => text.into(),
    };
    from_json(field_type, &json)
        .ok()
        .filter(|value| !value.is_null())?;
    Some(json)
}

fn unknown(what: &str, name: &str, nearest: Option<&str>) -> Error {
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
mod tests {
    use dataflow_core::schema::{Key, KeyGenerator};

    use super::*;

    fn model_schema() -> ModelSchema {
        let fields = vec![
            Field::new("id", FieldType::I64),
            Field::new("email", FieldType::String),
            Field::new("active", FieldType::Bool),
        ];
        ModelSchema::new("User", fields, Key::new("id", KeyGenerator::Serial))
    }

    #[test]
    fn a_query_becomes_the_input_of_a_list() {
        let cases = [
            ("", json!({"limit": 20})),
            ("&", json!({"limit": 20})),
            ("limit=5&after=x%20y", json!({"limit": 5, "after": "x y"})),
            (
                "email=eq.a.b%2Bc&active=eq.true&id=eq.-7",
                json!({"limit": 20, "filter": {
                    "email": {"$eq": "a.b+c"},
                    "active": {"$eq": true},
                    "id": {"$eq": -7},
                }}),
            ),
            (
                "email=eq.a+b",
                json!({"limit": 20, "filter": {"email": {"$eq": "a b"}}}),
            ),
            (
                "email=eq.",
                json!({"limit": 20, "filter": {"email": {"$eq": ""}}}),
            ),
        ];
        for (query, expected) in cases {
            let input = list_input(&model_schema(), query).unwrap();
            assert_eq!(Json::Object(input), expected, "{query}");
        }
    }

    #[test]
    fn the_next_page_keeps_the_query_and_moves_its_place() {
        let cases = [
            ("", "after=a%2Fb"),
            ("limit=3&email=eq.x", "limit=3&email=eq.x&after=a%2Fb"),
            ("after=old&limit=3", "limit=3&after=a%2Fb"),
        ];
        for (query, expected) in cases {
            assert_eq!(with_after(query, "a/b"), expected);
        }
    }
}
