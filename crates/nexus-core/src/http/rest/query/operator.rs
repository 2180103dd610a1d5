//! What is asked of a subject: an operator and its operand.

use dataflow_core::error::{Error, Kind, Result, closest};
use dataflow_core::schema::FieldType;
use dataflow_core::value::from_json;
use serde_json::{Value as Json, json};

use super::condition::Spelling;
use super::list::{items, unquoted};
use super::parameter::unknown;
use super::subject::{Place, Subject};

/// The operators and how the list operation calls them.
const OPERATORS: [(&str, Operator); 16] = [
    ("eq", Operator::Compare("$eq")),
    ("neq", Operator::Compare("$ne")),
    ("gt", Operator::Compare("$gt")),
    ("gte", Operator::Compare("$gte")),
    ("lt", Operator::Compare("$lt")),
    ("lte", Operator::Compare("$lte")),
    ("in", Operator::In("$in")),
    ("between", Operator::In("$between")),
    ("is", Operator::Is),
    ("like", Operator::Pattern("$like")),
    ("ilike", Operator::Pattern("$ilike")),
    ("contains", Operator::Part("$contains")),
    ("starts_with", Operator::Part("$starts_with")),
    ("ends_with", Operator::Part("$ends_with")),
    ("contained", Operator::Items("$contained")),
    ("overlaps", Operator::Items("$overlaps")),
];

/// What stands between a field and a value.
pub(crate) fn operators() -> impl Iterator<Item = &'static str> {
    OPERATORS.iter().map(|(name, _)| *name)
}

