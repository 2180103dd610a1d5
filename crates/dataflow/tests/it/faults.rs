use dataflow::error::{Code, Kind};
use dataflow::{Filter, Model};
use rust_decimal::Decimal;
use serde_json::json;

use crate::models::Country;
use crate::nodes::call;
use crate::setup::Setup;

on_every_database! {
    a_counted_key_does_not_pass_the_width_of_its_field
    a_key_that_was_given_is_not_counted_again
    keys_that_a_trigger_raises_are_not_counted_again
    a_key_at_the_end_of_its_range_is_told_and_no_disk_is_full
    one_number_is_one_key_however_it_is_written
}

#[derive(Debug, Clone, PartialEq, Model)]
struct Seat {
    #[model(primary_key, client_key)]
    id: i16,
    row: String,
}

#[derive(Debug, Clone, PartialEq, Model)]
struct Ticket {
    #[model(primary_key, client_key)]
    id: i64,
    #[model(unique)]
    code: String,
}

fn ticket(id: i64) -> Ticket {
    let code = format!("ticket {id}");
    Ticket { id, code }
}

async fn a_counted_key_does_not_pass_the_width_of_its_field(setup: Setup) {
    let database = setup.builder().model::<Seat>().open().unwrap();
    let seat = json!({"id": i16::MAX, "row": "a"});
    call(&database, "seat_create", seat).await.unwrap();
    let refused = call(&database, "seat_create", json!({"row": "b"})).await;
    let error = refused.unwrap_err();
    assert_eq!(error.code(), Code::KeysExhausted, "{error:?}");
    let seats = database.repository::<Seat>().unwrap();
    let stored = seats.list(Filter::all()).await.unwrap().rows;
    assert_eq!(stored.len(), 1, "what was refused is not stored");
}

async fn a_key_that_was_given_is_not_counted_again(setup: Setup) {
    let database = setup.builder().model::<Ticket>().open().unwrap();
    let create = |input| call(&database, "ticket_create", input);
    let id = |row: serde_json::Value| row["id"].as_i64().unwrap();
    for given in [1, 3, 10, 7, -5] {
        let row = create(json!({"id": given, "code": given.to_string()})).await;
        assert_eq!(id(row.unwrap()), given);
    }
    let counted = create(json!({"code": "counted"})).await.unwrap();
    assert_eq!(id(counted), 11);

    let rows = json!({"rows": [{"id": 20, "code": "x"}, {"id": 15, "code": "y"}]});
    call(&database, "ticket_bulk_create", rows).await.unwrap();
    let counted = create(json!({"code": "after many"})).await.unwrap();
    assert_eq!(id(counted), 21);

    let tickets = database.repository::<Ticket>().unwrap();
    tickets.upsert(&ticket(30), Ticket::ID).await.unwrap();
    tickets.upsert(&ticket(30), Ticket::ID).await.unwrap();
    let counted = create(json!({"code": "after an upsert"})).await.unwrap();
    assert_eq!(id(counted), 31);
}

/// SQLite's counter follows by itself, and its triggers give no row another key.
async fn keys_that_a_trigger_raises_are_not_counted_again(setup: Setup) {
    let database = setup.builder().model::<Ticket>().open().unwrap();
    if !setup.is_sqlite() {
        setup.sql(
            "CREATE FUNCTION raised() RETURNS trigger LANGUAGE plpgsql AS \
             'BEGIN IF NEW.id < 100 THEN NEW.id := NEW.id + 100; END IF; RETURN NEW; END'",
        );
        setup.sql(
            "CREATE TRIGGER raised BEFORE INSERT ON tickets FOR EACH ROW \
             WHEN (NEW.code <> 'counted') EXECUTE FUNCTION raised()",
        );
    }
    let raised = if setup.is_sqlite() { 0 } else { 100 };
    let create = |input| call(&database, "ticket_create", input);
    let first = create(json!({"id": 1, "code": "one"})).await.unwrap();
    assert_eq!(first["id"], raised + 1);
    let rows = json!({"rows": [{"id": 3, "code": "three"}, {"id": 2, "code": "two"}]});
    call(&database, "ticket_bulk_create", rows).await.unwrap();
    let counted = create(json!({"code": "counted"})).await.unwrap();
    assert_eq!(counted["id"], raised + 4);
}

