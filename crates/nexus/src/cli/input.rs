//! `name=value` as the input of an operation.

use dataflow_core::error::{Error, Kind, Result};
use dataflow_core::node::{Object, Shape};
use serde_json::Value as Json;

/// The object that a shape takes, from the words of a shell.
///
/// # Errors
///
/// When a word has no `=`, or a name stands twice.
pub(super) fn read(shape: &Shape, words: &[String]) -> Result<Object> {
    let mut input = Object::new();
    for word in words {
        let (name, text) = word.split_once('=').ok_or_else(|| {
            malformed(format!("input {word:?} has no '='")).with_help("write --input name=value")
        })?;
        if input
            .insert(name.to_owned(), value(shape, name, text))
            .is_some()
        {
            return Err(malformed(format!("input {name:?} is given twice")));
        }
    }
    Ok(input)
}

/// Text where text is wanted, so that a postal code stays one; else JSON. What is not JSON goes on
/// as text, for the operation to refuse in its own words.
fn value(shape: &Shape, name: &str, text: &str) -> Json {
    let mut properties = shape.properties();
    let schema = properties.find(|(declared, _)| *declared == name);
    let wants_text = schema.is_some_and(|(_, schema)| schema["type"] == "string");
    if wants_text {
        return text.into();
    }
    serde_json::from_str(text).unwrap_or_else(|_| text.into())
}

fn malformed(message: String) -> Error {
    Error::new(Kind::Malformed, message)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn words(words: &[&str]) -> Vec<String> {
        words.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_value_becomes_what_its_field_wants() {
        let shape = Shape::object()
            .required("zip", Shape::string())
            .optional("age", Shape::integer())
            .optional("tags", Shape::array(Shape::string()));
        let given = words(&["zip=01234", "age=7", "tags=[\"a\"]", "note=a=b", "other=x"]);

        let input = read(&shape, &given).unwrap();

        let expected =
            json!({ "zip": "01234", "age": 7, "tags": ["a"], "note": "a=b", "other": "x" });
        assert_eq!(Json::Object(input), expected);
    }

    #[test]
    fn what_is_no_pair_or_stands_twice_is_refused() {
        for given in [words(&["age"]), words(&["age=1", "age=2"])] {
            assert!(read(&Shape::object(), &given).is_err(), "{given:?}");
        }
    }
}
