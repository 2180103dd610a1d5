//! Nexus inside an application that has a server, and the other way round.

use axum::Router;
use axum::routing::get as on_get;
use nexus::{Nexus, Result};
use tokio::net::TcpListener;

use crate::client::get;

async fn ping() -> Result<&'static str> {
    Ok("pong")
}

#[tokio::test]
async fn an_application_mounts_the_routes_on_its_own_server() {
    let router = Nexus::builder()
        .handler("ping", ping)
        .into_router()
        .await
        .unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let server = tokio::spawn(async move { axum::serve(listener, router).await });

    assert_eq!(get(address, "/ready").await.status, 200);
    assert_eq!(get(address, "/workflows/ping").await.status, 200);

    server.abort();
}

/// The page of `/docs` asks beside itself, so it goes wherever the routes go.
#[tokio::test]
async fn an_application_mounts_the_routes_below_a_path() {
    let routes = Nexus::builder().handler("ping", ping);
    let router = Router::new().nest("/v1", routes.into_router().await.unwrap());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let server = tokio::spawn(async move { axum::serve(listener, router).await });

    for path in ["/v1/ready", "/v1/docs", "/v1/openapi.json"] {
        assert_eq!(get(address, path).await.status, 200, "{path}");
    }
    assert_eq!(get(address, "/docs").await.status, 404);

    server.abort();
}

#[tokio::test]
async fn an_application_adds_routes_of_its_own() {
    let own = Router::new().route("/hello", on_get(async || "hello"));
    let builder = Nexus::builder().api_port(0).without_mcp().merge_router(own);
    let running = builder.start().await.unwrap();

    assert_eq!(get(running.api_address(), "/hello").await.body, "hello");
    assert_eq!(get(running.api_address(), "/health").await.status, 200);
    let missing = get(running.api_address(), "/nothing").await;
    assert_eq!(missing.status, 404);
    assert_eq!(missing.json()["status"], 404);

    running.shutdown().await;
}
