//! The version of a row as its ETag, and `If-Match` as the version that a row must have.

use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use dataflow_core::ModelSchema;
use dataflow_core::error::{Code, Error, Fault, FaultCode, Kind};
use dataflow_core::node::Object;

use crate::http::Problem;

/// Adds the version of the row in an answer.
pub(super) fn tag(mut response: Response, version: Option<i64>) -> Response {
    if let Some(version) = version {
        let tag = HeaderValue::from_str(&format!("\"{version}\""));
        let tag = tag.expect("digits in quotes fit a header");
        response.headers_mut().insert(header::ETAG, tag);
    }
    response
}

/// Puts the version that `If-Match` names into the input of a change, which may say it as well but
/// not contradict it. `*` is kept by every row that exists.
pub(super) fn expect(
    model_schema: &ModelSchema,
    headers: &HeaderMap,
    input: &mut Object,
) -> Result<(), Problem> {
    let Some(position) = model_schema.version() else {
        return Ok(());
    };
    let name = &model_schema.fields[position].name;
    let Some(version) = named(headers)? else {
        return Ok(());
    };
    match input.insert(name.to_string(), version.into()) {
        Some(other) if other != version => {
            let detail = "is not the version that If-Match names";
            let fault = Fault::of_field(name, FaultCode::Reference, detail);
            Err(Error::invalid(vec![fault]).into())
        }
        _ => Ok(()),
    }
}

/// The version that `If-Match` names, if it names one.
fn named(headers: &HeaderMap) -> Result<Option<i64>, Problem> {
    let mut tags = headers.get_all(header::IF_MATCH).iter();
    let Some(tag) = tags.next() else {
        return Ok(None);
    };
    let tag = tag.to_str().unwrap_or_default().trim();
    if tags.next().is_some() || tag.contains(',') {
        let message = "If-Match names more than one version";
        let error = Error::new(Kind::Unsupported, message);
        return Err(error.with_help("name the one that was read").into());
    }
    if tag == "*" {
        return Ok(None);
    }
    let quoted = tag
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'));
    let version = quoted.and_then(|digits| digits.parse().ok());
    version.map(Some).ok_or_else(|| {
        let message = "If-Match names no version that a row can have";
        let error = Error::of(Code::Precondition, message);
        error
            .with_help("send the ETag of the row as it was read")
            .into()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn if_match_names_a_version_or_none_that_a_row_can_have() {
        let cases = [
            ("\"3\"", Ok(Some(3))),
            (" \"3\" ", Ok(Some(3))),
            ("*", Ok(None)),
            ("3", Err(412)),
            ("W/\"3\"", Err(412)),
            ("\"x\"", Err(412)),
            ("\"\"", Err(412)),
            ("\"", Err(412)),
            ("\"99999999999999999999\"", Err(412)),
            ("\"1\", \"2\"", Err(400)),
        ];
        for (text, expected) in cases {
            let value = HeaderValue::from_str(text).unwrap();
            let headers = HeaderMap::from_iter([(header::IF_MATCH, value)]);
            let found = named(&headers).map_err(|problem| problem.status().as_u16());
            assert_eq!(found, expected, "{text}");
        }
        assert_eq!(named(&HeaderMap::new()).unwrap(), None);
    }
}
