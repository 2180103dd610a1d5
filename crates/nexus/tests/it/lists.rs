//! Fields that hold lists, at the doors.

use chrono::NaiveDate;
use dataflow::{DataFlow, Model};
use nexus::Nexus;
use serde_json::{Value as Json, json};

use crate::client::{call_tool, get, post};

#[derive(Debug, Clone, Model)]
struct Recipe {
    #[model(primary_key, client_key)]
    id: i64,
    tags: Vec<String>,
    minutes: Option<Vec<i32>>,
    #[model(default = "[]")]
    cooked: Vec<NaiveDate>,
}

#[tokio::test]
async fn lists_go_through_every_door() {
    let db = DataFlow::builder("sqlite::memory:")
        .model::<Recipe>()
        .build()
        .unwrap();
    let builder = Nexus::builder().api_port(0).mcp_port(0).mount(&db);
    let running = builder.start().await.unwrap();
    let (api, mcp) = (running.api_address(), running.mcp_address().unwrap());
    for (id, tags, minutes, cooked) in [
        (
            1,
            json!(["sweet", "a, b"]),
            json!([5, 40]),
            json!(["2026-11-23", "2026-12-24"]),
        ),
        (2, json!(["sweet"]), Json::Null, json!([])),
        (3, json!([]), json!([]), json!(["2026-12-24"])),
    ] {
        let input = json!({"id": id, "tags": tags, "minutes": minutes, "cooked": cooked});
        let created = post(api, "/api/recipes", &input).await;
        assert_eq!(created.status, 201, "{created:?}");
        assert_eq!(created.json(), input);
    }

    let cases: [(&str, &[i64]); 13] = [
        ("tags=contains.(sweet)", &[1, 2]),
        ("tags=contains.(sweet,%22a,%20b%22)", &[1]),
        ("tags=contains.()", &[1, 2, 3]),
        ("tags=contained.(sweet)", &[2, 3]),
        ("tags=overlaps.(salty,sweet)", &[1, 2]),
        ("tags=not.overlaps.(sweet)", &[3]),
        ("tags=is.empty", &[3]),
        ("tags=eq.[%22sweet%22]", &[2]),
        ("minutes=contains.(40)", &[1]),
        ("minutes=is.not_empty", &[1]),
        ("cooked=contains.(2026-12-24)", &[1, 3]),
        ("cooked=contained.(2026-12-24,2026-12-25)", &[2, 3]),
        ("cooked=eq.[%222026-12-24%22]", &[3]),
    ];
    for (query, expected) in cases {
        let reply = get(api, &format!("/api/recipes?{query}")).await;
        assert_eq!(reply.status, 200, "{query} {reply:?}");
        let rows = reply.json();
        let rows = rows.as_array().unwrap().iter();
        let ids: Vec<i64> = rows.map(|row| row["id"].as_i64().unwrap()).collect();
        assert_eq!(ids, expected, "{query}");
    }
    for query in [
        "minutes=contains.(many)",
        "tags=contains.sweet",
        "tags=gt.[]",
        "id=overlaps.(1)",
        "id=is.empty",
        "cooked=contains.(tomorrow)",
        "order=tags.asc",
    ] {
        let reply = get(api, &format!("/api/recipes?{query}")).await;
        assert!([400, 422].contains(&reply.status), "{query} {reply:?}");
    }
    let refused = post(api, "/api/recipes", &json!({"id": 4, "tags": ["x", 7]})).await;
    assert_eq!(refused.status, 422, "{refused:?}");
    assert_eq!(refused.json()["errors"][0]["pointer"], "/tags");

    let found = call_tool(
        mcp,
        "recipe_list",
        json!({"filter": {"tags": {"$contains": "a, b"}}}),
    )
    .await;
    assert_eq!(found["structuredContent"]["rows"][0]["id"], 1, "{found}");
    let document = get(api, "/openapi.json").await.json();
    let schema = &document["components"]["schemas"]["Recipe"]["properties"]["tags"];
    assert_eq!(schema["type"], "array", "{schema}");
    assert_eq!(schema["items"]["type"], "string", "{schema}");
    let schema = &document["components"]["schemas"]["Recipe"]["properties"]["cooked"];
    assert_eq!(schema["items"]["format"], "date", "{schema}");
    running.shutdown().await;
}
