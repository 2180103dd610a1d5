use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use dataflow::error::Kind;
use dataflow::{DataFlow, Model, Predicate, Repository};
use rust_decimal::Decimal;
use serde_json::{Value as Json, json};

use crate::nodes::call;
use crate::setup::Setup;

on_every_database! {
    lists_of_times_and_decimals_come_back_as_they_were
    lists_of_times_and_decimals_go_through_every_bulk
    a_list_is_found_by_a_time_or_a_decimal_in_it
    a_list_that_another_program_wrote_is_shown_in_one_spelling
    a_default_of_a_list_is_found_as_a_list_that_was_given
    an_item_that_is_no_such_time_is_refused
}

#[derive(Debug, Clone, PartialEq, Model)]
struct Plan {
    #[model(primary_key, client_key)]
    id: i64,
    days: Vec<NaiveDate>,
    hours: Vec<NaiveTime>,
    starts: Vec<NaiveDateTime>,
    instants: Vec<DateTime<Utc>>,
    prices: Vec<Decimal>,
    ratios: Vec<f32>,
    maybe: Option<Vec<NaiveDate>>,
    #[model(default = r#"["2026-11-23T09:30:00.5+02:00", "2026-12-24T00:00:00Z"]"#)]
    usual: Vec<DateTime<Utc>>,
}

fn days(texts: &[&str]) -> Vec<NaiveDate> {
    texts.iter().map(|text| text.parse().unwrap()).collect()
}

fn plan(id: i64, on: &[&str]) -> Plan {
    Plan {
        id,
        days: days(on),
        hours: vec!["23:59:59.999999".parse().unwrap(), NaiveTime::MIN],
        starts: vec!["2026-11-23T09:30:00.25".parse().unwrap()],
        instants: vec![
            DateTime::UNIX_EPOCH,
            "0001-01-01T00:00:00Z".parse().unwrap(),
        ],
        prices: vec![
            "1.50".parse().unwrap(),
            "-1234567890123.456".parse().unwrap(),
        ],
        ratios: vec![0.1, 16_777_216.0, 1e15, -3.5],
        maybe: (id % 2 == 0).then(|| days(&["9999-12-31"])),
        usual: Vec::new(),
    }
}

async fn plans(setup: &Setup) -> (DataFlow, Repository<Plan>) {
    let database = setup.builder().model::<Plan>().open().unwrap();
    let plans = database.repository::<Plan>().unwrap();
    (database, plans)
}

async fn lists_of_times_and_decimals_come_back_as_they_were(setup: Setup) {
    let (database, plans) = plans(&setup).await;
    let mut given = plan(1, &["2026-11-23", "0001-01-01"]);
    assert_eq!(plans.create(&given).await.unwrap(), given);
    assert_eq!(plans.read(&1).await.unwrap(), given);
    given.hours.clear();
    given.maybe = Some(Vec::new());
    assert_eq!(plans.update(&given).await.unwrap(), given);
    assert_eq!(plans.upsert(&given, Plan::ID).await.unwrap(), given);
    let input = json!({
        "id": 2, "days": ["2026-02-28"], "hours": ["09:30", "09:30:00.5"],
        "starts": ["2026-11-23 09:30"], "instants": ["2026-11-23T09:30:00.5+02:00"],
        "prices": ["1.50", 7], "ratios": [0.1], "maybe": null,
    });
    let expected = json!({
        "id": 2, "days": ["2026-02-28"], "hours": ["09:30:00", "09:30:00.500000"],
        "starts": ["2026-11-23T09:30:00"], "instants": ["2026-11-23T07:30:00.500000Z"],
        "prices": ["1.5", "7"], "ratios": [0.1], "maybe": null,
        "usual": ["2026-11-23T07:30:00.500000Z", "2026-12-24T00:00:00.000000Z"],
    });
    assert_eq!(
        call(&database, "plan_create", input).await.unwrap(),
        expected
    );
    let read = call(&database, "plan_read", json!({"id": 2})).await;
    assert_eq!(read.unwrap(), expected);
    if !setup.is_sqlite() {
        let types = "SELECT concat_ws(' ', pg_typeof(days), pg_typeof(hours), pg_typeof(starts), \
                     pg_typeof(instants), pg_typeof(prices), pg_typeof(ratios)) FROM plans LIMIT 1";
        let expected = "date[] time without time zone[] timestamp without time zone[] \
                        timestamp with time zone[] numeric[] real[]";
        assert_eq!(setup.sql(types).as_deref(), Some(expected));
    }
    // Opened again, nothing is different.
    drop(database);
    let builder = setup.builder().model::<Plan>().auto_migrate(false);
    builder.open().unwrap();
}

