//! Each revision of the protocol is served, without sessions.

use serde_json::json;

use crate::client::Server;

#[tokio::test]
async fn the_current_revision_needs_no_handshake() {
    let server = Server::start().await;

    let discovered = server.modern("server/discover", json!({})).await.json();
    let versions = discovered["result"]["supportedVersions"]
        .as_array()
        .unwrap();
    assert!(versions.contains(&json!("2026-07-28")), "{discovered}");
    assert!(versions.contains(&json!("2025-06-18")), "{discovered}");
    let capabilities = discovered["result"]["capabilities"].as_object().unwrap();
    assert_eq!(
        capabilities.keys().collect::<Vec<_>>(),
        ["resources", "tools"]
    );

    let listed = server.modern("tools/list", json!({})).await;
    assert_eq!(listed.status, 200);
    assert!(
        listed.head.contains("content-type: application/json"),
        "{listed:?}"
    );
    let result = &listed.json()["result"];
    assert_eq!(result["resultType"], "complete");
    assert_eq!(result["cacheScope"], "public");
    assert!(result["ttlMs"].is_u64());
    let server_info = &result["_meta"]["io.modelcontextprotocol/serverInfo"];
    assert_eq!(server_info["name"], "nexus");

    let called = server.call("greet", json!({ "name": "Ada" })).await;
    assert_eq!(
        called["structuredContent"],
        json!({ "greeting": "hello Ada" })
    );
    assert_eq!(called["content"][0]["text"], r#"{"greeting":"hello Ada"}"#);
    assert_eq!(called["isError"], false);
}

#[tokio::test]
async fn older_revisions_shake_hands_first() {
    let server = Server::start().await;
    for version in ["2025-03-26", "2025-06-18", "2025-11-25"] {
        let params = json!({
            "protocolVersion": version,
            "capabilities": {},
            "clientInfo": { "name": "test", "version": "1" },
        });
        let body = json!({ "jsonrpc": "2.0", "id": 0, "method": "initialize", "params": params });
        let initialized = server.post(&[], &body.to_string()).await;
        assert_eq!(initialized.status, 200, "{initialized:?}");
        assert!(
            !initialized.head.contains("mcp-session-id"),
            "{initialized:?}"
        );
        let result = &initialized.json()["result"];
        assert_eq!(result["protocolVersion"], version);
        assert_eq!(result["serverInfo"]["name"], "nexus");

        let notification = r#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#;
        assert_eq!(server.post(&[], notification).await.status, 202);

        let listed = server.legacy(version, "tools/list", json!({})).await.json();
        assert_eq!(listed["result"]["tools"][0]["name"], "book_create");

        let params = json!({ "name": "greet", "arguments": { "name": "Ada" } });
        let called = server.legacy(version, "tools/call", params).await.json();
        let content = &called["result"]["structuredContent"];
        assert_eq!(content, &json!({ "greeting": "hello Ada" }), "{called}");
    }
}

#[tokio::test]
async fn what_is_not_offered_is_not_a_method() {
    let server = Server::start().await;
    for method in [
        "prompts/list",
        "completion/complete",
        "tasks/get",
        "subscriptions/listen",
        "x",
    ] {
        let reply = server.modern(method, json!({})).await;
        assert!(
            reply.status == 404 || reply.status == 400,
            "{method}: {reply:?}"
        );
        assert!(
            reply.json()["error"]["code"].is_i64(),
            "{method}: {reply:?}"
        );
    }
}
