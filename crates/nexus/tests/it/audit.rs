//! What was done to audited rows, at the doors that show it.

use dataflow::{DataFlow, DataFlowBuilder, Model};
use nexus::{Nexus, Running};
use serde_json::json;

use crate::client::{call_tool, get, post};

#[derive(Debug, Clone, PartialEq, Model)]
#[model(audit)]
struct Account {
    #[model(primary_key)]
    name: String,
    cents: i64,
    #[model(sensitive)]
    iban: String,
    #[model(write_only)]
    pin: String,
}

fn builder() -> DataFlowBuilder {
    let builder = DataFlow::builder("sqlite::memory:").environment([("", ""); 0]);
    builder.model::<Account>()
}

async fn start(database: &DataFlow) -> Running {
    let nexus = Nexus::builder().api_port(0).mcp_port(0).mount(database);
    let running = nexus.start().await.unwrap();
    let account = json!({"name": "rent", "cents": 5, "iban": "DE02-marked", "pin": "4711-marked"});
    let made = post(running.api_address(), "/api/accounts", &account).await;
    assert_eq!(made.status, 201);
    running
}

#[tokio::test]
async fn the_trail_is_closed_unless_it_is_asked_for() {
    let running = start(&builder().build().unwrap()).await;
    let api = running.api_address();
    assert_eq!(get(api, "/api/audit_entries").await.status, 404);
    assert!(
        !get(api, "/openapi.json")
            .await
            .body
            .contains("audit_entries")
    );
    let mcp = running.mcp_address().unwrap();
    let tool = call_tool(mcp, "audit_entry_list", json!({})).await;
    assert!(!tool.to_string().contains("rent"), "{tool}");
    running.shutdown().await;
}

#[tokio::test]
async fn the_trail_is_read_at_every_door_and_written_at_none() {
    let running = start(&builder().audit_at_doors(true).build().unwrap()).await;
    let api = running.api_address();
    let path = "/api/audit_entries?model=eq.Account&row_key=eq.%5B%22rent%22%5D&order=id.desc";
    let listed = get(api, path).await;
    assert_eq!(listed.status, 200, "{listed:?}");
    let entry = &listed.json()[0];
    assert_eq!(
        (&entry["verb"], &entry["row_key"]),
        (&json!("create"), &json!("[\"rent\"]"))
    );
    let changes = entry["changes"].as_array().unwrap();
    assert_eq!(changes[1], json!({"field": "cents", "after": 5}));
    assert_eq!(changes[2], json!({"field": "iban", "is_masked": true}));
    assert!(!listed.body.contains("marked"), "{listed:?}");

    assert_eq!(get(api, "/api/audit_entries/1").await.status, 200);
    assert_eq!(get(api, "/api/audit_entries/2").await.status, 404);
    assert_eq!(
        get(api, "/api/audit_entries?verb=eq.nonsense").await.status,
        400
    );
    assert_eq!(get(api, "/api/audit_entries?wrong=eq.1").await.status, 400);
    let forged = json!({"model": "Account", "verb": "create", "row_key": "[]", "changes": []});
    assert_eq!(post(api, "/api/audit_entries", &forged).await.status, 405);
    assert!(
        get(api, "/openapi.json")
            .await
            .body
            .contains("/api/audit_entries")
    );

    let mcp = running.mcp_address().unwrap();
    let tool = call_tool(mcp, "audit_entry_count", json!({})).await;
    assert_eq!(tool["structuredContent"]["count"], 1, "{tool}");
    running.shutdown().await;
}

#[derive(Debug, Clone, PartialEq, Model)]
struct Plain {
    #[model(primary_key)]
    id: i64,
}

#[tokio::test]
async fn what_was_done_to_one_row_is_told_below_its_path() {
    let database = builder().model::<Plain>().audit_at_doors(true).build();
    let running = start(&database.unwrap()).await;
    let api = running.api_address();
    let rent = json!({"cents": 7});
    for _ in 0..2 {
        let accounts = crate::client::patch(api, "/api/accounts/rent", &rent).await;
        assert_eq!(accounts.status, 200, "{accounts:?}");
    }
    let first = get(api, "/api/accounts/rent/audit?limit=1").await;
    assert_eq!(first.status, 200, "{first:?}");
    assert_eq!(first.header("content-range"), Some("items 0-0/*"));
    let update = &first.json()[0];
    assert_eq!(
        update["changes"],
        json!([{"field": "cents", "before": 5, "after": 7}])
    );
    let link = first.header("link").unwrap();
    let next = link.strip_prefix('<').unwrap().split('>').next().unwrap();
    let second = get(api, next).await;
    assert_eq!(second.json()[0]["verb"], "create");
    assert_eq!(second.header("link"), None);
    assert!(!second.body.contains("marked"), "{second:?}");

    for (path, status) in [
        ("/api/accounts/other/audit", 404),
        ("/api/accounts/rent/audit?limit=0", 400),
        ("/api/accounts/rent/audit?after=nonsense", 400),
        ("/api/accounts/rent/audit?verb=eq.create", 400),
        ("/api/accounts/rent/audits", 404),
    ] {
        assert_eq!(get(api, path).await.status, status, "{path}");
    }
    let forged = post(api, "/api/accounts/rent/audit", &json!({})).await;
    assert_eq!(forged.status, 405);
    let untold = get(api, "/api/plains/1/audit").await;
    assert_eq!(untold.status, 404);
    assert!(untold.body.contains("#[model(audit)]"), "{untold:?}");

    let document = get(api, "/openapi.json").await.json();
    let described = &document["paths"]["/api/accounts/{id}/audit"]["get"];
    assert_eq!(described["operationId"], "account_audit", "{described}");
    assert!(document["paths"].get("/api/plains/{id}/audit").is_none());

    let mcp = running.mcp_address().unwrap();
    let page = call_tool(mcp, "account_audit", json!({"name": "rent", "limit": 1})).await;
    let page = &page["structuredContent"];
    assert_eq!(page["rows"][0]["verb"], "update", "{page}");
    let rest = json!({"name": "rent", "after": page["next"]});
    let rest = call_tool(mcp, "account_audit", rest).await;
    assert_eq!(
        rest["structuredContent"]["rows"][0]["verb"], "create",
        "{rest}"
    );
    running.shutdown().await;
}
