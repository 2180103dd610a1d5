//! Where the input of a node comes from, written as a dotted path.

use std::fmt;

use dataflow_core::error::pointer::below;
use dataflow_core::node::Object;
use serde_json::Value as Json;

/// The word that stands for the workflow's own inputs where a node id could stand.
pub(crate) const INPUTS: &str = "inputs";

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Origin {
    /// It is given in the workflow.
    Constant(Json),
    /// It is a workflow input, or a part of one.
    Input(Path),
    /// It is the output of a node, or a part of it.
    Output { node: String, path: Path },
}

impl Origin {
    /// Reads `inputs.email` or `user.address.city`.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let mut segments = text.split('.').map(str::to_owned);
        let first = segments.next()?;
        let path = Path(segments.collect());
        let is_complete = !first.is_empty() && path.0.iter().all(|segment| !segment.is_empty());
        match (is_complete, first == INPUTS) {
            (false, _) => None,
            (true, true) if path.0.is_empty() => None,
            (true, true) => Some(Self::Input(path)),
            (true, false) => Some(Self::Output { node: first, path }),
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (first, path) = match self {
            Self::Constant(_) => return formatter.write_str("a constant"),
            Self::Input(path) => (INPUTS, path),
            Self::Output { node, path } => (node.as_str(), path),
        };
        match path.0.is_empty() {
            true => formatter.write_str(first),
            false => write!(formatter, "{first}.{path}"),
        }
    }
}

/// The members to walk through, from the outside in; a number counts the items of an array.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Path(Vec<String>);

impl Path {
    /// The members, from the outside in.
    pub(crate) fn segments(&self) -> &[String] {
        &self.0
    }

    /// The same path as a JSON pointer.
    pub(crate) fn pointer(&self) -> String {
        let segments = self.0.iter();
        segments.fold(String::new(), |parent, segment| below(&parent, segment))
    }

    /// The part of a value that the path leads to. What is below a null is null.
    pub(crate) fn find<'a>(&self, value: &'a Json) -> Option<&'a Json> {
        self.0.iter().try_fold(value, |value, segment| match value {
            Json::Null => Some(value),
            Json::Object(members) => members.get(segment),
            Json::Array(items) => items.get(segment.parse::<usize>().ok()?),
            _ => None,
        })
    }

    /// What a schema declares for the part that the path leads to.
    pub(crate) fn find_schema<'a>(&'a self, schema: &'a Object) -> Declared<'a> {
        let mut schema = schema;
        for segment in &self.0 {
            match step(schema, segment) {
                Declared::As(deeper) => schema = deeper,
                end => return end,
            }
        }
        Declared::As(schema)
    }
}

impl FromIterator<String> for Path {
    fn from_iter<I: IntoIterator<Item = String>>(segments: I) -> Self {
        Self(segments.into_iter().collect())
    }
}

impl fmt::Display for Path {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0.join("."))
    }
}

/// What a schema says of a part.
#[derive(Debug, PartialEq)]
pub(crate) enum Declared<'a> {
    /// The part has this schema.
    As(&'a Object),
    /// The part may be there and may be anything.
    Open,
    /// The part is never there.
    Never {
        /// The member that does not exist.
        segment: &'a str,
        /// Those that do, where it was looked for.
        names: Vec<&'a str>,
    },
}

fn step<'a>(schema: &'a Object, segment: &'a str) -> Declared<'a> {
    let of = |schema: Option<&'a Json>| match schema {
        Some(Json::Object(schema)) => Declared::As(schema),
        _ => Declared::Open,
    };
    let never = |names| Declared::Never { segment, names };
    match schema.get("type").and_then(Json::as_str) {
        None => Declared::Open,
        Some("array") if segment.parse::<usize>().is_ok() => of(schema.get("items")),
        Some("object") => {
            let properties = schema.get("properties").and_then(Json::as_object);
            let property = properties.and_then(|all| all.get(segment));
            match (property, schema.get("additionalProperties")) {
                (Some(property), _) => of(Some(property)),
                (None, Some(Json::Bool(false))) => never(
                    properties
                        .into_iter()
                        .flatten()
                        .map(|(name, _)| name.as_str())
                        .collect(),
                ),
                (None, additional) => of(additional),
            }
        }
        Some(_) => never(Vec::new()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn paths_are_read_as_they_are_written() {
        for text in [
            "inputs.email",
            "inputs.user.name",
            "user",
            "user.id",
            "list.0.id",
        ] {
            assert_eq!(
                Origin::parse(text)
                    .map(|origin| origin.to_string())
                    .as_deref(),
                Some(text)
            );
        }
        for text in ["", ".", "inputs", "inputs.", "user..id", ".id", "user."] {
            assert_eq!(Origin::parse(text), None, "{text:?}");
        }
    }

    #[test]
    fn paths_lead_through_objects_arrays_and_nulls() {
        let value = json!({"a": {"b": [{"c": 1}]}, "none": null, "text": "t"});
        let cases = [
            ("x.a.b.0.c", Some(json!(1))),
            ("x.none", Some(Json::Null)),
            ("x.none.deeper", Some(Json::Null)),
            ("x.a.b.1", None),
            ("x.a.b.c", None),
            ("x.text.deeper", None),
            ("x.b", None),
        ];
        for (text, expected) in cases {
            let Some(Origin::Output { path, .. }) = Origin::parse(text) else {
                panic!("{text} is a path into an output")
            };
            assert_eq!(path.find(&value), expected.as_ref(), "{text}");
        }
    }
}
