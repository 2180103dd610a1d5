use std::sync::Arc;
use std::time::Duration;

use dataflow_core::error::{Error, Kind, Result};
use dataflow_core::node::{Answer, Body};
use nexus_core::workflow::{Workflow, handler};
use serde_json::json;

use crate::client::{get, send_json};
use crate::server::{Handler, Server, Setup};

async fn start() -> Server {
    let greet = Handler::node("greet", |input| {
        Box::pin(async move {
            let greeting = format!("hello {}", input["name"].as_str().unwrap());
            Ok(Answer::new(Body::Value(json!({ "greeting": greeting }))))
        })
    });
    let fail = Handler::node("fail", |_| {
        Box::pin(async {
            Err(Error::new(
                Kind::Internal,
                "secret: the pool is at 10.0.0.7",
            ))
        })
    });
    let panic = Handler::node("panic", |_| Box::pin(async { panic!("at the disco") }));
    let stall = Handler::node("stall", |_| Box::pin(std::future::pending()));
    Setup {
        nodes: vec![greet, fail, panic, stall],
        deadline: Duration::from_millis(200),
        ..Setup::default()
    }
    .start()
    .await
}

#[tokio::test]
async fn a_workflow_takes_inputs_and_gives_outputs_and_a_run_id() {
    let server = start().await;
    let body = r#"{"inputs": {"name": "ada"}, "mode": "sync"}"#;
    let answer = send_json(server.address, "POST", "/workflows/greet/execute", body).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.json()["outputs"], json!({"greeting": "hello ada"}));
    assert!(!answer.json()["run_id"].as_str().unwrap().is_empty());
}

#[tokio::test]
async fn what_a_workflow_request_does_not_know_is_refused() {
    let server = start().await;
    let cases = [
        (r#"{"inputs": {}, "mode": "async"}"#, "sync"),
        (r#"{"input": {}}"#, "inputs"),
        (r#"{"inputs": []}"#, "inputs"),
        ("[]", "object"),
    ];
    for (body, word) in cases {
        let answer = send_json(server.address, "POST", "/workflows/greet/execute", body).await;
        answer.check_problem(body, 400);
        assert!(answer.text().contains(word), "{body}: {}", answer.text());
    }
    let answer = send_json(server.address, "POST", "/workflows/nobody/execute", "{}").await;
    answer.check_problem("unknown workflow", 404);
}

/// Every path that a listing names exists; models are not listed as workflows.
#[tokio::test]
async fn v18_whatever_is_advertised_is_served() {
    let server = start().await;
    let list = get(server.address, "/workflows").await.json();
    let names: Vec<_> = list
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item["name"].clone())
        .collect();
    assert_eq!(names, ["greet", "fail", "panic", "stall"]);
    for item in list.as_array().unwrap() {
        let path = format!("/workflows/{}", item["name"].as_str().unwrap());
        let description = get(server.address, &path).await.json();
        assert_eq!(description["input"]["required"], json!(["name"]));
        let execute = description["execute"].as_str().unwrap();
        get(server.address, execute)
            .await
            .check_problem(execute, 405);
    }
}

#[tokio::test]
async fn e18_probes_and_the_document_are_there_by_default() {
    let server = start().await;
    for path in ["/health", "/healthz", "/ready", "/readyz", "/openapi.json"] {
        assert_eq!(get(server.address, path).await.status, 200, "{path}");
    }
}

/// Handlers with and without inputs, and workflows made of them, all run by the same path.
#[tokio::test]
async fn e05_whatever_is_registered_can_be_called() {
    let ping = handler("ping", async || -> Result<&'static str> { Ok("pong") }).unwrap();
    let workflow = Workflow::builder()
        .node(
            "first",
            handler("ping", async || -> Result<&'static str> { Ok("pong") }).unwrap(),
        )
        .build()
        .unwrap();
    let server = Setup {
        nodes: vec![Arc::new(ping), Arc::new(workflow.named("twice"))],
        ..Setup::default()
    }
    .start()
    .await;
    let cases = [("ping", json!("pong")), ("twice", json!({"first": "pong"}))];
    for (name, outputs) in cases {
        let target = format!("/workflows/{name}/execute");
        let answer = send_json(server.address, "POST", &target, "{}").await;
        assert_eq!(
            (answer.status, &answer.json()["outputs"]),
            (200, &outputs),
            "{name}"
        );
    }
    let inputs = r#"{"inputs": {"nobody": 1}}"#;
    let answer = send_json(server.address, "POST", "/workflows/ping/execute", inputs).await;
    answer.check_problem("an input that does not exist", 422);
    assert_eq!(answer.json()["errors"][0]["pointer"], "/inputs/nobody");
}

/// A fault of the server is not told to be the client's, nor described to it.
#[tokio::test]
async fn e04_a_handler_that_fails_is_not_a_bad_request() {
    let server = start().await;
    for name in ["fail", "panic"] {
        let target = format!("/workflows/{name}/execute");
        let answer = send_json(
            server.address,
            "POST",
            &target,
            r#"{"inputs": {"name": "x"}}"#,
        )
        .await;
        answer.check_problem(name, 500);
        let text = answer.text();
        assert!(
            !text.contains("secret") && !text.contains("disco"),
            "{text}"
        );
    }
    assert_eq!(get(server.address, "/health").await.status, 200);
}

#[tokio::test]
async fn a_call_that_passes_its_deadline_is_ended_and_says_so() {
    let server = start().await;
    let answer = send_json(server.address, "POST", "/workflows/stall/execute", "{}").await;
    answer.check_problem("stall", 504);
    assert!(answer.text().contains("stall"));
    assert_eq!(server.dispatch.calls_in_flight(), 0);
}
