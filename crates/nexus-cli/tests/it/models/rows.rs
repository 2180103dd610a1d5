//! Rows that another tool wrote are read through the models that are written for its tables, and what
//! is written through these is stored as the tool stores it.

use dataflow::node::{Context, Form, Node as _};
use dataflow::{DataFlow, Result, SchemaSet};
use serde_json::{Value as Json, json};

use super::path;
use crate::setup::Setup;

/// What is done with a table of a tool.
struct Case {
    tool: &'static str,
    models: SchemaSet,
    model: &'static str,
    /// The key of a row that the tool wrote, and what the row holds among others.
    found: (Json, Json),
    /// What chooses that row alone.
    filter: Json,
    /// A row to be written.
    written: Json,
    /// What is asked for it afterwards, and the answer.
    stored: (&'static str, &'static str),
    /// A field that takes no such value, or not none.
    refused: (&'static str, Json),
}

async fn call(database: &DataFlow, node: &str, input: Json) -> Result<Json> {
    let Json::Object(input) = input else {
        panic!("the input of a node is an object")
    };
    let context = Context::new(Form::Value);
    let answer = database.node(node)?.call(&context, input).await?;
    Ok(answer.body.into_value())
}

async fn check(setup: Setup, case: Case) {
    let Case { tool, model, .. } = case;
    setup.execute(&std::fs::read_to_string(path(tool, &setup, "sql")).unwrap());
    let builder = DataFlow::builder(setup.url()).models(case.models);
    let database = builder.auto_migrate(false).open_async().await.unwrap();
    let node = |verb: &str| format!("{model}_{verb}");
    let (key, expected) = case.found;
    let row = call(&database, &node("read"), key).await.unwrap();
    for (field, value) in expected.as_object().unwrap() {
        assert_eq!(row[field], *value, "{tool} {field}: {row}");
    }
    let filter = json!({"filter": case.filter});
    let chosen = call(&database, &node("list"), filter).await.unwrap();
    assert_eq!(chosen, json!([row]), "{tool}");

    let (field, value) = case.refused;
    let mut refused = case.written.clone();
    refused[field] = value;
    if refused[field].is_null() {
        refused.as_object_mut().unwrap().remove(field);
    }
    let error = call(&database, &node("create"), refused).await.unwrap_err();
    let pointer = &error.faults()[0].pointer;
    assert_eq!(*pointer, format!("/{field}"), "{tool}: {error:?}");

    let created = call(&database, &node("create"), case.written.clone()).await;
    let created = created.unwrap();
    for (field, value) in case.written.as_object().unwrap() {
        assert_eq!(created[field], *value, "{tool} {field}: {created}");
    }
    let (question, answer) = case.stored;
    assert_eq!(setup.ask(question).as_deref(), Some(answer), "{tool}");
    let all = call(&database, &node("list"), json!({})).await.unwrap();
    assert!(all.as_array().unwrap().contains(&created), "{tool}: {all}");
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_of_other_tools_on_sqlite_are_read_and_written_as_they_are() {
    let cases = [
        Case {
            tool: "rails",
            models: super::rails::sqlite::models(),
            model: "user",
            found: (
                json!({"id": 1}),
                json!({
                    "settings": {"theme": "dark"}, "balance": "12.5", "active": true, "rate": 0.5,
                    "seen_at": "2026-11-23T07:30:00.123456",
                }),
            ),
            filter: json!({"balance": "12.50", "seen_at": "2026-11-23T07:30:00.123456"}),
            written: json!({
                "email": "new@example.com", "settings": {"a": 1}, "balance": "7.25", "admin": true,
                "seen_at": "2026-11-25T09:00:00.500000",
            }),
            stored: (
                "SELECT balance || ' ' || typeof(balance) || ' ' || seen_at || ' ' || settings \
                 || ' ' || admin FROM users ORDER BY id DESC LIMIT 1",
                "7.25 real 2026-11-25 09:00:00.500000 {\"a\":1} 1",
            ),
            refused: ("balance", json!("1.255")),
        },
        Case {
            tool: "rails",
            models: super::rails::sqlite::models(),
            model: "user",
            found: (json!({"id": 2}), json!({"balance": "100"})),
            filter: json!({"balance": {"$in": ["100.00"]}}),
            written: json!({"email": "new@example.com", "balance": "8", "settings": 7}),
            stored: (
                "SELECT typeof(balance) || typeof(settings) || length(seen_at) FROM users \
                 ORDER BY id DESC LIMIT 1",
                "integerinteger19",
            ),
            refused: ("balance", json!("10000000000")),
        },
        Case {
            tool: "django",
            models: super::django::sqlite::models(),
            model: "auth_user",
            found: (
                json!({"id": 1}),
                json!({"date_joined": "2026-11-23T07:30:00", "is_active": true}),
            ),
            filter: json!({"date_joined": {"$lt": "2026-11-23T07:30:00.000001"}}),
            written: json!({
                "password": "!", "is_superuser": false, "username": "bob", "email": "",
                "is_active": true, "date_joined": "2026-11-24T08:00:00",
                "last_login": "2026-11-24T08:00:00.250000",
            }),
            stored: (
                "SELECT date_joined || ' ' || last_login FROM auth_user ORDER BY id DESC LIMIT 1",
                "2026-11-24 08:00:00 2026-11-24 08:00:00.250000",
            ),
            refused: ("date_joined", json!("2026-11-24T08:00:00Z")),
        },
        Case {
            tool: "django",
            models: super::django::sqlite::models(),
            model: "shop_product",
            found: (
                json!({"id": 1}),
                json!({
                    "sku": "0190b6f00000700080000000000000aa", "price": "12.5", "weight": 2.0,
                    "released": "2026-11-23", "opens": "09:30:00", "packing": 90_000_000,
                }),
            ),
            filter: json!({"released": "2026-11-23", "opens": "09:30:00"}),
            written: json!({
                "sku": "0190b6f00000700080000000000000bb", "slug": "chair", "price": "3",
                "attributes": "{}", "stock": 1, "rank": 1, "released": "2026-12-01",
                "opens": "10:00:00", "seller_id": 1,
            }),
            stored: (
                "SELECT price || ' ' || typeof(price) || ' ' || released || ' ' || opens \
                 FROM shop_product ORDER BY id DESC LIMIT 1",
                "3 integer 2026-12-01 10:00:00",
            ),
            refused: ("sku", json!("0190b6f0-0000-7000-8000-0000000000bb")),
        },
        Case {
            tool: "prisma",
            models: super::prisma::sqlite::models(),
            model: "user",
            found: (
                json!({"id": 1}),
                json!({"created_at": 1_795_419_000_123_i64, "is_active": true}),
            ),
            filter: json!({"created_at": {"$gte": 1_795_419_000_123_i64}}),
            written: json!({"email": "bob@example.com", "created_at": 1_795_419_000_999_i64}),
            stored: (
                "SELECT \"createdAt\" || typeof(\"createdAt\") FROM \"User\" ORDER BY id DESC LIMIT 1",
                "1795419000999integer",
            ),
            refused: ("created_at", Json::Null),
        },
        Case {
            tool: "prisma",
            models: super::prisma::sqlite::models(),
            model: "post",
            found: (
                json!({"id": "clp0"}),
                json!({"price": "12.5", "meta": {"tags": ["a"]}, "data": "AQI="}),
            ),
            filter: json!({"price": "12.5"}),
            written: json!({
                "id": "clp1", "author_id": 1, "title": "Chairs", "price": "1.75", "meta": ["b"],
            }),
            stored: (
                "SELECT price || typeof(price) || meta FROM \"Post\" WHERE id = 'clp1'",
                "1.75real[\"b\"]",
            ),
            refused: ("price", json!("1.23456")),
        },
        Case {
            tool: "prisma_adapter",
            models: super::prisma_adapter::sqlite::models(),
            model: "user",
            found: (
                json!({"id": "clp0"}),
                json!({"created_at": "2026-11-23T07:30:00.123+00:00"}),
            ),
            filter: json!({"updated_at": {"$lt": "2026-11-23T07:30:00.124+00:00"}}),
            written: json!({
                "id": "clp1", "created_at": "2026-11-24T07:30:00.000+00:00",
                "updated_at": "2026-11-24T07:30:00.000+00:00",
            }),
            stored: (
                "SELECT \"updatedAt\" FROM \"User\" WHERE id = 'clp1'",
                "2026-11-24T07:30:00.000+00:00",
            ),
            refused: ("updated_at", json!("2026-11-24T07:30:00Z")),
        },
        Case {
            tool: "sequelize",
            models: super::sequelize::sqlite::models(),
            model: "user",
            found: (
                json!({"id": 1}),
                json!({
                    "is_admin": true, "token": "0190b6f0-0000-7000-8000-0000000000aa",
                    "settings": {"theme": "dark"}, "balance": "12.5", "score": 2.0, "views": 0,
                    "birthday": "2000-02-29", "opens": "09:30:00",
                    "created_at": "2026-11-23 07:30:00.123 +00:00",
                }),
            ),
            filter: json!({"token": "0190b6f0-0000-7000-8000-0000000000aa", "is_admin": true}),
            written: json!({
                "email": "bob@example.com", "token": "0190b6f0-0000-7000-8000-0000000000bb",
                "created_at": "2026-11-24 07:30:00.000 +00:00",
                "updated_at": "2026-11-24 07:30:00.000 +00:00",
            }),
            stored: (
                "SELECT token || ' ' || createdAt || ' ' || isAdmin FROM Users \
                 ORDER BY id DESC LIMIT 1",
                "0190b6f0-0000-7000-8000-0000000000bb 2026-11-24 07:30:00.000 +00:00 0",
            ),
            refused: ("created_at", json!("2026-11-24T07:30:00.000Z")),
        },
        Case {
            tool: "hibernate",
            models: super::hibernate::sqlite::models(),
            model: "event",
            found: (
                json!({"id": 1}),
                json!({
                    "active": true, "price": 12.5, "day": 1_795_392_000_000_i64,
                    "starts": 1_795_419_000_123_i64,
                }),
            ),
            filter: json!({"price": {"$lt": 12.51}}),
            written: json!({"active": false, "price": 3.0, "starts": 1_795_419_000_999_i64}),
            stored: (
                "SELECT starts || typeof(starts) || typeof(price) FROM event ORDER BY id DESC LIMIT 1",
                "1795419000999integerinteger",
            ),
            refused: ("starts", json!("2026-11-24")),
        },
    ];
    for case in cases {
        check(Setup::sqlite(), case).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_of_other_tools_on_postgres_are_read_and_written_as_they_are() {
    let cases = [
        Case {
            tool: "rails",
            models: super::rails::postgres::models(),
            model: "user",
            found: (
                json!({"id": 1}),
                json!({
                    "balance": "12.50", "reset_password_sent_at": "2026-11-23T07:30:00.123456",
                    "changed_at": "2026-11-23T07:30:00.123000Z",
                }),
            ),
            filter: json!({"changed_at": "2026-11-23T07:30:00.123Z"}),
            written: json!({
                "email": "new@example.com", "changed_at": "2026-11-24T07:30:00.500000Z",
            }),
            stored: (
                "SELECT to_char(changed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.MS') \
                 FROM users ORDER BY id DESC LIMIT 1",
                "2026-11-24 07:30:00.500",
            ),
            refused: ("changed_at", json!("2026-11-24T07:30:00.1234Z")),
        },
        Case {
            tool: "prisma",
            models: super::prisma::postgres::models(),
            model: "session",
            found: (
                json!({"sid": "s"}),
                json!({"updated_at": "2026-11-23T07:30:00.123000"}),
            ),
            filter: json!({"updated_at": {"$lt": "2026-11-23T07:30:00.124"}}),
            written: json!({"sid": "t", "updated_at": "2026-11-24T07:30:00.999000"}),
            stored: (
                "SELECT \"updatedAt\"::text FROM \"Session\" WHERE sid = 't'",
                "2026-11-24 07:30:00.999",
            ),
            refused: ("updated_at", json!("2026-11-24T07:30:00.999900")),
        },
        Case {
            tool: "sequelize",
            models: super::sequelize::postgres::models(),
            model: "user",
            found: (
                json!({"id": 1}),
                json!({
                    "role": "admin", "balance": "12.50", "settings": {"theme": "dark"},
                    "created_at": "2026-11-23T07:30:00.123000Z",
                }),
            ),
            filter: json!({"role": "admin"}),
            written: json!({
                "email": "bob@example.com", "role": "user",
                "created_at": "2026-11-24T07:30:00.000000Z",
                "updated_at": "2026-11-24T07:30:00.000000Z",
            }),
            stored: (
                "SELECT role::text || \"isAdmin\" || views FROM \"Users\" ORDER BY id DESC LIMIT 1",
                "userfalse0",
            ),
            refused: ("role", json!("root")),
        },
    ];
    for case in cases {
        check(Setup::postgres(), case).await;
    }
}
