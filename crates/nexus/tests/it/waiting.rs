//! How long a client waits, at the doors.

use dataflow::{DataFlow, Filter, Model};
use nexus::Nexus;
use private_postgres::{Database, test_database_url};
use serde_json::json;

use crate::client::{exchange, get, post_with};

#[derive(Debug, Clone, PartialEq, Model)]
struct Delay {
    #[model(primary_key, client_key)]
    id: i64,
}

const ON_SQLITE: [&str; 2] = [
    "CREATE VIEW endless AS WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) \
     SELECT max(i) FROM n",
    "CREATE TRIGGER slow BEFORE INSERT ON delays BEGIN SELECT * FROM endless; END",
];

const ON_POSTGRES: [&str; 2] = [
    "CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS \
     $$ BEGIN PERFORM pg_sleep(60); RETURN NEW; END $$",
    "CREATE TRIGGER slow BEFORE INSERT ON delays FOR EACH ROW EXECUTE FUNCTION wait()",
];

async fn a_client_that_waits_for_less_is_told_so_and_nothing_took_effect(
    db: DataFlow,
    triggers: [&str; 2],
) {
    let builder = Nexus::builder().api_port(0).mcp_port(0).mount(&db);
    let running = builder.start().await.unwrap();
    let (api, mcp) = (running.api_address(), running.mcp_address().unwrap());
    for trigger in triggers {
        db.sql(trigger).execute().await.unwrap();
    }
    let wait = "Prefer: wait=1\r\n";
    let late = post_with(api, "/api/delays", wait, &json!({"id": 1})).await;
    assert_eq!(late.status, 504, "{late:?}");
    let problem = late.json();
    assert_eq!(problem["code"], "DF-402", "{problem}");
    // The database stopped it; nobody left it behind.
    let detail = problem["detail"].as_str().unwrap();
    assert!(detail.contains("was stopped at its work"), "{problem}");
    let call = json!({
        "jsonrpc": "2.0", "id": 1, "method": "tools/call",
        "params": {"name": "delay_create", "arguments": {"id": 1}},
    });
    let late = post_with(mcp, "/mcp", wait, &call).await.json();
    assert_eq!(late["result"]["isError"], true, "{late}");
    assert!(late.to_string().contains("DF-402"), "{late}");
    let delays = db.repository::<Delay>().unwrap();
    assert_eq!(delays.count(Filter::all()).await.unwrap(), 0);

    let in_time = exchange("GET", api, "/api/delays", "Prefer: wait=9\r\n").await;
    assert_eq!(in_time.status, 200, "{in_time:?}");
    assert_eq!(in_time.header("preference-applied"), Some("wait=9"));
    for rubbish in ["soon", "0", "-1", "1.5", ""] {
        let headers = format!("Prefer: wait={rubbish}\r\n");
        for (port, path) in [(api, "/api/delays"), (mcp, "/mcp")] {
            let refused = exchange("GET", port, path, &headers).await;
            assert_eq!(refused.status, 400, "{headers} {refused:?}");
        }
    }
    let document = get(api, "/openapi.json").await.json();
    let parameters = &document["paths"]["/api/delays/{id}"]["delete"]["parameters"];
    assert!(parameters.to_string().contains("wait=5"), "{parameters}");
    running.shutdown().await;
}

fn builder(url: &str) -> DataFlow {
    let builder = DataFlow::builder(url).environment([("", ""); 0]);
    builder.model::<Delay>().build().unwrap()
}

#[tokio::test]
async fn a_client_that_waits_for_less_is_told_so_on_sqlite() {
    let db = builder("sqlite::memory:");
    a_client_that_waits_for_less_is_told_so_and_nothing_took_effect(db, ON_SQLITE).await;
}

#[tokio::test]
async fn a_client_that_waits_for_less_is_told_so_on_postgres() {
    let database = Database::create(&test_database_url());
    let db = builder(database.url());
    a_client_that_waits_for_less_is_told_so_and_nothing_took_effect(db, ON_POSTGRES).await;
}
