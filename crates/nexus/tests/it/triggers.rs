//! What a trigger of the table refuses, at the doors.

use dataflow::{DataFlow, Model};
use nexus::Nexus;
use private_postgres::{Database, test_database_url};
use serde_json::json;

use crate::client::{call_tool, get, patch, post};

#[derive(Debug, Clone, PartialEq, Model)]
struct Town {
    #[model(primary_key, client_key)]
    id: i64,
    name: String,
}

/// A value that must be in no answer.
const MARK: &str = "Atlantis";

const ON_SQLITE: &str = "CREATE TRIGGER no_atlantis BEFORE UPDATE ON towns \
     WHEN NEW.name = 'Atlantis' BEGIN SELECT RAISE(ABORT, 'no Atlantis here'); END";

const ON_POSTGRES: [&str; 2] = [
    "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS \
     $$ BEGIN IF NEW.name = 'Atlantis' THEN RAISE EXCEPTION 'no % here', NEW.name; END IF; \
     RETURN NEW; END $$",
    "CREATE TRIGGER no_atlantis BEFORE UPDATE ON towns FOR EACH ROW EXECUTE FUNCTION refuse()",
];

async fn a_refusal_is_the_fault_of_the_request(db: DataFlow, triggers: &[&str]) {
    let builder = Nexus::builder().api_port(0).mcp_port(0).mount(&db);
    let running = builder.start().await.unwrap();
    let (api, mcp) = (running.api_address(), running.mcp_address().unwrap());
    for trigger in triggers {
        db.sql(*trigger).execute().await.unwrap();
    }
    for id in 1..=3 {
        let created = post(api, "/api/towns", &json!({"id": id, "name": "Rome"})).await;
        assert_eq!(created.status, 201, "{created:?}");
    }
    let name = json!({"name": MARK});
    let replies = [
        patch(api, "/api/towns/1", &name).await,
        patch(api, "/api/towns?id=gte.2", &name).await,
        patch(
            api,
            "/api/towns",
            &json!([{"id": 2, "name": "Bern"}, {"id": 3, "name": MARK}]),
        )
        .await,
    ];
    for reply in replies {
        assert_eq!(reply.status, 422, "{reply:?}");
        let content = reply.header("content-type").unwrap();
        assert!(content.starts_with("application/problem+json"), "{reply:?}");
        assert!(!reply.body.contains(MARK), "{reply:?}");
    }
    let refused = call_tool(mcp, "town_update", json!({"id": 1, "name": MARK})).await;
    assert_eq!(refused["isError"], true, "{refused}");
    let rows = get(api, "/api/towns?name=neq.Rome").await;
    assert_eq!(rows.json(), json!([]), "nothing was changed");
    let other = patch(api, "/api/towns/1", &json!({"name": "Bern"})).await;
    assert_eq!(other.status, 200, "{other:?}");
    running.shutdown().await;
}

fn builder(url: &str) -> DataFlow {
    let builder = DataFlow::builder(url).environment([("", ""); 0]);
    builder.model::<Town>().build().unwrap()
}

#[tokio::test]
async fn what_a_trigger_of_sqlite_refuses_is_422() {
    a_refusal_is_the_fault_of_the_request(builder("sqlite::memory:"), &[ON_SQLITE]).await;
}

#[tokio::test]
async fn what_a_trigger_of_postgres_refuses_is_422() {
    let server = Database::create(&test_database_url());
    a_refusal_is_the_fault_of_the_request(builder(server.url()), &ON_POSTGRES).await;
}
