use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use dataflow::error::Kind;
use dataflow::query::count;
use dataflow::{Filter, Json, Model, ModelEnum};
use rust_decimal::Decimal;
use serde_json::json;
use uuid::Uuid;

use crate::models::Author;
use crate::nodes::call;
use crate::setup::Setup;

on_every_database! {
    a_value_of_each_type_comes_back_as_it_was
    a_value_of_each_type_goes_through_every_bulk
    twelve_columns_are_selected_and_measured_at_once
    json_of_each_type_comes_back_as_it_was
    equal_decimals_are_found_however_they_are_written
    decimals_are_sorted_by_what_they_are
    v07_integers_stay_integers
    v07_a_key_is_never_null
}

#[derive(Debug, Clone, PartialEq, ModelEnum)]
enum Color {
    Red,
    Green,
}

#[derive(Debug, Clone, PartialEq, Model)]
struct Sample {
    #[model(primary_key, client_key)]
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
    maybe: Option<Color>,
    #[model(default = "[1]")]
    list: serde_json::Value,
}

fn sample() -> Sample {
    Sample {
        id: Uuid::from_u128(7),
        truth: true,
        small: i16::MIN,
        medium: i32::MAX,
        large: i64::MIN,
        single: 0.1,
        double: 1.0e-300,
        text: "größe '\"\\".to_owned(),
        bytes: vec![0, 255],
        instant: "2026-11-23T08:00:00.123456Z".parse().unwrap(),
        clock: "2026-11-23T08:00:00.100000".parse().unwrap(),
        day: "2024-02-29".parse().unwrap(),
        hour: "09:30:00.25".parse().unwrap(),
        amount: "-12.340".parse().unwrap(),
        document: json!({"a": [1, null, "ü"]}),
        tags: Json(vec!["x".to_owned()]),
        color: Color::Green,
        maybe: None,
        list: json!([2]),
    }
}

async fn a_value_of_each_type_comes_back_as_it_was(setup: Setup) {
    let database = setup
        .builder()
        .model::<Sample>()
        .enable_caching(true)
        .open()
        .unwrap();
    let samples = database.repository::<Sample>().unwrap();
    let sample = sample();
    assert_eq!(samples.create(&sample).await.unwrap(), sample);
    let filters = [
        Sample::TRUTH.eq(true).and(Sample::SMALL.eq(sample.small)),
        Sample::MEDIUM
            .eq(sample.medium)
            .and(Sample::LARGE.eq(sample.large)),
        Sample::SINGLE
            .eq(sample.single)
            .and(Sample::DOUBLE.eq(sample.double)),
        Sample::TEXT
            .eq(&sample.text)
            .and(Sample::BYTES.eq(&sample.bytes)),
        Sample::INSTANT
            .eq(sample.instant)
            .and(Sample::DAY.eq(sample.day)),
        Sample::AMOUNT
            .eq(sample.amount)
            .and(Sample::ID.eq(sample.id)),
        Sample::COLOR.eq(Color::Green).and(Sample::MAYBE.eq(None)),
        Sample::ID
            .is_in([sample.id])
            .and(Sample::TEXT.is_in([&sample.text])),
        Sample::SINGLE.is_in([sample.single]),
        Sample::INSTANT
            .is_in([sample.instant])
            .and(Sample::CLOCK.is_in([sample.clock]))
            .and(Sample::CLOCK.eq(sample.clock))
            .and(Sample::DAY.is_in([sample.day])),
        Sample::HOUR
            .is_in([sample.hour])
            .and(Sample::HOUR.eq(sample.hour)),
        Sample::AMOUNT
            .is_in([sample.amount])
            .and(Sample::COLOR.is_in([Color::Green])),
        Sample::TRUTH
            .is_in([true])
            .and(Sample::MAYBE.is_in([None, Some(Color::Red)])),
    ];
    for filter in filters {
        // Once from the database, once from the cache.
        for _ in 0..2 {
            let found = samples.list(filter.clone()).await.unwrap();
            assert_eq!(found.rows, std::slice::from_ref(&sample), "{filter:?}");
        }
    }
}

