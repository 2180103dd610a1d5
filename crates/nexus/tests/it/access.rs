//! Which way a field goes, at every door.

use dataflow::{DataFlow, Model};
use nexus::{Nexus, Workflow};
use serde_json::json;

use crate::client::{call_tool, get, post, send};

#[derive(Debug, Clone, Model)]
struct Account {
    #[model(primary_key, generate = "none")]
    id: i64,
    #[model(write_only, sensitive)]
    password: String,
    #[model(read_only, default = 0)]
    credit: i64,
}

#[tokio::test]
async fn a_field_goes_the_same_way_at_every_door() {
    let db = DataFlow::builder("sqlite::memory:")
        .model::<Account>()
        .build()
        .unwrap();
    let builder = Nexus::builder().api_port(0).mcp_port(0).mount(&db);
    let running = builder.start().await.unwrap();
    let (api, mcp) = (running.api_address(), running.mcp_address().unwrap());
    let shown = json!({"id": 1, "credit": 0});

    let account = json!({"id": 1, "password": "s3cret"});
    let created = post(api, "/api/accounts", &account).await;
    assert_eq!((created.status, created.json()), (201, shown.clone()));
    assert_eq!(get(api, "/api/accounts").await.json(), json!([shown]));
    let answer = call_tool(mcp, "account_read", json!({"id": 1})).await;
    assert_eq!(answer["structuredContent"], shown, "{answer}");

    let accounts = db.repository::<Account>().unwrap();
    let mut stored = accounts.read(&1).await.unwrap();
    stored.credit = 7;
    accounts.update(&stored).await.unwrap();
    let body = r#"{"password": "another"}"#;
    let length = body.len();
    let request = format!(
        "PUT /api/accounts/1 HTTP/1.1\r\nHost: {api}\r\nConnection: close\r\n\
         Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
    );
    let replaced = send(api, &request).await;
    let kept = json!({"id": 1, "credit": 7});
    assert_eq!((replaced.status, replaced.json()), (200, kept));

    let given = json!({"id": 2, "password": "s3cret", "credit": 9});
    let refused = post(api, "/api/accounts", &given).await;
    assert_eq!(refused.status, 422);
    assert_eq!(refused.json()["errors"][0]["code"], "read_only");
    for path in [
        "/api/accounts?password=eq.another",
        "/api/accounts?passwort=eq.another",
        "/api/accounts?select=id,password",
        "/api/accounts?select=passwort.max()",
        "/api/accounts?select=password.max()",
        "/api/accounts?order=password",
        "/api/accounts?or=(password.eq.another,id.eq.1)",
    ] {
        let refused = get(api, path).await;
        assert_eq!(refused.status, 400, "{path}: {refused:?}");
        assert!(
            !refused.body.contains("did you mean"),
            "{path}: {refused:?}"
        );
    }

    let document = get(api, "/openapi.json").await.json();
    let schemas = &document["components"]["schemas"];
    assert_eq!(schemas["Account"]["properties"].get("password"), None);
    assert_eq!(schemas["Account"]["properties"]["credit"]["readOnly"], true);
    let new = &schemas["AccountCreate"]["properties"];
    assert_eq!(new["password"]["writeOnly"], true);
    assert_eq!(new.get("credit"), None);
    let questions = document["paths"]["/api/accounts"]["get"]["parameters"].to_string();
    assert!(!questions.contains("password"), "{questions}");
    running.shutdown().await;
}

#[derive(Debug, Clone, Model)]
#[model(has_many(cards = Card.person_id))]
struct Person {
    #[model(primary_key, generate = "none")]
    id: i64,
    age: i64,
    is_member: bool,
}

#[derive(Debug, Clone, Model)]
struct Card {
    #[model(primary_key, generate = "none")]
    id: i64,
    #[model(belongs_to = Person)]
    person_id: i64,
    #[model(write_only)]
    number: String,
    #[model(sensitive)]
    holder: String,
}

/// What one path hides another one hides, and what one shows is shown by all, of the type it has.
#[tokio::test]
async fn e07_a_field_is_hidden_on_every_path_or_on_none() {
    let db = DataFlow::builder("sqlite::memory:")
        .model::<Person>()
        .model::<Card>()
        .build()
        .unwrap();
    let steps = Workflow::builder()
        .node("read", db.node("card_read").unwrap())
        .connect("inputs.id", "read.id")
        .build()
        .unwrap();
    let builder = Nexus::builder().api_port(0).mcp_port(0).mount(&db);
    let running = builder.register("card", steps).start().await.unwrap();
    let (api, mcp) = (running.api_address(), running.mcp_address().unwrap());
    let person = json!({"id": 1, "age": 36, "is_member": true});
    assert_eq!(post(api, "/api/persons", &person).await.status, 201);
    let card = json!({"id": 2, "person_id": 1, "number": "4000-marked", "holder": "Ada"});
    let shown = json!({"id": 2, "person_id": 1, "holder": "Ada"});
    assert_eq!(post(api, "/api/cards", &card).await.json(), shown);

    let mut answers = Vec::new();
    for path in ["/api/cards/2", "/api/cards/2?select=*,person(*)"] {
        let mut read = get(api, path).await.json();
        if let Some(beside) = read.as_object_mut().unwrap().remove("person") {
            assert_eq!(beside, person, "numbers and flags stay what they are");
        }
        answers.push(read);
    }
    answers.push(get(api, "/api/cards").await.json()[0].clone());
    let beside = get(api, "/api/persons?select=*,cards(*)").await.json();
    answers.push(beside[0]["cards"][0].clone());
    for (tool, input) in [
        ("card_read", json!({"id": 2})),
        ("card_update", json!({"id": 2, "number": "5000-marked"})),
        (
            "card_upsert",
            json!({"id": 2, "person_id": 1, "number": "6-marked", "holder": "Ada"}),
        ),
    ] {
        let answer = call_tool(mcp, tool, input).await;
        let mut answered = answer["structuredContent"].clone();
        answered.as_object_mut().unwrap().remove("created");
        answers.push(answered);
    }
    let listed = call_tool(mcp, "card_list", json!({})).await;
    answers.push(listed["structuredContent"]["rows"][0].clone());
    let inputs = json!({"inputs": {"id": 2}});
    let run = post(api, "/workflows/card/execute", &inputs).await;
    answers.push(run.json()["outputs"]["read"].clone());
    for answer in &answers {
        assert_eq!(*answer, shown, "{answers:?}");
    }
    let stored = db.repository::<Card>().unwrap().read(&2).await.unwrap();
    assert_eq!(
        stored.number, "6-marked",
        "the program itself sees what it stores"
    );
    running.shutdown().await;
}
