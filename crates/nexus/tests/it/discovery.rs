//! Workflow definition files.

use std::fs;

use nexus::{Nexus, Result};
use serde::Deserialize;
use serde_json::json;
use tempfile::TempDir;

use crate::client::post;

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
