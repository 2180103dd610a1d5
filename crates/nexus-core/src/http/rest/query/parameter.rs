//! The parameters of a query string, decoded.

use std::collections::HashSet;

use dataflow_core::error::{Error, Kind, Result, closest};

use crate::http::Problem;
use crate::http::rest::percent;

/// The rows of a page when the client does not say.
pub(crate) const DEFAULT_LIMIT: u64 = 20;

/// The most rows of a page.
pub(crate) const MOST_ROWS: u64 = 1_000;

/// The most rows that a page passes over; each of them is read.
pub(crate) const MOST_PASSED_OVER: u64 = 100_000;

/// The words that say which page of the rows is given, and what of them.
pub(super) const PAGE: [&str; 6] = ["limit", "after", "offset", "order", "select", "having"];

/// What says that a write is about every row.
pub(super) const ALL: &str = "all";

/// The parameters, decoded, each at most once.
pub(in crate::http::rest) fn pairs(query: &str) -> Result<Vec<(String, String)>, Problem> {
    decoded(query, |_| false)
}

/// The parameters, decoded. A condition may stand beside others of the same name, and all hold.
pub(super) fn pairs_of_rows(query: &str) -> Result<Vec<(String, String)>, Problem> {
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

/// Refuses any parameter, for routes that take none.
pub(in crate::http::rest) fn check_empty(query: Option<&str>) -> Result<(), Problem> {
    match pairs(query.unwrap_or_default())?.first() {
        None => Ok(()),
        Some((name, _)) => Err(unknown("parameter", name, None).into()),
    }
}

/// The same query with another place to begin.
pub(in crate::http::rest) fn with_after(query: &str, after: &str) -> String {
    let kept = query.split('&').filter(|pair| {
        let name = pair.split('=').next();
        !pair.is_empty() && name != Some("after") && name != Some("offset")
    });
    let mut next: String = kept.flat_map(|pair| [pair, "&"]).collect();
    next.push_str("after=");
    next.push_str(&percent::encode(after));
    next
}

pub(super) fn limit_of(value: &str) -> Result<u64> {
    let limit = value.parse().ok();
    limit
        .filter(|limit| (1..=MOST_ROWS).contains(limit))
        .ok_or_else(|| {
            let message = format!("parameter \"limit\" is a number from 1 to {MOST_ROWS}");
            Error::new(Kind::Malformed, message)
                .with_help("follow the Link header with rel=\"next\" for more rows")
        })
}

pub(super) fn offset_of(value: &str) -> Result<u64> {
    let offset = value.parse().ok();
    offset
        .filter(|offset| *offset <= MOST_PASSED_OVER)
        .ok_or_else(|| {
            let message = format!("parameter \"offset\" is a number from 0 to {MOST_PASSED_OVER}");
            Error::new(Kind::Malformed, message)
                .with_help("follow the Link header with rel=\"next\" for rows further on")
        })
}

/// What is said of a parameter that is none of those there are.
pub(in crate::http::rest) fn unknown_parameter<const N: usize>(
    name: &str,
    known: [&str; N],
) -> Error {
    unknown("parameter", name, closest(name, known))
}

/// What is said of a name that is not known, and of the known one that is nearest to it.
pub(in crate::http::rest) fn unknown(what: &str, name: &str, nearest: Option<&str>) -> Error {
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
