//! Many rows in one request: those of a body, and those that a query names.

use dataflow::{DataFlow, Model};
use nexus::{Nexus, Running};
use serde_json::{Value as Json, json};

use crate::client::{Reply, call_tool, exchange, get, patch, post, post_with};

#[derive(Debug, Clone, Model)]
struct Visitor {
    #[model(primary_key, client_key)]
    id: i64,
    #[model(unique)]
    email: String,
    #[model(max_length = 8)]
    city: String,
    #[model(min = 0)]
    visits: i64,
}

async fn start() -> Running {
    let db = DataFlow::builder("sqlite::memory:")
        .model::<Visitor>()
        .build()
        .unwrap();
    let builder = Nexus::builder().api_port(0).mcp_port(0).mount(&db);
    let running = builder.start().await.unwrap();
    let rows = (1..=5).map(|id| visitor(id, if id < 4 { "Rome" } else { "Oslo" }));
    let rows = Json::Array(rows.collect());
    let created = post(running.api_address(), "/api/visitors", &rows).await;
    assert_eq!(created.status, 201, "{created:?}");
    running
}

fn visitor(id: i64, city: &str) -> Json {
    json!({"id": id, "email": format!("{id}@example.org"), "city": city, "visits": id})
}

async fn visits(running: &Running) -> Vec<i64> {
    let rows = get(running.api_address(), "/api/visitors").await.json();
    let rows = rows.as_array().unwrap().iter();
    rows.map(|row| row["visits"].as_i64().unwrap()).collect()
}

