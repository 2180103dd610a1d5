use chrono::{DateTime, NaiveDate, Utc};
use dataflow::error::Code;
use dataflow::{DataFlow, Error, Model, ModelEnum};
use rust_decimal::Decimal;
use serde_json::{Value as Json, json};
use uuid::Uuid;

use crate::heard::{heard, listen};
use crate::models::Country;
use crate::nodes::call;
use crate::setup::Setup;

on_every_database! {
    no_value_of_an_input_stands_in_an_error
    no_value_of_a_row_stands_in_an_error
    no_value_stands_in_a_trace
    the_names_that_are_at_fault_stand_in_every_refusal
    existing_rows_that_refuse_a_change_are_not_quoted
}

/// What must be in no message.
const MARK: &str = "xyzzy";

#[derive(Debug, Clone, PartialEq, ModelEnum)]
enum Color {
    Red,
}

#[derive(Debug, Clone, PartialEq, Model)]
struct Item {
    #[model(primary_key)]
    id: i64,
    #[model(unique)]
    code: String,
    short: String,
    #[model(belongs_to = Country)]
    country: Option<String>,
    size: Option<i16>,
    owner: Option<Uuid>,
    day: Option<NaiveDate>,
    made: Option<DateTime<Utc>>,
    price: Option<Decimal>,
    color: Option<Color>,
    bytes: Option<Vec<u8>>,
    document: Option<Json>,
    #[model(min = 0)]
    bounded: Option<i32>,
}

fn open(setup: &Setup) -> DataFlow {
    let builder = setup.builder().model::<Country>().model::<Item>();
    builder.open().unwrap()
}

fn item(field: &str, value: impl Into<Json>) -> Json {
    let mut item = json!({"code": "a", "short": "a"});
    item[field] = value.into();
    item
}

fn assert_unmarked(error: &Error, what: &str) {
    let told = format!(
        "{error} | {error:?} | {:?} | {:?} | {:?} | {:?}",
        error.help(),
        error.details(),
        error.faults(),
        error.place()
    );
    assert!(!told.contains(MARK), "{what}: {told}");
}

async fn refused(database: &DataFlow, node: &str, input: Json) -> Error {
    let what = format!(
        "{node} {}",
        input.to_string().chars().take(200).collect::<String>()
    );
    match call(database, node, input).await {
        Ok(answer) => panic!("{what} was answered with {answer}"),
        Err(error) => {
            assert_unmarked(&error, &what);
            error
        }
    }
}

async fn no_value_of_an_input_stands_in_an_error(setup: Setup) {
    let database = open(&setup);
    let marked = [
        item("size", MARK),
        item("code", json!({ "a": MARK })),
        item("code", format!("{MARK}\0")),
        item("owner", MARK),
        item("day", format!("2026-02-30 {MARK}")),
        item("made", MARK),
        item("price", format!("1{MARK}")),
        item("color", MARK),
        item("bytes", format!("{MARK}!")),
        item("document", json!([format!("{MARK}\0")])),
        item("country", MARK),
        item("unknown", MARK),
        json!({ "short": MARK }),
    ];
    for input in marked {
        let rows = json!({ "rows": [item("short", "b"), input.clone()] });
        refused(&database, "item_create", input).await;
        refused(&database, "item_bulk_create", rows).await;
    }
    let wrong = [
        ("item_read", json!({ "id": MARK })),
        ("item_update", json!({ "id": MARK, "short": "b" })),
        ("item_delete", json!({ "id": MARK })),
        ("item_list", json!({ "filter": { "size": MARK } })),
        (
            "item_list",
            json!({ "filter": { "day": { "$in": [MARK] } } }),
        ),
        (
            "item_list",
            json!({ "filter": { "code": { "$almost": MARK } } }),
        ),
        ("item_list", json!({ "limit": MARK })),
        ("item_list", json!({ "after": MARK })),
        (
            "item_upsert",
            json!({ "code": "a", "short": MARK, "conflict_on": ["short"] }),
        ),
        ("item_bulk_delete", json!({ "ids": [MARK] })),
    ];
    for (node, input) in wrong {
        refused(&database, node, input).await;
    }
}

