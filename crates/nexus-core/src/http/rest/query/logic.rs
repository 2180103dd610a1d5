//! Conditions that stand inside each other: `and=(…)`, `or=(…)` and their opposites.

use dataflow_core::error::{Error, Kind, Result};
use serde_json::{Value as Json, json};

use super::condition::Condition;
use super::list::items;
use super::origin::Origin;
use super::relation;

/// What groups begin with.
pub(super) const WORDS: [&str; 4] = ["and", "or", "not.and", "not.or"];

/// How deep groups and relations may stand inside each other.
const MOST_LEVELS: usize = 8;

/// The test of a group that stands inside so many others.
pub(super) fn test(origin: Origin<'_>, word: &str, list: &str, level: usize) -> Result<Json> {
    if level > MOST_LEVELS {
        let message =
            format!("conditions stand inside each other deeper than {MOST_LEVELS} levels");
        return Err(Error::new(Kind::Malformed, message));
    }
    let members: Result<Vec<Json>> = items(list)?
        .into_iter()
        .map(|item| member(origin, item, level + 1))
        .collect();
    let members = members?;
    Ok(match word.strip_prefix("not.") {
        Some(word) => json!({ "$not": { format!("${word}"): members } }),
        None => json!({ format!("${word}"): members }),
    })
}

/// A member of a group: another group, or `field.operator.value`.
fn member(origin: Origin<'_>, item: &str, level: usize) -> Result<Json> {
    for word in WORDS {
        if let Some(rest) = item.strip_prefix(word).filter(|rest| rest.starts_with('(')) {
            return test(origin, word, rest, level);
        }
    }
    let (name, condition) = item.split_at(relation::end_of_name(origin, item));
    let condition = condition.strip_prefix('.').unwrap_or_default();
    let (member, test) = Condition::member(name, condition, level).read(origin)?;
    Ok(json!({ member: test }))
}
