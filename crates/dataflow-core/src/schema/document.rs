//! Models in a file: what `migrate dump` writes and `--schema` reads.

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::{ModelSchema, SchemaSet, TableName, Text};
use crate::error::{Error, Kind, Result};

/// What says of a file that it holds models.
const FORMAT: &str = "dataflow.schema";

/// The newest layout that is known here.
const VERSION: u32 = 1;

/// The file as it is written.
#[derive(Serialize, Deserialize)]
struct Document {
    format: Text,
    version: u32,
    models: Vec<ModelSchema>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    dropped_tables: Vec<TableName>,
}

impl SchemaSet {
    /// The models as a document, which [`from_json`](Self::from_json) reads back equal.
    ///
    /// ```
    /// use dataflow_core::SchemaSet;
    /// use dataflow_core::schema::{Field, FieldType, Key, KeyGenerator, ModelSchema};
    ///
    /// let fields = vec![Field::new("id", FieldType::I64), Field::new("text", FieldType::String)];
    /// let note = ModelSchema::new("Note", fields, Key::new("id", KeyGenerator::Serial));
    /// let schema_set = SchemaSet::new().schema(note).validated()?;
    ///
    /// let document = schema_set.to_json();
    /// assert!(document.starts_with("{\n  \"format\": \"dataflow.schema\",\n  \"version\": 1,"));
    /// assert_eq!(SchemaSet::from_json(&document)?, schema_set);
    /// # Ok::<(), dataflow_core::Error>(())
    /// ```
    pub fn to_json(&self) -> String {
        let document = Document {
            format: FORMAT.into(),
            version: VERSION,
            models: self.models().cloned().collect(),
            dropped_tables: self.dropped_tables().cloned().collect(),
        };
        let json = serde_json::to_string_pretty(&document);
        json.expect("a schema serializes into memory") + "\n"
    }

    /// The models of a document, validated.
    ///
    /// # Errors
    ///
    /// [`Kind::Configuration`] when the text is no such document, a newer release wrote it, it says
    /// something that is not known here, or the models do not fit together.
    pub fn from_json(text: &str) -> Result<Self> {
        let json: Json = serde_json::from_str(text)
            .map_err(|fault| mistake(format!("the schema is not JSON: {fault}")))?;
        if json["format"] != FORMAT {
            return Err(mistake(format!(
                "the schema does not begin with \"format\": {FORMAT:?}"
            )));
        }
        if json["version"] != VERSION {
            let message = format!(
                "the schema has version {}, known is {VERSION}",
                json["version"]
            );
            return Err(mistake(message).with_help("read it with the release that wrote it"));
        }
        let document: Document = serde_json::from_value(json.clone())
            .map_err(|fault| mistake(format!("the schema cannot be read: {fault}")))?;
        let understood = serde_json::to_value(&document).expect("a schema serializes into memory");
        let unknown = unknown_members(&json, &understood, "");
        if !unknown.is_empty() {
            return Err(
                mistake("the schema says what is not known here".to_owned()).with_details(unknown)
            );
        }
        let set = document.models.into_iter().fold(Self::new(), Self::schema);
        let set = document
            .dropped_tables
            .into_iter()
            .fold(set, Self::drop_table);
        set.validated()
    }
}

/// The places of a document that are gone after reading it and writing it again. What says as much
/// as saying nothing may go.
fn unknown_members(written: &Json, understood: &Json, place: &str) -> Vec<String> {
    match (written, understood) {
        (Json::Object(members), Json::Object(known)) => members
            .iter()
            .filter(|(_, value)| !says_nothing(value))
            .flat_map(|(name, value)| {
                let place = format!("{place}/{name}");
                match known.get(name) {
                    Some(known) => unknown_members(value, known, &place),
                    None => vec![place],
                }
            })
            .collect(),
        (Json::Array(items), Json::Array(known)) => (0..)
            .zip(items.iter().zip(known))
            .flat_map(|(at, (item, known)): (usize, _)| {
                unknown_members(item, known, &format!("{place}/{at}"))
            })
            .collect(),
        _ => Vec::new(),
    }
}

fn says_nothing(value: &Json) -> bool {
    match value {
        Json::Null | Json::Bool(false) => true,
        Json::Array(items) => items.is_empty(),
        Json::Object(members) => members.values().all(says_nothing),
        Json::String(text) => text == "no_action",
        _ => false,
    }
}

fn mistake(message: String) -> Error {
    Error::new(Kind::Configuration, message)
        .with_help("`migrate dump` writes a schema that can be read")
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOTE: &str = r#"{ "name": "Note", "table": "notes", "fields": [
        { "name": "id", "column": "id", "field_type": "i64", "nullable": false }
    ], "key": { "field": "id", "generator": "serial", "client_key": false },
    "indexes": [], "relations": [] }"#;

    #[test]
    fn a_document_that_is_not_understood_is_refused() {
        let document = |version: &str, note: &str| {
            format!(
                r#"{{ "format": "dataflow.schema", "version": {version}, "models": [{note}] }}"#
            )
        };
        assert!(SchemaSet::from_json(&document("1", NOTE)).is_ok());
        let misspelt = NOTE.replace("\"indexes\"", "\"colour\": 1, \"indexes\"");
        let cases = [
            ("{".to_owned(), "is not JSON"),
            ("{}".to_owned(), "does not begin with"),
            (document("2", NOTE), "version 2, known is 1"),
            (document("1", "{}"), "cannot be read"),
            (document("1", &misspelt), "/models/0/colour"),
            (
                document("1", &format!("{NOTE}, {NOTE}")),
                "mistakes in the models",
            ),
        ];
        for (text, message) in cases {
            let error = SchemaSet::from_json(&text).unwrap_err();
            assert!(
                format!("{error:?}").contains(message),
                "{message}: {error:?}"
            );
        }
    }
}
