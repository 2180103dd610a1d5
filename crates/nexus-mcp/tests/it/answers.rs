//! A tool gives what its operation gives.

use dataflow_core::node::{Context, Form};
use nexus_core::Dispatch;
use serde_json::{Value as Json, json};

use crate::bookshelf;
use crate::client::Server;

/// One call of each operation, in an order that gives them rows to work on.
fn calls() -> Vec<(&'static str, Json)> {
    vec![
        (
            "book_create",
            json!({ "title": "Emma", "subtitle": "A novel" }),
        ),
        (
            "book_bulk_create",
            json!({ "rows": [{ "title": "Walden" }, { "title": "Ulysses" }] }),
        ),
        ("book_read", json!({ "id": 2 })),
        ("book_list", json!({ "limit": 2 })),
        ("book_count", json!({})),
        ("book_delete", json!({ "id": 1 })),
        ("greet", json!({ "name": "Ada" })),
        ("numbers", json!({})),
        ("fail", json!({})),
    ]
}

/// What MCP must give for what the dispatch gives, written without the channel's own code.
async fn expected(dispatch: &Dispatch, name: &str, arguments: Json) -> Result<Json, String> {
    let operation = dispatch.registry().find(name).unwrap();
    let context = Context::new(Form::Value);
    let input = arguments.as_object().unwrap().clone();
    let answer = dispatch
        .call(operation, &context, input)
        .await
        .map_err(|error| error.to_string())?;
    let body: String = answer
        .body
        .into_value()
        .to_string()
        .replace(r#","subtitle":null"#, "");
    let body: Json = serde_json::from_str(&body).unwrap();
    Ok(match name {
        "book_list" => json!({ "rows": body, "next": answer.next.unwrap() }),
        "book_bulk_create" => json!({ "rows": body }),
        "book_delete" => json!({ "deleted": true }),
        "numbers" => json!({ "result": body }),
        _ => body,
    })
}

#[tokio::test]
async fn every_operation_gives_the_same_answer_as_through_the_dispatch() {
    let server = Server::start().await;
    let dispatch = Dispatch::new(bookshelf::registry());
    dispatch.open();

    for (name, arguments) in calls() {
        let expected = expected(&dispatch, name, arguments.clone()).await;
        let result = server.call(name, arguments).await;
        let text = result["content"][0]["text"].as_str().unwrap();
        match expected {
            Ok(body) => {
                assert_eq!(result["structuredContent"], body, "{name}");
                assert_eq!(text, body.to_string(), "{name}");
            }
            Err(message) => {
                assert_eq!(result["isError"], true, "{name}");
                assert!(text.starts_with(&message), "{name}: {text}");
            }
        }
    }

    let called: Vec<&str> = calls().iter().map(|(name, _)| *name).collect();
    for operation in dispatch.registry().operations() {
        assert!(
            called.contains(&operation.name()),
            "{} is not covered",
            operation.name()
        );
    }
}

#[tokio::test]
async fn a_refused_input_is_a_result_that_the_model_can_act_on() {
    let server = Server::start().await;

    let result = server.call("book_create", json!({ "titel": "Emma" })).await;

    assert_eq!(result["isError"], true);
    assert_eq!(result["structuredContent"], Json::Null);
    let text = result["content"][0]["text"].as_str().unwrap();
    assert!(text.contains("title: is required"), "{text}");
    assert!(text.contains("titel: is not a field"), "{text}");
    assert!(text.contains("help: give the title"), "{text}");
    let error = &result["_meta"]["nexus/error"];
    assert_eq!(error["code"], "invalid");
    assert_eq!(error["errors"][0]["pointer"], "/title");
    assert_eq!(error["errors"][0]["code"], "required");
}

#[tokio::test]
async fn a_missing_row_and_a_failing_handler_are_results_too() {
    let server = Server::start().await;
    for (name, arguments, code) in [
        ("book_read", json!({ "id": 404 }), "not_found"),
        ("fail", json!({}), "unavailable"),
    ] {
        let result = server.call(name, arguments).await;
        assert_eq!(result["isError"], true, "{result}");
        assert_eq!(result["_meta"]["nexus/error"]["code"], code, "{result}");
    }
}

#[tokio::test]
async fn nothing_is_called_before_the_schema_is_ready() {
    let server = Server::serve(Dispatch::new(bookshelf::registry())).await;

    let result = server.call("book_count", json!({})).await;

    assert_eq!(result["isError"], true);
    assert_eq!(result["_meta"]["nexus/error"]["code"], "unavailable");
    server.dispatch.open();
    let result = server.call("book_count", json!({})).await;
    assert_eq!(result["structuredContent"], json!({ "count": 0 }));
}
