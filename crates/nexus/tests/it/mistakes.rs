//! What is wrong before anything starts.

use nexus::{Kind, Nexus, Result};

async fn ping() -> Result<&'static str> {
    Ok("pong")
}

#[tokio::test]
async fn every_mistake_is_reported_at_once() {
    let builder = Nexus::builder()
        .api_port(0)
        .mcp_port(0)
        .handler("ping", ping)
        .handler("ping", ping)
        .handler("not a name", ping);

    let error = builder.start().await.unwrap_err();

    assert_eq!(error.kind(), Kind::Configuration);
    let page = format!("{error:?}");
    assert!(
        page.contains("operation \"ping\" is registered twice"),
        "{page}"
    );
    assert!(
        page.contains("operation name \"not a name\" is not valid"),
        "{page}"
    );
}

#[tokio::test]
async fn run_inside_a_runtime_says_what_to_call_instead() {
    let error = Nexus::builder().run().unwrap_err();
    assert!(error.help().unwrap().contains("serve().await"), "{error:?}");
}

#[tokio::test]
async fn v20_an_open_address_without_credentials_is_refused() {
    let builder = Nexus::builder().host("0.0.0.0").api_port(0).mcp_port(0);

    let error = builder.start().await.unwrap_err();

    assert_eq!(error.kind(), Kind::Configuration);
    assert!(
        format!("{error:?}").contains("allow_anonymous"),
        "{error:?}"
    );
}
