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
    Ok(rewrite(side, schema, "")?.schema)
}

struct Rewritten {
    schema: Object,
    is_nullable: bool,
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
    let mut is_choice = false;
    for keyword in ["anyOf", "oneOf", "allOf"] {
        let Some(Json::Array(branches)) = schema.remove(keyword) else {
            continue;
        };
        match common_ground(side, branches, place)? {
            Ground::Same(Rewritten {
                schema: mut merged,
                is_nullable: null,
            }) => {
                is_nullable |= null;
                merged.extend(schema);
                schema = merged;
            }
            Ground::Choice if side == Side::Input => return Err(choice(place)),
            Ground::Choice => is_choice = true,
        }
    }
    if schema.get("type").is_some_and(Json::is_array) {
        if side == Side::Input {
            return Err(choice(place));
        }
        schema.remove("type");
    }
    rewrite_parts(side, &mut schema, place)?;
    if !is_choice && schema.get("type") == Some(&json!("object")) {
        schema.entry("properties").or_insert_with(|| json!({}));
        schema.entry("additionalProperties").or_insert(false.into());
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

enum Ground {
    Same(Rewritten),
    Choice,
}

/// What the branches of a composition have in common: one branch beside null, or a list of words.
fn common_ground(side: Side, branches: Vec<Json>, place: &str) -> Result<Ground> {
    let count = branches.len();
    let mut rest: Vec<Json> = branches
        .into_iter()
        .filter(|branch| branch.get("type") != Some(&json!("null")))
        .collect();
    let is_nullable = rest.len() < count;
    if let Some(words) = rest.iter().map(words).collect::<Option<Vec<_>>>() {
        let words: Vec<Json> = words.into_iter().flatten().collect();
        let schema = json!({"type": "string", "enum": words});
        let mut rewritten = rewrite(side, schema, place)?;
        rewritten.is_nullable |= is_nullable;
        return Ok(Ground::Same(rewritten));
    }
    match (rest.pop(), rest.is_empty()) {
        (Some(only), true) => {
            let mut rewritten = rewrite(side, only, place)?;
            rewritten.is_nullable |= is_nullable;
            Ok(Ground::Same(rewritten))
        }
        _ => Ok(Ground::Choice),
    }
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
                .schema
                .into();
        }
    }
    if let Some(Json::Array(parts)) = schema.get_mut("prefixItems") {
        for (index, part) in parts.iter_mut().enumerate() {
            *part = rewrite(side, part.take(), &format!("{place}/{index}"))?
                .schema
                .into();
        }
    }
    Ok(())
}

fn choice(place: &str) -> Error {
    refused(
        "is a choice between several shapes, which not every client can read",
        place,
    )
    .with_help("take a struct with optional fields, or a `serde_json::Value` there")
}

fn refused(reason: &str, place: &str) -> Error {
    let subject = match place {
        "" => "its type".to_owned(),
        place => format!("the type at {place:?}"),
    };
    Error::new(Kind::Configuration, format!("{subject} {reason}"))
}
