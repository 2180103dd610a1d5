//! Inputs that are refused, each as a problem document.

use serde_json::{Value as Json, json};

use super::client::{Answer, Client};
use super::quickstart::create_user;
use super::setup::{Setup, on_every_database};

on_every_database!(
    a_field_at_fault_is_pointed_at,
    what_cannot_be_read_is_a_400,
    what_is_not_there_is_a_404,
    what_conflicts_is_a_409,
    the_answer_has_a_form_that_was_asked_for,
    no_input_yields_a_5xx,
    text_is_stored_as_it_came,
    a_foreign_host_is_refused_on_both_ports,
);

const NOBODY: &str = "00000000-0000-7000-8000-000000000000";

fn a_field_at_fault_is_pointed_at(setup: &Setup) {
    let program = setup.start("quickstart");
    let http = program.http();
    let ada = create_user(&http, "ada@x.org");
    let a_nul = r#"{"email": "a\u0000b", "name": "A"}"#;
    let unknown = r#"{"email": "b@x.org", "name": "B", "nmae": "C"}"#;
    let own_key = format!(r#"{{"id": "{NOBODY}", "email": "b@x.org", "name": "B"}}"#);
    for (case, body, pointer) in [
        ("an unknown field", unknown, "/nmae"),
        ("a wrong type", r#"{"email": 5, "name": "B"}"#, "/email"),
        ("a null", r#"{"email": null, "name": "B"}"#, "/email"),
        ("a missing field", r#"{"name": "B"}"#, "/email"),
        ("U+0000", a_nul, "/email"),
        ("a generated key", &own_key, "/id"),
    ] {
        let answer = http.send_json("POST", "/api/users", body);
        let problem = answer.expect_problem(case, 422);
        assert_eq!(
            problem["errors"][0]["pointer"], pointer,
            "{case}: {problem}"
        );
        assert!(
            problem["errors"][0]["code"].is_string(),
            "{case}: {problem}"
        );
        assert!(
            problem["errors"][0]["detail"].is_string(),
            "{case}: {problem}"
        );
    }
    let problem = http
        .send_json("POST", "/api/users", unknown)
        .expect_problem("nmae", 422);
    let text = problem.to_string();
    assert!(text.contains("did you mean `name`"), "{problem}");
    let problem = http
        .send_json("POST", "/api/users", "{}")
        .expect_problem("{}", 422);
    assert_eq!(
        problem["errors"].as_array().unwrap().len(),
        2,
        "all fields: {problem}"
    );

    for (case, published) in [
        ("a number for bool", "1"),
        ("a string for bool", "\"true\""),
    ] {
        let body = format!(r#"{{"author_id": {ada}, "title": "T", "published": {published}}}"#);
        let problem = http
            .send_json("POST", "/api/posts", &body)
            .expect_problem(case, 422);
        assert_eq!(
            problem["errors"][0]["pointer"], "/published",
            "{case}: {problem}"
        );
    }
    let body = json!({ "author_id": "not-a-uuid", "title": "T" });
    let problem = http
        .post("/api/posts", &body)
        .expect_problem("a bad uuid", 422);
    assert_eq!(problem["errors"][0]["pointer"], "/author_id", "{problem}");
    let body = json!([{ "email": "c@x.org", "name": "C" }, { "email": "d@x.org" }]);
    let problem = http
        .post("/api/users", &body)
        .expect_problem("the second of two", 422);
    assert_eq!(problem["errors"][0]["pointer"], "/1/name", "{problem}");
    let problem = http
        .execute("greet", &json!({ "name": 5 }))
        .expect_problem("an input", 422);
    assert_eq!(problem["errors"][0]["pointer"], "/inputs/name", "{problem}");
    assert_eq!(
        http.get("/api/users").expect(200).as_array().unwrap().len(),
        1
    );
}

fn what_cannot_be_read_is_a_400(setup: &Setup) {
    let program = setup.start("quickstart");
    let http = program.http();
    let deep = format!(
        "{{\"name\": {}{}}}",
        "[".repeat(200_000),
        "]".repeat(200_000)
    );
    for (case, body) in [
        ("truncated", r#"{"email": "a"#),
        ("empty", ""),
        ("trailing garbage", r#"{"email": "a", "name": "A"} x"#),
        (
            "a key twice",
            r#"{"email": "a", "email": "b", "name": "A"}"#,
        ),
        ("BOM", "\u{feff}{\"email\": \"a\", \"name\": \"A\"}"),
        ("a lone surrogate", r#"{"email": "\ud800", "name": "A"}"#),
        ("depth", &deep),
        ("a number", "5"),
    ] {
        http.send_json("POST", "/api/users", body)
            .expect_problem(case, 400);
    }
    for query in [
        "limit=abc",
        "limit=-1",
        "limit=0",
        "limit=1000000000",
        "limit=1&limit=2",
        "nmae=eq.A",
        "order=name;drop",
        "name=likes.A",
        "name=A",
        "name=eq.%00",
        "after=nonsense",
        "name=eq.%ff",
    ] {
        http.get(&format!("/api/users?{query}"))
            .expect_problem(query, 400);
    }
    let problem = http.get("/api/users?nmae=eq.A").expect_problem("nmae", 400);
    assert!(problem.to_string().contains("did you mean"), "{problem}");
    for id in ["not-a-uuid", "%00", "%zz", "%ff", "1%20or%201=1"] {
        http.get(&format!("/api/users/{id}"))
            .expect_problem(id, 400);
    }
    let long = http.get(&format!("/api/users?name=eq.{}", "a".repeat(9_000)));
    long.expect_problem("a long query", 414);
    let large = format!(r#"{{"email": "a", "name": "{}"}}"#, "a".repeat(3 << 20));
    http.send_json("POST", "/api/users", &large)
        .expect_problem("3 MB", 413);
}

fn what_is_not_there_is_a_404(setup: &Setup) {
    let program = setup.start("quickstart");
    let http = program.http();
    let row = format!("/api/users/{NOBODY}");
    http.get(&row).expect_problem("read", 404);
    http.patch(&row, &json!({ "name": "A" }))
        .expect_problem("update", 404);
    http.delete(&row).expect_problem("delete", 404);
    http.get("/nothing").expect_problem("a path", 404);
    http.get("/api/nothing").expect_problem("a table", 404);
    http.execute("nothing", &json!({}))
        .expect_problem("a workflow", 404);

    for (method, target, allowed) in [
        ("PUT", "/api/users", "DELETE"),
        ("POST", &row, "PATCH"),
        ("TRACE", "/api/users", "GET"),
        ("POST", "/health", "GET"),
        ("GET", "/workflows/greet/execute", "POST"),
    ] {
        let answer = http.send(method, target, &[], "");
        let allow = answer.header("allow").unwrap_or_default().to_owned();
        answer.expect_problem(&format!("{method} {target}"), 405);
        assert!(allow.contains(allowed), "{method} {target}: {allow:?}");
    }
}

fn what_conflicts_is_a_409(setup: &Setup) {
    let program = setup.start("quickstart");
    let http = program.http();
    let ada = create_user(&http, "ada@x.org");
    let bob = create_user(&http, "bob@x.org");
    let pointer = |problem: Json| problem["errors"][0]["pointer"].clone();

    let again = http.post("/api/users", &json!({ "email": "ada@x.org", "name": "B" }));
    assert_eq!(
        pointer(again.expect_problem("a taken email", 409)),
        "/email"
    );
    let bob = format!("/api/users/{}", bob.as_str().unwrap());
    let moved = http.patch(&bob, &json!({ "email": "ada@x.org" }));
    assert_eq!(
        pointer(moved.expect_problem("a change to a taken email", 409)),
        "/email"
    );
    let orphan = http.post("/api/posts", &json!({ "author_id": NOBODY, "title": "T" }));
    assert_eq!(
        pointer(orphan.expect_problem("an unknown author", 409)),
        "/author_id"
    );

    http.post("/api/posts", &json!({ "author_id": ada, "title": "T" }))
        .expect(201);
    let ada = format!("/api/users/{}", ada.as_str().unwrap());
    http.delete(&ada).expect_problem("a user with posts", 409);
    assert_eq!(http.get(&ada).status, 200);
}

fn the_answer_has_a_form_that_was_asked_for(setup: &Setup) {
    let program = setup.start("quickstart");
    let http = program.http();
    let accept = |value| http.send("GET", "/api/users", &[("Accept", value)], "");
    accept("text/xml").expect_problem("xml", 406);
    assert_eq!(accept("*/*").status, 200);

    let body = r#"{"email": "a@x.org", "name": "A"}"#;
    let typed = |headers: &[_]| http.send("POST", "/api/users", headers, body);
    typed(&[]).expect_problem("no content type", 415);
    typed(&[("Content-Type", "text/plain")]).expect_problem("text", 415);
    let zipped = [
        ("Content-Type", "application/json"),
        ("Content-Encoding", "gzip"),
    ];
    typed(&zipped).expect_problem("gzip", 415);

    let head = http.send("HEAD", "/api/users", &[], "");
    assert_eq!((head.status, head.body.as_str()), (200, ""));
    let options = http.send("OPTIONS", "/api/users", &[], "");
    assert_eq!(options.status, 204);
    assert!(
        options.header("allow").unwrap().contains("POST"),
        "{options:?}"
    );
}

/// Odd values in every place that takes one.
fn no_input_yields_a_5xx(setup: &Setup) {
    let program = setup.start("quickstart");
    let http = program.http();
    let ada = create_user(&http, "ada@x.org");
    let id = ada.as_str().unwrap();
    let values = [
        "null",
        "true",
        "0",
        "-1",
        "1e400",
        "9223372036854775808",
        "1.5",
        "\"\"",
        "\"\\u0000\"",
        "\"9999-99-99\"",
        "[]",
        "[[]]",
        "{}",
        "{\"$ne\": null}",
        "\"'; drop table users --\"",
    ];
    for value in values {
        for field in ["id", "email", "name"] {
            let body = format!(r#"{{"{field}": {value}}}"#);
            check(
                &body,
                &http.send_json("PATCH", &format!("/api/users/{id}"), &body),
            );
        }
        for field in ["id", "author_id", "title", "published", "created_at"] {
            let given = json!({ "author_id": id, "title": "T" });
            let mut members = given.as_object().unwrap().clone();
            members.remove(field);
            let others = Json::Object(members).to_string();
            let body = format!(r#"{{"{field}": {value}, {}"#, &others[1..]);
            check(&body, &http.send_json("POST", "/api/posts", &body));
        }
        let body = format!(r#"{{"inputs": {{"name": {value}, "email": {value}}}}}"#);
        check(
            &body,
            &http.send_json("POST", "/workflows/onboard/execute", &body),
        );
        let body = format!(r#"{{"inputs": {value}, "mode": {value}}}"#);
        check(
            &body,
            &http.send_json("POST", "/workflows/greet/execute", &body),
        );
    }
    for id in [
        "0",
        "-1",
        "9223372036854775808",
        "1.5",
        "null",
        "..%2f..%2fetc",
        "%F0%9F%A6%80",
    ] {
        for target in [format!("/api/posts/{id}"), format!("/api/posts?id=eq.{id}")] {
            check(&target, &http.get(&target));
        }
    }
    assert_eq!(http.get("/ready").status, 200);
}

/// Refused or served; never a fault of the server, and nothing of the database in the text.
fn check(input: &str, answer: &Answer) {
    assert!(answer.status < 500, "{input}: {answer:?}");
    let text = answer.body.to_lowercase();
    for word in [
        "select ",
        "insert into",
        "sqlstate",
        "panicked",
        "constraint failed",
    ] {
        assert!(!text.contains(word), "{input}: {answer:?}");
    }
}

fn text_is_stored_as_it_came(setup: &Setup) {
    let program = setup.start("quickstart");
    let http = program.http();
    let names = [
        "'; drop table users; --",
        "\u{202e}rtl\u{200b}",
        "e\u{301}",
        "🦀",
        "a\tb\u{1}\n",
        "",
        " ",
        "null",
        "\\ \" / %",
    ];
    for (number, name) in names.iter().enumerate() {
        let user = json!({ "email": format!("{number}@x.org"), "name": name });
        let created = http.post("/api/users", &user).expect(201);
        assert_eq!(created["name"], *name);
        let location = format!("/api/users/{}", created["id"].as_str().unwrap());
        assert_eq!(http.get(&location).expect(200)["name"], *name);
    }
}

fn a_foreign_host_is_refused_on_both_ports(setup: &Setup) {
    let program = setup.start("quickstart");
    let get = |client: Client, host: &str| client.send("GET", "/health", &[("Host", host)], "");
    get(program.http(), "evil.example").expect_problem("HTTP", 403);
    assert_eq!(get(program.http(), "localhost").status, 200);
    let list = r#"{"jsonrpc":"2.0","id":1,"method":"tools/list"}"#;
    let headers = [
        ("Host", "evil.example"),
        ("Content-Type", "application/json"),
    ];
    let answer = program.mcp().send("POST", "/mcp", &headers, list);
    assert_eq!(answer.status, 403, "{answer:?}");
}
