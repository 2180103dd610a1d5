//! What is not a request of this protocol, or not meant for this server.

use serde_json::json;

use crate::client::Server;

#[tokio::test]
async fn a_body_that_is_no_message_is_a_json_rpc_error() {
    let server = Server::start().await;
    let cases = [
        ("{", -32700),
        ("", -32700),
        (r#"{"jsonrpc":"2.0","id":1,"id":2,"method":"ping"}"#, -32700),
        ("[]", -32600),
        (r#"{"id":1,"method":"ping"}"#, -32600),
    ];
    for (body, code) in cases {
        let reply = server.post(&[], body).await;
        assert_eq!(reply.status, 400, "{body}: {reply:?}");
        assert_eq!(reply.json()["error"]["code"], code, "{body}");
    }
}

#[tokio::test]
async fn a_client_that_names_only_json_is_served() {
    let server = Server::start().await;
    let body = r#"{"jsonrpc":"2.0","id":1,"method":"tools/list"}"#;
    for accept in ["application/json", "*/*"] {
        let reply = server.post(&[("Accept", accept)], body).await;
        assert_eq!(reply.status, 200, "{accept}: {reply:?}");
    }
    let reply = server.post(&[("Accept", "text/html")], body).await;
    assert_eq!(reply.status, 406);
}

#[tokio::test]
async fn an_unknown_tool_cursor_or_method_is_a_protocol_error() {
    let server = Server::start().await;
    let cases = [
        (
            "tools/call",
            json!({ "name": "book_burn", "arguments": {} }),
            200,
            -32602,
        ),
        ("tools/list", json!({ "cursor": "nonsense" }), 200, -32602),
        ("tools/burn", json!({}), 404, -32601),
    ];
    for (method, params, status, code) in cases {
        let reply = server.modern(method, params).await;
        assert_eq!(reply.status, status, "{method}: {reply:?}");
        assert_eq!(reply.json()["error"]["code"], code, "{method}: {reply:?}");
    }
}

#[tokio::test]
async fn arguments_that_are_no_object_are_refused() {
    let server = Server::start().await;
    for arguments in [json!([]), json!("x"), json!(7)] {
        let params = json!({ "name": "book_count", "arguments": arguments });
        let reply = server.modern("tools/call", params).await;
        assert_eq!(reply.json()["error"]["code"], -32602, "{reply:?}");
    }
}

#[tokio::test]
async fn a_header_that_contradicts_the_body_is_refused() {
    let server = Server::start().await;
    let body = json!({
        "jsonrpc": "2.0",
        "id": 1,
        "method": "tools/call",
        "params": {
            "name": "book_count",
            "arguments": {},
            "_meta": {
                "io.modelcontextprotocol/protocolVersion": "2026-07-28",
                "io.modelcontextprotocol/clientCapabilities": {},
            },
        },
    });
    let headers = [
        ("MCP-Protocol-Version", "2026-07-28"),
        ("Mcp-Method", "tools/call"),
        ("Mcp-Name", "book_delete"),
    ];
    let reply = server.post(&headers, &body.to_string()).await;
    assert_eq!(reply.status, 400);
    assert_eq!(reply.json()["error"]["code"], -32020);
}

#[tokio::test]
async fn v20_a_page_elsewhere_cannot_reach_a_local_server() {
    let server = Server::start().await;
    let body = r#"{"jsonrpc":"2.0","id":1,"method":"tools/list"}"#;
    let cases = [
        (("Origin", "https://evil.example"), 403),
        (("Origin", "null"), 403),
        (("Host", "evil.example"), 403),
        (("Host", "evil.example:3001"), 403),
        (("Origin", "http://localhost:5173"), 200),
        (("Host", "localhost:3001"), 200),
    ];
    for (header, status) in cases {
        let reply = server.post(&[header], body).await;
        assert_eq!(reply.status, status, "{header:?}: {reply:?}");
    }
}

#[tokio::test]
async fn there_is_nothing_to_get() {
    let server = Server::start().await;
    for method in ["GET", "DELETE"] {
        let request =
            format!("{method} /mcp HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        let reply = server.send(&request).await;
        assert_eq!(reply.status, 405, "{reply:?}");
    }
}

#[tokio::test]
async fn a_body_beyond_the_limit_is_refused() {
    let server = Server::start().await;
    let body = " ".repeat(1024 * 1024 + 1);
    assert_eq!(server.post(&[], &body).await.status, 413);
}