/// What an operator takes.
#[derive(Clone, Copy)]
enum Operator {
    /// A value of the field.
    Compare(&'static str),
    /// Some of them in brackets.
    In(&'static str),
    /// `null`, `not_null`, and `true` or `false` where the field is one of these.
    Is,
    /// A text in which `*` stands for any characters.
    Pattern(&'static str),
    /// A text; items in brackets where the field holds lists.
    Part(&'static str),
    /// Items in brackets.
    Items(&'static str),
}

/// The comparison with another field of the row, `operator(field).name`.
fn beside(subject: &Subject<'_>, operator: &str, name: &str) -> Result<Json> {
    let known = OPERATORS.iter().find(|(known, _)| *known == operator);
    let Some((_, Operator::Compare(word))) = known else {
        let message = format!("{operator:?} compares no fields");
        let help = "eq, neq, gt, gte, lt and lte do, as in stock=lt(field).wanted";
        return Err(Error::new(Kind::Malformed, message).with_help(help));
    };
    if subject.field_type == FieldType::Json {
        let message = format!(
            "{:?} is a document, and compared with no field",
            subject.name
        );
        return Err(Error::new(Kind::Malformed, message));
    }
    Ok(json!({ *word: { "$field": name } }))
}

/// The test that `operator.value` stands for.
pub(super) fn test(subject: &Subject<'_>, condition: &str, spelling: Spelling) -> Result<Json> {
    if let Some(condition) = condition.strip_prefix("not.") {
        let inner = test(subject, condition, spelling)?;
        return Ok(json!({ "$not": inner }));
    }
    let name = subject.name;
    let Some((operator, operand)) = condition.split_once('.') else {
        let message = format!("{name:?} has no operator");
        return Err(Error::new(Kind::Malformed, message).with_help(format!(
            "write {name}=eq.value, or {name}.eq.value inside a group"
        )));
    };
    if let Some(operator) = operator.strip_suffix("(field)") {
        return beside(subject, operator, operand);
    }
    let known = OPERATORS.iter().find(|(known, _)| *known == operator);
    let Some((_, operator)) = known else {
        return Err(unknown_operator(operator));
    };
    Ok(match operator {
        Operator::Compare(word) => json!({ *word: value(subject, &spelling.plain(operand))? }),
        Operator::In(word) => {
            let help = || format!("write {name}={}.(1,2)", &word[1..]);
            let listed = items(operand).map_err(|error| error.with_help(help()))?;
            let values: Result<Vec<Json>> = listed
                .into_iter()
                .map(|item| value(subject, &unquoted(item)))
                .collect();
            json!({ *word: values? })
        }
        Operator::Is => is(subject, operand)?,
        Operator::Pattern(word) => {
            holds_text(subject)?;
            json!({ *word: spelling.plain(operand).replace('*', "%") })
        }
        Operator::Part(word @ "$contains") if subject.items().is_some() => {
            listed(subject, word, operand)?
        }
        Operator::Part(word @ "$contains") if subject.is_document() => {
            json!({ (*word): document(subject, &spelling.plain(operand))? })
        }
        Operator::Items(word) => listed(subject, word, operand)?,
        Operator::Part(word) => {
            holds_text(subject)?;
            json!({ *word: spelling.plain(operand) })
        }
    })
}

/// The document that another is to contain.
fn document(subject: &Subject<'_>, text: &str) -> Result<Json> {
    serde_json::from_str(text).map_err(|_| {
        let name = subject.name;
        let message = format!("{name:?}: expected a JSON document");
        Error::new(Kind::Malformed, message)
            .with_help(format!("write {name}=contains.{{\"member\":1}}"))
    })
}

/// An operator over items, which stand in brackets.
fn listed(subject: &Subject<'_>, word: &str, operand: &str) -> Result<Json> {
    let name = subject.name;
    let Some(field_type) = subject.items() else {
        let message = format!("{name:?} holds no list");
        return Err(Error::new(Kind::Malformed, message));
    };
    let help = format!("write {name}=contains.(1,2)");
    let listed = items(operand).map_err(|error| error.with_help(help))?;
    let values: Result<Vec<Json>> = listed
        .into_iter()
        .map(|item| {
            operand_of(&field_type, &unquoted(item)).ok_or_else(|| {
                let expected = field_type.describe();
                Error::new(Kind::Malformed, format!("{name:?}: expected {expected}"))
            })
        })
        .collect();
    Ok(json!({ word: values? }))
}

fn unknown_operator(operator: &str) -> Error {
    let nearest = closest(operator, operators());
    let error = unknown("operator", operator, nearest);
    match nearest {
        Some(_) => error,
        None => {
            let operators: Vec<_> = operators().collect();
            error.with_help(format!("the operators are {}", operators.join(", ")))
        }
    }
}

/// A value that the field can have; inside a document, the number, truth value or text that it
/// reads as.
fn value(subject: &Subject<'_>, text: &str) -> Result<Json> {
    let field_type = &subject.field_type;
    match subject.place {
        Place::Text => Ok(text.into()),
        Place::Value => Ok(match serde_json::from_str(text) {
            Ok(scalar @ (Json::Number(_) | Json::Bool(_))) => scalar,
            _ => text.into(),
        }),
        Place::Whole => operand_of(field_type, text).ok_or_else(|| {
            let expected = field_type.describe();
            let message = format!("{:?}: expected {expected}", subject.name);
            Error::new(Kind::Malformed, message)
        }),
    }
}

fn is(subject: &Subject<'_>, operand: &str) -> Result<Json> {
    let is_bool = subject.place == Place::Value || subject.field_type == FieldType::Bool;
    match operand {
        "null" => Ok(json!({ "$null": true })),
        "not_null" => Ok(json!({ "$null": false })),
        "empty" if subject.items().is_some() => Ok(json!({ "$empty": true })),
        "not_empty" if subject.items().is_some() => Ok(json!({ "$empty": false })),
        "true" if is_bool => Ok(json!({ "$eq": true })),
        "false" if is_bool => Ok(json!({ "$eq": false })),
        _ => {
            let message = format!("{:?} is null or not_null", subject.name);
            let error = Error::new(Kind::Malformed, message);
            Err(if is_bool {
                error.with_help("it may be true or false as well")
            } else {
                error
            })
        }
    }
}

fn holds_text(subject: &Subject<'_>) -> Result<()> {
    let is_text = match subject.field_type {
        FieldType::String | FieldType::Enum(_) => true,
        _ => subject.place != Place::Whole,
    };
    if is_text {
        return Ok(());
    }
    let message = format!("{:?} holds no text", subject.name);
    Err(Error::new(Kind::Malformed, message).with_help("patterns are for texts"))
}

/// Text as the JSON value that a field of this type has, if it has one.
pub(in crate::http::rest) fn operand_of(field_type: &FieldType, text: &str) -> Option<Json> {
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