fn pointers(reply: &Reply) -> Vec<String> {
    let errors = reply.json()["errors"].as_array().cloned();
    let errors = errors.unwrap_or_default().into_iter();
    errors
        .map(|error| error["pointer"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn rows_that_a_query_names_are_changed_and_counted() {
    let running = start().await;
    let api = running.api_address();
    let change = json!({"city": "Bern", "add": {"visits": 10}});
    let path = "/api/visitors?city=eq.Rome&visits=gte.2&visits=lt.9";
    let changed = patch(api, path, &change).await;
    assert_eq!((changed.status, changed.json()), (200, json!({"count": 2})));
    assert_eq!(visits(&running).await, [1, 12, 13, 4, 5]);
    let none = patch(api, "/api/visitors?city=eq.Rome&id=gt.9", &change).await;
    assert_eq!(none.json(), json!({"count": 0}));
    let all = patch(api, "/api/visitors?all=true", &json!({"city": "Nice"})).await;
    assert_eq!(all.json(), json!({"count": 5}));

    let gone = exchange("DELETE", api, "/api/visitors?id=in.(1,2,9)", "").await;
    assert_eq!((gone.status, gone.json()), (200, json!({"count": 2})));
    let gone = exchange("DELETE", api, "/api/visitors?all=true", "").await;
    assert_eq!(gone.json(), json!({"count": 3}));
    running.shutdown().await;
}

#[tokio::test]
async fn rows_of_a_body_are_changed_all_or_none() {
    let running = start().await;
    let api = running.api_address();
    let rows = json!([{"id": 1, "visits": 7}, {"id": 2, "add": {"visits": 5}}]);
    let both_ways = patch(api, "/api/visitors", &rows).await;
    assert_eq!(both_ways.status, 422, "{both_ways:?}");
    assert_eq!(pointers(&both_ways), ["/1/add/visits"]);
    let rows = json!([{"id": 1, "city": "Nice"}, {"id": 2, "visits": 5}]);
    let changed = patch(api, "/api/visitors", &rows).await;
    assert_eq!(changed.status, 200, "{changed:?}");
    assert_eq!(changed.json()[0]["city"], "Nice");
    assert_eq!(visits(&running).await, [1, 5, 3, 4, 5]);
    let lost = patch(api, "/api/visitors", &json!([{"id": 1}, {"id": 9}])).await;
    assert_eq!(lost.status, 404, "{lost:?}");
    assert_eq!(pointers(&lost), ["/1/id"]);
    running.shutdown().await;
}

#[tokio::test]
async fn a_write_that_names_no_rows_is_refused() {
    let running = start().await;
    let (api, rows) = (running.api_address(), "/api/visitors");
    let change = json!({"city": "Nice"});
    for (query, status) in [
        ("", 400),
        ("?all=yes", 400),
        ("?limit=1", 400),
        ("?id=eq.1&order=id", 400),
        ("?town=eq.Rome", 400),
        ("?all=true&all=true", 400),
        ("?and=()", 422),
        ("?id=not.in.()", 422),
        ("?all=true&id=eq.1", 422),
    ] {
        let path = format!("{rows}{query}");
        let refused = patch(api, &path, &change).await;
        assert_eq!(refused.status, status, "{path} {refused:?}");
        let refused = exchange("DELETE", api, &path, "").await;
        assert_eq!(refused.status, status, "{path} {refused:?}");
    }
    for (query, body, status, expected) in [
        ("?id=eq.1", json!([]), 400, &[][..]),
        ("?id=eq.1", json!(1), 400, &[]),
        ("?id=eq.1", json!({}), 422, &[""]),
        ("?id=eq.1", json!({"city": "far too long"}), 422, &["/city"]),
        (
            "?id=eq.1",
            json!({"id": 2, "town": 1}),
            422,
            &["/id", "/town"],
        ),
        ("?id=eq.1", json!({"add": {"visits": -9}}), 422, &[]),
        ("?id=gt.1", json!({"email": "x"}), 409, &["/email"]),
    ] {
        let refused = patch(api, &format!("{rows}{query}"), &body).await;
        assert_eq!(refused.status, status, "{body} {refused:?}");
        if !expected.is_empty() {
            assert_eq!(pointers(&refused), expected, "{body}");
        }
    }
    assert_eq!(visits(&running).await, [1, 2, 3, 4, 5]);
    running.shutdown().await;
}

#[tokio::test]
async fn a_new_row_merges_with_the_one_that_is_there_where_that_is_preferred() {
    let running = start().await;
    let api = running.api_address();
    let merge = "Prefer: resolution=merge-duplicates\r\n";
    let path = "/api/visitors?on_conflict=email";
    let same = json!({"id": 9, "email": "1@example.org", "city": "Nice", "visits": 0});
    let merged = post_with(api, path, merge, &same).await;
    assert_eq!(merged.status, 200, "{merged:?}");
    assert_eq!(merged.json()["id"], 1);
    let applied = merged.header("preference-applied");
    assert_eq!(applied, Some("resolution=merge-duplicates"));
    let new = post_with(api, path, merge, &visitor(7, "Nice")).await;
    assert_eq!(new.status, 201, "{new:?}");
    assert_eq!(new.header("location"), Some("/api/visitors/7"));
    assert_eq!(new.json()["created"], true);
    let two = json!([visitor(2, "Nice"), visitor(6, "Nice")]);
    let merged = post_with(api, "/api/visitors", merge, &two).await;
    assert_eq!(merged.status, 200, "{merged:?}");
    assert_eq!(merged.json()[1]["id"], 6);

    let refused = post(api, "/api/visitors", &visitor(1, "Nice")).await;
    assert_eq!(refused.status, 409, "{refused:?}");
    let refused = post(api, path, &same).await;
    assert_eq!(refused.status, 400, "nobody asked for it: {refused:?}");
    let other = "Prefer: resolution=ignore-duplicates\r\n";
    let refused = post_with(api, path, other, &same).await;
    assert_eq!(refused.status, 400, "{refused:?}");
    for fields in ["city", "town", ""] {
        let path = format!("/api/visitors?on_conflict={fields}");
        let refused = post_with(api, &path, merge, &same).await;
        assert_eq!(refused.status, 422, "{refused:?}");
    }
    running.shutdown().await;
}

#[tokio::test]
async fn all_rows_are_counted_where_that_is_preferred() {
    let running = start().await;
    let api = running.api_address();
    let counted = async |query: &str| {
        let path = format!("/api/visitors?{query}");
        let headers = "Prefer: count=exact\r\n";
        let reply = exchange("GET", api, &path, headers).await;
        assert_eq!(reply.status, 200, "{reply:?}");
        let applied = reply.header("preference-applied").map(str::to_owned);
        let range = reply.header("content-range").map(str::to_owned);
        (range, applied.is_some())
    };
    let range = |text: &str| (Some(text.to_owned()), true);
    assert_eq!(counted("limit=2").await, range("items 0-1/5"));
    assert_eq!(counted("limit=2&offset=4").await, range("items 4-4/5"));
    assert_eq!(counted("city=eq.Oslo").await, range("items 0-1/2"));
    assert_eq!(counted("city=eq.Nice").await, range("items */0"));
    let grouped = counted("select=city,count()").await;
    assert!(!grouped.1, "groups are not counted");
    let plain = get(api, "/api/visitors?limit=2").await;
    assert_eq!(plain.header("content-range"), Some("items 0-1/*"));
    running.shutdown().await;
}

#[tokio::test]
async fn a_bulk_update_by_a_filter_is_a_tool_whose_answer_is_its_count() {
    let running = start().await;
    let mcp = running.mcp_address().unwrap();
    let input = json!({"filter": {"city": "Rome"}, "set": {"add": {"visits": 1}}});
    let answer = call_tool(mcp, "visitor_bulk_update", input).await;
    assert_eq!(answer["structuredContent"], json!({"count": 3}), "{answer}");
    let input = json!({"rows": [{"id": 1, "city": "Nice"}]});
    let answer = call_tool(mcp, "visitor_bulk_update", input).await;
    let city = &answer["structuredContent"]["rows"][0]["city"];
    assert_eq!(city, "Nice", "{answer}");
    let answer = call_tool(mcp, "visitor_bulk_delete", json!({"filter": {}})).await;
    assert_eq!(answer["isError"], true, "{answer}");
    running.shutdown().await;
}
