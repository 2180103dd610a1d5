//! Places inside documents, and fields compared with each other, in a query.

use dataflow::{DataFlow, Model};
use nexus::Nexus;
use serde_json::{Value as Json, json};

use crate::client::{call_tool, get, post};

#[derive(Debug, Clone, Model)]
struct Part {
    #[model(primary_key, client_key)]
    id: i64,
    stock: i32,
    wanted: Option<i32>,
    label: String,
    note: Json,
}

/// A request has no arrow head in its first line.
fn path(query: &str) -> String {
    format!("/api/parts?{query}").replace('>', "%3E")
}

#[tokio::test]
async fn queries_name_places_inside_documents_and_other_fields() {
    let db = DataFlow::builder("sqlite::memory:")
        .model::<Part>()
        .build()
        .unwrap();
    let builder = Nexus::builder().api_port(0).mcp_port(0).mount(&db);
    let running = builder.start().await.unwrap();
    let (api, mcp) = (running.api_address(), running.mcp_address().unwrap());
    for (id, stock, wanted, note) in [
        (
            1,
            5,
            json!(7),
            json!({"size": 20, "made": {"city": "Rome"}}),
        ),
        (2, 9, json!(7), json!({"size": 3, "made": {"city": "Bern"}})),
        (3, 1, Json::Null, json!({"made": {"city": 4}})),
    ] {
        let part = json!({
            "id": id, "stock": stock, "wanted": wanted, "label": "wanted", "note": note,
        });
        let created = post(api, "/api/parts", &part).await;
        assert_eq!(created.status, 201, "{created:?}");
    }

    let cases: [(&str, &[i64]); 8] = [
        ("order=note->size.desc.nullslast", &[1, 2, 3]),
        ("order=note-%3E%3Esize,id.desc", &[3, 2, 1]),
        ("order=note->made->>city", &[2, 1, 3]),
        ("stock=lt(field).wanted", &[1]),
        ("stock=not.lt(field).wanted", &[2, 3]),
        ("wanted=neq(field).stock&order=id.desc", &[3, 2, 1]),
        ("or=(stock.gt(field).wanted,id.eq.1)", &[1, 2]),
        ("label=eq.wanted", &[1, 2, 3]),
    ];
    for (query, expected) in cases {
        let reply = get(api, &path(query)).await;
        assert_eq!(reply.status, 200, "{query} {reply:?}");
        let rows = reply.json();
        let rows = rows.as_array().unwrap().iter();
        let ids: Vec<i64> = rows.map(|row| row["id"].as_i64().unwrap()).collect();
        assert_eq!(ids, expected, "{query}");
    }

    let query = "select=id,note->>size,note->made->city&order=note->size&limit=1";
    let reply = get(api, &path(query)).await;
    assert_eq!(
        reply.json(),
        json!([{"id": 2, "size": null, "city": "Bern"}])
    );
    let link = reply.header("link").unwrap();
    let next = link.strip_prefix('<').unwrap().split('>').next().unwrap();
    let next = get(api, next).await;
    assert_eq!(
        next.json(),
        json!([{"id": 1, "size": null, "city": "Rome"}])
    );

    for query in [
        "order=stock->size",
        "select=stock->size",
        "select=id,note->id",
        "stock=lt(field).nothing",
        "stock=lt(field).label",
        "stock=like(field).label",
        "note=eq(field).label",
    ] {
        let reply = get(api, &path(query)).await;
        assert!([400, 422].contains(&reply.status), "{query} {reply:?}");
    }
    let input = json!({"fields": ["note->>size", "note->size"]});
    let found = call_tool(mcp, "part_list", input).await;
    assert_eq!(found["isError"], true, "they are called alike: {found}");
    let input = json!({"fields": ["note->size"], "order": ["note->size"], "limit": 1});
    let found = call_tool(mcp, "part_list", input).await;
    assert_eq!(found["structuredContent"]["rows"][0]["size"], 3, "{found}");
    running.shutdown().await;
}
