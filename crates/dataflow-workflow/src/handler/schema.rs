//! The schema of a Rust type in the portable form that every client reads: one `type`, no `$ref`,
//! no composition.

use dataflow_core::error::{Error, Kind, Result};
use dataflow_core::node::{Object, Shape};
use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::{Value as Json, json};

/// What a handler takes; always an object.
pub(super) fn input<T: JsonSchema>() -> Result<Shape> {
    let schema = generate::<T>(SchemaSettings::draft2020_12().for_deserialize());
    let shape = portable(Side::Input, schema)?;
    match shape.get("type").and_then(Json::as_str) {
        Some("object") => Ok(Shape::from_schema(shape)),
        _ => Err(Error::new(
            Kind::Configuration,
            format!("its input `{}` is not an object", T::schema_name()),
        )
        .with_help("take a struct whose fields are the inputs, or no parameter at all")),
    }
}

/// What a handler gives; anything.
pub(super) fn output<T: JsonSchema>() -> Result<Shape> {
    let schema = generate::<T>(SchemaSettings::draft2020_12().for_serialize());
    Ok(Shape::from_schema(portable(Side::Output, schema)?))
}

fn generate<T: JsonSchema>(mut settings: SchemaSettings) -> Json {
    settings.inline_subschemas = true;
    settings.meta_schema = None;
    settings
        .into_generator()
        .into_root_schema_for::<T>()
        .to_value()
}

#[derive(Clone, Copy, PartialEq)]
enum Side {
    /// A choice is refused: which members are declared would be unknown.
    Input,
    /// A choice is described by what its branches have in common.
    Output,
}

fn portable(side: Side, schema: Json) -> Result<Object> {
    Ok(rewrite(side, schema, "")?.or_anything())
}

struct Rewritten {
    schema: Object,
    is_nullable: bool,
}

impl Rewritten {
    /// The schema for a place that cannot be left out: where null may stand, anything may.
    fn or_anything(self) -> Object {
        match self.is_nullable {
            true => Object::new(),
            false => self.schema,
        }
    }
}

fn rewrite(side: Side, schema: Json, place: &str) -> Result<Rewritten> {
    let Json::Object(mut schema) = schema else {
        return Ok(Rewritten {
            schema: Object::new(),
            is_nullable: false,
        });
    };
    if schema.contains_key("$ref") {
        return Err(refused("contains itself", place)
            .with_help("name the inner one by its key, or take a `serde_json::Value` there"));
    }
    for keyword in ["$schema", "$defs", "title"] {
        schema.remove(keyword);
    }
    let mut is_nullable = drop_null(&mut schema);
    let mut is_choice = schema.get("type").is_some_and(Json::is_array);
    if is_choice {
        schema.remove("type");
    }
    for keyword in ["anyOf", "oneOf", "allOf"] {
        let Some(Json::Array(branches)) = schema.remove(keyword) else {
            continue;
        };
        match common_ground(side, branches, place)? {
            Some(mut common) => {
                is_nullable |= common.is_nullable;
                common.schema.extend(schema);
                schema = common.schema;
            }
            None => is_choice = true,
        }
    }
    if is_choice && side == Side::Input {
        return Err(refused(
            "is a choice between several shapes, which not every client can read",
            place,
        )
        .with_help("take a struct with optional fields, or a `serde_json::Value` there"));
    }
    rewrite_parts(side, &mut schema, place)?;
    if schema.get("type") == Some(&json!("object")) {
        schema.entry("properties").or_insert_with(|| json!({}));
        schema
            .entry("additionalProperties")
            .or_insert(is_choice.into());
    }
    Ok(Rewritten {
        schema,
        is_nullable,
    })
}

/// Takes null out of `type`, `enum` and `default`; whether it was there beside something else.
fn drop_null(schema: &mut Object) -> bool {
    let mut was_there = false;
    if let Some(Json::Array(types)) = schema.get_mut("type") {
        let before = types.len();
        types.retain(|name| name != "null");
        was_there = types.len() < before;
        if let [only] = types.as_mut_slice() {
            let only = only.take();
            schema.insert("type".to_owned(), only);
        }
    }
    if schema.get("default") == Some(&Json::Null) {
        schema.remove("default");
    }
    if let Some(Json::Array(values)) = schema.get_mut("enum") {
        values.retain(|value| !value.is_null());
    }
    was_there
}

