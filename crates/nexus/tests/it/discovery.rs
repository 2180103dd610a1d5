//! Workflow definition files.

use std::fs;

use dataflow::{DataFlow, Model};
use nexus::{Nexus, Result};
use serde::Deserialize;
use serde_json::json;
use tempfile::TempDir;

use crate::client::{get, post};

#[derive(Deserialize, schemars::JsonSchema)]
struct Greet {
    name: String,
}

async fn greet(input: Greet) -> Result<String> {
    Ok(format!("hello {}", input.name))
}

const GREETING: &str =
    "name: greeting\nnodes:\n  hello:\n    use: greet\n    with:\n      name: $inputs.name\n";

#[tokio::test]
async fn good_files_are_served_and_bad_ones_reported() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("greeting.yaml"), GREETING).unwrap();
    fs::write(folder.path().join("broken.yaml"), "name: [").unwrap();
    let builder = Nexus::builder()
        .api_port(0)
        .without_mcp()
        .handler("greet", greet)
        .auto_discovery(true)
        .workflows_dir(folder.path());

    let running = builder.start().await.unwrap();

    let inputs = json!({ "inputs": { "name": "Ada" } });
    let reply = post(
        running.api_address(),
        "/workflows/greeting/execute",
        &inputs,
    )
    .await;
    assert_eq!(reply.json()["outputs"], json!({ "hello": "hello Ada" }));
    assert_eq!(running.report().served.workflows, ["greet", "greeting"]);
    let page = running.report().to_string();
    assert!(page.contains("broken.yaml"), "{page}");
    running.shutdown().await;
}

#[derive(Debug, Clone, PartialEq, Model)]
struct Account {
    #[model(primary_key)]
    name: String,
}

#[derive(Debug, Clone, PartialEq, Model)]
struct Visit {
    #[model(primary_key)]
    name: String,
}

/// A file of a workflow that calls nodes, each of which takes a name.
fn calling(name: &str, transactional: &str, nodes: [&str; 2]) -> String {
    let [first, second] = nodes;
    format!(
        "name: {name}\ntransactional: {transactional}\nnodes:\n  \
         first: {{use: {first}, with: {{name: $inputs.first}}}}\n  \
         second: {{use: {second}, with: {{name: $inputs.second}}}}\n"
    )
}

#[tokio::test]
async fn a_file_can_say_that_its_workflow_takes_effect_as_a_whole() {
    let folder = TempDir::new().unwrap();
    let accounts = ["account_create", "account_create"];
    let with_visit = ["account_create", "visit_create"];
    for (name, transactional, nodes) in [
        ("whole", "true", accounts),
        ("apart", "false", accounts),
        ("around", "true", ["account_create", "inner"]),
        ("inner", "false", ["account_create", "greet"]),
        ("two_databases", "true", with_visit),
        ("two_databases_below", "true", ["account_create", "visits"]),
        ("visits", "false", ["visit_create", "greet"]),
        ("no_database", "true", ["greet", "greet"]),
        ("no_flag", "sometimes", accounts),
    ] {
        let text = match name {
            // What a workflow takes is named by its own inputs.
            "around" | "two_databases_below" => calling(name, transactional, nodes).replace(
                "{name: $inputs.second}",
                "{first: $inputs.second, second: $inputs.third}",
            ),
            _ => calling(name, transactional, nodes),
        };
        fs::write(folder.path().join(format!("{name}.yaml")), text).unwrap();
    }
    let memory = || DataFlow::builder("sqlite::memory:").environment([("", ""); 0]);
    let builder = Nexus::builder()
        .api_port(0)
        .without_mcp()
        .mount(&memory().model::<Account>().build().unwrap())
        .mount(&memory().model::<Visit>().build().unwrap())
        .handler("greet", greet)
        .auto_discovery(true)
        .workflows_dir(folder.path());
    let running = builder.start().await.unwrap();
    let address = running.api_address();

    for (name, inputs, kept) in [
        ("whole", json!({"first": "a", "second": "a"}), 404),
        ("apart", json!({"first": "b", "second": "b"}), 200),
        (
            "around",
            json!({"first": "c", "second": "c", "third": "d"}),
            404,
        ),
    ] {
        let path = format!("/workflows/{name}/execute");
        let failed = post(address, &path, &json!({ "inputs": inputs })).await;
        assert_eq!(failed.status, 409, "{name}: {failed:?}");
        let account = format!("/api/accounts/{}", inputs["first"].as_str().unwrap());
        assert_eq!(get(address, &account).await.status, kept, "{name}");
    }
    let inputs = json!({"inputs": {"first": "e", "second": "f"}});
    let done = post(address, "/workflows/whole/execute", &inputs).await;
    assert_eq!(done.status, 200, "{done:?}");
    assert_eq!(get(address, "/api/accounts/f").await.status, 200);

    let page = running.report().to_string();
    let outside = "cannot be inside the transaction: \"visit_create\" belongs to another database";
    for (name, complaint) in [
        ("two_databases", outside),
        ("two_databases_below", outside),
        ("no_database", "no node belongs to a database"),
        ("no_flag", "must be true or false"),
    ] {
        let of_file = format!("{name}.yaml");
        let told = page.lines().filter(|line| line.contains(&of_file));
        assert!(told.clone().count() > 0, "{name}: {page}");
        assert!(page.contains(complaint), "{name}: {page}");
    }
    running.shutdown().await;
}
