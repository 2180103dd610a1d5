use chrono::{NaiveDateTime, NaiveTime, TimeDelta, Utc};
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
    a_time_of_day_is_stored_as_it_is_shown
    a_time_of_day_is_sorted_paged_and_measured
    a_time_of_day_has_bounds_and_no_offset
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

#[derive(Debug, Clone, PartialEq, Model)]
struct Shift {
    #[model(primary_key, client_key)]
    begins: NaiveTime,
    #[model(default = "18:00:00.5", min = "06:00:00", max = "22:00:00")]
    ends: NaiveTime,
    #[model(unique, precision = 1)]
    rest: Option<NaiveTime>,
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

async fn shifts(setup: &Setup) -> (DataFlow, Repository<Shift>) {
    let database = setup.builder().model::<Shift>().open().unwrap();
    let shifts = database.repository::<Shift>().unwrap();
    (database, shifts)
}

fn clock(text: &str) -> NaiveTime {
    text.parse().unwrap()
}

async fn a_time_of_day_is_stored_as_it_is_shown(setup: Setup) {
    let (database, shifts) = shifts(&setup).await;
    let given = Shift {
        begins: clock("00:00:00"),
        ends: clock("21:59:59.999999"),
        rest: Some(clock("12:30:00.5")),
    };
    assert_eq!(shifts.create(&given).await.unwrap(), given);
    assert_eq!(shifts.read(&given.begins).await.unwrap(), given);
    let shown = setup.sql("SELECT CAST(begins AS text) FROM shifts");
    assert_eq!(shown.as_deref(), Some("00:00:00"));
    let created = call(&database, "shift_create", json!({"begins": "09:30"}));
    let expected = json!({"begins": "09:30:00", "ends": "18:00:00.500000", "rest": null});
    assert_eq!(created.await.unwrap(), expected);
    let read = json!({"begins": "09:30:00.000"});
    let read = call(&database, "shift_read", read).await.unwrap();
    assert_eq!(read, expected);
    // Opened again, nothing is different.
    drop(database);
    let builder = setup.builder().model::<Shift>().auto_migrate(false);
    builder.open().unwrap();
}

async fn a_time_of_day_is_sorted_paged_and_measured(setup: Setup) {
    let (_, shifts) = shifts(&setup).await;
    let at = |n: i64| clock("09:00:00") + TimeDelta::milliseconds(500 * n);
    let given: Vec<Shift> = (0..300)
        .map(|n| Shift {
            begins: at(n),
            ends: clock("18:00:00"),
            rest: Some(at(299 - n)),
        })
        .collect();
    assert_eq!(shifts.bulk_create(&given).await.unwrap(), given);
    assert_eq!(shifts.bulk_update(&given).await.unwrap(), given);
    let upserted = shifts.bulk_upsert(&given, Shift::BEGINS).await.unwrap();
    assert_eq!(upserted, given);
    let query = || shifts.query().order_by(Shift::REST.asc()).limit(7);
    let page = query().list().await.unwrap();
    assert_eq!(page.rows[0], given[299]);
    let next = query().after(page.next.unwrap()).list().await.unwrap();
    assert_eq!(next.rows[0], given[292]);
    let range = (Shift::BEGINS.min(), Shift::BEGINS.max());
    let range = shifts.query().aggregate(range).await.unwrap();
    assert_eq!(range, (Some(at(0)), Some(at(299))));
    let among = Shift::BEGINS.is_in([at(3), at(5)]);
    assert_eq!(shifts.count(among).await.unwrap(), 2);
    assert_eq!(shifts.count(Shift::BEGINS.gt(at(297))).await.unwrap(), 2);
    let keys: Vec<NaiveTime> = given.iter().map(|row| row.begins).collect();
    assert_eq!(shifts.bulk_delete(&keys).await.unwrap(), 300);
    assert_eq!(shifts.bulk_load(&given).await.unwrap(), 300);
    assert_eq!(shifts.read(&at(1)).await.unwrap(), given[1]);
}

async fn a_time_of_day_has_bounds_and_no_offset(setup: Setup) {
    let (database, shifts) = shifts(&setup).await;
    for (wrong, pointer, told) in [
        (
            json!({"begins": "09:30:00Z"}),
            "/begins",
            "leave it out, as in 09:30:00",
        ),
        (
            json!({"begins": "24:00:00"}),
            "/begins",
            "a time of day without an offset",
        ),
        (json!({"begins": "noon"}), "/begins", "such as 09:30:00"),
        (
            json!({"begins": "01:00", "ends": "05:59:59.999999"}),
            "/ends",
            "06:00:00",
        ),
        (
            json!({"begins": "01:00", "rest": "12:00:00.25"}),
            "/rest",
            "at most 1 digit",
        ),
    ] {
        let refused = call(&database, "shift_create", wrong).await.unwrap_err();
        assert_eq!(refused.kind(), Kind::Invalid);
        let fault = &refused.faults()[0];
        assert_eq!(fault.pointer, pointer);
        assert!(fault.detail.contains(told), "{fault:?}");
    }
    let filter = json!({"filter": {"begins": {"$gt": "09:30:00+02:00"}}});
    let refused = call(&database, "shift_list", filter).await.unwrap_err();
    assert!(refused.faults()[0].detail.contains("leave it out"));
    let shift = Shift {
        begins: clock("09:30:00"),
        ends: clock("18:00:00"),
        rest: None,
    };
    shifts.create(&shift).await.unwrap();
    if setup.is_sqlite() {
        for text in [
            "9:30:00",
            "09:30",
            "09:30:00Z",
            "09:30:00.5",
            "09:30:00.000000",
            "09:60:00",
            "24:00:00",
            "05:00:00",
            "2026-11-23 09:30:00",
        ] {
            let update = format!("UPDATE shifts SET ends = '{text}'");
            assert!(setup.is_refused(&update), "{text}");
        }
        assert!(setup.is_refused("UPDATE shifts SET rest = '12:00:00.250000'"));
        for rest in ["'12:00:00.500000'", "NULL", "CURRENT_TIME"] {
            assert!(
                !setup.is_refused(&format!("UPDATE shifts SET rest = {rest}")),
                "{rest}"
            );
        }
    }
}

#[derive(Debug, Clone, PartialEq, Model)]
struct Reminder {
    #[model(primary_key, client_key)]
    id: i64,
    at: NaiveDateTime,
}

#[tokio::test]
async fn a_table_takes_no_text_that_is_no_time_from_whoever_writes_it() {
    let setup = Setup::sqlite();
    drop(setup.builder().model::<Reminder>().open().unwrap());
    let insert = |text: &str| format!("INSERT INTO reminders VALUES (1, '{text}')");
    for text in [
        "2024-01-01 09:60:00",
        "2024-01-01 09:30:60",
        "2024-13-01 09:30:00",
        "2024-02-30 09:30:00",
        "2024-01-01 24:00:00",
        "2024-01-01T09:30:00",
        "2024-01-01 09:60",
        "2024-01-01",
        "soon, but not too soon",
        "",
    ] {
        assert!(setup.is_refused(&insert(text)), "{text:?}");
    }
    assert!(!setup.is_refused(&insert("2024-01-01 09:30:00")));
}

/// It let some through that are no times.
#[tokio::test]
async fn a_table_with_the_check_of_before_stays_and_what_is_no_time_in_it_is_named() {
    let setup = Setup::sqlite();
    let open = || setup.builder().model::<Reminder>();
    drop(open().open().unwrap());
    let made = "SELECT sql FROM sqlite_schema WHERE name = 'reminders'";
    let made = setup.sql(made).unwrap();
    let before = made.replace(") IS substr(", ") = substr(");
    assert_ne!(made, before);
    let bad = "INSERT INTO reminders VALUES (1, '2024-01-01 09:60:00')";
    assert!(!setup.is_refused(&format!("DROP TABLE reminders; {before}; {bad}")));

    let database = open().auto_migrate(false).open().unwrap();
    let reminders = database.repository::<Reminder>().unwrap();
    let typed = reminders.read(&1).await.unwrap_err();
    let listed = call(&database, "reminder_list", json!({}))
        .await
        .unwrap_err();
    for error in [typed, listed] {
        let (place, told) = (error.place(), error.to_string());
        assert_eq!(place.table.as_deref(), Some("reminders"), "{error:?}");
        assert_eq!(place.columns, ["at"], "{error:?}");
        for name in ["\"reminders\"", "\"at\"", "a date and time"] {
            assert!(told.contains(name), "{told}");
        }
        assert!(!format!("{error:?}").contains("09:60"), "{error:?}");
    }
}
