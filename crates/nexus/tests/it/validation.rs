//! What the values of a field fulfill, at every door.

use dataflow::{DataFlow, Model};
use nexus::Nexus;
use serde_json::json;

use crate::client::{call_tool, get, post, tools};

#[derive(Debug, Clone, Model)]
struct Member {
    #[model(primary_key, generate = "none", min = 1)]
    id: i64,
    #[model(min_length = 2, pattern = "^[a-z]+$")]
    name: String,
    #[model(email)]
    email: String,
    #[model(min = 0, max = 150)]
    age: Option<i32>,
}

#[tokio::test]
async fn a_rule_means_the_same_at_every_door() {
    let db = DataFlow::builder("sqlite::memory:")
        .model::<Member>()
        .build()
        .unwrap();
    let builder = Nexus::builder().api_port(0).mcp_port(0).mount(&db);
    let running = builder.start().await.unwrap();
    let (api, mcp) = (running.api_address(), running.mcp_address().unwrap());
    let secret = "S3CRET";
    let wrong = json!({"id": 0, "name": secret, "email": secret, "age": 151});

    let refused = post(api, "/api/members", &wrong).await;
    assert_eq!(refused.status, 422, "{refused:?}");
    let errors = json!([
        {"pointer": "/id", "code": "range", "detail": "takes at least 1"},
        {"pointer": "/name", "code": "format", "detail": "takes a text that matches ^[a-z]+$"},
        {"pointer": "/email", "code": "format", "detail": "takes an e-mail address"},
        {"pointer": "/age", "code": "range", "detail": "takes at most 150"},
    ]);
    assert_eq!(refused.json()["errors"], errors);
    assert!(!refused.body.contains(secret), "{refused:?}");

    let answer = call_tool(mcp, "member_create", wrong.clone()).await;
    assert_eq!(answer["isError"], true, "{answer}");
    for told in ["takes at least 1", "matches ^[a-z]+$", "an e-mail address"] {
        assert!(answer.to_string().contains(told), "{answer}");
    }
    assert!(!answer.to_string().contains(secret), "{answer}");

    let many = post(api, "/api/members", &json!([wrong])).await;
    assert_eq!(many.json()["errors"][0]["pointer"], "/0/id", "{many:?}");

    let tools = tools(mcp).await;
    let input = |name: &str| {
        let tool = tools.iter().find(|tool| tool["name"] == name).unwrap();
        tool["inputSchema"]["properties"].clone()
    };
    let (one, many) = (input("member_create"), input("member_bulk_create"));
    for fields in [
        &one,
        &many["rows"]["items"]["properties"],
        &input("member_update"),
    ] {
        for (pointer, expected) in [
            ("/id/minimum", json!(1)),
            ("/name/minLength", json!(2)),
            ("/name/pattern", json!("^[a-z]+$")),
            ("/email/format", json!("email")),
            ("/age/minimum", json!(0)),
            ("/age/maximum", json!(150)),
        ] {
            assert_eq!(
                fields.pointer(pointer),
                Some(&expected),
                "{pointer}: {fields}"
            );
        }
    }

    let document = get(api, "/openapi.json").await.json().to_string();
    for told in [
        r#""pattern":"^[a-z]+$""#,
        r#""minLength":2"#,
        r#""format":"email""#,
        r#""minimum":0,"maximum":150"#,
    ] {
        assert!(document.contains(told), "{told}");
    }
    running.shutdown().await;
}
