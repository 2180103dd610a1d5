//! What a body gets.

use serde_json::json;

use super::JSON;
use crate::client::{Client, exchange, get, request, send_json};
use crate::server;

/// What a body gets: name, headers, body, status, and the pointers of the faults it is told.
type BodyCase<'a> = (&'a str, &'a str, &'a [u8], u16, &'a [&'a str]);

#[tokio::test]
async fn every_body_has_its_status() {
    let server = server::start().await;
    let deep = format!(
        r#"{{"id": "a", "email": "a", "note": {}"#,
        "[".repeat(100_000)
    );
    let with_email = |email: &str| format!(r#"{{"id": "x", "email": "{email}"}}"#);
    let large = with_email(&"a".repeat(3_000_000));
    let other_types = ["text/plain", "application/x-www-form-urlencoded"]
        .map(|media_type| format!("content-type: {media_type}\r\n"));
    let gzip = format!("{JSON}content-encoding: gzip\r\n");
    let good = r#"{"id": "ok", "email": "ok@x"}"#;
    let none: &[&str] = &[];
    let cases: Vec<BodyCase<'_>> = vec![
        (
            "NUL in a string",
            JSON,
            br#"{"id": "x", "email": "a\u0000b"}"#,
            422,
            &["/email"],
        ),
        (
            "NUL in a document",
            JSON,
            br#"{"id": "x", "email": "e", "note": ["\u0000"]}"#,
            422,
            &["/note"],
        ),
        ("truncated", JSON, br#"{"id": "x", "#, 400, none),
        (
            "wrong type",
            JSON,
            br#"{"id": "x", "email": "e", "age": "x"}"#,
            422,
            &["/age"],
        ),
        (
            "integer overflow",
            JSON,
            br#"{"id": "x", "email": "e", "age": 2147483648}"#,
            422,
            &["/age"],
        ),
        (
            "1e400",
            JSON,
            br#"{"id": "x", "email": "e", "age": 1e400}"#,
            422,
            &[""],
        ),
        (
            "float for integer",
            JSON,
            br#"{"id": "x", "email": "e", "age": 1.5}"#,
            422,
            &["/age"],
        ),
        ("missing fields", JSON, b"{}", 422, &["/id", "/email"]),
        (
            "unknown field",
            JSON,
            br#"{"id": "x", "email": "e", "admin": true}"#,
            422,
            &["/admin"],
        ),
        (
            "key twice",
            JSON,
            br#"{"id": "x", "id": "y", "email": "e"}"#,
            400,
            none,
        ),
        ("empty", JSON, b"", 400, none),
        (
            "trailing garbage",
            JSON,
            br#"{"id": "x", "email": "e"} x"#,
            400,
            none,
        ),
        ("byte order mark", JSON, b"\xef\xbb\xbf{}", 400, none),
        ("bad UTF-8", JSON, b"{\"id\": \"\xff\"}", 400, none),
        (
            "lone surrogate",
            JSON,
            br#"{"id": "\ud800", "email": "e"}"#,
            400,
            none,
        ),
        ("depth 200,000", JSON, &[b'['; 200_000], 400, none),
        ("depth in a field", JSON, deep.as_bytes(), 400, none),
        ("number alone", JSON, b"7", 400, none),
        ("3 MB string", JSON, large.as_bytes(), 413, none),
        ("no content type", "", good.as_bytes(), 415, none),
        ("text/plain", &other_types[0], good.as_bytes(), 415, none),
        ("a form", &other_types[1], good.as_bytes(), 415, none),
        ("claims gzip", &gzip, good.as_bytes(), 415, none),
    ];
    for (name, headers, body, status, pointers) in cases {
        let request = request("POST", "/api/users", headers, body);
        let answer = exchange(server.address, &request).await.expect(name);
        answer.check_problem(name, status);
        let faults = answer.json()["errors"]
            .as_array()
            .cloned()
            .unwrap_or_default();
        let found: Vec<_> = faults
            .iter()
            .map(|fault| fault["pointer"].as_str().unwrap())
            .collect();
        assert_eq!(found, pointers, "{name}");
    }
    assert_eq!(get(server.address, "/api/users").await.text(), "[]");
}

#[tokio::test]
async fn text_is_stored_as_it_was_sent() {
    let server = server::start().await;
    let texts = [
        "'; drop table users; --",
        "\u{202e}evil\u{200b}",
        "🦀 e\u{301}",
        "a\tb\u{1}",
    ];
    for (number, text) in texts.iter().enumerate() {
        let row = json!({"id": number.to_string(), "email": text}).to_string();
        let created = send_json(server.address, "POST", "/api/users", &row).await;
        assert_eq!(
            (created.status, &created.json()["email"]),
            (201, &json!(text))
        );
    }
}

#[tokio::test]
async fn a_body_that_is_too_large_is_refused_before_it_is_sent() {
    let server = server::start().await;
    let mut client = Client::connect(server.address).await;
    let head = format!(
        "POST /api/users HTTP/1.1\r\nhost: localhost\r\n{JSON}content-length: 40000000\r\n\r\n"
    );
    client.send(head.as_bytes()).await;
    client
        .answer()
        .await
        .unwrap()
        .check_problem("40 MB announced", 413);
}

#[tokio::test]
async fn a_chunked_body_is_read_up_to_the_limit() {
    let server = server::start().await;
    let head = format!(
        "POST /api/users HTTP/1.1\r\nhost: localhost\r\n{JSON}transfer-encoding: chunked\r\n\r\n"
    );
    let row = r#"{"id": "a", "email": "a@x"}"#;
    let (begin, end) = row.split_at(10);
    let chunks = format!(
        "{:x}\r\n{begin}\r\n{:x}\r\n{end}\r\n0\r\n\r\n",
        begin.len(),
        end.len()
    );
    let answer = exchange(server.address, format!("{head}{chunks}").as_bytes())
        .await
        .unwrap();
    assert_eq!(answer.status, 201);

    let chunk = format!("10000\r\n{}\r\n", "a".repeat(0x10000));
    let endless = format!("{head}{}", chunk.repeat(20));
    let answer = exchange(server.address, endless.as_bytes()).await.unwrap();
    answer.check_problem("chunks without end", 413);
}
