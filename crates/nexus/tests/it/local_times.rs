//! Times on the wall clock, at the doors.

use chrono::NaiveDateTime;
use dataflow::{DataFlow, Model};
use nexus::Nexus;
use serde_json::json;

use crate::client::{call_tool, get, post};

#[derive(Debug, Clone, Model)]
struct Meeting {
    #[model(primary_key, client_key)]
    id: i64,
    begins: NaiveDateTime,
}

#[tokio::test]
async fn a_time_on_the_clock_goes_through_every_door() {
    let db = DataFlow::builder("sqlite::memory:")
        .model::<Meeting>()
        .build()
        .unwrap();
    let builder = Nexus::builder().api_port(0).mcp_port(0).mount(&db);
    let running = builder.start().await.unwrap();
    let (api, mcp) = (running.api_address(), running.mcp_address().unwrap());
    for (id, begins) in [
        (1, "2026-11-23T09:30:00"),
        (2, "2026-11-23T09:30:00.500000"),
    ] {
        let input = json!({"id": id, "begins": begins});
        let created = post(api, "/api/meetings", &input).await;
        assert_eq!(created.status, 201, "{created:?}");
        assert_eq!(created.json(), input);
    }
    let cases: [(&str, &[i64]); 4] = [
        ("begins=eq.2026-11-23T09:30:00", &[1]),
        ("begins=gt.2026-11-23T09:30:00", &[2]),
        ("begins=in.(2026-11-23T09:30,2026-11-23T09:30:01)", &[1]),
        ("order=begins.desc", &[2, 1]),
    ];
    for (query, expected) in cases {
        let reply = get(api, &format!("/api/meetings?{query}")).await;
        assert_eq!(reply.status, 200, "{query} {reply:?}");
        let rows = reply.json();
        let rows = rows.as_array().unwrap().iter();
        let ids: Vec<i64> = rows.map(|row| row["id"].as_i64().unwrap()).collect();
        assert_eq!(ids, expected, "{query}");
    }

    let zoned = json!({"id": 3, "begins": "2026-11-23T09:30:00+01:00"});
    let refused = post(api, "/api/meetings", &zoned).await;
    assert_eq!(refused.status, 422, "{refused:?}");
    let fault = &refused.json()["errors"][0];
    assert_eq!(fault["pointer"], "/begins");
    assert!(
        fault["detail"].as_str().unwrap().contains("leave it out"),
        "{fault}"
    );
    for query in ["begins=eq.2026-11-23T09:30:00Z", "begins=gt.soon"] {
        let reply = get(api, &format!("/api/meetings?{query}")).await;
        assert!([400, 422].contains(&reply.status), "{query} {reply:?}");
    }

    let filter = json!({"filter": {"begins": {"$lte": "2026-11-23T09:30:00"}}});
    let found = call_tool(mcp, "meeting_list", filter).await;
    assert_eq!(found["structuredContent"]["rows"][0]["id"], 1, "{found}");
    let document = get(api, "/openapi.json").await.json();
    let schema = &document["components"]["schemas"]["Meeting"]["properties"]["begins"];
    assert_eq!(schema["format"], "date-time-local", "{schema}");
    running.shutdown().await;
}
