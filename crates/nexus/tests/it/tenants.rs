//! Rows that belong to somebody, and rows that stay when they are deleted, at every door.

use std::net::SocketAddr;

use chrono::{DateTime, Utc};
use dataflow::{DataFlow, Model};
use nexus::{Nexus, Running};
use serde_json::{Value as Json, json};
use tempfile::TempDir;

use crate::client::{Reply, call_tool, send};
use crate::events::Reader;

#[derive(Debug, Clone, Model)]
struct Note {
    #[model(primary_key, generate = "none")]
    id: i64,
    #[model(tenant)]
    team: String,
    text: String,
    #[model(soft_delete)]
    deleted_at: Option<DateTime<Utc>>,
}

/// A server of a note for each of two teams: 1 is ours, 2 is theirs.
async fn notes() -> (Running, TempDir) {
    let folder = TempDir::new().unwrap();
    let url = format!("sqlite://{}", folder.path().join("notes.db").display());
    let db = DataFlow::builder(&url).model::<Note>().build().unwrap();
    let builder = Nexus::builder().api_port(0).mcp_port(0).mount(&db);
    let running = builder.tenant_header("X-Team").start().await.unwrap();
    for (id, team) in [(1, "ours"), (2, "theirs")] {
        let note = json!({"id": id, "text": "secret"});
        let made = ask(
            running.api_address(),
            "POST",
            "/api/notes",
            Some(team),
            Some(&note),
        )
        .await;
        assert_eq!((made.status, &made.json()["team"]), (201, &json!(team)));
    }
    (running, folder)
}

async fn ask(
    address: SocketAddr,
    method: &str,
    path: &str,
    team: Option<&str>,
    body: Option<&Json>,
) -> Reply {
    let team = team.map_or_else(String::new, |team| format!("X-Team: {team}\r\n"));
    let body = body.map_or_else(String::new, Json::to_string);
    let content = match body.len() {
        0 => String::new(),
        length => format!("Content-Type: application/json\r\nContent-Length: {length}\r\n"),
    };
    let request = format!(
        "{method} {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n{team}{content}\r\n{body}"
    );
    send(address, &request).await
}

#[tokio::test]
async fn every_route_reaches_own_rows_alone() {
    let (running, _folder) = notes().await;
    let api = running.api_address();
    let (change, whole) = (json!({"text": "new"}), json!({"text": "new"}));
    let rows = json!([{"id": 2, "text": "new"}]);
    let cases: [(&str, &str, Option<&Json>, u16, u16); 7] = [
        ("GET", "/api/notes/{id}", None, 200, 404),
        ("PATCH", "/api/notes/{id}", Some(&change), 200, 404),
        ("PUT", "/api/notes/{id}", Some(&whole), 200, 404),
        ("POST", "/api/notes", Some(&rows), 409, 409),
        ("DELETE", "/api/notes/{id}", None, 204, 404),
        ("POST", "/api/notes/{id}/restore", None, 200, 404),
        ("POST", "/api/notes/{id}/restore", None, 404, 404),
    ];
    for (method, path, body, own, foreign) in cases {
        for (id, team, expected) in [
            ("2", Some("ours"), foreign),
            ("1", None, 403),
            ("1", Some("ours"), own),
        ] {
            let reply = ask(api, method, &path.replace("{id}", id), team, body).await;
            assert_eq!(
                reply.status, expected,
                "{method} {path} {team:?}: {reply:?}"
            );
        }
    }
    let listed = ask(api, "GET", "/api/notes?select=id", Some("ours"), None).await;
    assert_eq!(listed.json(), json!([{"id": 1}]));
    let nobody = ask(api, "GET", "/api/notes", None, None).await;
    assert_eq!(
        (nobody.status, &nobody.json()["code"]),
        (403, &json!("DF-305"))
    );
    let claimed = json!({"id": 3, "text": "new", "team": "theirs"});
    let refused = ask(api, "POST", "/api/notes", Some("ours"), Some(&claimed)).await;
    assert_eq!(
        (refused.status, &refused.json()["errors"][0]["pointer"]),
        (422, &json!("/team"))
    );
}

