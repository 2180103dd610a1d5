//! A page of a list, as an answer.

use axum::http::{StatusCode, header};
use axum::response::Response;
use dataflow_core::node::{Answer, Object};
use serde_json::Value as Json;

use super::header_of;
use crate::http::rest::{query, response};

/// Where a page begins in its list, as far as its input tells.
pub(super) enum Begins {
    /// After so many rows.
    At(u64),
    /// Behind the row of a cursor.
    Somewhere,
}

impl Begins {
    pub(super) fn of(input: &Object) -> Self {
        match input.contains_key("after") {
            true => Self::Somewhere,
            false => Self::At(input.get("offset").and_then(Json::as_u64).unwrap_or(0)),
        }
    }
}

/// A page of a list: where it stands in it, how long that is, and where the next one is.
pub(super) fn page(
    path: &str,
    query: &str,
    begins: Begins,
    total: Option<u64>,
    answer: Answer,
) -> Response {
    let next = answer.next.map(|after| query::with_after(query, &after));
    let range = content_range(begins, answer.rows, total);
    let mut response = response::json(StatusCode::OK, answer.body.into_bytes());
    let headers = response.headers_mut();
    if let Some(range) = range {
        headers.insert(header::CONTENT_RANGE, header_of(&range));
    }
    if let Some(next) = next {
        let link = format!("<{path}?{next}>; rel=\"next\"");
        headers.insert(header::LINK, header_of(&link));
    }
    response
}

/// Where in the whole list a page stands, and how long the whole is where that was counted.
fn content_range(begins: Begins, rows: Option<usize>, total: Option<u64>) -> Option<String> {
    let range = match (begins, rows) {
        (Begins::At(_), Some(0)) => "*".to_owned(),
        (Begins::At(first), Some(rows)) => format!("{first}-{}", first + rows as u64 - 1),
        (Begins::Somewhere, _) if total.is_some() => "*".to_owned(),
        _ => return None,
    };
    let total = total.map_or_else(|| "*".to_owned(), |total| total.to_string());
    Some(format!("items {range}/{total}"))
}
