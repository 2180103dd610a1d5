//! What is done to rows, heard by MCP clients.

use std::net::SocketAddr;
use std::time::Duration;

use dataflow::{DataFlow, DataFlowBuilder, Model};
use nexus::{Nexus, Running};
use serde_json::{Value as Json, json};
use tempfile::TempDir;

use crate::client::{Reply, post, send};
use crate::events::{PATIENCE, Reader};

#[derive(Debug, Clone, PartialEq, Model)]
struct User {
    #[model(primary_key)]
    id: String,
}

#[derive(Debug, Clone, PartialEq, Model)]
struct Post {
    #[model(primary_key)]
    id: i64,
    title: String,
}

#[derive(Debug, Clone, PartialEq, Model)]
struct Note {
    #[model(primary_key)]
    id: i64,
    #[model(tenant)]
    team: String,
}

/// Every program of one database.
fn builder(folder: &TempDir) -> DataFlowBuilder {
    let path = folder.path().join("app.db");
    let builder = DataFlow::builder(format!("sqlite://{}", path.display()));
    let builder = builder.environment([("", ""); 0]);
    let builder = builder.model::<User>().model::<Post>().model::<Note>();
    builder
        .enable_changes(true)
        .changes_interval(Duration::from_millis(50))
}

async fn start(database: &DataFlow) -> Running {
    let nexus = Nexus::builder().api_port(0).mcp_port(0).mount(database);
    nexus.start().await.unwrap()
}

/// One request of the current revision.
fn request(address: SocketAddr, method: &str, params: Json) -> String {
    request_of(None, address, method, params)
}

/// One on behalf of a team, or of none.
fn request_of(team: Option<&str>, address: SocketAddr, method: &str, mut params: Json) -> String {
    let team = team.map_or_else(String::new, |team| format!("X-Team: {team}\r\n"));
    params["_meta"] = json!({
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientCapabilities": {},
        "io.modelcontextprotocol/clientInfo": {"name": "test", "version": "1"},
    });
    let named = params["uri"].as_str();
    let name = named
        .map(|uri| format!("Mcp-Name: {uri}\r\n"))
        .unwrap_or_default();
    let body = json!({"jsonrpc": "2.0", "id": 7, "method": method, "params": params}).to_string();
    let length = body.len();
    format!(
        "POST /mcp HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\
         Content-Type: application/json\r\nAccept: application/json, text/event-stream\r\n\
         MCP-Protocol-Version: 2026-07-28\r\nMcp-Method: {method}\r\n{name}{team}\
         Content-Length: {length}\r\n\r\n{body}"
    )
}

async fn ask(address: SocketAddr, method: &str, params: Json) -> Reply {
    send(address, &request(address, method, params)).await
}

/// Listens to some resources, and gives those that can be listened to.
async fn listen(address: SocketAddr, uris: &[String]) -> (Reader, Vec<String>) {
    listen_as(None, address, uris).await
}

async fn listen_as(
    team: Option<&str>,
    address: SocketAddr,
    uris: &[String],
) -> (Reader, Vec<String>) {
    let params = json!({"notifications": {"resourceSubscriptions": uris}});
    let request = request_of(team, address, "subscriptions/listen", params);
    let mut reader = Reader::open(address, &request).await;
    let (_, first) = reader.event().await;
    assert_eq!(
        first["method"], "notifications/subscriptions/acknowledged",
        "{first}"
    );
    let accepted = &first["params"]["notifications"]["resourceSubscriptions"];
    let accepted = accepted.as_array().into_iter().flatten();
    let accepted: Vec<String> = accepted
        .map(|uri| uri.as_str().unwrap().to_owned())
        .collect();
    (reader, accepted)
}

/// The URI of the next resource that is told to be another.
async fn updated(reader: &mut Reader) -> String {
    let (_, told) = reader.event().await;
    assert_eq!(told["method"], "notifications/resources/updated", "{told}");
    let id = &told["params"]["_meta"]["io.modelcontextprotocol/subscriptionId"];
    assert_eq!(*id, 7, "{told}");
    told["params"]["uri"].as_str().unwrap().to_owned()
}

fn uris<const N: usize>(uris: [&str; N]) -> Vec<String> {
    uris.map(ToOwned::to_owned).to_vec()
}

