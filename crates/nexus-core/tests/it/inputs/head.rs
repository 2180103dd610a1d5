//! What the lines before a body get.

use serde_json::Value as Json;

use super::JSON;
use crate::client::{Client, exchange, request};
use crate::server;

/// Heads that no HTTP library would send. Each gets a problem document, and then the end of the
/// connection, because nothing that follows can be told apart.
#[tokio::test]
async fn a_head_that_cannot_be_trusted_is_refused_and_the_connection_closed() {
    let server = server::start().await;
    let post = |headers: &str, body: &str| {
        format!("POST /api/users HTTP/1.1\r\nhost: localhost\r\n{JSON}{headers}\r\n{body}")
    };
    let many_headers: String = (0..500)
        .map(|number| format!("x-{number}: a\r\n"))
        .collect();
    let cases = [
        (
            "CL and TE",
            post(
                "content-length: 4\r\ntransfer-encoding: chunked\r\n",
                "0\r\n\r\n",
            ),
            400,
        ),
        (
            "TE and CL",
            post(
                "transfer-encoding: chunked\r\ncontent-length: 4\r\n",
                "0\r\n\r\n",
            ),
            400,
        ),
        (
            "two lengths",
            post("content-length: 2\r\ncontent-length: 3\r\n", "{} "),
            400,
        ),
        ("negative length", post("content-length: -1\r\n", ""), 400),
        (
            "TE that is not chunked",
            post("transfer-encoding: gzip\r\n", ""),
            400,
        ),
        ("no host", "GET /health HTTP/1.1\r\n\r\n".to_owned(), 400),
        (
            "two hosts",
            "GET /health HTTP/1.1\r\nhost: localhost\r\nhost: localhost\r\n\r\n".to_owned(),
            400,
        ),
        ("folded header", post("x-a: b\r\n c\r\n", ""), 400),
        ("space before the colon", post("x-a : b\r\n", ""), 400),
        ("no HTTP", "hello\r\n\r\n".to_owned(), 400),
        (
            "TLS bytes",
            "\u{16}\u{3}\u{1}\u{0}\u{5}\u{1}\r\n\r\n".to_owned(),
            400,
        ),
        (
            "20 KB header",
            post(&format!("x-a: {}\r\n", "a".repeat(20_000)), ""),
            431,
        ),
        (
            "1 MB header",
            post(&format!("x-a: {}\r\n", "a".repeat(1_000_000)), ""),
            431,
        ),
        ("500 headers", post(&many_headers, ""), 431),
    ];
    for (name, request, status) in cases {
        let mut client = Client::connect(server.address).await;
        client.send(request.as_bytes()).await;
        let answer = client.answer().await.expect(name);
        answer.check_problem(name, status);
        let patience = std::time::Duration::from_secs(5);
        assert!(client.is_closed_within(patience).await, "{name}");
    }
}

/// Without credentials, a page of another site must not reach the server through a name of its own.
#[tokio::test]
async fn v20_a_foreign_host_is_refused_on_loopback() {
    let server = server::start().await;
    let port = server.address.port();
    let cases = [
        (format!("localhost:{port}"), "/health", 200),
        (format!("127.0.0.1:{port}"), "/health", 200),
        ("[::1]".to_owned(), "/health", 200),
        ("evil.example".to_owned(), "/health", 403),
        ("evil.example".to_owned(), "/nowhere", 403),
        ("localhost".to_owned(), "http://evil.example/health", 403),
        ("localhost.evil.example".to_owned(), "/openapi.json", 403),
    ];
    for (host, target, status) in cases {
        let request = format!("GET {target} HTTP/1.1\r\nhost: {host}\r\n\r\n");
        let answer = exchange(server.address, request.as_bytes()).await.unwrap();
        assert_eq!(answer.status, status, "{host} {target}");
        assert_eq!(answer.header("access-control-allow-origin"), None);
        if status == 403 {
            answer.check_problem(&host, 403);
        }
    }
}

#[tokio::test]
async fn a_request_id_is_passed_on_or_made() {
    let server = server::start().await;
    let given = request("GET", "/nowhere", "x-request-id: abc-1\r\n", b"");
    let answer = exchange(server.address, &given).await.unwrap();
    assert_eq!(answer.header("x-request-id"), Some("abc-1"));
    assert_eq!(answer.json()["request_id"], Json::from("abc-1"));

    let given = request("GET", "/health", "x-request-id: <script>\r\n", b"");
    let made = exchange(server.address, &given).await.unwrap();
    assert!(!made.header("x-request-id").unwrap().contains('<'));
}
