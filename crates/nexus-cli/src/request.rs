//! `name=value` words as the request that an endpoint takes.

use nexus::node::Object;
use nexus::{Error, Kind, Result};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value as Json, json};

use crate::endpoint::{Document, Endpoint};

/// What is sent to an endpoint.
#[derive(Debug, PartialEq)]
pub(crate) struct Request {
    pub(crate) path: String,
    pub(crate) body: Option<Json>,
}

/// Puts each input where the endpoint takes it: in the path, the body or the query.
///
/// # Errors
///
/// When a word has no `=`, a name stands twice, or the path lacks a part.
pub(crate) fn request(
    document: &Document,
    endpoint: &Endpoint<'_>,
    words: &[String],
) -> Result<Request> {
    let mut inputs = pairs(words)?;
    let mut path = fill(endpoint.path, &mut inputs)?;
    let Some(schema) = endpoint.body(document) else {
        let query: Vec<String> = inputs
            .iter()
            .map(|(name, text)| format!("{}={}", encoded(name), encoded(text)))
            .collect();
        if !query.is_empty() {
            path = format!("{path}?{}", query.join("&"));
        }
        return Ok(Request { path, body: None });
    };
    let values = inputs.into_iter().map(|(name, text)| {
        let property = document.schema(&schema["properties"][name]);
        (name.to_owned(), value(property, text))
    });
    let body = Json::Object(Object::from_iter(values));
    let body = match endpoint.runs_a_workflow() {
        true => json!({ "inputs": body }),
        false => body,
    };
    Ok(Request {
        path,
        body: Some(body),
    })
}

fn pairs(words: &[String]) -> Result<Vec<(&str, &str)>> {
    let mut pairs: Vec<(&str, &str)> = Vec::new();
    for word in words {
        let (name, text) = word.split_once('=').ok_or_else(|| {
            malformed(format!("input {word:?} has no '='")).with_help("write --input name=value")
        })?;
        if pairs.iter().any(|(given, _)| *given == name) {
            return Err(malformed(format!("input {name:?} is given twice")));
        }
        pairs.push((name, text));
    }
    Ok(pairs)
}

/// The path with its `{parts}` taken from the inputs.
fn fill(path: &str, inputs: &mut Vec<(&str, &str)>) -> Result<String> {
    let mut filled = String::new();
    let mut rest = path;
    while let Some((before, part, after)) = next_part(rest) {
        let position = inputs.iter().position(|(name, _)| *name == part);
        let position = position.ok_or_else(|| {
            malformed(format!("input {part:?} is missing"))
                .with_help(format!("write --input {part}=value"))
        })?;
        filled.push_str(before);
        filled.push_str(&encoded(inputs.remove(position).1));
        rest = after;
    }
    Ok(filled + rest)
}

/// What stands before the next part in braces, the part, and what stands after it.
fn next_part(path: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = path.split_once('{')?;
    let (part, after) = rest.split_once('}')?;
    Some((before, part, after))
}

/// Text where text is wanted, so that a postal code stays one; else JSON. What is not JSON goes on
/// as text, for the server to refuse in its own words.
fn value(schema: &Json, text: &str) -> Json {
    let wants_text = match &schema["type"] {
        Json::String(name) => name == "string",
        Json::Array(names) => names.iter().any(|name| name == "string"),
        _ => false,
    };
    if wants_text {
        return text.into();
    }
    serde_json::from_str(text).unwrap_or_else(|_| text.into())
}

fn encoded(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}

fn malformed(message: String) -> Error {
    Error::new(Kind::Malformed, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_of_the_path_is_taken_out_of_the_inputs() {
        let mut inputs = vec![("name", "Ada"), ("id", "a/b")];
        assert_eq!(
            fill("/api/users/{id}", &mut inputs).unwrap(),
            "/api/users/a%2Fb"
        );
        assert_eq!(inputs, [("name", "Ada")]);
        assert!(fill("/api/users/{id}", &mut inputs).is_err());
    }

    #[test]
    fn several_parts_of_one_segment_keep_what_stands_between_them() {
        let mut inputs = vec![("tag", "a,b"), ("post", "7")];
        let filled = fill("/api/post_tags/{post},{tag}", &mut inputs);
        assert_eq!(filled.unwrap(), "/api/post_tags/7,a%2Cb");
    }

    #[test]
    fn a_value_becomes_what_its_field_wants() {
        let cases = [
            (json!({ "type": "string" }), "01234", json!("01234")),
            (json!({ "type": ["string", "null"] }), "7", json!("7")),
            (json!({ "type": "integer" }), "7", json!(7)),
            (json!({}), "[1]", json!([1])),
            (json!({ "type": "integer" }), "seven", json!("seven")),
        ];
        for (schema, text, expected) in cases {
            assert_eq!(value(&schema, text), expected, "{schema}");
        }
    }
}
