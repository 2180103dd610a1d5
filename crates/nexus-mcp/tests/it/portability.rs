//! Clients differ in the JSON Schema they can read; every tool keeps to what all of them can.

use dataflow_core::node::Shape;
use serde_json::{Value as Json, json};

use crate::bookshelf::VERBS;
use crate::client::Server;

/// Keywords that make some client drop a tool, or all tools of the server.
const UNPORTABLE: [&str; 9] = [
    "$ref",
    "$defs",
    "anyOf",
    "oneOf",
    "allOf",
    "not",
    "if",
    "patternProperties",
    "definitions",
];

async fn tools(server: &Server) -> Vec<Json> {
    let listed = server.modern("tools/list", json!({})).await.json();
    listed["result"]["tools"].as_array().unwrap().clone()
}

/// Every way in which a schema is not portable, with where.
fn faults(schema: &Json, path: &str) -> Vec<String> {
    let Some(members) = schema.as_object() else {
        return vec![format!("{path}: not an object but {schema}")];
    };
    let mut found: Vec<String> = UNPORTABLE
        .iter()
        .filter(|keyword| members.contains_key(**keyword))
        .map(|keyword| format!("{path}: {keyword}"))
        .collect();
    if members.get("type").is_some_and(|kind| !kind.is_string()) {
        found.push(format!("{path}: type is not one name"));
    }
    if members
        .get("required")
        .is_some_and(|required| !required.is_array())
    {
        found.push(format!("{path}: required is not an array"));
    }
    let properties = members.get("properties").and_then(Json::as_object);
    for (name, property) in properties.into_iter().flatten() {
        found.extend(faults(property, &format!("{path}/{name}")));
    }
    if let Some(items) = members.get("items") {
        found.extend(faults(items, &format!("{path}/[]")));
    }
    found
}

#[tokio::test]
async fn v19_tools_declare_their_inputs() {
    let server = Server::start().await;
    let tools = tools(&server).await;

    let registry = server.dispatch.registry();
    assert_eq!(tools.len(), registry.operations().count());
    for (tool, operation) in tools.iter().zip(registry.operations()) {
        let descriptor = operation.descriptor();
        assert_eq!(
            tool["name"],
            descriptor.name(),
            "in the order of registration"
        );
        assert_eq!(tool["inputSchema"], Json::from(descriptor.input().clone()));
        assert!(!tool["description"].as_str().unwrap().is_empty());
        for schema in ["inputSchema", "outputSchema"] {
            assert_eq!(tool[schema]["type"], "object", "{}", descriptor.name());
            assert_eq!(faults(&tool[schema], descriptor.name()), [""; 0]);
        }
    }
}

#[test]
fn the_walk_finds_what_is_not_portable() {
    let nested = json!({ "type": "object", "properties": { "a": { "type": ["string", "null"] } } });
    let shape = Shape::from_schema(nested.as_object().unwrap().clone());
    let cases = [
        Json::from(Shape::array(shape)),
        json!({ "type": "object", "required": null }),
        json!({ "anyOf": [] }),
        json!({ "items": { "$ref": "#/$defs/a" } }),
        json!({ "properties": { "a": true } }),
    ];
    for schema in cases {
        assert_eq!(faults(&schema, "").len(), 1, "{schema}");
    }
}

#[tokio::test]
async fn properties_keep_their_order() {
    let server = Server::start().await;
    let tools = tools(&server).await;
    let properties = tools[0]["inputSchema"]["properties"].as_object().unwrap();
    assert_eq!(properties.keys().collect::<Vec<_>>(), ["title", "subtitle"]);
}

#[tokio::test]
async fn annotations_follow_from_the_verb() {
    let server = Server::start().await;
    let tools = tools(&server).await;
    for (tool, verb) in tools.iter().zip(VERBS) {
        let annotations = &tool["annotations"];
        assert_eq!(annotations["readOnlyHint"], verb.is_read_only(), "{verb:?}");
        assert_eq!(
            annotations["destructiveHint"],
            verb.is_destructive(),
            "{verb:?}"
        );
        assert_eq!(
            annotations["idempotentHint"],
            verb.is_idempotent(),
            "{verb:?}"
        );
    }
    let greet = tools.iter().find(|tool| tool["name"] == "greet").unwrap();
    assert_eq!(greet["annotations"], Json::Null);
}
