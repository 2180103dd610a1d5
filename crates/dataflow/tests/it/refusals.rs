use dataflow::Model;
use dataflow::error::{FaultCode, Kind};
use private_postgres::test_database_url;
use serde_json::{Value as Json, json};
use uuid::Uuid;

use crate::models::Country;
use crate::nodes::call;
use crate::setup::Setup;

on_every_database! {
    v07_unknown_fields_and_wrong_types_are_refused
    v08_filter_on_an_unknown_column_is_an_error
    what_is_made_cannot_be_given
    every_fault_of_a_bulk_points_into_its_row
    pages_and_lists_are_bounded
    nothing_is_answered_before_the_schema_is_ready
    an_unregistered_model_is_named
}

/// What a node refuses, as pointers and codes.
async fn faults(setup: &Setup, node: &str, input: Json) -> Vec<(String, FaultCode)> {
    let database = setup.open();
    let error = call(&database, node, input).await.unwrap_err();
    let faults = error.faults().iter();
    faults
        .map(|fault| (fault.pointer.clone(), fault.code))
        .collect()
}

fn expected(faults: &[(&str, FaultCode)]) -> Vec<(String, FaultCode)> {
    let owned = faults
        .iter()
        .map(|(pointer, code)| ((*pointer).to_owned(), *code));
    owned.collect()
}

async fn v07_unknown_fields_and_wrong_types_are_refused(setup: Setup) {
    let input = json!({"emial": "a", "rank": "high", "name": 7});
    assert_eq!(
        faults(&setup, "author_create", input).await,
        expected(&[
            ("/emial", FaultCode::Unknown),
            ("/rank", FaultCode::Type),
            ("/name", FaultCode::Type),
            ("/email", FaultCode::Required),
        ])
    );
    let input = json!({"name": "Italy"});
    assert_eq!(
        faults(&setup, "country_create", input).await,
        expected(&[("/code", FaultCode::Required)])
    );
    let input = json!({"code": null, "name": "a\u{0}b"});
    assert_eq!(
        faults(&setup, "country_create", input).await,
        expected(&[("/code", FaultCode::Required), ("/name", FaultCode::Format)])
    );
    let input = json!({"id": "no uuid", "rank": 3_000_000_000_u64});
    assert_eq!(
        faults(&setup, "author_update", input).await,
        expected(&[("/id", FaultCode::Format), ("/rank", FaultCode::Range)])
    );
    for table in ["authors", "countries"] {
        let count = setup.sql(&format!("SELECT count(*) FROM {table}"));
        assert_eq!(count.as_deref(), Some("0"));
    }
}

async fn v08_filter_on_an_unknown_column_is_an_error(setup: Setup) {
    let database = setup.open();
    for node in ["author_list", "author_count"] {
        let unknown = json!({"filter": {"emial": "a"}});
        let error = call(&database, node, unknown).await.unwrap_err();
        assert_eq!(error.kind(), Kind::Malformed, "{node}");
        assert!(error.help().unwrap().contains("email"), "{error:?}");
        let operator = json!({"filter": {"email": {"$regex": "a"}}});
        let error = call(&database, node, operator).await.unwrap_err();
        assert_eq!(error.kind(), Kind::Malformed, "{node}");
        let parameter = json!({"filtre": {}});
        let error = call(&database, node, parameter).await.unwrap_err();
        assert_eq!(error.faults()[0].code, FaultCode::Unknown, "{node}");
    }
}

async fn what_is_made_cannot_be_given(setup: Setup) {
    let time = "2026-01-01T00:00:00Z";
    let id = "0190b4a6-7f3c-7a21-9c5e-3d2f1b0a9e8d";
    let input = json!({"id": id, "email": "a", "created_at": time});
    assert_eq!(
        faults(&setup, "author_create", input).await,
        expected(&[
            ("/id", FaultCode::Generated),
            ("/created_at", FaultCode::Generated),
        ])
    );
    assert_eq!(
        faults(
            &setup,
            "author_update",
            json!({"id": id, "updated_at": time})
        )
        .await,
        expected(&[("/updated_at", FaultCode::Generated)])
    );
    assert_eq!(
        faults(&setup, "book_create", json!({"id": 1, "title": "a"})).await,
        expected(&[("/id", FaultCode::Generated)])
    );
}

async fn every_fault_of_a_bulk_points_into_its_row(setup: Setup) {
    let rows = json!({"rows": [{"code": "it"}, 7, {"code": "fr", "nmae": "France"}]});
    assert_eq!(
        faults(&setup, "country_bulk_create", rows).await,
        expected(&[
            ("/rows/0/name", FaultCode::Required),
            ("/rows/1", FaultCode::Type),
            ("/rows/2/nmae", FaultCode::Unknown),
            ("/rows/2/name", FaultCode::Required),
        ])
    );
    let rows = json!({"rows": [{"email": "a"}, {"email": "a"}]});
    assert_eq!(
        faults(&setup, "author_bulk_create", rows).await,
        expected(&[("/rows/1/email", FaultCode::Unique)])
    );
    assert_eq!(
        faults(&setup, "author_bulk_delete", json!({"ids": ["x", null]})).await,
        expected(&[
            ("/ids/0", FaultCode::Format),
            ("/ids/1", FaultCode::Required)
        ])
    );
    assert_eq!(
        faults(&setup, "author_bulk_update", json!({"rows": {}})).await,
        expected(&[("/rows", FaultCode::Type)])
    );
}

