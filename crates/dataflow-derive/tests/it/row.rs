use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};
use dataflow_core::schema::Json;
use dataflow_core::{Model, ModelEnum, Value};
use rust_decimal::Decimal;
use uuid::Uuid;

use crate::memory_row::MemoryRow;

#[derive(Debug, Clone, PartialEq, ModelEnum)]
enum Color {
    Red,
    Green,
}

/// A field of every type.
#[derive(Debug, Clone, PartialEq, Model)]
struct Sample {
    #[model(primary_key)]
    id: Uuid,
    truth: bool,
    small: i16,
    medium: i32,
    large: i64,
    single: f32,
    double: f64,
    text: String,
    bytes: Vec<u8>,
    instant: DateTime<Utc>,
    clock: NaiveDateTime,
    day: NaiveDate,
    hour: NaiveTime,
    amount: Decimal,
    document: serde_json::Value,
    tags: Json<Vec<String>>,
    color: Color,
    maybe_text: Option<String>,
    maybe_color: Option<Color>,
}

fn sample() -> Sample {
    Sample {
        id: Uuid::from_u128(7),
        truth: true,
        small: -1,
        medium: i32::MIN,
        large: i64::MAX,
        single: 0.1,
        double: 0.1,
        text: "größe".to_owned(),
        bytes: vec![0, 255],
        instant: DateTime::UNIX_EPOCH + TimeDelta::microseconds(1_700_000_000_123_456),
        clock: DateTime::UNIX_EPOCH.naive_utc(),
        day: DateTime::UNIX_EPOCH.date_naive(),
        hour: NaiveTime::from_hms_micro_opt(23, 59, 59, 123_456).expect("it is a time of day"),
        amount: Decimal::new(12_340, 3),
        document: serde_json::json!({"a": [1, null]}),
        tags: Json(vec!["x".to_owned()]),
        color: Color::Green,
        maybe_text: None,
        maybe_color: Some(Color::Red),
    }
}

#[test]
fn a_row_of_every_type_comes_back_as_it_went() {
    let sample = sample();
    let row = MemoryRow::of(&sample);
    assert_eq!(Sample::from_row(&row).unwrap(), sample);
}

#[test]
fn values_stand_in_the_order_of_the_schema() {
    let values = sample().values();
    let fields = &Sample::schema().fields;
    assert_eq!(values.len(), fields.len());
    let position = |name| Sample::schema().position(name).unwrap();
    assert_eq!(values[position("text")], Value::Text("größe".to_owned()));
    assert_eq!(values[position("maybe_text")], Value::Null);
    assert_eq!(
        values[position("maybe_color")],
        Value::Text("red".to_owned())
    );
}

#[test]
fn the_key_is_the_field_declared_as_one() {
    let sample = sample();
    assert_eq!(sample.key(), &sample.id);
}

#[test]
fn a_column_of_another_type_is_an_error() {
    let mut values = sample().values();
    values[1] = Value::Text("true".to_owned());
    let error = Sample::from_row(&MemoryRow::from_values(values)).unwrap_err();
    assert!(error.to_string().contains("column 1"), "{error}");
}

#[test]
fn a_leap_second_is_the_second_before_it() {
    let leap = NaiveTime::from_hms_micro_opt(23, 59, 59, 1_500_000).unwrap();
    let row = MemoryRow::of(&Sample {
        hour: leap,
        ..sample()
    });
    let read = Sample::from_row(&row).unwrap().hour;
    assert_eq!(read.to_string(), "23:59:59.500");
}
