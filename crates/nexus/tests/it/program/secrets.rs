//! Passwords reach no text.

use private_postgres::{Auth, Cluster, Settings};
use serde_json::json;

use super::setup::Setup;

/// What no text may hold.
const CANARY: &str = "canary-7f3a";

fn cluster_with_passwords() -> Cluster {
    let auth = Auth::Scram {
        password: CANARY.to_owned(),
    };
    Cluster::start(Settings {
        auth,
        ..Settings::default()
    })
    .unwrap()
}

#[test]
fn a_password_stands_in_no_report_log_or_answer() {
    let cluster = cluster_with_passwords();
    let setup = Setup::sqlite();
    let launch = setup
        .launch("production")
        .env("DATABASE_URL", cluster.url());
    let program = launch.env("RUST_LOG", "trace").start();
    let http = program.http();
    assert!(!program.report().contains(CANARY), "{}", program.report());

    let user = json!({ "id": "ada", "email": "ada@x.org", "name": "Ada" });
    http.post("/api/users", &user).expect(201);
    for target in [
        "/ready",
        "/metrics",
        "/openapi.json",
        "/workflows",
        "/api/users",
        "/nothing",
    ] {
        let answer = http.get(target);
        assert!(!answer.body.contains(CANARY), "{target}: {answer:?}");
    }
    for (method, params) in [
        ("tools/list", json!({})),
        ("resources/list", json!({})),
        ("resources/read", json!({ "uri": "nexus://schema" })),
    ] {
        let result = program.mcp().mcp(method, params);
        assert!(!result.to_string().contains(CANARY), "{method}: {result}");
    }

    let ended = program.stop();
    assert!(!ended.stdout.contains(CANARY), "{ended:?}");
    assert!(!ended.stderr.contains(CANARY), "{ended:?}");
}

#[test]
fn a_wrong_password_is_told_and_not_repeated() {
    let cluster = cluster_with_passwords();
    for (user, password) in [("postgres", "wrong-canary"), ("nobody", CANARY)] {
        let setup = Setup::sqlite();
        let url = cluster.url_as(user, Some(password), "postgres");

        let ended = setup.launch("quickstart").env("DATABASE_URL", &url).run();

        assert_eq!(ended.status.code(), Some(1), "{ended:?}");
        assert!(ended.stderr.contains("password"), "{ended:?}");
        assert!(ended.stderr.contains(user), "{ended:?}");
        assert!(ended.stderr.contains("help: "), "{ended:?}");
        assert!(!ended.stderr.contains("canary"), "{ended:?}");
        assert!(ended.stdout.is_empty(), "{ended:?}");
        assert!(setup.is_untouched());
    }
}