async fn pages_and_lists_are_bounded(setup: Setup) {
    for (limit, code) in [
        (json!(0), FaultCode::Range),
        (json!(1_001), FaultCode::Range),
        (json!(-1), FaultCode::Range),
        (json!("2"), FaultCode::Type),
        (json!(1.5), FaultCode::Type),
    ] {
        assert_eq!(
            faults(&setup, "book_list", json!({"limit": limit})).await,
            expected(&[("/limit", code)])
        );
    }
}

async fn nothing_is_answered_before_the_schema_is_ready(setup: Setup) {
    use dataflow::node::Source as _;
    let database = setup.library().build().unwrap();
    let error = call(&database, "book_list", json!({})).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Unavailable);
    assert_eq!(
        database.check().await.unwrap_err().kind(),
        Kind::Unavailable
    );
    database.synchronize().unwrap();
    assert_eq!(
        call(&database, "book_list", json!({})).await.unwrap(),
        json!([])
    );
    database.check().await.unwrap();
    database.close().await;
    assert!(call(&database, "book_list", json!({})).await.is_err());
}

async fn an_unregistered_model_is_named(setup: Setup) {
    let database = setup.builder().build().unwrap();
    let error = database.repository::<Country>().err().unwrap();
    assert_eq!(error.kind(), Kind::NotFound);
    assert!(error.to_string().contains("\"Country\""), "{error}");
    assert!(error.help().unwrap().contains(".model::<Country>()"));
}

/// An entry of an index has at most 2,704 bytes after compression.
#[tokio::test]
async fn a_text_too_long_for_its_index_is_the_callers_fault() {
    let setup = Setup::postgres();
    let database = setup.open();
    let long: String = (0..1_000).map(|_| Uuid::now_v7().to_string()).collect();
    let input = json!({"code": "it", "name": long});
    let error = call(&database, "country_create", input).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Invalid, "{error:?}");
    let count = setup.sql("SELECT count(*) FROM countries");
    assert_eq!(count.as_deref(), Some("0"));
}

#[derive(Debug, Model)]
struct Ticket {
    #[model(primary_key)]
    id: i64,
    title: String,
}

/// Another tool's tables have such keys.
#[tokio::test]
async fn a_key_that_the_database_alone_makes_is_the_callers_fault() {
    let setup = Setup::postgres();
    setup.sql(
        "CREATE TABLE tickets \
         (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, title text NOT NULL)",
    );
    let database = setup.builder().model::<Ticket>().open().unwrap();
    let made = call(&database, "ticket_create", json!({"title": "a"})).await;
    assert_eq!(made.unwrap(), json!({"id": 1, "title": "a"}));
    let given = json!({"id": 7, "title": "b", "conflict_on": ["id"]});
    let error = call(&database, "ticket_upsert", given).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Invalid, "{error:?}");
}

/// Whoever calls over HTTP or MCP reads the message; whoever operates the server reads its cause.
#[tokio::test]
async fn an_error_of_an_operation_does_not_say_where_the_database_is() {
    let setup = Setup::postgres();
    let database = setup.open();
    call(&database, "country_list", json!({})).await.unwrap();
    let name = setup.url().rsplit('/').next().unwrap();
    let name = name.split('?').next().unwrap();
    let sessions = format!(
        "SELECT count(pg_terminate_backend(pid))::text FROM pg_stat_activity \
         WHERE datname = '{name}' AND pid <> pg_backend_pid()"
    );
    let connections =
        |are_allowed| format!("ALTER DATABASE \"{name}\" WITH ALLOW_CONNECTIONS {are_allowed}");
    let elsewhere = |statement: &str| {
        let connect = || ::postgres::Client::connect(&test_database_url(), ::postgres::NoTls);
        let work = || connect().unwrap().batch_execute(statement).unwrap();
        std::thread::scope(|scope| scope.spawn(work).join().unwrap());
    };
    elsewhere(&connections(false));
    elsewhere(&sessions);
    let first = call(&database, "country_list", json!({})).await;
    let second = call(
        &database,
        "country_create",
        json!({"code": "it", "name": "Italy"}),
    )
    .await;
    for error in [first.unwrap_err(), second.unwrap_err()] {
        assert_eq!(error.kind(), Kind::Unavailable, "{error:?}");
        assert!(!error.to_string().contains("postgres://"), "{error}");
        assert!(format!("{error:?}").contains("postgres://"), "{error:?}");
    }
}
