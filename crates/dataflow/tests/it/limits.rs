use chrono::{DateTime, NaiveDateTime, SubsecRound, Utc};
use dataflow::error::{Code, FaultCode};
use dataflow::node::Node as _;
use dataflow::{Filter, Model};
use rust_decimal::Decimal;
use serde_json::{Value as Json, json};

use crate::nodes::call;
use crate::setup::Setup;

on_every_database! {
    what_fits_is_stored_and_comes_back
    what_is_too_long_is_refused_at_its_field_by_structs
    what_is_too_long_is_refused_at_its_field_by_nodes
    a_shape_says_how_long_a_text_may_be
    a_time_has_no_more_digits_of_a_second_than_its_field_takes
}

#[derive(Debug, Clone, PartialEq, Model)]
struct Label {
    #[model(primary_key, max_length = 6)]
    code: String,
    #[model(max_length = 5, default = "größe")]
    text: String,
    #[model(precision = 5, scale = 2)]
    price: Option<Decimal>,
}

#[derive(Debug, Clone, PartialEq, Model)]
struct Call {
    #[model(primary_key)]
    id: i64,
    #[model(precision = 3)]
    began: DateTime<Utc>,
    #[model(precision = 0)]
    shown: Option<NaiveDateTime>,
    #[model(created_at, precision = 1)]
    created_at: DateTime<Utc>,
    #[model(updated_at, precision = 0)]
    updated_at: NaiveDateTime,
}

fn label(code: &str, text: &str, price: &str) -> Label {
    Label {
        code: code.to_owned(),
        text: text.to_owned(),
        price: Some(price.parse().unwrap()),
    }
}

async fn what_fits_is_stored_and_comes_back(setup: Setup) {
    let database = setup.builder().model::<Label>().open().unwrap();
    let labels = database.repository::<Label>().unwrap();
    let stored = labels.create(&label("äöüßab", "ääöüß", "-999.99")).await;
    let stored = stored.unwrap();
    assert_eq!(labels.read(&stored.code).await.unwrap(), stored);
    let made = call(
        &database,
        "label_create",
        json!({"code": "a", "price": "1.500"}),
    )
    .await;
    assert_eq!(made.unwrap()["text"], "größe");
}

async fn what_is_too_long_is_refused_at_its_field_by_structs(setup: Setup) {
    let database = setup.builder().model::<Label>().open().unwrap();
    let labels = database.repository::<Label>().unwrap();
    let (good, long) = (label("a", "text", "1"), label("b", "longer", "1"));
    labels.create(&good).await.unwrap();
    let error = labels.create(&long).await.unwrap_err();
    assert_eq!(error.code(), Code::OutOfRange);
    assert_eq!(error.to_string(), "text: takes at most 5 characters");
    assert!(labels.upsert(&long, Label::CODE).await.is_err());

    let dear = label("a", "text", "1000");
    let error = labels.update(&dear).await.unwrap_err();
    let fault = &error.faults()[0];
    assert_eq!((&*fault.pointer, fault.code), ("/price", FaultCode::Range));
    assert_eq!(
        fault.detail,
        "takes at most 3 digits before the point and 2 after it"
    );

    let error = labels.bulk_create(&[good.clone(), long]).await.unwrap_err();
    assert_eq!(error.faults()[0].pointer, "/1/text");
    assert_eq!(labels.count(Filter::all()).await.unwrap(), 1);
}

async fn what_is_too_long_is_refused_at_its_field_by_nodes(setup: Setup) {
    let database = setup.builder().model::<Label>().open().unwrap();
    let pointer = async |node: &str, input: Json| {
        let error = call(&database, node, input).await.unwrap_err();
        error.faults()[0].pointer.clone()
    };
    let row = json!({"code": "a", "text": "longer"});
    assert_eq!(pointer("label_create", row.clone()).await, "/text");
    assert_eq!(
        pointer("label_create", json!({"code": "a", "price": 0.125})).await,
        "/price"
    );
    let rows = json!({"rows": [{"code": "b"}, row]});
    assert_eq!(pointer("label_bulk_create", rows).await, "/rows/1/text");
}

async fn a_shape_says_how_long_a_text_may_be(setup: Setup) {
    let database = setup.builder().model::<Label>().build().unwrap();
    let node = database.node("label_create").unwrap();
    let descriptor = node.descriptor();
    let (_, text) = descriptor
        .input()
        .properties()
        .find(|(name, _)| *name == "text")
        .unwrap();
    assert_eq!(text["maxLength"], 5);
}

async fn a_time_has_no_more_digits_of_a_second_than_its_field_takes(setup: Setup) {
    let database = setup.builder().model::<Call>().open().unwrap();
    let calls = database.repository::<Call>().unwrap();
    let began: DateTime<Utc> = "2026-11-23T07:30:01.123456Z".parse().unwrap();
    let fine = Call {
        id: 0,
        began,
        shown: None,
        created_at: began,
        updated_at: began.naive_utc(),
    };
    let error = calls.create(&fine).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "began: takes at most 3 digits after the seconds"
    );
    let shown = json!({"began": "2026-11-23T07:30:01.123Z", "shown": "2026-11-23T09:30:01.5"});
    let error = call(&database, "call_create", shown).await.unwrap_err();
    assert_eq!(error.to_string(), "shown: takes whole seconds");

    let cut = Call {
        began: began.trunc_subsecs(3),
        shown: Some(began.naive_utc().trunc_subsecs(0)),
        ..fine
    };
    let stored = calls.create(&cut).await.unwrap();
    assert_eq!((stored.began, stored.shown), (cut.began, cut.shown));
    assert_eq!(stored.created_at, stored.created_at.trunc_subsecs(1));
    assert_eq!(stored.updated_at, stored.updated_at.trunc_subsecs(0));
    let since = Call::BEGAN.gte(cut.began);
    assert_eq!(calls.count(since).await.unwrap(), 1);
    // Who writes past the library need not know of it.
    setup.sql("INSERT INTO calls (began) SELECT began FROM calls");
    assert_eq!(calls.list(Filter::all()).await.unwrap().rows.len(), 2);
    drop(database);
    let builder = setup.builder().model::<Call>().auto_migrate(false);
    builder.open().unwrap();
}