async fn lists_of_times_and_decimals_go_through_every_bulk(setup: Setup) {
    let (_, plans) = plans(&setup).await;
    let given: Vec<Plan> = (0..300).map(|id| plan(id, &["2026-11-23"])).collect();
    let ids: Vec<i64> = given.iter().map(|plan| plan.id).collect();
    assert_eq!(plans.bulk_create(&given).await.unwrap(), given);
    assert_eq!(plans.bulk_update(&given).await.unwrap(), given);
    assert_eq!(plans.bulk_upsert(&given, Plan::ID).await.unwrap(), given);
    assert_eq!(plans.bulk_delete(&ids).await.unwrap(), 300);
    assert_eq!(plans.bulk_load(&given).await.unwrap(), 300);
    assert_eq!(plans.read(&299).await.unwrap(), given[299]);
}

async fn a_list_is_found_by_a_time_or_a_decimal_in_it(setup: Setup) {
    let (database, plans) = plans(&setup).await;
    let rows = [
        plan(1, &["2026-11-23", "2026-11-24"]),
        plan(2, &["2026-11-24", "2026-11-24"]),
        plan(3, &[]),
    ];
    plans.bulk_create(&rows).await.unwrap();
    let first: NaiveDate = "2026-11-23".parse().unwrap();
    let second: NaiveDate = "2026-11-24".parse().unwrap();
    let cases: Vec<(Predicate<Plan>, Json, &[i64])> = vec![
        (
            Plan::DAYS.contains_all([first]),
            json!({"days": {"$contains": "2026-11-23"}}),
            &[1],
        ),
        (
            Plan::DAYS.is_contained_in([second]),
            json!({"days": {"$contained": ["2026-11-24"]}}),
            &[2, 3],
        ),
        (
            Plan::DAYS.overlaps([first, second]),
            json!({"days": {"$overlaps": ["2026-11-23", "2026-11-24"]}}),
            &[1, 2],
        ),
        (
            Plan::DAYS.eq(vec![second, second]),
            json!({"days": ["2026-11-24", "2026-11-24"]}),
            &[2],
        ),
        (
            Plan::DAYS.is_empty(),
            json!({"days": {"$empty": true}}),
            &[3],
        ),
        (
            Plan::HOURS.contains_all([NaiveTime::MIN]),
            json!({"hours": {"$contains": "00:00"}}),
            &[1, 2, 3],
        ),
        (
            Plan::STARTS.contains_all(rows[0].starts.clone()),
            json!({"starts": {"$contains": "2026-11-23 09:30:00.250"}}),
            &[1, 2, 3],
        ),
        (
            Plan::INSTANTS.contains_all([DateTime::UNIX_EPOCH]),
            json!({"instants": {"$contains": "1970-01-01T01:00:00+01:00"}}),
            &[1, 2, 3],
        ),
        (
            Plan::PRICES.contains_all(["1.500".parse::<Decimal>().unwrap()]),
            json!({"prices": {"$contains": "1.5"}}),
            &[1, 2, 3],
        ),
        (
            Plan::RATIOS.contains_all([0.1_f32]),
            json!({"ratios": {"$contains": 0.1}}),
            &[1, 2, 3],
        ),
        (
            Plan::RATIOS.eq(rows[0].ratios.clone()),
            json!({"ratios": [0.1, 16_777_216, 1e15, -3.5]}),
            &[1, 2, 3],
        ),
        (
            Plan::MAYBE.overlaps(days(&["9999-12-31"])),
            json!({"maybe": {"$overlaps": ["9999-12-31"]}}),
            &[2],
        ),
    ];
    for (typed, data, expected) in cases {
        let found = plans.list(typed).await.unwrap().rows;
        let ids: Vec<i64> = found.iter().map(|plan| plan.id).collect();
        assert_eq!(ids, expected, "{data}");
        let counted = call(&database, "plan_count", json!({ "filter": data })).await;
        assert_eq!(counted.unwrap(), json!({"count": expected.len()}), "{data}");
    }
}

