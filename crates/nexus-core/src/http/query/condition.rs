//! Conditions: a field, an operator and a value, and groups of them.

use dataflow_core::error::{Error, Kind, Result, closest};
use dataflow_core::schema::FieldType;
use serde_json::{Value as Json, json};

use super::list::{items, unquoted};
use super::origin::Origin;
use super::relation::{self, Meant};
use super::{WORDS, operand_of, unknown};

/// How deep groups and relations may stand inside each other.
const MOST_LEVELS: usize = 8;

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

/// What stands before the operator: a field, or a place inside its document.
struct Subject<'a> {
    /// As the parameter names it.
    name: &'a str,
    /// As the list operation names it.
    member: String,
    field_type: FieldType,
    place: Place,
}

#[derive(Clone, Copy, PartialEq)]
enum Place {
    /// The field itself.
    Whole,
    /// A value inside the document, `->`.
    Value,
    /// A text inside the document, `->>`.
    Text,
}

/// Where `field=operator.value` stands.
#[derive(Debug, Clone, Copy)]
pub(super) enum Spelling {
    /// It is a parameter of the query.
    Parameter,
    /// It is an item of a list, in which a value with commas or brackets stands in quotes.
    Item,
}

/// What is said of a field: how the operation names the field, and the test.
pub(super) fn of_field(
    origin: Origin<'_>,
    name: &str,
    value: &str,
    spelling: Spelling,
) -> Result<(String, Json)> {
    let (what, words, read): (_, &[&str], Plain) = match spelling {
        Spelling::Parameter => ("parameter", &WORDS, str::to_owned),
        Spelling::Item => ("field", &[], unquoted),
    };
    named(origin, name, (what, words), (value, 0, read))
}

/// Gives a value its plain form.
type Plain = fn(&str) -> String;

/// The test of what is named, under the name that the list operation has for it.
fn named(
    origin: Origin<'_>,
    name: &str,
    what: (&str, &[&str]),
    (condition, level, read): (&str, usize, Plain),
) -> Result<(String, Json)> {
    let (field_name, path) = match name.split_once("->") {
        Some((field, path)) => (field, Some(path)),
        None => (name, None),
    };
    match relation::meant(origin, field_name, what)? {
        Meant::Rows(target) => {
            let test = relation::test(origin.at(&target), name, condition, level)?;
            Ok((name.to_owned(), test))
        }
        Meant::Field(field_type) => {
            let subject = subject(name, field_name, path, field_type)?;
            let test = test(&subject, condition, read)?;
            Ok((subject.member, test))
        }
    }
}

/// A group, `and=(…)`, `or=(…)` or the opposite of one.
pub(super) fn of_group(origin: Origin<'_>, word: &str, value: &str) -> Result<Json> {
    group(origin, word, value, 0)
}

pub(super) fn group(origin: Origin<'_>, word: &str, value: &str, level: usize) -> Result<Json> {
    if level > MOST_LEVELS {
        let message =
            format!("conditions stand inside each other deeper than {MOST_LEVELS} levels");
        return Err(Error::new(Kind::Malformed, message));
    }
    let members: Result<Vec<Json>> = items(value)?
        .into_iter()
        .map(|item| member(origin, item, level + 1))
        .collect();
    let (is_opposite, word) = match word.strip_prefix("not.") {
        Some(word) => (true, word),
        None => (false, word),
    };
    let joined = json!({ format!("${word}"): members? });
    Ok(if is_opposite {
        json!({ "$not": joined })
    } else {
        joined
    })
}

/// A member of a group: another group, or `field.operator.value`.
fn member(origin: Origin<'_>, item: &str, level: usize) -> Result<Json> {
    for word in ["and", "or", "not.and", "not.or"] {
        if let Some(rest) = item.strip_prefix(word).filter(|rest| rest.starts_with('(')) {
            return group(origin, word, rest, level);
        }
    }
    let (name, condition) = item.split_at(relation::end_of_name(origin, item));
    let condition = condition.strip_prefix('.').unwrap_or_default();
    let reading = (condition, level, unquoted as Plain);
    let (member, test) = named(origin, name, ("field", &[]), reading)?;
    Ok(json!({ member: test }))
}

fn subject<'a>(
    name: &'a str,
    field_name: &str,
    path: Option<&str>,
    field_type: FieldType,
) -> Result<Subject<'a>> {
    let Some(path) = path else {
        return Ok(Subject {
            name,
            member: name.to_owned(),
            field_type,
            place: Place::Whole,
        });
    };
    if field_type != FieldType::Json {
        let message = format!("field {field_name:?} holds no JSON document to look into");
        return Err(Error::new(Kind::Malformed, message));
    }
    let is_text = name.contains("->>");
    let mut member = field_name.to_owned();
    for step in path.split("->").map(|step| step.trim_start_matches('>')) {
        if step.is_empty() || step.contains('.') {
            let message = format!("{name:?} names no member of a document");
            return Err(Error::new(Kind::Malformed, message)
                .with_help(format!("write {field_name}->member->member=eq.value")));
        }
        member.push('.');
        member.push_str(step);
    }
    let place = if is_text { Place::Text } else { Place::Value };
    Ok(Subject {
        name,
        member,
        field_type,
        place,
    })
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

/// The test that `operator.value` stands for; `read` gives the value its plain form.
fn test(subject: &Subject<'_>, condition: &str, read: fn(&str) -> String) -> Result<Json> {
    if let Some(condition) = condition.strip_prefix("not.") {
        let inner = test(subject, condition, read)?;
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
        Operator::Compare(word) => json!({ *word: value(subject, &read(operand))? }),
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
            json!({ *word: read(operand).replace('*', "%") })
        }
        Operator::Part(word @ "$contains") if items_of(subject).is_some() => {
            listed(subject, word, operand)?
        }
        Operator::Part(word @ "$contains") if is_document(subject) => {
            json!({ (*word): document(subject, &read(operand))? })
        }
        Operator::Items(word) => listed(subject, word, operand)?,
        Operator::Part(word) => {
            holds_text(subject)?;
            json!({ *word: read(operand) })
        }
    })
}

fn is_document(subject: &Subject<'_>) -> bool {
    subject.place == Place::Whole && subject.field_type == FieldType::Json
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

/// What the lists of a field are made of, where it holds any.
fn items_of(subject: &Subject<'_>) -> Option<FieldType> {
    match (subject.place, &subject.field_type) {
        (Place::Whole, FieldType::Array(item)) => Some(item.field_type()),
        _ => None,
    }
}

/// An operator over items, which stand in brackets.
fn listed(subject: &Subject<'_>, word: &str, operand: &str) -> Result<Json> {
    let name = subject.name;
    let Some(field_type) = items_of(subject) else {
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
        "empty" if items_of(subject).is_some() => Ok(json!({ "$empty": true })),
        "not_empty" if items_of(subject).is_some() => Ok(json!({ "$empty": false })),
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