async fn twelve_columns_are_selected_and_measured_at_once(setup: Setup) {
    let database = setup.builder().model::<Sample>().open().unwrap();
    let samples = database.repository::<Sample>().unwrap();
    let sample = samples.create(&sample()).await.unwrap();
    let columns = (
        Sample::TRUTH,
        Sample::SMALL,
        Sample::MEDIUM,
        Sample::LARGE,
        Sample::SINGLE,
        Sample::DOUBLE,
        Sample::TEXT,
        Sample::BYTES,
        Sample::INSTANT,
        Sample::DAY,
        Sample::AMOUNT,
        Sample::COLOR,
    );
    let selected = samples.query().select(columns).first().await.unwrap();
    let expected = (
        sample.truth,
        sample.small,
        sample.medium,
        sample.large,
        sample.single,
        sample.double,
        sample.text.clone(),
        sample.bytes,
        sample.instant,
        sample.day,
        sample.amount,
        sample.color,
    );
    assert_eq!(selected, Some(expected));

    let distinct = Sample::ID.count_distinct();
    let (least, most) = (Sample::SMALL.min(), Sample::SMALL.max());
    let sums = (Sample::MEDIUM.sum(), Sample::LARGE.sum());
    let measures = (
        count(),
        distinct,
        least,
        most,
        sums.0,
        sums.1,
        Sample::MEDIUM.min(),
        Sample::MEDIUM.max(),
        Sample::LARGE.min(),
        Sample::LARGE.max(),
        Sample::TEXT.min(),
        Sample::TEXT.max(),
    );
    let text = Some(sample.text);
    let expected = (
        1,
        1,
        Some(sample.small),
        Some(sample.small),
        Some(i64::from(sample.medium)),
        Some(sample.large),
        Some(sample.medium),
        Some(sample.medium),
        Some(sample.large),
        Some(sample.large),
        text.clone(),
        text,
    );
    assert_eq!(samples.query().aggregate(measures).await.unwrap(), expected);
}

async fn a_value_of_each_type_goes_through_every_bulk(setup: Setup) {
    let database = setup.builder().model::<Sample>().open().unwrap();
    let samples = database.repository::<Sample>().unwrap();
    let given: Vec<Sample> = (0..300)
        .map(|n| Sample {
            id: Uuid::from_u128(n),
            maybe: (n % 2 == 0).then_some(Color::Red),
            text: format!("\\{n}\tü\n"),
            ..sample()
        })
        .collect();
    let ids: Vec<Uuid> = given.iter().map(|sample| sample.id).collect();
    assert_eq!(samples.bulk_create(&given).await.unwrap(), given);
    assert_eq!(samples.bulk_update(&given).await.unwrap(), given);
    assert_eq!(
        samples.bulk_upsert(&given, Sample::ID).await.unwrap(),
        given
    );
    assert_eq!(samples.bulk_delete(&ids).await.unwrap(), 300);
    assert_eq!(samples.bulk_load(&given).await.unwrap(), 300);
    for sample in [&given[0], &given[299]] {
        assert_eq!(samples.read(&sample.id).await.unwrap(), *sample);
    }
}

async fn json_of_each_type_comes_back_as_it_was(setup: Setup) {
    let database = setup.builder().model::<Sample>().open().unwrap();
    let given = json!({
        "id": "0190b4a6-7f3c-7a21-9c5e-3d2f1b0a9e8d", "truth": false, "small": 1, "medium": 2,
        "large": 9_007_199_254_740_993_i64, "single": 0.1, "double": 0.1, "text": "a",
        "bytes": "AP8=", "instant": "2026-11-23T08:00:00.000001Z", "day": "2024-02-29",
        "hour": "09:30:00", "clock": "2026-11-23T08:00:00", "amount": "1.50", "document": {"a": 1}, "tags": ["x"], "color": "green", "maybe": "red",
    });
    let mut stored = given.clone();
    stored["list"] = json!([1]);
    if setup.is_sqlite() {
        // A decimal is text there, and has one text for each number.
        stored["amount"] = json!("1.5");
    }
    let created = call(&database, "sample_create", given).await.unwrap();
    assert_eq!(created, stored);
    let filter = json!({"filter": {
        "id": {"$in": [created["id"]]}, "single": {"$in": [0.1]}, "amount": {"$in": ["1.5", "2"]},
        "instant": {"$in": [created["instant"]]}, "truth": {"$in": [false]},
        "color": {"$in": ["green"]}, "day": {"$lte": "2024-02-29"},
        "clock": {"$in": ["2026-11-23 08:00:00.000"]}, "hour": {"$in": ["09:30", "10:00"]},
    }});
    let found = call(&database, "sample_list", filter).await.unwrap();
    assert_eq!(found, json!([stored]));
}