/// What the branches of a composition have in common: one branch beside null, or a list of words.
fn common_ground(side: Side, branches: Vec<Json>, place: &str) -> Result<Option<Rewritten>> {
    let count = branches.len();
    let mut rest: Vec<Json> = branches
        .into_iter()
        .filter(|branch| branch.get("type") != Some(&json!("null")))
        .collect();
    let is_nullable = rest.len() < count;
    let words: Option<Vec<_>> = rest.iter().map(words).collect();
    let common = match (words, rest.pop(), rest.is_empty()) {
        (Some(words), ..) => json!({"type": "string", "enum": words.concat()}),
        (None, Some(only), true) => only,
        _ => return Ok(None),
    };
    let mut rewritten = rewrite(side, common, place)?;
    rewritten.is_nullable |= is_nullable;
    Ok(Some(rewritten))
}

/// The words that a branch of a plain enum allows.
fn words(branch: &Json) -> Option<Vec<Json>> {
    match (branch.get("const"), branch.get("enum")) {
        (Some(word @ Json::String(_)), _) => Some(vec![word.clone()]),
        (None, Some(Json::Array(words))) if words.iter().all(Json::is_string) => {
            Some(words.clone())
        }
        _ => None,
    }
}

fn rewrite_parts(side: Side, schema: &mut Object, place: &str) -> Result<()> {
    if let Some(Json::Object(properties)) = schema.get_mut("properties") {
        let mut nullable = Vec::new();
        for (name, property) in properties.iter_mut() {
            let part = rewrite(side, property.take(), &format!("{place}/{name}"))?;
            *property = part.schema.into();
            if part.is_nullable {
                nullable.push(name.clone());
            }
        }
        if let Some(Json::Array(required)) = schema.get_mut("required") {
            required.retain(|name| !nullable.iter().any(|nullable| name == nullable));
        }
    }
    for keyword in ["items", "additionalProperties"] {
        if let Some(part) = schema.get_mut(keyword).filter(|part| part.is_object()) {
            *part = rewrite(side, part.take(), &format!("{place}/*"))?
                .or_anything()
                .into();
        }
    }
    if let Some(Json::Array(parts)) = schema.get_mut("prefixItems") {
        for (index, part) in parts.iter_mut().enumerate() {
            *part = rewrite(side, part.take(), &format!("{place}/{index}"))?
                .or_anything()
                .into();
        }
    }
    Ok(())
}

fn refused(reason: &str, place: &str) -> Error {
    let subject = match place {
        "" => "its type".to_owned(),
        place => format!("the type at {place:?}"),
    };
    Error::new(Kind::Configuration, format!("{subject} {reason}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(side: Side, schema: Json, expected: Json) {
        let found = portable(side, schema).map_err(|error| error.to_string());
        assert_eq!(found.map(Json::Object), Ok(expected));
    }

    #[test]
    fn what_clients_cannot_read_is_rewritten() {
        let words = json!({"type": "string", "enum": ["a", "b", "c"]});
        let tagged = json!({"oneOf": [{"const": "a"}, {"type": "string", "enum": ["b", "c"]}]});
        check(Side::Input, tagged, words);
        check(
            Side::Input,
            json!({"$schema": "x", "title": "T", "type": "object"}),
            json!({"type": "object", "properties": {}, "additionalProperties": false}),
        );
        check(
            Side::Input,
            json!({"type": "array", "items": {"type": ["integer", "null"]}}),
            json!({"type": "array", "items": {}}),
        );
        check(
            Side::Input,
            json!({"type": "object", "additionalProperties": {"title": "T", "type": "number"}}),
            json!({"type": "object", "properties": {}, "additionalProperties": {"type": "number"}}),
        );
        check(
            Side::Output,
            json!({
                "type": "object",
                "properties": {
                    "none": {"type": ["string", "null"], "default": null},
                    "inner": {"anyOf": [{"type": "integer"}, {"type": "null"}], "description": "d"},
                    "anything": true
                },
                "required": ["none", "inner", "anything"]
            }),
            json!({
                "type": "object",
                "properties": {
                    "none": {"type": "string"},
                    "inner": {"type": "integer", "description": "d"},
                    "anything": {}
                },
                "required": ["anything"],
                "additionalProperties": false
            }),
        );
    }

    #[test]
    fn a_choice_is_open_in_an_output() {
        let choice = json!({
            "type": "object",
            "properties": {"id": {"type": "integer"}},
            "oneOf": [{"type": "object"}, {"type": "object"}]
        });
        let open = json!({
            "type": "object",
            "properties": {"id": {"type": "integer"}},
            "additionalProperties": true
        });
        check(Side::Output, choice.clone(), open);
        check(
            Side::Output,
            json!({"anyOf": [choice.clone(), {"type": "null"}]}),
            json!({}),
        );
        check(
            Side::Output,
            json!({"type": ["integer", "string"]}),
            json!({}),
        );
        assert!(portable(Side::Input, choice).is_err());
        assert!(portable(Side::Input, json!({"type": ["integer", "string"]})).is_err());
    }
}