async fn a_list_that_another_program_wrote_is_shown_in_one_spelling(setup: Setup) {
    let (database, plans) = plans(&setup).await;
    plans.create(&plan(1, &[])).await.unwrap();
    let (starts, instants, prices) = match setup.is_sqlite() {
        true => (
            r#"["2026-11-23 09:30:00"]"#,
            r#"["2026-11-23T09:30:00+02:00"]"#,
            r#"["1.50"]"#,
        ),
        false => (
            r#"{"2026-11-23 09:30:00"}"#,
            r#"{"2026-11-23 09:30:00+02"}"#,
            "{1.50}",
        ),
    };
    setup.sql(&format!(
        "UPDATE plans SET starts = '{starts}', instants = '{instants}', prices = '{prices}'"
    ));
    let read = call(&database, "plan_read", json!({"id": 1}))
        .await
        .unwrap();
    assert_eq!(read["starts"], json!(["2026-11-23T09:30:00"]));
    assert_eq!(read["instants"], json!(["2026-11-23T07:30:00.000000Z"]));
    assert_eq!(read["prices"], json!(["1.5"]));
    let row = plans.read(&1).await.unwrap();
    assert_eq!(
        row.instants,
        ["2026-11-23T07:30:00Z".parse::<DateTime<Utc>>().unwrap()]
    );
    let days = match setup.is_sqlite() {
        true => r#"["soon"]"#,
        false => "{infinity}",
    };
    setup.sql(&format!("UPDATE plans SET days = '{days}'"));
    let error = plans.read(&1).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Internal, "{error:?}");
    let error = call(&database, "plan_read", json!({"id": 1}))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), Kind::Internal, "{error:?}");
    assert!(!format!("{error:?}").contains("soon"), "{error:?}");
}

async fn a_default_of_a_list_is_found_as_a_list_that_was_given(setup: Setup) {
    let (database, plans) = plans(&setup).await;
    let columns = "id, days, hours, starts, instants, prices, ratios";
    let empty = match setup.is_sqlite() {
        true => "'[]'",
        false => "'{}'",
    };
    setup.sql(&format!(
        "INSERT INTO plans ({columns}) VALUES (1, {empty}, {empty}, {empty}, {empty}, {empty}, {empty})"
    ));
    let input = json!({
        "id": 2, "days": [], "hours": [], "starts": [], "instants": [], "prices": [], "ratios": [],
    });
    call(&database, "plan_create", input).await.unwrap();
    let usual: Vec<DateTime<Utc>> = ["2026-11-23T07:30:00.5Z", "2026-12-24T00:00:00Z"]
        .map(|text| text.parse().unwrap())
        .to_vec();
    let found = plans
        .list(Plan::USUAL.eq(usual.clone()))
        .await
        .unwrap()
        .rows;
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found.iter().all(|plan| plan.usual == usual), "{found:?}");
}

async fn an_item_that_is_no_such_time_is_refused(setup: Setup) {
    let (database, plans) = plans(&setup).await;
    let base = json!({
        "id": 5, "days": [], "hours": [], "starts": [], "instants": [], "prices": [], "ratios": [],
    });
    for (field, wrong) in [
        ("days", json!(["2026-02-30"])),
        ("days", json!([null])),
        ("days", json!(["2026-11-23T00:00:00Z"])),
        ("hours", json!(["24:00:00"])),
        ("hours", json!(["09:30Z"])),
        ("starts", json!(["2026-11-23T09:30:00+01:00"])),
        ("instants", json!(["2026-11-23T09:30:00"])),
        ("instants", json!(["2026-11-23T09:30:00Z", 7])),
        ("prices", json!(["1e3"])),
        ("ratios", json!([1e300])),
    ] {
        let mut input = base.clone();
        input[field] = wrong;
        let error = call(&database, "plan_create", input.clone())
            .await
            .unwrap_err();
        assert_eq!(error.kind(), Kind::Invalid, "{input}");
        assert_eq!(error.faults()[0].pointer, format!("/{field}"), "{input}");
        assert!(error.faults()[0].detail.starts_with("item "), "{error:?}");
    }
    let far = Plan {
        instants: vec![DateTime::<Utc>::MAX_UTC],
        ..plan(6, &[])
    };
    let far_away = Plan {
        days: vec![NaiveDate::MAX],
        ..plan(7, &[])
    };
    let no_number = Plan {
        ratios: vec![f32::NAN],
        ..plan(8, &[])
    };
    for row in [far, far_away, no_number] {
        let error = plans.create(&row).await.unwrap_err();
        assert_eq!(error.kind(), Kind::Invalid, "{error:?}");
    }
}
