use serde_json::{Value as Json, json};

use crate::client::{Client, exchange, get, request, send_json};
use crate::server;

const JSON: &str = "content-type: application/json\r\n";

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
async fn every_path_and_query_has_its_status() {
    let server = server::start().await;
    let cases = [
        ("/api/users/missing", 404),
        ("/api/users/a%00b", 400),
        ("/api/users/%zz", 400),
        ("/api/users/%ff%fe", 400),
        ("/api/users/1'%20or%20'1'='1", 404),
        ("/api/users/../../etc/passwd", 404),
        ("/api/users/..%2f..%2fetc%2fpasswd", 404),
        ("/api/users/", 404),
        ("/api/nobody", 404),
        ("/nowhere", 404),
        ("/api/users?limit=abc", 400),
        ("/api/users?limit=-1", 400),
        ("/api/users?limit=0", 400),
        ("/api/users?limit=1000000000", 400),
        ("/api/users?limit=99999999999999999999", 400),
        ("/api/users?limit=1&limit=2", 400),
        ("/api/users?order=email&order=id", 400),
        ("/api/users?order=id;drop%20table%20users", 400),
        ("/api/users?emial=eq.a", 400),
        ("/api/users?email=a", 400),
        ("/api/users?email=eqq.a", 400),
        ("/api/users?age=eq.seven", 400),
        ("/api/users?age=eq.3000000000", 400),
        ("/api/users?note=eq.1", 400),
        ("/api/users?email=eq.%00", 400),
        ("/api/users?email=eq.%zz", 400),
        ("/api/users/a?fields=id", 400),
        ("/workflows?x=1", 400),
    ];
    for (target, status) in cases {
        get(server.address, target)
            .await
            .check_problem(target, status);
    }
    for length in [9_000, 100_000] {
        let text = "a".repeat(length);
        for target in [
            format!("/api/users?email=eq.{text}"),
            format!("/api/users/{text}"),
        ] {
            let answer = get(server.address, &target).await;
            answer.check_problem("a long URL", 414);
            assert!(answer.body.len() < 1_000, "a long URL is not echoed");
        }
    }
}

#[tokio::test]
async fn a_misspelt_name_is_answered_with_the_nearest() {
    let server = server::start().await;
    let cases = [
        ("/api/users?emial=eq.a", "email"),
        ("/api/users?limt=1", "limit"),
        ("/api/users?email=qe.a", "eq"),
        ("/api/users?limit=5000", "1000"),
    ];
    for (target, word) in cases {
        let answer = get(server.address, target).await;
        assert!(answer.text().contains(word), "{target}: {}", answer.text());
    }
}

#[tokio::test]
async fn every_method_has_its_status() {
    let server = server::start().await;
    let cases = [
        ("DELETE", "/api/users", 405, Some("GET,HEAD,POST")),
        ("TRACE", "/api/users", 405, Some("GET,HEAD,POST")),
        ("BREW", "/api/users", 405, Some("GET,HEAD,POST")),
        (
            "POST",
            "/api/users/a",
            405,
            Some("GET,HEAD,PUT,PATCH,DELETE"),
        ),
        ("POST", "/health", 405, Some("GET,HEAD")),
        ("POST", "/nowhere", 404, None),
    ];
    for (method, target, status, allow) in cases {
        let name = format!("{method} {target}");
        let answer = exchange(server.address, &request(method, target, "", b""))
            .await
            .unwrap();
        answer.check_problem(&name, status);
        let sorted = |allow: &str| {
            let mut methods: Vec<_> = allow.split(',').map(str::to_owned).collect();
            methods.sort();
            methods
        };
        assert_eq!(
            answer.header("allow").map(sorted),
            allow.map(sorted),
            "{name}"
        );
    }

    let options = exchange(server.address, &request("OPTIONS", "/api/users", "", b""))
        .await
        .unwrap();
    assert_eq!((options.status, options.body.len()), (204, 0));
    assert!(options.header("allow").unwrap().contains("POST"));

    let head = exchange(server.address, &request("HEAD", "/api/users", "", b""))
        .await
        .unwrap();
    assert_eq!((head.status, head.body.len()), (200, 0));
    assert_eq!(head.header("content-length"), Some("2"));
}

/// A client that sends one of these counts on it; what is not kept must not look kept.
#[tokio::test]
async fn a_condition_that_is_not_kept_is_refused_and_not_ignored() {
    let server = server::start().await;
    let body = br#"{"id": "k", "email": "k@x"}"#;
    let created = exchange(server.address, &request("POST", "/api/users", JSON, body)).await;
    assert_eq!(created.unwrap().status, 201);
    for condition in [
        "if-match: \"1\"\r\n",
        "if-unmodified-since: Mon, 23 Nov 2026 09:00:00 GMT\r\n",
        "idempotency-key: 7\r\n",
    ] {
        let headers = format!("{JSON}{condition}");
        let body = br#"{"email": "l@x"}"#;
        for (method, target, body) in [
            (
                "POST",
                "/api/users",
                br#"{"id": "l", "email": "l@x"}"#.as_slice(),
            ),
            ("PUT", "/api/users/k", body),
            ("PATCH", "/api/users/k", body),
            ("DELETE", "/api/users/k", b""),
        ] {
            let answer = exchange(server.address, &request(method, target, &headers, body)).await;
            answer
                .unwrap()
                .check_problem(&format!("{method} {condition}"), 400);
        }
    }
    let row = get(server.address, "/api/users/k").await.json();
    assert_eq!(row["email"], "k@x");
}

#[tokio::test]
async fn a_client_that_takes_no_json_is_refused() {
    let server = server::start().await;
    for target in ["/api/users", "/workflows"] {
        let request = request("GET", target, "accept: text/xml\r\n", b"");
        let answer = exchange(server.address, &request).await.unwrap();
        answer.check_problem(target, 406);
    }
}

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