#[tokio::test]
async fn changes_are_told_to_the_tenant_of_the_row_alone() {
    let folder = TempDir::new().unwrap();
    let url = format!("sqlite://{}", folder.path().join("notes.db").display());
    let db = DataFlow::builder(&url).model::<Note>().enable_changes(true);
    let db = db.build().unwrap();
    let builder = Nexus::builder().api_port(0).without_mcp().mount(&db);
    let running = builder.tenant_header("X-Team").start().await.unwrap();
    let api = running.api_address();
    for path in ["/changes", "/changes?model=note"] {
        let refused = ask(api, "GET", path, None, None).await;
        let code = &refused.json()["code"];
        assert_eq!((refused.status, code), (403, &json!("DF-305")), "{path}");
    }
    let head = format!("GET /changes HTTP/1.1\r\nHost: {api}\r\nX-Team: ours\r\n\r\n");
    let mut reader = Reader::open(api, &head).await;
    for (team, id) in [("theirs", 2), ("ours", 1)] {
        let note = json!({"id": id, "text": "secret"});
        let written = ask(api, "POST", "/api/notes", Some(team), Some(&note));
        assert_eq!(written.await.status, 201);
    }
    let (_, told) = reader.event().await;
    assert_eq!(told["key"], json!({"id": 1}), "{told}");
    running.shutdown().await;
}

#[tokio::test]
async fn a_header_that_names_no_tenant_is_refused() {
    let (running, _folder) = notes().await;
    let api = running.api_address();
    let long = "a".repeat(300);
    for team in ["", &long, "ours\r\nX-Team: theirs"] {
        let reply = ask(api, "GET", "/api/notes", Some(team), None).await;
        assert_eq!(reply.status, 400, "{team:?}: {reply:?}");
    }
    // What is no header's name is told before anything starts.
    let error = Nexus::builder().tenant_header("not a header").start().await;
    assert!(error.err().unwrap().to_string().contains("tenant_header"));
}

#[tokio::test]
async fn tools_and_resources_reach_own_rows_alone() {
    let (running, _folder) = notes().await;
    let mcp = running.mcp_address().unwrap();
    let nobody = call_tool(mcp, "note_list", json!({})).await;
    assert_eq!(nobody["isError"], true, "{nobody}");
    assert!(nobody.to_string().contains("DF-305"), "{nobody}");
    let tool = async |name: &str, arguments: Json| {
        let params = json!({"name": name, "arguments": arguments});
        let body = json!({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params});
        let reply = ask(mcp, "POST", "/mcp", Some("ours"), Some(&body)).await;
        reply.json()["result"].clone()
    };
    let listed = tool("note_list", json!({})).await;
    assert_eq!(
        listed["structuredContent"]["rows"]
            .as_array()
            .unwrap()
            .len(),
        1,
        "{listed}"
    );
    for name in ["note_read", "note_update", "note_delete", "note_restore"] {
        let answer = tool(name, json!({"id": 2})).await;
        assert!(answer.to_string().contains("DF-300"), "{name}: {answer}");
    }
    assert_eq!(
        tool("note_delete", json!({"id": 1})).await["isError"],
        json!(false)
    );
    let back = tool("note_restore", json!({"id": 1})).await;
    assert_eq!(
        back["structuredContent"]["deleted_at"],
        json!(null),
        "{back}"
    );
    let resource = async |id: u8| {
        let params = json!({"uri": format!("nexus://rows/note/{id}")});
        let body = json!({"jsonrpc": "2.0", "id": 1, "method": "resources/read", "params": params});
        ask(mcp, "POST", "/mcp", Some("ours"), Some(&body))
            .await
            .json()
    };
    assert!(resource(1).await["result"].is_object());
    assert!(resource(2).await["error"].is_object());
}
