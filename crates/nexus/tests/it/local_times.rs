//! Times on the wall clock, at the doors.

use chrono::{NaiveDateTime, NaiveTime};
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

#[derive(Debug, Clone, Model)]
struct Shift {
    #[model(primary_key, client_key)]
    begins: NaiveTime,
    #[model(precision = 0)]
    ends: Option<NaiveTime>,
}

#[tokio::test]
async fn a_time_of_day_goes_through_every_door() {
    let db = DataFlow::builder("sqlite::memory:")
        .model::<Shift>()
        .build()
        .unwrap();
    let builder = Nexus::builder().api_port(0).mcp_port(0).mount(&db);
    let running = builder.start().await.unwrap();
    let (api, mcp) = (running.api_address(), running.mcp_address().unwrap());
    for begins in ["09:30:00", "09:30:00.500000"] {
        let input = json!({"begins": begins, "ends": "18:00:00"});
        let created = post(api, "/api/shifts", &input).await;
        assert_eq!(created.status, 201, "{created:?}");
        assert_eq!(created.json(), input);
    }
    let read = get(api, "/api/shifts/09:30:00.500000").await;
    assert_eq!(read.json()["begins"], "09:30:00.500000", "{read:?}");
    let cases: [(&str, &[&str]); 4] = [
        ("begins=eq.09:30", &["09:30:00"]),
        ("begins=gt.09:30:00", &["09:30:00.500000"]),
        ("begins=in.(09:30:00,10:00:00)", &["09:30:00"]),
        ("begins=between.(09:30:00.1,17:00)", &["09:30:00.500000"]),
    ];
    for (query, expected) in cases {
        let reply = get(api, &format!("/api/shifts?{query}")).await;
        assert_eq!(reply.status, 200, "{query} {reply:?}");
        let rows = reply.json();
        let rows = rows.as_array().unwrap().iter();
        let found: Vec<&str> = rows.map(|row| row["begins"].as_str().unwrap()).collect();
        assert_eq!(found, expected, "{query}");
    }
    for (begins, ends) in [("25:00:00", "18:00:00"), ("10:00:00", "18:00:00.5")] {
        let input = json!({"begins": begins, "ends": ends});
        let refused = post(api, "/api/shifts", &input).await;
        assert_eq!(refused.status, 422, "{refused:?}");
    }
    for query in ["begins=eq.09:30:00Z", "begins=gt.noon"] {
        let reply = get(api, &format!("/api/shifts?{query}")).await;
        assert!([400, 422].contains(&reply.status), "{query} {reply:?}");
    }
    let filter = json!({"filter": {"begins": {"$lte": "09:30:00"}}});
    let found = call_tool(mcp, "shift_list", filter).await;
    assert_eq!(
        found["structuredContent"]["rows"][0]["begins"], "09:30:00",
        "{found}"
    );
    let document = get(api, "/openapi.json").await.json();
    let schema = &document["components"]["schemas"]["Shift"]["properties"]["begins"];
    assert_eq!(schema["format"], "time-local", "{schema}");
    running.shutdown().await;
}
