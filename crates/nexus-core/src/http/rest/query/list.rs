//! Lists in brackets: `(1,"a, b",or(…))`.

use dataflow_core::error::{Error, Kind, Result};

/// The items of a list in brackets. Quoted ones and lists inside may hold commas.
pub(super) fn items(list: &str) -> Result<Vec<&str>> {
    let unclosed = || Error::new(Kind::Malformed, "a list is not closed by a bracket");
    let inner = list
        .strip_prefix('(')
        .ok_or_else(|| Error::new(Kind::Malformed, "a list does not begin with a bracket"))?;
    let inner = inner.strip_suffix(')').ok_or_else(unclosed)?;
    if inner.is_empty() {
        return Ok(Vec::new());
    }
    let mut items = Vec::new();
    let (mut begin, mut depth, mut is_quoted, mut is_escaped) = (0, 0_usize, false, false);
    for (position, character) in inner.char_indices() {
        match character {
            _ if is_escaped => is_escaped = false,
            '\\' if is_quoted => is_escaped = true,
            '"' => is_quoted = !is_quoted,
            _ if is_quoted => {}
            '(' => depth += 1,
            ')' => depth = depth.checked_sub(1).ok_or_else(unclosed)?,
            ',' if depth == 0 => {
                items.push(&inner[begin..position]);
                begin = position + 1;
            }
            _ => {}
        }
    }
    if depth > 0 || is_quoted {
        return Err(unclosed());
    }
    items.push(&inner[begin..]);
    Ok(items)
}

/// A value of a list without its quotes.
pub(super) fn unquoted(text: &str) -> String {
    let quoted = text
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'));
    let Some(inner) = quoted else {
        return text.to_owned();
    };
    let mut plain = String::with_capacity(inner.len());
    let mut characters = inner.chars();
    while let Some(character) = characters.next() {
        plain.push(match character {
            '\\' => characters.next().unwrap_or('\\'),
            other => other,
        });
    }
    plain
}
