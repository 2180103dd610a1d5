//! One registration, every door.

use nexus::{Nexus, Result};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::client::{call_tool, get, post, send};

#[derive(Deserialize, schemars::JsonSchema)]
struct Greet {
    name: String,
}

#[derive(Serialize, schemars::JsonSchema)]
struct Greeting {
    text: String,
}

async fn greet(input: Greet) -> Result<Greeting> {
    Ok(Greeting {
        text: format!("hello {}", input.name),
    })
}

#[tokio::test]
async fn a_handler_is_a_route_and_a_tool() {
    let builder = Nexus::builder().api_port(0).mcp_port(0);
    let running = builder.handler("greet", greet).start().await.unwrap();
    let mcp = running.mcp_address().unwrap();

    let inputs = json!({ "inputs": { "name": "Ada" } });
    let route = post(running.api_address(), "/workflows/greet/execute", &inputs).await;
    let tool = call_tool(mcp, "greet", json!({ "name": "Ada" })).await;

    assert_eq!(route.json()["outputs"], json!({ "text": "hello Ada" }));
    assert_eq!(tool["structuredContent"], route.json()["outputs"]);
    assert_eq!(running.report().served.workflows, ["greet"]);
    running.shutdown().await;
}

#[tokio::test]
async fn both_ports_refuse_a_host_that_is_not_loopback() {
    let running = Nexus::builder()
        .api_port(0)
        .mcp_port(0)
        .start()
        .await
        .unwrap();
    for address in [running.api_address(), running.mcp_address().unwrap()] {
        let foreign = "GET /health HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n";
        let reply = send(address, foreign).await;
        assert!((400..500).contains(&reply.status), "{reply:?}");
        assert!(!reply.body.contains("\"ok\""), "{reply:?}");
    }
    assert_eq!(get(running.api_address(), "/health").await.status, 200);
    running.shutdown().await;
}
