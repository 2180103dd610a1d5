use chrono::{NaiveDateTime, TimeDelta, Utc};
use dataflow::error::Kind;
use dataflow::{DataFlow, Model, Repository};
use serde_json::json;

use crate::nodes::call;
use crate::setup::Setup;

on_every_database! {
    a_time_on_the_clock_is_stored_as_it_is_shown
    a_time_on_the_clock_is_sorted_paged_and_measured
    an_offset_is_refused_and_never_left_out_in_silence
    stamps_are_what_a_clock_in_utc_shows
    what_is_written_past_the_library_is_stamped_in_utc
    a_bound_holds_at_the_door_and_in_the_table
}

#[derive(Debug, Clone, PartialEq, Model)]
struct Opening {
    #[model(primary_key, client_key)]
    at: NaiveDateTime,
    #[model(default = "2026-11-23T18:00:00.5", min = "2000-01-01T00:00:00")]
    closes: NaiveDateTime,
    #[model(unique)]
    noted: Option<NaiveDateTime>,
}

#[derive(Debug, Clone, PartialEq, Model)]
struct Memo {
    #[model(primary_key)]
    id: i64,
    text: String,
    #[model(created_at)]
    created_at: NaiveDateTime,
    #[model(updated_at)]
    updated_at: NaiveDateTime,
    #[model(soft_delete)]
    deleted_at: Option<NaiveDateTime>,
}

fn time(text: &str) -> NaiveDateTime {
    text.parse().unwrap()
}

fn opening(at: &str) -> Opening {
    Opening {
        at: time(at),
        closes: time("2026-11-23T18:00:00"),
        noted: None,
    }
}

async fn openings(setup: &Setup) -> (DataFlow, Repository<Opening>) {
    let database = setup.builder().model::<Opening>().open().unwrap();
    let openings = database.repository::<Opening>().unwrap();
    (database, openings)
}

async fn a_time_on_the_clock_is_stored_as_it_is_shown(setup: Setup) {
    let (database, openings) = openings(&setup).await;
    let given = opening("2026-03-29T02:30:00");
    assert_eq!(openings.create(&given).await.unwrap(), given);
    assert_eq!(openings.read(&given.at).await.unwrap(), given);
    let shown = setup.sql("SELECT CAST(\"at\" AS text) FROM openings");
    assert_eq!(shown.as_deref(), Some("2026-03-29 02:30:00"));
    let created = call(
        &database,
        "opening_create",
        json!({"at": "2026-11-23T09:30"}),
    );
    let created = created.await.unwrap();
    let expected = json!({
        "at": "2026-11-23T09:30:00", "closes": "2026-11-23T18:00:00.500000", "noted": null,
    });
    assert_eq!(created, expected);
    let read = json!({"at": "2026-11-23 09:30:00.000000"});
    assert_eq!(
        call(&database, "opening_read", read).await.unwrap(),
        expected
    );
    // Opened again, nothing is different.
    drop(database);
    let builder = setup.builder().model::<Opening>().auto_migrate(false);
    builder.open().unwrap();
}

async fn a_time_on_the_clock_is_sorted_paged_and_measured(setup: Setup) {
    let (_, openings) = openings(&setup).await;
    let first = time("2026-11-23T09:00:00");
    let given: Vec<Opening> = (0..300)
        .map(|n| Opening {
            noted: Some(first - TimeDelta::milliseconds(500 * n)),
            ..opening(
                &(first + TimeDelta::milliseconds(500 * n))
                    .to_string()
                    .replace(' ', "T"),
            )
        })
        .collect();
    assert_eq!(openings.bulk_create(&given).await.unwrap(), given);
    assert_eq!(
        openings.bulk_upsert(&given, Opening::AT).await.unwrap(),
        given
    );
    let query = || openings.query().order_by(Opening::NOTED.asc()).limit(7);
    let page = query().list().await.unwrap();
    assert_eq!(page.rows[0], given[299]);
    assert_eq!(page.rows[6], given[293]);
    let next = query().after(page.next.unwrap()).list().await.unwrap();
    assert_eq!(next.rows[0], given[292]);
    let range = openings
        .query()
        .aggregate((Opening::AT.min(), Opening::AT.max()))
        .await
        .unwrap();
    assert_eq!(range, (Some(given[0].at), Some(given[299].at)));
    let after = Opening::AT.gt(given[297].at);
    assert_eq!(openings.count(after).await.unwrap(), 2);
    let keys: Vec<NaiveDateTime> = given.iter().map(|row| row.at).collect();
    assert_eq!(openings.bulk_delete(&keys).await.unwrap(), 300);
    assert_eq!(openings.bulk_load(&given).await.unwrap(), 300);
    assert_eq!(openings.read(&given[1].at).await.unwrap(), given[1]);
}

