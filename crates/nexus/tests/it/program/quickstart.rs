//! `quickstart`: rows, pages, workflows and handlers over HTTP.

use std::collections::BTreeSet;

use serde_json::{Value as Json, json};

use super::client::Client;
use super::setup::{Setup, on_every_database};

on_every_database!(
    the_report_tells_what_is_served_and_how_long_each_phase_took,
    it_is_alive_and_ready,
    a_row_is_created_read_changed_replaced_and_removed,
    pages_lead_to_each_other_and_together_hold_every_row_once,
    a_filter_keeps_the_rows_that_equal_it,
    an_array_creates_all_rows_or_none,
    a_workflow_creates_both_rows,
    a_failing_workflow_leaves_no_row,
    a_handler_answers,
);

#[test]
fn it_needs_no_setup_at_all() {
    let setup = Setup::sqlite();

    let program = setup.launch("quickstart").without("DATABASE_URL").start();

    assert_eq!(program.http().get("/api/users").expect(200), json!([]));
    let file = setup.directory().join("quickstart.db");
    assert!(file.exists());
}

fn the_report_tells_what_is_served_and_how_long_each_phase_took(setup: &Setup) {
    let program = setup.start("quickstart");

    let report = program.report();
    let address = format!("http://{}", program.http().address());
    let mcp = format!("http://{}/mcp", program.mcp().address());
    let names = ["user", "post", "onboard", "greet"];
    let phases = ["ready in", "settings", "bind", "schema", "connect"];
    for expected in [address.as_str(), mcp.as_str()].iter().chain(&names) {
        assert!(report.contains(expected), "{expected}:\n{report}");
    }
    for phase in phases {
        let (_, after) = report
            .rsplit_once(phase)
            .unwrap_or_else(|| panic!("{phase}:\n{report}"));
        let milliseconds = after.trim_start().split(' ').next().unwrap();
        assert!(milliseconds.parse::<f64>().is_ok(), "{phase}:\n{report}");
    }
    assert_eq!(program.commands().len(), 3, "{report}");
}

fn it_is_alive_and_ready(setup: &Setup) {
    let program = setup.start("quickstart");
    for path in ["/health", "/healthz", "/ready", "/readyz"] {
        let answer = program.http().get(path);
        assert_eq!(answer.status, 200, "{path}: {answer:?}");
    }
}

fn a_row_is_created_read_changed_replaced_and_removed(setup: &Setup) {
    let program = setup.start("quickstart");
    let http = program.http();

    let created = http.post(
        "/api/users",
        &json!({ "email": "ada@x.org", "name": "Ada 🦀" }),
    );
    let location = created.header("location").unwrap().to_owned();
    let user = created.expect(201);
    let id = user["id"].as_str().unwrap();
    assert_eq!(
        user,
        json!({ "id": id, "email": "ada@x.org", "name": "Ada 🦀" })
    );
    assert_eq!(location, format!("/api/users/{id}"));
    assert_eq!(http.get(&location).expect(200), user);

    let renamed = http
        .patch(&location, &json!({ "name": "Countess" }))
        .expect(200);
    assert_eq!(
        renamed,
        json!({ "id": id, "email": "ada@x.org", "name": "Countess" })
    );

    let replacement = r#"{"email": "a@x.org", "name": "A"}"#;
    let replaced = http.send_json("PUT", &location, replacement).expect(200);
    assert_eq!(
        replaced,
        json!({ "id": id, "email": "a@x.org", "name": "A" })
    );
    assert_eq!(http.get(&location).expect(200), replaced);

    let removed = http.delete(&location);
    assert_eq!((removed.status, removed.body.as_str()), (204, ""));
    http.get(&location).expect_problem("a removed row", 404);
}

fn pages_lead_to_each_other_and_together_hold_every_row_once(setup: &Setup) {
    let program = setup.start("quickstart");
    let http = program.http();
    let author = create_user(&http, "ada@x.org");
    let posts: Vec<Json> = (0..23)
        .map(|number| json!({ "author_id": author, "title": format!("Post {number}") }))
        .collect();
    http.post("/api/posts", &json!(posts)).expect(201);

    let mut titles = Vec::new();
    let mut pages = 0;
    let mut next = Some("/api/posts?limit=5".to_owned());
    while let Some(target) = next {
        let page = http.get(&target);
        next = page.header("link").map(next_of);
        let rows = page.expect(200);
        let rows = rows.as_array().unwrap();
        titles.extend(
            rows.iter()
                .map(|row| row["title"].as_str().unwrap().to_owned()),
        );
        pages += 1;
        assert!(pages <= 5, "the pages never end");
    }

    assert_eq!(pages, 5);
    assert_eq!(titles.len(), 23);
    assert_eq!(titles.iter().collect::<BTreeSet<_>>().len(), 23);
}

