use std::collections::BTreeSet;
use std::sync::atomic::Ordering;

use dataflow_core::node::{Answer, Body};
use nexus_core::http::{HostRule, HttpChannel};
use nexus_core::metrics::Recorder;
use nexus_core::{Dispatch, Measured, Registry};
use serde_json::{Value as Json, json};

use crate::client::{exchange, get, request, send_json};
use crate::server::{self, Handler, Server, Setup};

async fn with_a_workflow() -> Server {
    let greet = Handler::node("greet", |_| {
        Box::pin(async { Ok(Answer::new(Body::Empty)) })
    });
    Setup {
        nodes: vec![greet],
        ..Setup::default()
    }
    .start()
    .await
}

#[tokio::test]
async fn a_server_is_ready_when_its_sources_are() {
    let server = server::start().await;
    server.memory.is_down.store(true, Ordering::Relaxed);
    let answer = get(server.address, "/ready").await;
    answer.check_problem("source is down", 503);
    assert_eq!(answer.header("retry-after"), Some("1"));
    assert!(!answer.text().contains("db.internal"), "{}", answer.text());
    assert_eq!(get(server.address, "/health").await.status, 200);
}

#[tokio::test]
async fn many_probes_cost_one_check() {
    let server = server::start().await;
    for _ in 0..50 {
        assert_eq!(get(server.address, "/ready").await.status, 200);
    }
    let checks = server.memory.checks.load(Ordering::Relaxed);
    assert!(
        checks <= 5,
        "{checks} checks for 50 probes in far less than 5 seconds"
    );
}

#[tokio::test]
async fn nothing_is_called_before_the_schema_is_ready() {
    use nexus_core::Channel;
    use tower::ServiceExt;
    let dispatch = Dispatch::new(Registry::new());
    let router = HttpChannel::new(HostRule::Any).router(dispatch.clone());
    let probe = || {
        axum::http::Request::get("/ready")
            .body(axum::body::Body::empty())
            .unwrap()
    };
    assert_eq!(router.clone().oneshot(probe()).await.unwrap().status(), 503);
    dispatch.open();
    assert_eq!(router.oneshot(probe()).await.unwrap().status(), 200);
}

#[tokio::test]
async fn metrics_are_off_until_they_are_turned_on() {
    let server = server::start().await;
    let answer = get(server.address, "/metrics").await;
    answer.check_problem("/metrics", 404);
    assert!(answer.text().contains("enable_metrics"));
    let document = get(server.address, "/openapi.json").await.json();
    assert!(document["paths"]["/metrics"].is_null());
}

/// The label is the route, so that a million keys make one series.
#[tokio::test]
async fn metrics_name_routes_and_operations_but_never_paths() {
    let recorder = Recorder::install().unwrap();
    let server = Setup {
        channel: HttpChannel::new(HostRule::Loopback).recorder(recorder),
        measured: Measured::Yes,
        ..Setup::default()
    }
    .start()
    .await;
    send_json(
        server.address,
        "POST",
        "/api/users",
        r#"{"id": "canary", "email": "e"}"#,
    )
    .await;
    get(server.address, "/api/users/canary").await;
    get(server.address, "/api/users/canary-missing").await;

    let answer = get(server.address, "/metrics").await;
    assert_eq!(answer.status, 200);
    let text = answer.text();
    let lines = [
        r#"nexus_http_requests_total{route="/api/users/{id}",status="2xx"} 1"#,
        r#"nexus_http_requests_total{route="/api/users/{id}",status="4xx"} 1"#,
        r#"nexus_operations_total{operation="user_read",outcome="success"} 1"#,
        r#"nexus_operations_total{operation="user_read",outcome="failure"} 1"#,
        r#"nexus_operation_seconds_count{operation="user_create"} 1"#,
        "nexus_operations_in_flight 0",
    ];
    for line in lines {
        assert!(text.contains(line), "{line} is not in\n{text}");
    }
    assert!(!text.contains("canary"), "{text}");
}

#[tokio::test]
async fn the_document_is_sent_again_only_when_it_changed() {
    let server = server::start().await;
    let first = get(server.address, "/openapi.json").await;
    let tag = first.header("etag").unwrap();
    let again = request(
        "GET",
        "/openapi.json",
        &format!("if-none-match: {tag}\r\n"),
        b"",
    );
    let again = exchange(server.address, &again).await.unwrap();
    assert_eq!((again.status, again.body.len()), (304, 0));
}

/// Both ways: what the document names is served, and what a path serves is named.
#[tokio::test]
async fn v18_the_document_and_the_router_name_the_same_routes() {
    let server = with_a_workflow().await;
    let document = get(server.address, "/openapi.json").await.json();
    let mut paths = BTreeSet::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        paths.insert(path.as_str());
        let target = path.replace("{id}", "some-key");
        let options = request("OPTIONS", &target, "", b"");
        let options = exchange(server.address, &options).await.unwrap();
        assert_eq!(options.status, 204, "{path} is served");
        let allowed = options.header("allow").unwrap().to_ascii_lowercase();
        let served: BTreeSet<_> = allowed
            .split(',')
            .filter(|method| *method != "head")
            .collect();
        let named: BTreeSet<_> = methods
            .as_object()
            .unwrap()
            .keys()
            .map(String::as_str)
            .collect();
        assert_eq!(served, named, "{path}");
    }
    let expected = [
        "/api/users",
        "/api/users/{id}",
        "/docs",
        "/health",
        "/healthz",
        "/openapi.json",
        "/ready",
        "/readyz",
        "/workflows",
        "/workflows/greet",
        "/workflows/greet/execute",
    ];
    assert_eq!(paths, BTreeSet::from(expected));
}

#[tokio::test]
async fn the_document_holds_together() {
    let server = with_a_workflow().await;
    let document = get(server.address, "/openapi.json").await.json();
    assert_eq!(document["openapi"], "3.1.0");
    let mut ids = BTreeSet::new();
    for methods in document["paths"].as_object().unwrap().values() {
        for operation in methods.as_object().unwrap().values() {
            let id = operation["operationId"].as_str().unwrap();
            assert!(ids.insert(id), "{id} stands twice");
            assert!(operation["responses"]["default"].is_object(), "{id}");
        }
    }
    for reference in references(&document) {
        let pointer = reference.strip_prefix('#').unwrap();
        assert!(
            document.pointer(pointer).is_some(),
            "{reference} leads nowhere"
        );
    }
    let row = &document["components"]["schemas"]["User"];
    assert_eq!(row["properties"]["age"]["type"], json!(["integer", "null"]));
    let update = &document["components"]["schemas"]["UserUpdate"];
    assert!(
        update["properties"].get("id").is_none(),
        "the key stands in the path"
    );
}

fn references(json: &Json) -> Vec<&str> {
    match json {
        Json::Object(members) => {
            let own = members.get("$ref").and_then(Json::as_str);
            own.into_iter()
                .chain(members.values().flat_map(references))
                .collect()
        }
        Json::Array(items) => items.iter().flat_map(references).collect(),
        _ => Vec::new(),
    }
}
