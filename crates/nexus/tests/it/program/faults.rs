//! Faults of the systems this replaces, by their numbers, shown absent.
//!
//! Only those that the whole can show stand here; the others stand with their crates.

use std::net::TcpStream;
use std::time::{Duration, Instant};

use private_postgres::test_database_url;
use serde_json::{Value as Json, json};

use super::quickstart::create_user;
use super::setup::{Setup, ask_postgres, on_every_database};

on_every_database!(
    v01_nobody_is_answered_with_anothers_answer,
    v02_identical_posts_are_both_executed,
    v07_a_value_of_another_type_is_refused_and_nothing_is_echoed,
    v08_a_flag_is_a_flag_and_a_time_names_its_zone,
    v10_what_did_not_happen_is_an_error,
    v12_the_program_of_production_serves_every_door_and_its_metrics,
    v14_a_huge_body_is_refused_while_others_are_served,
    v17_a_mistake_of_the_client_has_a_status_of_its_own,
    v19_tools_declare_their_inputs,
    v20_both_ports_are_bound_to_loopback,
    v22_a_start_and_its_traffic_log_nothing,
    v24_a_row_holds_its_fields_and_its_key_stays,
    e02_an_async_handler_answers,
    e05_a_registered_workflow_can_be_called,
    e08_a_bulk_create_gives_the_new_rows_only,
    e16_errors_name_columns_in_clear,
    e18_probes_and_documents_are_there_and_mcp_is_on,
);

fn v01_nobody_is_answered_with_anothers_answer(setup: &Setup) {
    let program = setup.start("quickstart");
    let http = program.http();
    let author = create_user(&http, "ada@x.org");
    let post = json!({ "author_id": author, "title": "Same" }).to_string();
    let post_as = |credentials| {
        let headers = [
            ("Content-Type", "application/json"),
            ("Authorization", credentials),
        ];
        http.send("POST", "/api/posts", &headers, &post).expect(201)
    };

    let of_alice = post_as("Bearer alice");
    let of_bob = post_as("Bearer bob");

    assert_ne!(of_alice["id"], of_bob["id"]);
}

fn v02_identical_posts_are_both_executed(setup: &Setup) {
    let program = setup.start("quickstart");
    let http = program.http();
    let author = create_user(&http, "ada@x.org");
    let post = json!({ "author_id": author, "title": "Same" });

    let first = http.post("/api/posts", &post).expect(201);
    let second = http.post("/api/posts", &post).expect(201);

    assert_ne!(first["id"], second["id"]);
    let names = |row: &Json| row.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&first), names(&second));
    let user = json!({ "email": "ada@x.org", "name": "Somebody" });
    http.post("/api/users", &user)
        .expect_problem("the same user again", 409);
}