async fn a_key_at_the_end_of_its_range_is_told_and_no_disk_is_full(setup: Setup) {
    let database = setup.builder().model::<Ticket>().open().unwrap();
    let tickets = database.repository::<Ticket>().unwrap();
    // SQLite's counter says at its own last key that the disk is full, so that key is refused.
    let last = if setup.is_sqlite() {
        let error = tickets.create(&ticket(i64::MAX)).await.unwrap_err();
        assert!(error.is_check(), "{error:?}");
        assert_eq!(error.kind(), Kind::Invalid);
        i64::MAX - 1
    } else {
        i64::MAX
    };
    tickets.create(&ticket(last)).await.unwrap();
    let next = json!({"code": "next"});
    let error = call(&database, "ticket_create", next).await.unwrap_err();
    assert_eq!(error.code(), Code::KeysExhausted, "{error:?}");
    let many = json!({"rows": [{"code": "next"}, {"code": "but one"}]});
    let error = call(&database, "ticket_bulk_create", many).await;
    assert_eq!(error.unwrap_err().code(), Code::KeysExhausted);
    let given = tickets.create(&ticket(4)).await;
    assert_eq!(given.unwrap(), ticket(4), "keys that are free can be given");
}

#[derive(Debug, Clone, PartialEq, Model)]
struct Rate {
    #[model(primary_key)]
    percent: Decimal,
    #[model(unique)]
    factor: Decimal,
    #[model(default = "1.50")]
    weight: Decimal,
}

async fn one_number_is_one_key_however_it_is_written(setup: Setup) {
    let database = setup.builder().model::<Rate>().open().unwrap();
    let create = |input| call(&database, "rate_create", input);
    let rate = |percent, factor| json!({"percent": percent, "factor": factor});
    create(rate("1.5", "2")).await.unwrap();
    for twice in [rate("1.50", "3"), rate("4", "2.0"), rate("4", "02.00")] {
        let refused = create(twice.clone()).await;
        assert!(refused.is_err_and(|error| error.is_unique()), "{twice}");
    }
    let rates = database.repository::<Rate>().unwrap();
    let key: Decimal = "1.500".parse().unwrap();
    let read = rates.read(&key).await.unwrap();
    assert_eq!(read.weight, "1.5".parse().unwrap());
    rates.delete(&key).await.unwrap();
    if setup.is_sqlite() {
        for text in [
            "1.50", "+1", "1.", ".5", "01", "-0", "1e3", "one", "1.2.3", "",
        ] {
            let insert = format!("INSERT INTO rates VALUES ('{text}', '{text}', '1')");
            assert!(setup.is_refused(&insert), "{text:?}");
        }
        for text in ["0", "-1", "10", "100.01", "-0.5", "0.001"] {
            let insert = format!("INSERT INTO rates VALUES ('{text}', '{text}', '1')");
            assert!(!setup.is_refused(&insert), "{text:?}");
        }
    }
}

#[tokio::test]
async fn a_file_that_cannot_be_opened_is_named_in_the_log_alone() {
    let setup = Setup::sqlite();
    let database = setup.open();
    drop(database);
    let database = setup.library().skip_migration(true).build().unwrap();
    database.synchronize().unwrap();
    setup.break_file();
    let error = call(&database, "country_list", json!({}))
        .await
        .unwrap_err();
    assert!(error.is_connection(), "{error:?}");
    assert!(!error.to_string().contains("test.db"), "{error}");
    assert!(!error.help().unwrap_or_default().contains("test.db"));
    assert!(format!("{error:?}").contains("test.db"), "the log names it");
}

#[derive(Debug, Clone, PartialEq, Model)]
struct Note {
    #[model(primary_key)]
    id: i64,
    body: serde_json::Value,
}

#[tokio::test]
async fn a_text_that_is_no_json_does_not_break_an_answer() {
    let setup = Setup::sqlite();
    let database = setup.builder().model::<Note>().open().unwrap();
    call(&database, "note_create", json!({"body": {"a": 1}}))
        .await
        .unwrap();
    for text in ["{", "", "nul", "{\"a\": 1} x", "[1,]"] {
        setup.sql(&format!("UPDATE notes SET body = '{text}'"));
        let error = call(&database, "note_list", json!({})).await.unwrap_err();
        assert_eq!(error.kind(), Kind::Internal, "{text:?}: {error}");
        assert!(!format!("{error:?}").contains(text) || text.is_empty());
    }
}

/// Whoever calls an operation moves its future, and a server puts it on the heap.
#[tokio::test]
async fn an_operation_does_not_carry_what_opening_a_connection_needs() {
    let setup = Setup::sqlite();
    let database = setup.open();
    let countries = database.repository::<Country>().unwrap();
    let (code, italy) = ("it".to_owned(), Country::new("it", "Italy"));
    for size in [
        size_of_val(&countries.read(&code)),
        size_of_val(&countries.create(&italy)),
        size_of_val(&countries.query().list()),
    ] {
        assert!(size < 4_096, "{size} bytes");
    }
}
