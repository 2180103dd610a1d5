use serde_json::json;

use crate::client::{exchange, get, request, send_json};
use crate::server;

#[tokio::test]
async fn a_row_is_created_read_changed_replaced_and_removed() {
    let server = server::start().await;
    let address = server.address;

    let created = send_json(
        address,
        "POST",
        "/api/users",
        r#"{"id": "a/b ü", "email": "a@b.c"}"#,
    )
    .await;
    assert_eq!(created.status, 201);
    assert_eq!(
        created.json(),
        json!({"id": "a/b ü", "email": "a@b.c", "age": null, "note": null})
    );
    let location = created.header("location").unwrap().to_owned();
    assert_eq!(location, "/api/users/a%2Fb%20%C3%BC");

    let read = get(address, &location).await;
    assert_eq!((read.status, read.json()), (200, created.json()));

    let updated = send_json(address, "PATCH", &location, r#"{"age": 7}"#).await;
    assert_eq!((updated.status, &updated.json()["age"]), (200, &json!(7)));

    let replaced = send_json(address, "PUT", &location, r#"{"email": "d@e.f"}"#).await;
    assert_eq!(replaced.status, 200);
    assert_eq!(
        replaced.json(),
        json!({"id": "a/b ü", "email": "d@e.f", "age": null, "note": null})
    );

    let removed = exchange(address, &request("DELETE", &location, "", b""))
        .await
        .unwrap();
    assert_eq!((removed.status, removed.body.len()), (204, 0));
    get(address, &location)
        .await
        .check_problem("read after delete", 404);
}

#[tokio::test]
async fn a_replacement_names_every_required_field() {
    let server = server::start().await;
    send_json(
        server.address,
        "POST",
        "/api/users",
        r#"{"id": "a", "email": "a@b.c"}"#,
    )
    .await;
    let answer = send_json(server.address, "PUT", "/api/users/a", r#"{"age": 7}"#).await;
    answer.check_problem("PUT without email", 422);
    assert_eq!(answer.json()["errors"][0]["pointer"], "/email");
}

#[tokio::test]
async fn a_key_in_the_body_may_repeat_the_path_but_not_contradict_it() {
    let server = server::start().await;
    send_json(
        server.address,
        "POST",
        "/api/users",
        r#"{"id": "a", "email": "a@b.c"}"#,
    )
    .await;
    let same = send_json(
        server.address,
        "PATCH",
        "/api/users/a",
        r#"{"id": "a", "age": 1}"#,
    )
    .await;
    assert_eq!(same.status, 200);
    let other = send_json(
        server.address,
        "PATCH",
        "/api/users/a",
        r#"{"id": "b", "age": 1}"#,
    )
    .await;
    other.check_problem("another key", 422);
}

#[tokio::test]
async fn an_array_creates_all_rows_or_none() {
    let server = server::start().await;
    let rows = r#"[{"id": "a", "email": "a@x"}, {"id": "b", "email": "b@x"}]"#;
    let created = send_json(server.address, "POST", "/api/users", rows).await;
    assert_eq!(
        (created.status, created.json().as_array().unwrap().len()),
        (201, 2)
    );

    let rows = r#"[{"id": "c", "email": "c@x"}, {"id": "d", "email": 1}]"#;
    let refused = send_json(server.address, "POST", "/api/users", rows).await;
    refused.check_problem("a bad row", 422);
    assert_eq!(refused.json()["errors"][0]["pointer"], "/1/email");
    get(server.address, "/api/users/c")
        .await
        .check_problem("a good row beside it", 404);

    let many = format!("[{}]", vec!["{}"; 1_001].join(","));
    let refused = send_json(server.address, "POST", "/api/users", &many).await;
    refused.check_problem("too many rows", 422);
    assert!(refused.text().contains("1000"));
}

#[tokio::test]
async fn pages_lead_to_each_other_and_together_hold_every_row_once() {
    let server = server::start().await;
    for number in 0..45 {
        let age = number % 2;
        let row = format!(r#"{{"id": "{number:02}", "email": "{number}@x", "age": {age}}}"#);
        assert_eq!(
            send_json(server.address, "POST", "/api/users", &row)
                .await
                .status,
            201
        );
    }

    let mut target = "/api/users".to_owned();
    let mut ids = Vec::new();
    let mut ranges = Vec::new();
    loop {
        let page = get(server.address, &target).await;
        assert_eq!(page.status, 200);
        ranges.push(page.header("content-range").map(str::to_owned));
        for row in page.json().as_array().unwrap() {
            ids.push(row["id"].as_str().unwrap().to_owned());
        }
        let Some(link) = page.header("link") else {
            break;
        };
        let next = link
            .strip_prefix('<')
            .unwrap()
            .strip_suffix(">; rel=\"next\"")
            .unwrap();
        target = next.to_owned();
    }
    let expected: Vec<_> = (0..45).map(|number| format!("{number:02}")).collect();
    assert_eq!(ids, expected);
    assert_eq!(ranges, [Some("items 0-19/*".to_owned()), None, None]);

    let page = get(server.address, "/api/users?age=eq.1&limit=3").await;
    assert_eq!(page.json().as_array().unwrap().len(), 3);
    let link = page.header("link").unwrap();
    assert_eq!(link, "</api/users?age=eq.1&limit=3&after=05>; rel=\"next\"");

    let none = get(server.address, "/api/users?email=eq.nobody@x").await;
    assert_eq!((none.status, none.text().as_str()), (200, "[]"));
    assert_eq!(none.header("content-range"), Some("items */*"));
}

/// The system this replaces answered all of these with 500 or with 200 and null.
#[tokio::test]
async fn v17_each_kind_of_error_has_its_status() {
    let server = server::start().await;
    let row = r#"{"id": "a", "email": "a@b.c"}"#;
    send_json(server.address, "POST", "/api/users", row).await;
    let cases = [
        ("POST", "/api/users", r#"{"id": "b"}"#, 422),
        ("POST", "/api/users", r#"{"id": "b", "email": 1}"#, 422),
        ("POST", "/api/users", row, 409),
        ("GET", "/api/users/missing", "", 404),
        ("PATCH", "/api/users/missing", r#"{"age": 1}"#, 404),
        ("DELETE", "/api/users/missing", "", 404),
    ];
    for (method, target, body, status) in cases {
        let answer = send_json(server.address, method, target, body).await;
        answer.check_problem(&format!("{method} {target} {body}"), status);
    }
}
