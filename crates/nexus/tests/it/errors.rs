//! What is refused, to code and over HTTP, on either database: who is at fault stands in the error,
//! and no value does.

use dataflow::error::Code;
use dataflow::node::{Context, Form, Node as _};
use dataflow::{DataFlow, Error, Model};
use nexus::Nexus;
use private_postgres::{Database, test_database_url};
use serde::Deserialize;
use serde_json::{Value as Json, json};

use crate::client::{exchange, post};

/// What must be in no message.
const MARK: &str = "xyzzy";

#[derive(Debug, Clone, Model)]
struct Team {
    #[model(primary_key, client_key)]
    id: i64,
}

#[derive(Debug, Clone, Model, Deserialize)]
#[model(check("begins <= ends", name = "badges_in_order"))]
struct Badge {
    #[model(primary_key, client_key)]
    id: i64,
    #[model(unique)]
    code: String,
    #[model(column = "label", max_length = 5)]
    text: String,
    #[model(belongs_to = Team, column = "team")]
    team_id: i64,
    #[model(min = 18)]
    age: i32,
    size: i16,
    begins: i32,
    ends: i32,
}

fn badge(id: i64, field: &str, value: impl Into<Json>) -> Json {
    let mut badge = json!({
        "id": id, "code": format!("badge {id}"), "text": "a", "team_id": 1, "age": 18, "size": 1,
        "begins": 1, "ends": 2
    });
    badge[field] = value.into();
    badge
}

/// What is at fault.
struct Fault {
    status: u16,
    word: &'static str,
    code: Code,
    column: Option<&'static str>,
    constraint: Option<&'static str>,
    pointer: Option<&'static str>,
}

const REFUSED: Fault = Fault {
    status: 422,
    word: "invalid",
    code: Code::OutOfRange,
    column: None,
    constraint: None,
    pointer: None,
};

/// A field, a value that it does not take, and what is told of it.
fn cases() -> [(&'static str, Json, Fault); 7] {
    [
        (
            "code",
            MARK.into(),
            Fault {
                status: 409,
                word: "unique-conflict",
                code: Code::Unique,
                column: Some("code"),
                constraint: Some("badges_code_key"),
                pointer: Some("/code"),
            },
        ),
        (
            "team_id",
            9.into(),
            Fault {
                status: 409,
                word: "reference-conflict",
                code: Code::ForeignKey,
                column: Some("team"),
                constraint: Some("badges_team_fkey"),
                pointer: Some("/team_id"),
            },
        ),
        (
            "text",
            Json::Null,
            Fault {
                code: Code::NotNull,
                column: Some("label"),
                pointer: Some("/text"),
                ..REFUSED
            },
        ),
        (
            "text",
            format!("{MARK} and more").into(),
            Fault {
                column: Some("label"),
                pointer: Some("/text"),
                ..REFUSED
            },
        ),
        (
            "age",
            17.into(),
            Fault {
                column: Some("age"),
                pointer: Some("/age"),
                ..REFUSED
            },
        ),
        (
            "size",
            70_000.into(),
            Fault {
                column: Some("size"),
                pointer: Some("/size"),
                ..REFUSED
            },
        ),
        (
            "begins",
            3.into(),
            Fault {
                code: Code::Check,
                constraint: Some("badges_in_order"),
                ..REFUSED
            },
        ),
    ]
}

fn assert_told(error: &Error, fault: &Fault, what: &str) {
    assert_eq!(error.code(), fault.code, "{what}: {error:?}");
    let place = error.place();
    assert_eq!(place.table.as_deref(), Some("badges"), "{what}: {error:?}");
    let columns: Vec<&str> = fault.column.into_iter().collect();
    assert_eq!(place.columns, columns, "{what}: {error:?}");
    let constraint = place.constraint.as_deref();
    assert_eq!(constraint, fault.constraint, "{what}: {error:?}");
    let pointer = error.faults().first().map(|fault| &*fault.pointer);
    assert_eq!(pointer, fault.pointer, "{what}: {error:?}");
    assert!(
        !format!("{error} {error:?}").contains(MARK),
        "{what}: {error:?}"
    );
}

async fn what_is_at_fault_is_told_alike(db: DataFlow) {
    let builder = Nexus::builder().api_port(0).mcp_port(0).mount(&db);
    let running = builder.start().await.unwrap();
    let api = running.api_address();
    let (teams, badges) = (
        db.repository::<Team>().unwrap(),
        db.repository::<Badge>().unwrap(),
    );
    teams.create(&Team { id: 1 }).await.unwrap();
    let first = post(api, "/api/badges", &badge(1, "code", MARK)).await;
    assert_eq!(first.status, 201, "{first:?}");

    for (field, value, fault) in cases() {
        let row = badge(2, field, value);
        // A struct holds neither null nor 70000 there.
        match serde_json::from_value::<Badge>(row.clone()) {
            Ok(badge) => {
                let error = badges.create(&badge).await.unwrap_err();
                assert_told(&error, &fault, field);
                let error = badges.bulk_create(&[badge]).await.unwrap_err();
                assert_eq!(error.place().constraint.as_deref(), fault.constraint);
            }
            Err(_) => assert!(matches!(fault.code, Code::NotNull | Code::OutOfRange)),
        }
        let node = db.node("badge_create").unwrap();
        let input = row.as_object().unwrap().clone();
        let error = node
            .call(&Context::new(Form::Value), input)
            .await
            .err()
            .unwrap();
        assert_told(&error, &fault, field);

        let reply = post(api, "/api/badges", &row).await;
        assert_eq!(reply.status, fault.status, "{field}: {reply:?}");
        let problem = reply.json();
        let word = format!("urn:nexus:problem:{}", fault.word);
        assert_eq!(problem["type"], word, "{field}: {reply:?}");
        assert_eq!(
            problem["code"],
            fault.code.to_string(),
            "{field}: {reply:?}"
        );
        let pointer = problem["errors"][0]["pointer"].as_str();
        assert_eq!(pointer, fault.pointer, "{field}: {reply:?}");
        if fault.pointer.is_none() {
            let detail = problem["detail"].as_str().unwrap();
            assert!(detail.contains(fault.constraint.unwrap()), "{reply:?}");
        }
        assert!(!reply.body.contains(MARK), "{field}: {reply:?}");
    }

    let pointed_at = Fault {
        code: Code::ForeignKey,
        column: Some("team"),
        constraint: Some("badges_team_fkey"),
        ..REFUSED
    };
    let error = teams.delete(&1).await.unwrap_err();
    assert_told(&error, &pointed_at, "delete");
    let reply = exchange("DELETE", api, "/api/teams/1", "").await;
    assert_eq!(reply.status, 409, "{reply:?}");
    let detail = reply.json()["detail"].to_string();
    assert!(detail.contains("badges"), "{detail}");
    running.shutdown().await;
}

fn builder(url: &str) -> DataFlow {
    let builder = DataFlow::builder(url).environment([("", ""); 0]);
    builder.model::<Team>().model::<Badge>().build().unwrap()
}

#[tokio::test]
async fn what_is_at_fault_is_told_alike_on_sqlite() {
    what_is_at_fault_is_told_alike(builder("sqlite::memory:")).await;
}

#[tokio::test]
async fn what_is_at_fault_is_told_alike_on_postgres() {
    let server = Database::create(&test_database_url());
    what_is_at_fault_is_told_alike(builder(server.url())).await;
}