fn a_filter_keeps_the_rows_that_equal_it(setup: &Setup) {
    let program = setup.start("quickstart");
    let http = program.http();
    let ada = create_user(&http, "ada@x.org");
    let bob = create_user(&http, "bob@x.org");
    for (author, title, published) in [
        (&ada, "One & two", true),
        (&ada, "Other", false),
        (&bob, "One & two", false),
    ] {
        let post = json!({ "author_id": author, "title": title, "published": published });
        http.post("/api/posts", &post).expect(201);
    }
    for (query, expected) in [
        (format!("author_id=eq.{}", ada.as_str().unwrap()), 2),
        ("title=eq.One%20%26%20two".to_owned(), 2),
        ("published=eq.true".to_owned(), 1),
        ("title=eq.One%20%26%20two&published=eq.false".to_owned(), 1),
        ("title=eq.one".to_owned(), 0),
        ("title=eq.'%20or%201%3D1%20--".to_owned(), 0),
    ] {
        let rows = http.get(&format!("/api/posts?{query}")).expect(200);
        assert_eq!(rows.as_array().unwrap().len(), expected, "{query}: {rows}");
    }
}

fn an_array_creates_all_rows_or_none(setup: &Setup) {
    let program = setup.start("quickstart");
    let http = program.http();
    let users = json!([
        { "email": "a@x.org", "name": "A" },
        { "email": "b@x.org", "name": "B" },
    ]);
    let created = http.post("/api/users", &users).expect(201);
    let names: Vec<&Json> = created
        .as_array()
        .unwrap()
        .iter()
        .map(|row| &row["name"])
        .collect();
    assert_eq!(names, ["A", "B"]);

    let half_bad = json!([
        { "email": "c@x.org", "name": "C" },
        { "email": "a@x.org", "name": "taken" },
    ]);
    http.post("/api/users", &half_bad)
        .expect_problem("a taken email", 409);
    let rows = http.get("/api/users").expect(200);
    assert_eq!(rows.as_array().unwrap().len(), 2, "{rows}");
}

fn a_workflow_creates_both_rows(setup: &Setup) {
    let program = setup.start("quickstart");
    let http = program.http();

    let inputs = json!({ "email": "ada@x.org", "name": "Ada" });
    let answer = http.execute("onboard", &inputs).expect(200);

    assert!(answer["run_id"].is_string(), "{answer}");
    let users = http.get("/api/users").expect(200);
    let posts = http.get("/api/posts").expect(200);
    assert_eq!(users.as_array().unwrap().len(), 1);
    assert_eq!(posts.as_array().unwrap().len(), 1);
    assert_eq!(posts[0]["title"], "Hello, world");
    assert_eq!(posts[0]["author_id"], users[0]["id"]);
    assert_eq!(answer["outputs"]["post"], posts[0], "{answer}");
}

fn a_failing_workflow_leaves_no_row(setup: &Setup) {
    let program = setup.start("quickstart");
    let http = program.http();
    create_user(&http, "ada@x.org");

    let inputs = json!({ "email": "ada@x.org", "name": "Another" });
    http.execute("onboard", &inputs)
        .expect_problem("a taken email", 409);

    assert_eq!(http.get("/api/posts").expect(200), json!([]));
}

fn a_handler_answers(setup: &Setup) {
    let program = setup.start("quickstart");
    let answer = program
        .http()
        .execute("greet", &json!({ "name": "Ada" }))
        .expect(200);
    assert_eq!(answer["outputs"], json!({ "text": "Hello, Ada!" }));
}

/// Creates a user, and gives its key.
pub(crate) fn create_user(http: &Client, email: &str) -> Json {
    let user = json!({ "email": email, "name": "Somebody" });
    http.post("/api/users", &user).expect(201)["id"].clone()
}

/// The target of `<target>; rel="next"`.
fn next_of(link: &str) -> String {
    let (target, rest) = link.split_once('>').unwrap();
    assert!(rest.contains("rel=\"next\""), "{link}");
    let target = target.trim_start_matches('<');
    match target.strip_prefix("http://") {
        Some(absolute) => absolute[absolute.find('/').unwrap()..].to_owned(),
        None => target.to_owned(),
    }
}
