//! What is done to rows, at the HTTP door.

use std::net::SocketAddr;
use std::time::Duration;

use dataflow::{DataFlow, DataFlowBuilder, Model};
use nexus::{Nexus, Running};
use serde_json::json;

use crate::client::{get, post, send};
use crate::events::{PATIENCE, Reader};

#[derive(Debug, Clone, PartialEq, Model)]
struct User {
    #[model(primary_key)]
    id: String,
}

#[derive(Debug, Clone, PartialEq, Model)]
struct BlogPost {
    #[model(primary_key)]
    id: i64,
    title: String,
}

fn builder() -> DataFlowBuilder {
    let builder = DataFlow::builder("sqlite::memory:").environment([("", ""); 0]);
    let builder = builder.model::<User>().model::<BlogPost>();
    builder
        .enable_changes(true)
        .changes_interval(Duration::from_millis(50))
}

async fn start(database: &DataFlow) -> Running {
    let nexus = Nexus::builder().api_port(0).without_mcp();
    nexus.mount(database).start().await.unwrap()
}

/// A reader of a path that is a stream of events.
async fn read(address: SocketAddr, path: &str, headers: &str) -> Reader {
    let head = format!("GET {path} HTTP/1.1\r\nHost: {address}\r\n{headers}\r\n");
    Reader::open(address, &head).await
}

#[tokio::test]
async fn changes_are_followed_as_events_and_a_reader_goes_on_where_it_was() {
    let database = builder().build().unwrap();
    let running = start(&database).await;
    let address = running.api_address();
    let mut reader = read(address, "/changes", "Accept: text/event-stream\r\n").await;

    post(address, "/api/users", &json!({"id": "ann"})).await;
    let (first, data) = reader.event().await;
    assert_eq!(
        data,
        json!({"model": "User", "verb": "create", "key": {"id": "ann"}})
    );
    post(address, "/api/blog_posts", &json!({"title": "Rust"})).await;
    let (second, data) = reader.event().await;
    assert_eq!(
        data,
        json!({"model": "BlogPost", "verb": "create", "key": {"id": 1}})
    );
    drop(reader);

    let mut again = read(address, "/changes", &format!("Last-Event-ID: {first}\r\n")).await;
    assert_eq!(
        again.event().await.0,
        second,
        "none is lost, none comes twice"
    );
    let mut posts = read(address, "/changes?model=blog_post&after=0", "").await;
    assert_eq!(posts.event().await.0, second, "those of users are left out");
    running.shutdown().await;
}

#[tokio::test]
async fn what_cannot_be_followed_is_a_problem() {
    let kept_for = Duration::from_millis(100);
    let database = builder().changes_kept_for(kept_for).build().unwrap();
    let running = start(&database).await;
    let address = running.api_address();
    for id in ["ann", "bob", "cid"] {
        post(address, "/api/users", &json!({"id": id})).await;
    }
    tokio::time::sleep(2 * kept_for).await;
    database.prune_changes().await.unwrap();
    for (path, status, word) in [
        ("/changes?model=userr", 400, "malformed"),
        ("/changes?models=user", 400, "malformed"),
        ("/changes?after=x", 400, "malformed"),
        ("/changes?after=99999", 400, "malformed"),
        ("/changes?after=1", 410, "gone"),
    ] {
        let reply = get(address, path).await;
        assert_eq!(reply.status, status, "{path}: {reply:?}");
        assert_eq!(
            reply.json()["type"],
            format!("urn:nexus:problem:{word}"),
            "{path}"
        );
    }
    let closest = get(address, "/changes?model=userr").await.json();
    assert_eq!(closest["help"], "did you mean \"user\"?");
    let foreign = "GET /changes HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n";
    assert_eq!(send(address, foreign).await.status, 403);
    let json = format!(
        "GET /changes HTTP/1.1\r\nHost: {address}\r\nAccept: application/json\r\n\
         Connection: close\r\n\r\n"
    );
    assert_eq!(send(address, &json).await.status, 406);
    let document = get(address, "/openapi.json").await.json();
    assert!(document["paths"]["/changes"]["get"].is_object());
    running.shutdown().await;
}

#[tokio::test]
async fn without_changes_there_is_no_such_route() {
    let database = builder().enable_changes(false).build().unwrap();
    let running = start(&database).await;
    let reply = get(running.api_address(), "/changes").await;
    assert_eq!(
        (reply.status, &reply.json()["help"]),
        (404, &json!("turn enable_changes on"))
    );
    let document = get(running.api_address(), "/openapi.json").await.json();
    assert!(document["paths"]["/changes"].is_null());
    running.shutdown().await;
}

#[tokio::test]
async fn a_shutdown_ends_the_streams_at_once() {
    let database = builder().build().unwrap();
    let running = start(&database).await;
    let mut reader = read(running.api_address(), "/changes", "").await;
    let shutdown = tokio::time::timeout(PATIENCE, running.shutdown());
    shutdown
        .await
        .expect("a reader kept the server from ending");
    while reader.line().await.is_some() {}
}

/// A reader that stops reading is waited for by nobody: what comes meanwhile stays in the outbox.
#[tokio::test]
async fn a_reader_that_does_not_read_holds_nothing_up() {
    let database = builder().build().unwrap();
    let running = start(&database).await;
    let mut lazy = read(running.api_address(), "/changes", "").await;
    let posts = database.repository::<BlogPost>().unwrap();
    let rows: Vec<BlogPost> = (0..5_000)
        .map(|_| BlogPost {
            id: 0,
            title: String::new(),
        })
        .collect();
    for _ in 0..4 {
        posts.bulk_create(&rows).await.unwrap();
    }
    for expected in 1..=20_000 {
        assert_eq!(lazy.event().await.1["key"]["id"], expected);
    }
    running.shutdown().await;
}
