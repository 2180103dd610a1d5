//! Rows that several fields identify together, at every door.

use dataflow::{DataFlow, Model, Timestamp};
use nexus::{Nexus, Running};
use serde_json::{Value as Json, json};
use tempfile::TempDir;

use crate::client::{Reply, call_tool, get, post, send};

/// A seat of a hall.
#[derive(Debug, Clone, Model)]
struct Seat {
    #[model(primary_key)]
    hall: String,
    #[model(primary_key)]
    number: i64,
    taken: bool,
    note: Option<String>,
}

/// A visit that can be taken back.
#[derive(Debug, Clone, Model)]
struct Visit {
    #[model(primary_key)]
    hall: String,
    #[model(primary_key)]
    number: i64,
    #[model(soft_delete)]
    left_at: Option<Timestamp>,
}

async fn seats() -> (Running, TempDir) {
    let folder = TempDir::new().unwrap();
    let url = format!("sqlite://{}", folder.path().join("seats.db").display());
    let db = DataFlow::builder(&url).model::<Seat>().model::<Visit>();
    let db = db.build().unwrap();
    let builder = Nexus::builder().api_port(0).mcp_port(0).mount(&db);
    (builder.start().await.unwrap(), folder)
}

async fn change(running: &Running, method: &str, path: &str, body: &Json) -> Reply {
    let (address, body) = (running.api_address(), body.to_string());
    let request = format!(
        "{method} {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    send(address, &request).await
}

#[tokio::test]
async fn a_path_holds_all_fields_of_a_key() {
    let (running, _folder) = seats().await;
    let api = running.api_address();
    // What would part a path, or a key, stands for itself when it is encoded.
    for (hall, encoded) in [
        ("red", "red"),
        ("a,b", "a%2Cb"),
        ("a/b?c#d", "a%2Fb%3Fc%23d"),
        ("größe %2C", "gr%C3%B6%C3%9Fe%20%252C"),
        ("", ""),
    ] {
        let seat = json!({ "hall": hall, "number": 7, "taken": false });
        let created = post(api, "/api/seats", &seat).await;
        assert_eq!(created.status, 201, "{created:?}");
        let path = format!("/api/seats/{encoded},7");
        assert_eq!(created.header("location"), Some(&*path));
        let read = get(api, &path).await;
        assert_eq!(
            (read.status, read.json()["hall"].as_str()),
            (200, Some(hall))
        );

        let taken = change(&running, "PATCH", &path, &json!({ "taken": true })).await;
        assert_eq!(taken.json()["taken"], true, "{taken:?}");
        let whole = json!({ "hall": hall, "taken": false, "note": "x" });
        let replaced = change(&running, "PUT", &path, &whole).await;
        assert_eq!(replaced.json()["note"], "x", "{replaced:?}");
        let other = change(&running, "PATCH", &path, &json!({ "number": 8 })).await;
        assert_eq!(other.status, 422, "{other:?}");
        assert_eq!(other.json()["errors"][0]["pointer"], "/number");

        let uri = format!("nexus://rows/seat/{encoded},7");
        let call = json!({ "jsonrpc": "2.0", "id": 1, "method": "resources/read", "params": { "uri": uri } });
        let resource = post(running.mcp_address().unwrap(), "/mcp", &call)
            .await
            .json();
        let text = resource["result"]["contents"][0]["text"].as_str();
        let text = text.unwrap_or_else(|| panic!("{resource}"));
        assert_eq!(text, get(api, &path).await.body);

        assert_eq!(
            change(&running, "DELETE", &path, &json!({})).await.status,
            204
        );
        assert_eq!(get(api, &path).await.status, 404);
    }
    running.shutdown().await;
}

#[tokio::test]
async fn a_path_that_is_no_key_says_what_one_is() {
    let (running, _folder) = seats().await;
    for (path, detail) in [
        ("red", "expected hall and number"),
        ("red,7,8", "expected hall and number"),
        ("red%2C7", "expected hall and number"),
        ("red,x", "number"),
        ("red,7%", "%"),
    ] {
        let reply = get(running.api_address(), &format!("/api/seats/{path}")).await;
        assert_eq!(reply.status, 400, "{path}: {reply:?}");
        let told = reply.json()["detail"].as_str().unwrap().to_owned();
        assert!(told.contains(detail), "{path}: {told}");
    }
    let gone = get(running.api_address(), "/api/seats/red,7").await;
    assert_eq!(gone.status, 404);
    assert!(gone.body.contains("hall and number"), "{gone:?}");
    let twice = json!([{ "hall": "a", "number": 1, "taken": true }, { "hall": "a", "number": 1, "taken": true }]);
    let conflict = post(running.api_address(), "/api/seats", &twice).await;
    assert_eq!(conflict.status, 409, "{conflict:?}");
    running.shutdown().await;
}

#[tokio::test]
async fn the_document_and_the_tools_name_each_field_of_a_key() {
    let (running, _folder) = seats().await;
    let document = get(running.api_address(), "/openapi.json").await.json();
    let of_row = &document["paths"]["/api/seats/{hall},{number}"];
    let of_restore = &document["paths"]["/api/visits/{hall},{number}/restore"];
    let methods = ["get", "put", "patch", "delete"].map(|method| (of_row, method));
    for (path, method) in methods.into_iter().chain([(of_restore, "post")]) {
        let parameters = path[method]["parameters"].as_array().unwrap();
        let names: Vec<&Json> = parameters
            .iter()
            .filter(|parameter| parameter["in"] == "path")
            .map(|parameter| &parameter["name"])
            .collect();
        assert_eq!(names, ["hall", "number"], "{method}");
        assert_eq!(parameters[1]["schema"]["type"], "integer");
    }
    let changes = &document["components"]["schemas"]["SeatUpdate"]["properties"];
    let names: Vec<&String> = changes.as_object().unwrap().keys().collect();
    assert_eq!(names, ["taken", "note"]);

    let mcp = running.mcp_address().unwrap();
    let seat = json!({ "hall": "red", "number": 7, "taken": false });
    let created = call_tool(mcp, "seat_create", seat).await;
    assert_eq!(created["isError"], false, "{created}");
    let key = json!({ "hall": "red", "number": 7 });
    let read = call_tool(mcp, "seat_read", key.clone()).await;
    assert_eq!(read["structuredContent"]["taken"], false, "{read}");
    let deleted = call_tool(mcp, "seat_bulk_delete", json!({ "ids": [key] })).await;
    assert_eq!(deleted["structuredContent"]["count"], 1, "{deleted}");
    running.shutdown().await;
}
