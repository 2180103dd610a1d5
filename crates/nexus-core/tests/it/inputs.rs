use crate::client::{exchange, get, request};
use crate::server;

mod body;
mod head;

const JSON: &str = "content-type: application/json\r\n";

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

/// A path that leads nowhere names the one that was probably meant.
#[tokio::test]
async fn a_path_that_is_nearly_right_is_told() {
    let server = server::start().await;
    let cases = [
        ("/api/user", Some("did you mean /api/users?")),
        ("/api/users/", Some("did you mean /api/users?")),
        ("/users", Some("did you mean /api/users?")),
        ("/api/usres/some-key", Some("did you mean /api/users?")),
        ("/api/users/some-key/nothing", None),
        ("/", None),
    ];
    for (path, expected) in cases {
        let answer = get(server.address, path).await;
        answer.check_problem(path, 404);
        let problem = answer.json();
        let help = problem["help"].as_str().unwrap();
        match expected {
            Some(expected) => assert_eq!(help, expected, "{path}"),
            None => assert!(help.contains("/openapi.json"), "{path}: {help}"),
        }
    }
}
