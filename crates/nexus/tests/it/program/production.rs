//! `production`: the seed's example.

use std::time::Duration;

use serde_json::json;

use super::setup::{Setup, on_every_database};

on_every_database!(
    e01_the_seeds_example_runs,
    metrics_tell_queries_pool_cache_and_requests,
    a_row_is_never_older_than_the_last_write,
);

fn e01_the_seeds_example_runs(setup: &Setup) {
    let program = setup.start("production");
    let (http, mcp) = (program.http(), program.mcp());

    let user = json!({ "id": "ada", "email": "ada@x.org", "name": "Ada" });
    assert_eq!(http.post("/api/users", &user).expect(201), user);
    let renamed = http
        .execute("rename", &json!({ "id": "ada", "name": "Countess" }))
        .expect(200);

    let expected = json!({ "id": "ada", "email": "ada@x.org", "name": "Countess" });
    assert_eq!(renamed["outputs"]["user"], expected, "{renamed}");
    assert_eq!(
        mcp.call("user_read", json!({ "id": "ada" }))["structuredContent"],
        expected
    );
    let answer = http.post("/api/users", &json!({ "email": "b@x.org", "name": "B" }));
    let problem = answer.expect_problem("a key that the caller chooses", 422);
    assert_eq!(problem["errors"][0]["pointer"], "/id", "{problem}");
}

fn metrics_tell_queries_pool_cache_and_requests(setup: &Setup) {
    let program = setup.start("production");
    let http = program.http();
    let user = json!({ "id": "ada", "email": "ada@x.org", "name": "Ada" });
    http.post("/api/users", &user).expect(201);
    http.post("/api/users", &user).expect_problem("again", 409);
    for _ in 0..3 {
        http.get("/api/users/ada").expect(200);
    }
    program.mcp().call("user_read", json!({ "id": "ada" }));

    let series = http.get("/metrics").body;

    let value = |name: &str, labels: &[&str]| -> f64 {
        let is_wanted = |line: &&str| {
            let rest = line.strip_prefix(name);
            rest.is_some_and(|rest| {
                rest.starts_with('{') && labels.iter().all(|label| rest.contains(label))
            })
        };
        let line = series.lines().find(is_wanted);
        let line = line.unwrap_or_else(|| panic!("{name} {labels:?}:\n{series}"));
        line.rsplit(' ').next().unwrap().parse().unwrap()
    };
    let created = ["model=\"User\"", "operation=\"create\""];
    assert_eq!(
        value(
            "dataflow_queries_total",
            &[&created[..], &["outcome=\"ok\""]].concat()
        ),
        1.0
    );
    assert_eq!(
        value(
            "dataflow_queries_total",
            &[&created[..], &["outcome=\"error\""]].concat()
        ),
        1.0
    );
    assert_eq!(
        value("dataflow_query_duration_seconds_count", &created),
        2.0
    );
    assert!(
        value("dataflow_cache_hits_total", &["model=\"User\""]) >= 2.0,
        "{series}"
    );
    assert!(
        value("dataflow_pool_connections", &["state=\"open\""]) >= 1.0,
        "{series}"
    );
    let reads = ["route=\"/api/users/{id}\"", "status=\"2xx\""];
    assert_eq!(value("nexus_http_requests_total", &reads), 3.0);
    assert!(series.contains("user_read"), "tools are counted:\n{series}");
    assert!(
        !series.contains("ada@x.org"),
        "no value is a label:\n{series}"
    );
}

/// With the cache on, through both doors and a workflow.
fn a_row_is_never_older_than_the_last_write(setup: &Setup) {
    let program = setup.start("production");
    let (http, mcp) = (program.http(), program.mcp());
    let user = json!({ "id": "ada", "email": "ada@x.org", "name": "0" });
    http.post("/api/users", &user).expect(201);
    let names = || {
        let read = http.get("/api/users/ada").expect(200)["name"].clone();
        let listed = http.get("/api/users?email=eq.ada@x.org").expect(200)[0]["name"].clone();
        let called =
            mcp.call("user_read", json!({ "id": "ada" }))["structuredContent"]["name"].clone();
        [read, listed, called]
    };
    assert_eq!(names(), ["0", "0", "0"]);
    for round in 0..5 {
        let name = |door: &str| format!("{door} {round}");
        http.patch("/api/users/ada", &json!({ "name": name("http") }))
            .expect(200);
        assert_eq!(names(), [(); 3].map(|()| name("http")));
        mcp.call("user_update", json!({ "id": "ada", "name": name("mcp") }));
        assert_eq!(names(), [(); 3].map(|()| name("mcp")));
        http.execute("rename", &json!({ "id": "ada", "name": name("workflow") }))
            .expect(200);
        assert_eq!(names(), [(); 3].map(|()| name("workflow")));
    }
    assert_eq!(http.delete("/api/users/ada").status, 204);
    http.get("/api/users/ada")
        .expect_problem("a removed row", 404);
}

#[test]
fn without_a_database_url_it_says_so_and_ends() {
    let setup = Setup::sqlite();

    let ended = setup.launch("production").without("DATABASE_URL").run();

    assert_eq!(ended.status.code(), Some(1), "{ended:?}");
    assert!(ended.stderr.contains("DATABASE_URL"), "{ended:?}");
    assert!(ended.stdout.is_empty(), "{ended:?}");
    assert!(ended.took < Duration::from_secs(5), "{ended:?}");
    assert!(setup.is_untouched());
}
