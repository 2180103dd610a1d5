//! What identifies a row.

mod value;

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{List, Text};

pub use value::KeyValue;

/// The primary key of a model.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Key {
    /// The names of the fields that are the key, in its order: one, or several that identify a row
    /// together.
    #[serde(rename = "field", with = "names")]
    pub fields: List<Text>,
    /// Who makes its value; the caller, where it has several fields.
    pub generator: KeyGenerator,
    /// Whether an input may give the value although it is generated.
    pub client_key: bool,
}

impl Key {
    /// A key of one field; an input may give it only where nobody makes it.
    pub fn new(field: impl Into<Text>, generator: KeyGenerator) -> Self {
        Self {
            fields: vec![field.into()].into(),
            generator,
            client_key: false,
        }
    }

    /// A key of several fields, all of them given by the caller.
    ///
    /// ```
    /// use dataflow_core::schema::Key;
    ///
    /// let key = Key::composite(["post_id", "tag_id"]);
    /// assert!(key.is_composite() && key.contains("tag_id"));
    /// assert_eq!(key.to_string(), "post_id and tag_id");
    /// ```
    pub fn composite<T: Into<Text>>(fields: impl IntoIterator<Item = T>) -> Self {
        Self {
            fields: fields.into_iter().map(Into::into).collect(),
            generator: KeyGenerator::None,
            client_key: false,
        }
    }

    /// Whether it has several fields.
    pub fn is_composite(&self) -> bool {
        self.fields.len() > 1
    }

    /// Whether a field is the key or part of it.
    pub fn contains(&self, field: &str) -> bool {
        self.fields.iter().any(|name| name == field)
    }

    /// Whether an input must give the key.
    pub fn is_required(&self) -> bool {
        self.generator == KeyGenerator::None
    }

    /// Whether an input may give the key.
    pub fn is_accepted(&self) -> bool {
        self.is_required() || self.client_key
    }
}

/// The names of its fields, as they stand in a sentence.
impl fmt::Display for Key {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.fields[..] {
            [others @ .., last] if !others.is_empty() => {
                write!(formatter, "{} and {last}", others.join(", "))
            }
            fields => formatter.write_str(&fields.concat()),
        }
    }
}

/// Who makes the value of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyGenerator {
    /// The caller.
    None,
    /// The database, counting up.
    Serial,
    /// The library: a UUID of version 7 (RFC 9562), which sorts by time of creation.
    UuidV7,
}

/// One name is a text, as it was before a key could have several; more are a list.
mod names {
    use std::borrow::Cow;

    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use super::{List, Text};

    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Names {
        One(Text),
        Several(Vec<Text>),
    }

    #[allow(clippy::ptr_arg, reason = "serde passes the field as it is declared")]
    pub(super) fn serialize<S: Serializer>(
        names: &List<Text>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        match &names[..] {
            [only] => only.serialize(serializer),
            several => several.serialize(serializer),
        }
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<List<Text>, D::Error> {
        Ok(Cow::Owned(match Names::deserialize(deserializer)? {
            Names::One(name) => vec![name],
            Names::Several(names) => names,
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_of_one_field_is_written_as_before_there_were_others() {
        let cases = [
            (
                Key::new("id", KeyGenerator::Serial),
                r#"{"field":"id","generator":"serial","client_key":false}"#,
            ),
            (
                Key::composite(["a", "b"]),
                r#"{"field":["a","b"],"generator":"none","client_key":false}"#,
            ),
        ];
        for (key, json) in cases {
            assert_eq!(serde_json::to_string(&key).unwrap(), json);
            assert_eq!(serde_json::from_str::<Key>(json).unwrap(), key);
        }
    }

    #[test]
    fn fields_are_listed_as_in_a_sentence() {
        let cases = [
            (vec![], ""),
            (vec!["a"], "a"),
            (vec!["a", "b"], "a and b"),
            (vec!["a", "b", "c"], "a, b and c"),
        ];
        for (fields, text) in cases {
            assert_eq!(Key::composite(fields).to_string(), text);
        }
    }
}