async fn no_value_of_a_row_stands_in_an_error(setup: Setup) {
    let database = open(&setup);
    call(&database, "item_create", item("code", MARK))
        .await
        .unwrap();
    let other = call(&database, "item_create", item("code", "b"))
        .await
        .unwrap();
    let id = &other["id"];
    let taken = [
        ("item_create", item("code", MARK)),
        ("item_update", json!({ "id": id, "code": MARK })),
        (
            "item_bulk_create",
            json!({ "rows": [item("code", "c"), item("code", MARK)] }),
        ),
        (
            "item_bulk_update",
            json!({ "rows": [{ "id": id, "code": MARK }] }),
        ),
    ];
    for (node, input) in taken {
        assert!(refused(&database, node, input).await.is_unique(), "{node}");
    }
    // PostgreSQL would fold a text that repeats itself.
    let digits = (1..4_000u64).map(|number| number.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    let digits: String = digits.map(|number| number.to_string()).collect();
    let long = format!("{MARK}{digits}");
    // An entry of PostgreSQL's indexes is shorter than that; SQLite's takes it.
    match call(&database, "item_create", item("code", long)).await {
        Ok(_) => assert!(setup.is_sqlite()),
        Err(error) => {
            assert_unmarked(&error, "a long text");
            assert!(error.is_too_long(), "{error:?}");
        }
    }

    // What others have put where it does not belong.
    if setup.is_sqlite() {
        for column in ["owner", "day", "made"] {
            setup.sql(&format!("UPDATE items SET {column} = '{MARK}'"));
            refused(&database, "item_list", json!({})).await;
            setup.sql(&format!("UPDATE items SET {column} = NULL"));
        }
        setup.sql(&format!("UPDATE items SET document = '{{{MARK}'"));
        refused(&database, "item_list", json!({})).await;
    } else {
        setup.sql("DELETE FROM items WHERE code <> 'b'");
        for change in [
            "ALTER COLUMN short TYPE varchar(3)",
            "ALTER COLUMN short TYPE text, ADD CONSTRAINT small CHECK (length(short) < 3)",
            "DROP CONSTRAINT small, ADD CONSTRAINT once EXCLUDE (short WITH =)",
            "DROP CONSTRAINT once, ALTER COLUMN short TYPE integer USING 1",
        ] {
            setup.sql(&format!("ALTER TABLE items {change}"));
            let mut first = item("short", MARK);
            first["code"] = "first".into();
            let mut second = item("short", MARK);
            second["code"] = "second".into();
            // The exclusion alone lets the first one in.
            if let Err(error) = call(&database, "item_create", first).await {
                assert_unmarked(&error, change);
            }
            refused(&database, "item_create", second).await;
            setup.sql("DELETE FROM items WHERE code = 'first'");
        }
    }
}

/// Whatever the outcome: what is told on the way is text of statements, names and codes.
async fn no_value_stands_in_a_trace(setup: Setup) {
    let database = open(&setup);
    let made = call(&database, "item_create", item("code", "a"))
        .await
        .unwrap();
    let id = &made["id"];
    let marked = json!({"code": MARK, "short": MARK, "document": {"a": MARK}});
    let inputs = [
        ("item_create", marked.clone()),
        ("item_create", marked.clone()),
        ("item_create", item("country", MARK)),
        ("item_update", json!({"id": id, "short": MARK})),
        (
            "item_upsert",
            json!({"code": MARK, "short": MARK, "conflict_on": ["code"]}),
        ),
        (
            "item_bulk_create",
            json!({"rows": [marked.clone(), marked.clone()]}),
        ),
        (
            "item_bulk_update",
            json!({"rows": [{"id": id, "short": MARK}]}),
        ),
        (
            "item_bulk_upsert",
            json!({"rows": [{"code": MARK, "short": MARK}], "conflict_on": ["code"]}),
        ),
        (
            "item_list",
            json!({"filter": {"code": {"$like": format!("{MARK}%")}}}),
        ),
        ("item_count", json!({"filter": {"document.a": MARK}})),
        ("item_read", json!({"id": MARK})),
        ("item_bulk_delete", json!({"ids": [id, MARK]})),
    ];
    listen();
    for (node, input) in inputs {
        // Some are let through and some are not.
        let _ = call(&database, node, input).await;
    }
    let own_words = database.sql("SELECT id FROM items WHERE code = $1 AND short = missing");
    own_words
        .bind(MARK.to_owned())
        .fetch::<(i64,)>()
        .await
        .unwrap_err();
    let told = heard().everything;
    assert!(told.contains("item") && told.contains("DF-301"), "{told}");
    assert!(!told.contains(MARK), "{told}");
}

async fn the_names_that_are_at_fault_stand_in_every_refusal(setup: Setup) {
    let database = open(&setup);
    call(&database, "item_create", item("code", MARK))
        .await
        .unwrap();
    let cases = [
        (item("code", MARK), Code::Unique, "code", "items_code_key"),
        (
            item("country", MARK),
            Code::ForeignKey,
            "country",
            "items_country_fkey",
        ),
    ];
    for (input, code, column, constraint) in cases {
        let error = refused(&database, "item_create", input).await;
        assert_eq!(error.code(), code);
        let place = error.place();
        assert_eq!(place.table.as_deref(), Some("items"), "{error:?}");
        assert_eq!(place.columns, [column], "{error:?}");
        assert_eq!(place.constraint.as_deref(), Some(constraint), "{error:?}");
    }
    let error = refused(&database, "item_create", json!({ "code": MARK })).await;
    assert!(error.is_not_null(), "{error:?}");
    assert_eq!(error.faults()[0].pointer, "/short");
    let error = refused(&database, "item_create", item("size", 70_000)).await;
    assert!(error.is_out_of_range(), "{error:?}");

    // What only the database can refuse, because the statement is somebody's own.
    let refused = |columns: &str, values: &str| {
        let statement = format!("INSERT INTO items ({columns}) VALUES ({values})");
        database.sql(statement).execute()
    };
    let error = refused("code", &format!("'{MARK}2'")).await.unwrap_err();
    assert_unmarked(&error, "a missing value");
    assert!(error.is_not_null(), "{error:?}");
    assert_eq!(error.place().columns, ["short"], "{error:?}");
    let error = refused("code, short, bounded", &format!("'b', '{MARK}', -1"));
    let error = error.await.unwrap_err();
    assert_unmarked(&error, "a value below its bound");
    assert!(error.is_check(), "{error:?}");
    assert!(error.place().constraint.is_some(), "{error:?}");
}

async fn existing_rows_that_refuse_a_change_are_not_quoted(setup: Setup) {
    drop(open(&setup));
    setup.sql("DROP TABLE items");
    setup.sql(if setup.is_sqlite() {
        "CREATE TABLE items (id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, \
         code TEXT NOT NULL, short TEXT NOT NULL) STRICT"
    } else {
        "CREATE TABLE items (id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, \
         code text NOT NULL, short text NOT NULL)"
    });
    for _ in 0..2 {
        setup.sql(&format!(
            "INSERT INTO items (code, short) VALUES ('{MARK}', 'a')"
        ));
    }
    let builder = setup.builder().model::<Country>().model::<Item>();
    let error = builder.open().err().unwrap();
    assert_unmarked(&error, "a unique index over equal values");
    assert_eq!(error.code(), Code::Schema);
    assert!(error.to_string().contains("items_code_key"), "{error:?}");
}