async fn decimals_are_sorted_by_what_they_are(setup: Setup) {
    let database = setup.builder().model::<Sample>().open().unwrap();
    let samples = database.repository::<Sample>().unwrap();
    let amounts = ["9", "10", "-2", "100"].map(|amount| amount.parse().unwrap());
    let given = amounts.iter().zip(1..).map(|(amount, id)| Sample {
        id: Uuid::from_u128(id),
        amount: *amount,
        ..sample()
    });
    samples
        .bulk_create(&given.collect::<Vec<_>>())
        .await
        .unwrap();
    let sorted = samples.query().order_by(Sample::AMOUNT.asc()).list().await;
    if setup.is_sqlite() {
        assert_eq!(sorted.unwrap_err().kind(), Kind::Unsupported);
        return;
    }
    let sorted: Vec<Decimal> = sorted.unwrap().rows.iter().map(|row| row.amount).collect();
    assert_eq!(sorted, [amounts[2], amounts[0], amounts[1], amounts[3]]);
}

async fn equal_decimals_are_found_however_they_are_written(setup: Setup) {
    let database = setup.builder().model::<Sample>().open().unwrap();
    let samples = database.repository::<Sample>().unwrap();
    samples.create(&sample()).await.unwrap();
    for (filter, expected) in [
        (json!({"amount": "-12.34"}), 1),
        (json!({"amount": "-12.3400"}), 1),
        (json!({"amount": "-12.3"}), 0),
        (json!({"amount": {"$ne": "-12.34"}}), 0),
        (json!({"amount": {"$in": ["-12.34"]}}), 1),
    ] {
        let counted = call(&database, "sample_count", json!({ "filter": filter })).await;
        assert_eq!(counted.unwrap(), json!({"count": expected}), "{filter}");
    }
    let less = json!({"amount": {"$lt": "-9"}});
    let less = Filter::parse(
        &dataflow::SchemaSet::new(),
        Sample::schema(),
        less.as_object().unwrap(),
    )
    .unwrap();
    let counted = samples.count(less).await;
    if setup.is_sqlite() {
        assert_eq!(counted.unwrap_err().kind(), Kind::Unsupported);
    } else {
        assert_eq!(counted.unwrap(), 1);
    }
}

/// Whichever way they are written: SQLite would keep a text or a fraction where nobody minds.
async fn v07_integers_stay_integers(setup: Setup) {
    let database = setup.open();
    let authors = database.repository::<Author>().unwrap();
    authors.create(&Author::new("one")).await.unwrap();
    let input = json!({"email": "two", "rank": i32::MAX});
    call(&database, "author_create", input).await.unwrap();
    let rows = [Author::new("three"), Author::new("four")];
    authors.bulk_create(&rows).await.unwrap();
    let rows = json!({"rows": [{"email": "five", "rank": i32::MIN}]});
    call(&database, "author_bulk_create", rows).await.unwrap();
    for wrong in [
        json!("7"),
        json!(7.5),
        json!(true),
        json!(3_000_000_000_i64),
    ] {
        let input = json!({"email": "six", "rank": wrong});
        let error = call(&database, "author_create", input).await.unwrap_err();
        assert_eq!(error.kind(), Kind::Invalid, "{wrong}");
    }
    let (kind, name) = match setup.is_sqlite() {
        true => ("typeof(rank)", "integer"),
        false => ("pg_typeof(rank)::text", "integer"),
    };
    let count = format!("SELECT count(*) FROM authors WHERE {kind} = '{name}'");
    assert_eq!(setup.sql(&count).as_deref(), Some("5"));
    if setup.is_sqlite() {
        for wrong in ["'seven'", "7.5", "x'07'"] {
            let update = format!("UPDATE authors SET rank = {wrong}");
            assert!(setup.is_refused(&update), "{wrong}");
        }
    }
}

async fn v07_a_key_is_never_null(setup: Setup) {
    let database = setup.open();
    for input in [
        json!({"name": "Italy"}),
        json!({"code": null, "name": "Italy"}),
    ] {
        for node in ["country_create", "country_upsert"] {
            let refused = call(&database, node, input.clone()).await;
            assert_eq!(
                refused.unwrap_err().kind(),
                Kind::Invalid,
                "{node}: {input}"
            );
        }
        let rows = json!({"rows": [input]});
        let refused = call(&database, "country_bulk_create", rows).await;
        assert_eq!(refused.unwrap_err().kind(), Kind::Invalid, "{input}");
    }
    let count = "SELECT count(*) FROM countries";
    assert_eq!(
        setup.sql(count).as_deref(),
        Some("0"),
        "an error stores no row"
    );
    let insert = "INSERT INTO countries (code, name) VALUES (NULL, 'Italy')";
    let is_refused = match setup.is_sqlite() {
        true => setup.is_refused(insert),
        false => setup.session(|client| client.batch_execute(insert).is_err()),
    };
    assert!(is_refused, "the table sees to it as well");
}
