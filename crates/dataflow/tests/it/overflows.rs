use dataflow::error::Code;
use dataflow::{DataFlow, Error, Model};
use rust_decimal::Decimal;
use serde_json::json;

use crate::nodes::call;
use crate::setup::Setup;

/// A value that must be in no message.
const MARK: &str = "Atlantis";

#[derive(Debug, Clone, PartialEq, Model)]
struct Gauge {
    #[model(primary_key, client_key)]
    id: i64,
    small: i16,
    medium: i32,
    #[model(precision = 5, scale = 2)]
    price: Decimal,
    #[model(column = "label")]
    name: String,
    note: Option<String>,
}

fn gauge(id: i64) -> Gauge {
    Gauge {
        id,
        small: i16::MAX,
        medium: i32::MAX,
        price: "999.99".parse().unwrap(),
        name: "a".to_owned(),
        note: None,
    }
}

/// PostgreSQL names no column of a value that is too long or out of range.
async fn gauges() -> (Setup, DataFlow) {
    let setup = Setup::postgres();
    let database = setup.builder().model::<Gauge>().open().unwrap();
    let gauges = database.repository::<Gauge>().unwrap();
    gauges.bulk_create(&[gauge(1), gauge(2)]).await.unwrap();
    (setup, database)
}

fn assert_about(error: &Error, code: Code, column: &str, pointer: &str) {
    assert_eq!(error.code(), code, "{error:?}");
    assert_eq!(error.place().columns, [column], "{error:?}");
    assert_eq!(error.place().table.as_deref(), Some("gauges"), "{error:?}");
    assert_eq!(error.faults()[0].pointer, pointer, "{error:?}");
    assert!(error.to_string().contains(column), "{error}");
    assert!(!format!("{error:?}").contains(MARK), "{error:?}");
}

#[tokio::test]
async fn a_sum_that_is_out_of_range_names_its_column() {
    let (_setup, database) = gauges().await;
    let gauges = database.repository::<Gauge>().unwrap();
    let note = || Gauge::NOTE.set("x".to_owned());
    for (change, column) in [
        (Gauge::SMALL.add(1_i16), "small"),
        (Gauge::MEDIUM.add(1_i32), "medium"),
        (Gauge::PRICE.add(Decimal::ONE), "price"),
    ] {
        let pointer = format!("/{column}");
        let changes = [change, note()];
        let error = gauges.update_fields(&1, changes.clone()).await.unwrap_err();
        assert_about(&error, Code::OutOfRange, column, &pointer);
        let every = dataflow::Filter::all();
        let error = gauges.update_where(every, changes).await.unwrap_err();
        assert_about(&error, Code::OutOfRange, column, &pointer);
    }
    let rows = json!({"rows": [{"id": 1, "add": {"small": -1}}, {"id": 2, "add": {"small": 1}}]});
    let error = call(&database, "gauge_bulk_update", rows)
        .await
        .unwrap_err();
    assert_about(&error, Code::OutOfRange, "small", "/rows/1/small");
}

#[tokio::test]
async fn of_several_sums_all_are_told_that_may_be_at_fault() {
    let (_setup, database) = gauges().await;
    let gauges = database.repository::<Gauge>().unwrap();
    let changes = [Gauge::SMALL.add(1_i16), Gauge::MEDIUM.add(1_i32)];
    let error = gauges.update_fields(&1, changes).await.unwrap_err();
    assert_eq!(error.code(), Code::OutOfRange, "{error:?}");
    assert_eq!(error.place().columns, [""; 0], "{error:?}");
    let message = error.to_string();
    assert!(
        message.ends_with("one of \"small\", \"medium\""),
        "{message}"
    );
}

#[tokio::test]
async fn a_text_that_is_too_long_for_a_narrower_column_names_it() {
    let (setup, database) = gauges().await;
    setup.sql("ALTER TABLE gauges ALTER label TYPE varchar(5)");
    let gauges = database.repository::<Gauge>().unwrap();
    let long = || Gauge::NAME.set(MARK.to_owned());
    let error = gauges.update_fields(&1, [long()]).await.unwrap_err();
    assert_about(&error, Code::TooLong, "label", "/name");
    let rows = json!({"rows": [{"id": 1, "name": "b"}, {"id": 2, "name": MARK}]});
    let error = call(&database, "gauge_bulk_update", rows)
        .await
        .unwrap_err();
    assert_about(&error, Code::TooLong, "label", "/rows/1/name");

    let long = Gauge {
        name: MARK.to_owned(),
        ..gauge(3)
    };
    let error = gauges.create(&long).await.unwrap_err();
    assert_eq!(error.code(), Code::TooLong, "{error:?}");
    assert_eq!(error.place().columns, [""; 0], "{error:?}");
    let message = error.to_string();
    assert!(message.ends_with("one of \"label\", \"note\""), "{message}");
    assert!(!format!("{error:?}").contains(MARK), "{error:?}");
}
