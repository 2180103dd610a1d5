//! The version of a row: its ETag over HTTP, a member of the input everywhere.

use std::net::SocketAddr;

use dataflow::{DataFlow, Model};
use nexus::Nexus;
use serde_json::json;

use crate::client::{Reply, call_tool, get, post, send};

#[derive(Debug, Clone, Model)]
struct Page {
    #[model(primary_key)]
    path: String,
    text: String,
    #[model(version)]
    version: i64,
}

/// A request with a body and further headers.
async fn change(api: SocketAddr, line: &str, headers: &str, body: &str) -> Reply {
    let length = body.len();
    let request = format!(
        "{line} HTTP/1.1\r\nHost: {api}\r\nConnection: close\r\n\
         Content-Type: application/json\r\nContent-Length: {length}\r\n{headers}\r\n{body}"
    );
    send(api, &request).await
}

#[tokio::test]
async fn if_match_is_kept_by_the_version_of_the_row() {
    let db = DataFlow::builder("sqlite::memory:")
        .model::<Page>()
        .build()
        .unwrap();
    let builder = Nexus::builder().api_port(0).mcp_port(0).mount(&db);
    let running = builder.start().await.unwrap();
    let (api, mcp) = (running.api_address(), running.mcp_address().unwrap());
    let created = post(api, "/api/pages", &json!({"path": "a", "text": "1"})).await;
    assert_eq!(created.status, 201, "{created:?}");
    assert_eq!(created.header("etag"), Some("\"1\""));
    assert_eq!(get(api, "/api/pages/a").await.header("etag"), Some("\"1\""));

    let cases = [
        (
            "PATCH",
            "If-Match: \"1\"\r\n",
            r#"{"text": "2"}"#,
            200,
            Some("\"2\""),
        ),
        (
            "PATCH",
            "If-Match: \"1\"\r\n",
            r#"{"text": "3"}"#,
            412,
            None,
        ),
        (
            "PATCH",
            "If-Match: W/\"2\"\r\n",
            r#"{"text": "3"}"#,
            412,
            None,
        ),
        (
            "PATCH",
            "If-Match: \"1\", \"2\"\r\n",
            r#"{"text": "3"}"#,
            400,
            None,
        ),
        (
            "PATCH",
            "If-Match: *\r\n",
            r#"{"text": "3"}"#,
            200,
            Some("\"3\""),
        ),
        ("PATCH", "", r#"{"text": "4"}"#, 200, Some("\"4\"")),
        ("PATCH", "", r#"{"text": "5", "version": 3}"#, 412, None),
        (
            "PATCH",
            "",
            r#"{"text": "5", "version": 4}"#,
            200,
            Some("\"5\""),
        ),
        (
            "PATCH",
            "If-Match: \"5\"\r\n",
            r#"{"text": "6", "version": 4}"#,
            422,
            None,
        ),
        ("PUT", "If-Match: \"4\"\r\n", r#"{"text": "6"}"#, 412, None),
        (
            "PUT",
            "If-Match: \"5\"\r\n",
            r#"{"text": "6"}"#,
            200,
            Some("\"6\""),
        ),
        ("DELETE", "If-Match: \"5\"\r\n", "", 412, None),
    ];
    for (method, headers, body, status, tag) in cases {
        let reply = change(api, &format!("{method} /api/pages/a"), headers, body).await;
        assert_eq!(reply.status, status, "{method} {headers} {body} {reply:?}");
        assert_eq!(reply.header("etag"), tag, "{method} {headers} {body}");
    }
    let stale = change(api, "DELETE /api/pages/a", "If-Match: \"5\"\r\n", "").await;
    assert_eq!(stale.json()["code"], "DF-303", "{stale:?}");
    assert_eq!(stale.json()["errors"][0]["code"], "stale", "{stale:?}");

    let answer = call_tool(
        mcp,
        "page_update",
        json!({"path": "a", "text": "7", "version": 1}),
    )
    .await;
    assert_eq!(answer["isError"], true, "{answer}");
    assert!(answer.to_string().contains("DF-303"), "{answer}");
    let answer = call_tool(
        mcp,
        "page_update",
        json!({"path": "a", "text": "7", "version": 6}),
    )
    .await;
    assert_eq!(answer["structuredContent"]["version"], 7, "{answer}");

    let gone = change(api, "DELETE /api/pages/a", "If-Match: \"7\"\r\n", "").await;
    assert_eq!(gone.status, 204, "{gone:?}");
    let missing = change(api, "DELETE /api/pages/a", "If-Match: \"7\"\r\n", "").await;
    assert_eq!(missing.status, 404, "{missing:?}");

    let kept = post(
        api,
        "/api/pages",
        &json!({"path": "b", "text": "1", "version": 1}),
    )
    .await;
    assert_eq!(kept.status, 422, "{kept:?}");
    let document = get(api, "/openapi.json").await.json();
    let parameters = &document["paths"]["/api/pages/{id}"]["patch"]["parameters"];
    assert!(parameters.to_string().contains("If-Match"), "{parameters}");
    running.shutdown().await;
}
