//! What is counted, when asked to.

use nexus::{Nexus, Result};
use serde_json::json;

use crate::client::{call_tool, get, post};

async fn counted() -> Result<&'static str> {
    Ok("counted")
}

#[tokio::test]
async fn calls_are_counted_whichever_door_they_came_through() {
    let builder = Nexus::builder()
        .api_port(0)
        .mcp_port(0)
        .enable_metrics(true);
    let running = builder.handler("counted", counted).start().await.unwrap();
    let api = running.api_address();

    post(api, "/workflows/counted/execute", &json!({ "inputs": {} })).await;
    call_tool(running.mcp_address().unwrap(), "counted", json!({})).await;

    let page = get(api, "/metrics").await;
    assert_eq!(page.status, 200);
    let is_counted = page.body.lines().any(|line| {
        line.contains("_count") && line.contains("operation=\"counted\"") && line.ends_with(" 2")
    });
    assert!(is_counted, "{}", page.body);
    running.shutdown().await;
}

#[tokio::test]
async fn nothing_is_counted_unless_asked_to() {
    let running = Nexus::builder()
        .api_port(0)
        .without_mcp()
        .start()
        .await
        .unwrap();
    assert_eq!(get(running.api_address(), "/metrics").await.status, 404);
    running.shutdown().await;
}
