//! Models of a database, at every door.

use std::collections::BTreeSet;

use dataflow::node::ModelVerb;
use dataflow::{DataFlow, Model};
use nexus::{Nexus, Running};
use serde_json::{Value as Json, json};
use tempfile::TempDir;

use crate::client::{call_tool, get, post, tools};

/// Somebody who writes.
#[derive(Debug, Clone, Model)]
struct Author {
    #[model(primary_key)]
    id: i64,
    #[model(unique)]
    email: String,
    nickname: Option<String>,
    score: Option<f64>,
}

/// A server of authors in a new SQLite file, which goes when the folder is dropped.
async fn authors() -> (Running, TempDir) {
    let folder = TempDir::new().unwrap();
    let url = format!("sqlite://{}", folder.path().join("authors.db").display());
    let db = DataFlow::builder(&url).model::<Author>().build().unwrap();
    let builder = Nexus::builder().api_port(0).mcp_port(0).mount(&db);
    (builder.start().await.unwrap(), folder)
}

#[tokio::test]
async fn what_one_door_writes_the_other_reads() {
    let (running, _folder) = authors().await;
    let (api, mcp) = (running.api_address(), running.mcp_address().unwrap());

    let ada = json!({ "email": "ada@example.org", "nickname": "countess" });
    let created = post(api, "/api/authors", &ada).await;
    assert_eq!(created.status, 201, "{created:?}");
    let bob = json!({ "email": "bob@example.org", "score": 1.5 });
    let created = call_tool(mcp, "author_create", bob).await;
    assert_eq!(created["isError"], false, "{created}");

    for id in [1, 2] {
        let route = get(api, &format!("/api/authors/{id}")).await.json();
        let tool = call_tool(mcp, "author_read", json!({ "id": id })).await;
        assert_eq!(tool["structuredContent"], route);
    }
    let route = get(api, "/api/authors?limit=1").await.json();
    let tool = call_tool(mcp, "author_list", json!({ "limit": 1 })).await;
    assert_eq!(tool["structuredContent"]["rows"], route);
    assert!(tool["structuredContent"]["next"].is_string(), "{tool}");
    running.shutdown().await;
}

#[tokio::test]
async fn both_doors_refuse_alike() {
    let (running, _folder) = authors().await;
    let (api, mcp) = (running.api_address(), running.mcp_address().unwrap());
    let taken = json!({ "email": "ada@example.org" });
    assert_eq!(post(api, "/api/authors", &taken).await.status, 201);

    let cases = [
        (taken, 409, "unique"),
        (json!({ "email": 7 }), 422, "invalid"),
        (json!({ "emial": "x" }), 422, "invalid"),
    ];
    for (input, status, code) in cases {
        let route = post(api, "/api/authors", &input).await;
        let tool = call_tool(mcp, "author_create", input).await;
        assert_eq!(route.status, status, "{route:?}");
        let error = &tool["_meta"]["nexus/error"];
        assert_eq!(error["code"], code, "{tool}");
        if status == 422 {
            assert_eq!(error["errors"], route.json()["errors"]);
        }
    }
    running.shutdown().await;
}

/// The system this replaces declared no inputs at all.
#[tokio::test]
async fn v19_every_operation_of_a_model_is_a_tool_that_declares_its_inputs() {
    let (running, _folder) = authors().await;
    let tools = tools(running.mcp_address().unwrap()).await;

    let names: BTreeSet<&str> = tools
        .iter()
        .map(|tool| tool["name"].as_str().unwrap())
        .collect();
    let verbs = ModelVerb::ALL.into_iter();
    let verbs = verbs.filter(|verb| verb.is_of(Author::schema()));
    let expected: Vec<String> = verbs
        .map(|verb| format!("author_{}", verb.as_str()))
        .collect();
    assert_eq!(names, expected.iter().map(String::as_str).collect());
    for tool in &tools {
        for schema in ["inputSchema", "outputSchema"] {
            assert_eq!(tool[schema]["type"], "object", "{tool}");
            assert!(is_portable(&tool[schema]), "{tool}");
        }
        assert!(
            !tool["inputSchema"]["properties"]
                .as_object()
                .unwrap()
                .is_empty()
        );
    }
    running.shutdown().await;
}

/// Whether every client can read a schema: one type at most, no reference, no composition.
fn is_portable(schema: &Json) -> bool {
    let Some(members) = schema.as_object() else {
        return false;
    };
    let has_one_type = members.get("type").is_none_or(Json::is_string);
    let is_plain = ["$ref", "anyOf", "oneOf", "allOf", "not"]
        .iter()
        .all(|keyword| !members.contains_key(*keyword));
    let properties = members.get("properties").and_then(Json::as_object);
    let below = properties
        .into_iter()
        .flat_map(|properties| properties.values());
    has_one_type && is_plain && below.chain(members.get("items")).all(is_portable)
}