#[tokio::test]
async fn clients_hear_of_the_rows_that_they_listen_to_whoever_writes_them() {
    let folder = TempDir::new().unwrap();
    let running = start(&builder(&folder).build().unwrap()).await;
    let (api, mcp) = (running.api_address(), running.mcp_address().unwrap());
    let discovered = ask(mcp, "server/discover", json!({})).await.json();
    let resources = &discovered["result"]["capabilities"]["resources"];
    assert_eq!(resources["subscribe"], true, "{discovered}");

    let wanted = uris(["nexus://rows/user/ann", "nexus://rows/post"]);
    let (mut reader, accepted) = listen(mcp, &wanted).await;
    assert_eq!(accepted, wanted);
    for uri in &wanted {
        assert_eq!(
            updated(&mut reader).await,
            *uri,
            "what was before is read now"
        );
    }

    let elsewhere = builder(&folder).open().unwrap();
    let users = elsewhere.repository::<User>().unwrap();
    let user = |id: &str| User { id: id.to_owned() };
    users.create(&user("bob")).await.unwrap();
    users.create(&user("ann")).await.unwrap();
    assert_eq!(
        updated(&mut reader).await,
        "nexus://rows/user/ann",
        "and not bob"
    );

    let made = post(api, "/api/posts", &json!({"title": "Rust"})).await;
    assert_eq!(made.status, 201);
    assert_eq!(updated(&mut reader).await, "nexus://rows/post");
    let read = ask(mcp, "resources/read", json!({"uri": "nexus://rows/post"})).await;
    let text = read.json()["result"]["contents"][0]["text"].clone();
    let rows: Json = serde_json::from_str(text.as_str().unwrap()).unwrap();
    assert_eq!(rows, json!({"rows": [{"id": 1, "title": "Rust"}]}));

    users.delete(&"ann".to_owned()).await.unwrap();
    assert_eq!(updated(&mut reader).await, "nexus://rows/user/ann");
    running.shutdown().await;
}

#[tokio::test]
async fn what_cannot_be_listened_to_is_not_acknowledged() {
    let folder = TempDir::new().unwrap();
    let running = start(&builder(&folder).build().unwrap()).await;
    let mcp = running.mcp_address().unwrap();
    let wanted = uris([
        "nexus://rows/nobody/1",
        "nexus://rows/post/one",
        "nexus://rows/post/1,2",
        "nexus://schema/post",
        "workflow://post",
        "file:///etc/passwd",
        "",
        "nexus://rows/post/1",
    ]);
    let (_, accepted) = listen(mcp, &wanted).await;
    assert_eq!(accepted, ["nexus://rows/post/1"]);

    let many: Vec<String> = (0..150)
        .map(|id| format!("nexus://rows/post/{id}"))
        .collect();
    let (_, accepted) = listen(mcp, &many).await;
    assert_eq!(accepted, many[..100]);

    let no_list = json!({"notifications": {"resourceSubscriptions": "nexus://rows/post"}});
    let refused = ask(mcp, "subscriptions/listen", no_list).await;
    assert_eq!(refused.json()["error"]["code"], -32602, "{refused:?}");
    running.shutdown().await;
}

#[tokio::test]
async fn rows_of_a_tenant_are_told_of_to_it_alone() {
    let folder = TempDir::new().unwrap();
    let database = builder(&folder).build().unwrap();
    let nexus = Nexus::builder().api_port(0).mcp_port(0).mount(&database);
    let running = nexus.tenant_header("X-Team").start().await.unwrap();
    let mcp = running.mcp_address().unwrap();
    let wanted = uris(["nexus://rows/note", "nexus://rows/post"]);
    let (mut us, _) = listen_as(Some("ours"), mcp, &wanted).await;
    let (mut them, _) = listen_as(Some("theirs"), mcp, &wanted).await;
    for reader in [&mut us, &mut them] {
        updated(reader).await;
        updated(reader).await;
    }
    let notes = |team| database.tenant(team).repository::<Note>().unwrap();
    let note = Note {
        id: 0,
        team: String::new(),
    };
    let theirs = notes("theirs").create(&note).await.unwrap();
    assert_eq!(updated(&mut them).await, "nexus://rows/note");
    notes("theirs").delete(&theirs.id).await.unwrap();
    assert_eq!(updated(&mut them).await, "nexus://rows/note");
    let post = Post {
        id: 0,
        title: String::new(),
    };
    let posts = database.repository::<Post>().unwrap();
    posts.create(&post).await.unwrap();
    assert_eq!(
        updated(&mut us).await,
        "nexus://rows/post",
        "no note before"
    );
    notes("ours").create(&note).await.unwrap();
    assert_eq!(updated(&mut us).await, "nexus://rows/note");

    let (mut nobody, _) = listen(mcp, &wanted).await;
    let (_, refused) = nobody.event().await;
    assert_eq!(refused["id"], 7, "{refused}");
    assert!(refused["error"].to_string().contains("DF-305"), "{refused}");
    assert_eq!(nobody.line().await.as_deref(), Some(""));
    let (mut nobody, _) = listen(mcp, &wanted[1..]).await;
    assert_eq!(updated(&mut nobody).await, "nexus://rows/post");
    running.shutdown().await;
}