fn v07_a_value_of_another_type_is_refused_and_nothing_is_echoed(setup: &Setup) {
    let program = setup.start("quickstart");
    let http = program.http();
    let author = create_user(&http, "ada@x.org");
    let post = json!({ "author_id": author, "title": 5, "published": "abc", "extra": 1 });

    let problem = http
        .post("/api/posts", &post)
        .expect_problem("three faults", 422);

    let mut pointers: Vec<&str> = problem["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| error["pointer"].as_str().unwrap())
        .collect();
    pointers.sort_unstable();
    assert_eq!(pointers, ["/extra", "/published", "/title"]);
    assert_eq!(http.get("/api/posts").expect(200), json!([]));
}

fn v08_a_flag_is_a_flag_and_a_time_names_its_zone(setup: &Setup) {
    let program = setup.start("quickstart");
    let http = program.http();
    let author = create_user(&http, "ada@x.org");
    let created = http
        .post("/api/posts", &json!({ "author_id": author, "title": "T" }))
        .expect(201);

    let listed = &http.get("/api/posts").expect(200)[0];

    assert_eq!(&created, listed);
    assert_eq!(listed["published"], false);
    assert!(listed["id"].is_i64());
    let created_at = listed["created_at"].as_str().unwrap();
    let age = chrono::Utc::now() - created_at.parse::<chrono::DateTime<chrono::Utc>>().unwrap();
    assert!(age.num_seconds().abs() < 60, "{created_at}");
    assert!(
        created_at.ends_with('Z') || created_at.ends_with("+00:00"),
        "{created_at}"
    );
    http.get("/api/posts?colour=eq.red")
        .expect_problem("a filter on no field", 400);
}

fn v10_what_did_not_happen_is_an_error(setup: &Setup) {
    let program = setup.start("quickstart");
    let mcp = program.mcp();
    let nobody = "00000000-0000-7000-8000-000000000000";
    let twice = json!({ "rows": [
        { "email": "a@x.org", "name": "A" },
        { "email": "a@x.org", "name": "B" },
    ] });
    for (tool, arguments) in [
        ("user_update", json!({ "id": nobody, "name": "A" })),
        ("user_delete", json!({ "id": nobody })),
        ("user_bulk_create", twice),
    ] {
        let result = mcp.call(tool, arguments);
        assert_eq!(result["isError"], true, "{tool}: {result}");
    }
    assert_eq!(
        mcp.call("user_count", json!({}))["structuredContent"],
        json!({ "count": 0 })
    );
}

#[test]
fn v12_one_program_with_nothing_set_up_serves_every_door() {
    let setup = Setup::sqlite();
    let program = setup.start("quickstart");
    let http = program.http();
    for target in ["/api/users", "/openapi.json", "/workflows"] {
        assert_eq!(http.get(target).status, 200, "{target}");
    }
    let tools = program.mcp().mcp("tools/list", json!({}));
    assert!(!tools["tools"].as_array().unwrap().is_empty());
}

/// Neither a driver of a database, nor MCP, nor what records metrics is an extra.
fn v12_the_program_of_production_serves_every_door_and_its_metrics(setup: &Setup) {
    let program = setup.start("production");
    let http = program.http();
    let user = json!({ "id": "ada", "email": "ada@x.org", "name": "Ada" });
    http.post("/api/users", &user).expect(201);
    let read = program.mcp().call("user_read", json!({ "id": "ada" }));
    assert_eq!(read["structuredContent"], user, "{read}");

    let metrics = http.get("/metrics");
    assert_eq!(metrics.status, 200, "{metrics:?}");
    for series in [
        "dataflow_queries_total",
        "dataflow_query_duration_seconds_count",
        "dataflow_pool_connections",
        "nexus_http_requests_total",
    ] {
        let mut counted = metrics.body.lines().filter(|line| {
            let value = line
                .strip_prefix(series)
                .and_then(|rest| rest.rsplit(' ').next());
            value.is_some_and(|value| value.parse().is_ok_and(|value: f64| value > 0.0))
        });
        assert!(counted.next().is_some(), "{series}:\n{}", metrics.body);
    }
}

fn v14_a_huge_body_is_refused_while_others_are_served(setup: &Setup) {
    let program = setup.start("quickstart");
    let http = program.http();
    let huge = format!(
        r#"{{"email": "a@x.org", "name": "{}"}}"#,
        "a".repeat(20 << 20)
    );
    std::thread::scope(|scope| {
        let refused = scope.spawn(|| http.send_json("POST", "/api/users", &huge));
        for _ in 0..20 {
            let asked = Instant::now();
            http.get("/health").expect(200);
            assert!(
                asked.elapsed() < Duration::from_secs(2),
                "{:?}",
                asked.elapsed()
            );
        }
        refused.join().unwrap().expect_problem("20 MB", 413);
    });
}

fn v17_a_mistake_of_the_client_has_a_status_of_its_own(setup: &Setup) {
    let program = setup.start("quickstart");
    let http = program.http();
    create_user(&http, "ada@x.org");
    let taken = json!({ "email": "ada@x.org", "name": "A" });
    for (case, status, answer) in [
        ("a missing input", 422, http.execute("greet", &json!({}))),
        (
            "a wrong type",
            422,
            http.execute("greet", &json!({ "name": 1 })),
        ),
        ("a duplicate", 409, http.execute("onboard", &taken)),
        ("a missing row", 404, http.get("/api/posts/1")),
    ] {
        let text = answer.expect_problem(case, status).to_string();
        assert!(
            !text.contains('\u{1b}') && !text.contains("Unknown error"),
            "{case}: {text}"
        );
    }
}

fn v19_tools_declare_their_inputs(setup: &Setup) {
    let program = setup.start("quickstart");

    let tools = program.mcp().mcp("tools/list", json!({}))["tools"].clone();

    for tool in tools.as_array().unwrap() {
        let (input, output) = (&tool["inputSchema"], &tool["outputSchema"]);
        assert_eq!(input["type"], "object", "{tool}");
        assert!(input["properties"].is_object(), "{tool}");
        assert_eq!(input["additionalProperties"], false, "{tool}");
        assert_eq!(output["type"], "object", "{tool}");
        assert!(tool["description"].is_string(), "{tool}");
    }
    let of = |name: &str| {
        let mut tools = tools.as_array().unwrap().iter();
        tools.find(|tool| tool["name"] == name).unwrap()["inputSchema"].clone()
    };
    let create = of("user_create");
    assert_eq!(create["properties"]["email"]["type"], "string");
    assert_eq!(create["required"], json!(["email", "name"]));
    assert!(
        create["properties"]["id"].is_null(),
        "the library makes the key: {create}"
    );
    assert_eq!(of("greet")["required"], json!(["name"]));
    assert_eq!(of("onboard")["properties"]["email"]["type"], "string");
}

/// What is bound to every address answers on every loopback address too.
fn v20_both_ports_are_bound_to_loopback(setup: &Setup) {
    let program = setup.start("quickstart");
    for client in [program.http(), program.mcp()] {
        let address = client.address();
        assert!(address.ip().is_loopback());
        assert!(TcpStream::connect(address).is_ok());
        assert!(TcpStream::connect(("127.0.0.2", address.port())).is_err());
    }
}

#[test]
fn v21_two_connections_at_most_before_the_first_request() {
    let setup = Setup::postgres();
    // Serving once makes the tables; the second start is the usual one.
    for start in 1..=2 {
        let sessions = format!(
            "select coalesce(sessions, 0) from pg_stat_database where datname = '{}'",
            setup.database_name()
        );
        let before = ask_postgres(&test_database_url(), &sessions);
        let program = setup.start("quickstart");

        let open = format!(
            "select count(*) from pg_stat_activity where datname = '{}'",
            setup.database_name()
        );
        let held = ask_postgres(&test_database_url(), &open);
        assert!(
            (1..=2).contains(&held),
            "start {start} holds {held} connections"
        );
        drop(program);
        wait_until_zero(&test_database_url(), &open);
        let opened = ask_postgres(&test_database_url(), &sessions) - before;
        assert!(
            (1..=2).contains(&opened),
            "start {start} opened {opened} connections"
        );
    }
}

fn wait_until_zero(url: &str, query: &str) {
    let deadline = Instant::now() + Duration::from_secs(10);
    while ask_postgres(url, query) > 0 {
        assert!(Instant::now() < deadline, "connections stay open");
        std::thread::sleep(Duration::from_millis(10));
    }
}

fn v22_a_start_and_its_traffic_log_nothing(setup: &Setup) {
    for _ in 0..2 {
        let program = setup.start("quickstart");
        let http = program.http();
        http.get("/api/users").expect(200);
        http.execute("greet", &json!({ "name": "Ada" })).expect(200);
        http.post("/api/users", &json!({}))
            .expect_problem("{}", 422);
        program.mcp().call("user_list", json!({}));
        let report = program.report().to_owned();

        let ended = program.stop();

        assert!(ended.status.success(), "{ended:?}");
        assert_eq!(ended.stderr, "");
        assert_eq!(ended.stdout.trim_end(), report.trim_end());
    }
}

fn v24_a_row_holds_its_fields_and_its_key_stays(setup: &Setup) {
    let program = setup.start("quickstart");
    let (http, mcp) = (program.http(), program.mcp());
    let id = create_user(&http, "ada@x.org");
    let row = json!({ "id": id, "email": "ada@x.org", "name": "Somebody" });

    assert_eq!(
        mcp.call("user_read", json!({ "id": id }))["structuredContent"],
        row
    );
    let path = format!("/api/users/{}", id.as_str().unwrap());
    let other = json!({ "id": "00000000-0000-7000-8000-000000000000" });
    http.patch(&path, &other).expect_problem("another key", 422);
    assert_eq!(http.get(&path).expect(200), row);
}

fn e02_an_async_handler_answers(setup: &Setup) {
    let program = setup.start("quickstart");
    let greeted = program.mcp().call("greet", json!({ "name": "Ada" }));
    assert_eq!(
        greeted["structuredContent"]["text"], "Hello, Ada!",
        "{greeted}"
    );
}

fn e05_a_registered_workflow_can_be_called(setup: &Setup) {
    let program = setup.start("quickstart");
    let inputs = json!({ "email": "ada@x.org", "name": "Ada" });
    let answer = program.http().execute("onboard", &inputs).expect(200);
    assert_eq!(
        answer["outputs"]["post"]["title"], "Hello, world",
        "{answer}"
    );
}

fn e08_a_bulk_create_gives_the_new_rows_only(setup: &Setup) {
    let program = setup.start("quickstart");
    let http = program.http();
    create_user(&http, "old@x.org");

    let created = http
        .post(
            "/api/users",
            &json!([{ "email": "new@x.org", "name": "N" }]),
        )
        .expect(201);

    assert_eq!(created.as_array().unwrap().len(), 1, "{created}");
    assert_eq!(created[0]["email"], "new@x.org");
}

fn e16_errors_name_columns_in_clear(setup: &Setup) {
    let program = setup.start("quickstart");
    let answer = program
        .http()
        .post("/api/users", &json!({ "emial": "a@x.org", "name": "A" }));
    let problem = answer.expect_problem("a misspelt field", 422).to_string();
    assert!(
        problem.contains("emial") && problem.contains("email"),
        "{problem}"
    );
}

fn e18_probes_and_documents_are_there_and_mcp_is_on(setup: &Setup) {
    let program = setup.start("quickstart");
    for path in ["/health", "/healthz", "/ready", "/readyz", "/openapi.json"] {
        assert_eq!(program.http().get(path).status, 200, "{path}");
    }
    assert!(program.mcp().mcp("tools/list", json!({}))["tools"].is_array());
}