async fn an_offset_is_refused_and_never_left_out_in_silence(setup: Setup) {
    let (database, _) = openings(&setup).await;
    for text in ["2026-11-23T09:30:00Z", "2026-11-23T09:30:00.5+02:00"] {
        let refused = call(&database, "opening_create", json!({"at": text})).await;
        let error = refused.unwrap_err();
        assert_eq!(error.kind(), Kind::Invalid);
        let fault = &error.faults()[0];
        assert_eq!(fault.pointer, "/at");
        assert!(fault.detail.contains("leave it out"), "{fault:?}");
        let filter = json!({"filter": {"at": {"$gt": text}}});
        let error = call(&database, "opening_list", filter).await.unwrap_err();
        assert!(
            error.faults()[0].detail.contains("leave it out"),
            "{error:?}"
        );
    }
}

async fn stamps_are_what_a_clock_in_utc_shows(setup: Setup) {
    let database = setup.builder().model::<Memo>().open().unwrap();
    let memos = database.repository::<Memo>().unwrap();
    let before = Utc::now().naive_utc() - TimeDelta::milliseconds(1);
    let created = call(&database, "memo_create", json!({"text": "a"}))
        .await
        .unwrap();
    let id = created["id"].as_i64().unwrap();
    let memo = memos.read(&id).await.unwrap();
    let is_now = |time: NaiveDateTime| before <= time && time <= Utc::now().naive_utc();
    assert!(
        is_now(memo.created_at) && memo.updated_at == memo.created_at,
        "{memo:?}"
    );
    let change = json!({"id": id, "text": "b"});
    call(&database, "memo_update", change).await.unwrap();
    let changed = memos.read(&id).await.unwrap();
    assert!(changed.updated_at > memo.updated_at, "{changed:?}");
    assert_eq!(changed.created_at, memo.created_at);
    memos.delete(&id).await.unwrap();
    let deleted = memos.query().only_deleted().list().await.unwrap();
    assert!(is_now(deleted.rows[0].deleted_at.unwrap()), "{deleted:?}");
    assert_eq!(memos.restore(&id).await.unwrap().deleted_at, None);
}

async fn what_is_written_past_the_library_is_stamped_in_utc(setup: Setup) {
    let database = setup.builder().model::<Memo>().open().unwrap();
    let memos = database.repository::<Memo>().unwrap();
    let insert = "INSERT INTO memos (text) VALUES ('a')";
    match setup.is_sqlite() {
        true => setup.sql(insert),
        false => setup.sql(&format!("SET TimeZone = 'Asia/Tokyo'; {insert}")),
    };
    let memo = memos.query().list().await.unwrap().rows.remove(0);
    let age = Utc::now().naive_utc() - memo.created_at;
    assert!(
        age < TimeDelta::minutes(5) && age > TimeDelta::minutes(-5),
        "{memo:?}"
    );
}

async fn a_bound_holds_at_the_door_and_in_the_table(setup: Setup) {
    let (database, openings) = openings(&setup).await;
    let early = json!({"at": "2026-11-23T09:30:00", "closes": "1999-12-31T23:59:59"});
    let error = call(&database, "opening_create", early).await.unwrap_err();
    assert_eq!(error.faults()[0].pointer, "/closes");
    openings
        .create(&opening("2026-11-23T09:30:00"))
        .await
        .unwrap();
    if setup.is_sqlite() {
        for text in [
            "2026-11-23T09:30:00",
            "2026-11-23 09:30:00Z",
            "2026-11-23 09:30:00.5",
            "2026-11-23 09:30:00.000000",
            "2026-02-30 09:30:00",
            "2026-11-23 24:00:00",
            "1999-12-31 23:59:59",
            "soon",
        ] {
            let update = format!("UPDATE openings SET closes = '{text}'");
            assert!(setup.is_refused(&update), "{text}");
        }
        assert!(!setup.is_refused("UPDATE openings SET closes = CURRENT_TIMESTAMP"));
    }
}
