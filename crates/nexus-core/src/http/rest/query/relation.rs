//! Names that lead to other models: `author.name=eq.Ann`, `posts=some.(draft.is.true)`.

use std::sync::Arc;

use dataflow_core::ModelSchema;
use dataflow_core::error::{Error, Kind, Result, closest};
use dataflow_core::schema::{Arity, FieldType};
use serde_json::{Value as Json, json};

use super::condition::Spelling;
use super::logic;
use super::origin::Origin;
use super::parameter::unknown;

/// Where a name leads: to a field, of the model or of a row that it leads to, or to rows.
pub(super) enum Meant {
    /// A field, and the place of its name.
    Field(FieldType),
    /// The rows of a relation.
    Rows(Arc<ModelSchema>),
}

/// What a name means whose parts stand between points, but for the last of them all relations to one
/// row. `spelling` is for the message when there is no such thing.
pub(super) fn meant(origin: Origin<'_>, name: &str, spelling: Spelling) -> Result<Meant> {
    let (first, rest) = match name.split_once('.') {
        Some((first, rest)) => (first, Some(rest)),
        None => (name, None),
    };
    let model_schema = origin.model_schema;
    if rest.is_none()
        && let Some(position) = model_schema.shown_position(first)
    {
        let field = &model_schema.fields[position];
        return Ok(Meant::Field(field.field_type.clone()));
    }
    match (origin.link(first), rest) {
        (Some(link), None) => Ok(Meant::Rows(link.target().clone())),
        (Some(link), Some(rest)) if link.arity() == Arity::One => {
            meant(origin.at(link.target()), rest, Spelling::Item)
        }
        (Some(_), Some(rest)) => {
            let message = format!("relation {first:?} leads to many rows");
            Err(Error::new(Kind::Malformed, message)
                .with_help(format!("write {first}=some.({rest}.operator.value)")))
        }
        (None, _) => {
            let fields = model_schema.shown().map(|field| field.name.as_ref());
            let names = fields.chain(model_schema.relation_names());
            let nearest = closest(first, names.chain(spelling.words()));
            let error = unknown(spelling.noun(), first, nearest);
            Err(match spelling.elsewhere(name) {
                Some(said) => error.with_help(said),
                None => error,
            })
        }
    }
}

/// Where the name ends that `name.operator.value` begins with.
pub(super) fn end_of_name(origin: Origin<'_>, text: &str) -> usize {
    let end = text.find('.').unwrap_or(text.len());
    let first = &text[..end];
    let leads_on = match origin.link(first) {
        Some(link) if link.arity() == Arity::One => link,
        _ => return end,
    };
    match text.get(end + 1..) {
        Some(rest) if !begins_with_quantifier(rest) => {
            end + 1 + end_of_name(origin.at(leads_on.target()), rest)
        }
        _ => end,
    }
}

/// What `some.(…)`, `every.(…)` and `none.(…)` ask of rows.
pub(super) fn test(origin: Origin<'_>, name: &str, condition: &str, level: usize) -> Result<Json> {
    let found = QUANTIFIERS.iter().find_map(|(word, member)| {
        let rest = condition.strip_prefix(word)?.strip_prefix('.')?;
        Some((member, rest))
    });
    let Some((member, list)) = found else {
        let message =
            format!("{name:?} is a relation, which rows some, every or none are asked of");
        return Err(Error::new(Kind::Malformed, message).with_help(format!(
            "write {name}=some.(field.operator.value), every or none"
        )));
    };
    let all = logic::test(origin, "and", list, level)?;
    Ok(json!({ *member: all }))
}

const QUANTIFIERS: [(&str, &str); 3] = [("some", "$some"), ("every", "$every"), ("none", "$none")];

fn begins_with_quantifier(text: &str) -> bool {
    QUANTIFIERS.iter().any(|(word, _)| {
        let rest = text.strip_prefix(word);
        rest.is_some_and(|rest| rest.starts_with(".("))
    })
}