#[tokio::test]
async fn the_257th_listener_is_refused_until_another_one_leaves() {
    let folder = TempDir::new().unwrap();
    let database = builder(&folder).changes_interval(Duration::from_secs(5));
    let running = start(&database.build().unwrap()).await;
    let mcp = running.mcp_address().unwrap();
    let wanted = uris(["nexus://rows/post"]);
    let mut readers = Vec::new();
    for _ in 0..256 {
        let (mut reader, _) = listen(mcp, &wanted).await;
        updated(&mut reader).await;
        readers.push(reader);
    }
    let one_more = async || {
        let (mut reader, _) = listen(mcp, &wanted).await;
        reader.event().await.1
    };
    let refused = one_more().await;
    assert_eq!(refused["error"]["code"], -32000, "{refused}");
    let message = refused["error"]["message"].as_str().unwrap();
    assert!(message.contains("256 clients listen already"), "{refused}");

    readers.pop();
    let is_heard =
        async { while one_more().await["method"] != "notifications/resources/updated" {} };
    let is_heard = tokio::time::timeout(PATIENCE, is_heard).await;
    is_heard.expect("the place of one that left is not free");
    running.shutdown().await;
}

/// A bulk is told once and not row by row, to clients that stop and to others.
#[tokio::test]
async fn many_changes_are_told_as_few() {
    let folder = TempDir::new().unwrap();
    let database = builder(&folder).build().unwrap();
    let running = start(&database).await;
    let mcp = running.mcp_address().unwrap();
    let wanted = uris(["nexus://rows/post", "nexus://rows/user/ann"]);
    let (mut reader, _) = listen(mcp, &wanted).await;
    updated(&mut reader).await;
    updated(&mut reader).await;
    let row = |_| Post {
        id: 0,
        title: String::new(),
    };
    let rows: Vec<Post> = (0..2_000).map(row).collect();
    database
        .repository::<Post>()
        .unwrap()
        .bulk_create(&rows)
        .await
        .unwrap();
    let ann = User {
        id: "ann".to_owned(),
    };
    database
        .repository::<User>()
        .unwrap()
        .create(&ann)
        .await
        .unwrap();
    let mut told = 0;
    while updated(&mut reader).await == "nexus://rows/post" {
        told += 1;
    }
    assert!((1..100).contains(&told), "told {told} times");
    running.shutdown().await;
}

#[tokio::test]
async fn a_shutdown_ends_what_is_listened_to() {
    let folder = TempDir::new().unwrap();
    let running = start(&builder(&folder).build().unwrap()).await;
    let mcp = running.mcp_address().unwrap();
    let (mut reader, _) = listen(mcp, &uris(["nexus://rows/post"])).await;
    updated(&mut reader).await;
    let shutdown = tokio::time::timeout(PATIENCE, running.shutdown());
    shutdown
        .await
        .expect("a listener kept the server from ending");
    let (_, last) = reader.event().await;
    assert_eq!(
        (&last["id"], &last["result"]["resultType"]),
        (&json!(7), &json!("complete")),
        "{last}"
    );
}

#[tokio::test]
async fn without_a_feed_nothing_can_be_listened_to() {
    let folder = TempDir::new().unwrap();
    let database = builder(&folder).enable_changes(false).build().unwrap();
    let running = start(&database).await;
    let mcp = running.mcp_address().unwrap();
    let discovered = ask(mcp, "server/discover", json!({})).await.json();
    let resources = &discovered["result"]["capabilities"]["resources"];
    assert_eq!(resources.get("subscribe"), None, "{discovered}");
    let params = json!({"notifications": {"resourceSubscriptions": ["nexus://rows/post"]}});
    let refused = ask(mcp, "subscriptions/listen", params).await;
    assert_eq!(refused.json()["error"]["code"], -32601, "{refused:?}");
    running.shutdown().await;
}

/// They would listen on another stream of a session, and there are no sessions.
#[tokio::test]
async fn older_revisions_are_not_promised_what_they_cannot_hear() {
    let folder = TempDir::new().unwrap();
    let running = start(&builder(&folder).build().unwrap()).await;
    let mcp = running.mcp_address().unwrap();
    let params = json!({
        "protocolVersion": "2025-11-25",
        "capabilities": {},
        "clientInfo": {"name": "test", "version": "1"},
    });
    let initialize = json!({"jsonrpc": "2.0", "id": 0, "method": "initialize", "params": params});
    let initialized = post(mcp, "/mcp", &initialize).await.json();
    let resources = &initialized["result"]["capabilities"]["resources"];
    assert!(
        resources.is_object() && resources.get("subscribe").is_none(),
        "{initialized}"
    );
    running.shutdown().await;
}
