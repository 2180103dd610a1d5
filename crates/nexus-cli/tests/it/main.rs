//! The `nexus` command as a process: against a running server, and on databases.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

/// Migrations from a schema file and from the registry.
mod migrate;
/// Models for databases that somebody else made.
mod models;
/// What `migrate apply` shows while it works.
mod progress;
/// A database for one test.
mod setup;
/// One database made like another.
mod to;

use std::process::{Command, Output};

use dataflow::{DataFlow, Model};
use nexus::{Nexus, Running};
use serde::Deserialize;
use serde_json::{Value as Json, json};

#[derive(Deserialize, schemars::JsonSchema)]
struct Greet {
    name: String,
    times: Option<u8>,
}

async fn greet(input: Greet) -> nexus::Result<String> {
    let hello = "hello ".repeat(input.times.unwrap_or(1).into());
    Ok(hello + &input.name)
}

async fn server() -> Running {
    let builder = Nexus::builder().api_port(0).without_mcp();
    builder.handler("greet", greet).start().await.unwrap()
}

#[derive(Debug, Clone, Model)]
struct Town {
    #[model(primary_key)]
    id: i64,
    zip: String,
    people: i32,
}

/// Runs the command off the runtime that serves it.
async fn nexus(running: &Running, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_nexus"));
    let server = format!("http://{}", running.api_address());
    command.args(arguments).args(["--server", &server]);
    tokio::task::spawn_blocking(move || command.output())
        .await
        .unwrap()
        .unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_operation_is_listed_and_called() {
    let running = server().await;

    let list = text(&nexus(&running, &["list"]).await.stdout);
    assert!(list.starts_with("greet "), "{list}");
    assert!(list.contains("POST /workflows/greet/execute"), "{list}");

    let called = ["run", "greet", "--input", "name=007", "--input", "times=2"];
    let output = nexus(&running, &called).await;
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let answer: Json = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(answer["outputs"], json!("hello hello 007"));
    running.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_is_created_read_and_listed() {
    let folder = tempfile::TempDir::new().unwrap();
    let url = format!("sqlite://{}", folder.path().join("towns.db").display());
    let db = DataFlow::builder(&url).model::<Town>().build().unwrap();
    let builder = Nexus::builder().api_port(0).without_mcp().mount(&db);
    let running = builder.start().await.unwrap();
    let town = json!({ "id": 1, "zip": "01234", "people": 7 });

    let create = [
        "run",
        "town_create",
        "--input",
        "zip=01234",
        "--input",
        "people=7",
    ];
    let calls: [(&[&str], Json); 3] = [
        (&create, town.clone()),
        (&["run", "town_read", "--input", "id=1"], town.clone()),
        (&["run", "town_list", "--input", "limit=5"], json!([town])),
    ];
    for (arguments, expected) in calls {
        let output = nexus(&running, arguments).await;
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
        let answer: Json = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(answer, expected, "{arguments:?}");
    }
    running.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn health_tells_by_its_exit_code() {
    let running = server().await;
    let output = nexus(&running, &["health"]).await;
    assert_eq!(text(&output.stdout), "live\nready\n");

    let address = running.api_address();
    running.shutdown().await;
    let output = Command::new(env!("CARGO_BIN_EXE_nexus"))
        .args(["health", "--server", &format!("http://{address}")])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("cannot be reached"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failure_exits_with_1_and_a_wrong_command_line_with_2() {
    let running = server().await;
    let cases: [(&[&str], i32, &str); 6] = [
        (&["run", "greet"], 1, "name: is required"),
        (&["run", "great"], 1, "no route for an operation \"great\""),
        (&["run", "great"], 1, "did you mean \"greet\"?"),
        (
            &["run", "greet", "--input", "name"],
            1,
            "write --input name=value",
        ),
        (&["run"], 2, "Usage:"),
        (&["dance"], 2, "dance"),
    ];
    for (arguments, code, message) in cases {
        let output = nexus(&running, arguments).await;
        let error = text(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {error}");
        assert!(error.contains(message), "{arguments:?}: {error}");
    }
    running.shutdown().await;
}
