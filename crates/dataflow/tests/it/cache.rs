use std::time::Duration;

use dataflow::error::Kind;
use futures_util::future::join_all;
use serde_json::json;

use crate::heard::{heard, listen};
use crate::models::Country;
use crate::nodes::call;
use crate::setup::Setup;

on_every_database! {
    enable_caching_keeps_rows_until_this_process_writes_their_table
    a_write_of_one_table_leaves_what_is_kept_of_others
    v15_what_a_caller_changes_does_not_reach_the_next
    v15_what_those_change_who_read_together_reaches_nobody
    what_another_process_writes_is_noticed_where_changes_are_written_down
    nothing_stored_is_given_out_while_nobody_hears_of_others
    many_who_want_the_same_row_wait_for_one_statement
}

/// How often others are looked after, in these tests.
const INTERVAL: Duration = Duration::from_millis(100);

/// Stale reads end within the bound; one's own writes are seen at once.
async fn what_another_process_writes_is_noticed_where_changes_are_written_down(setup: Setup) {
    let open = || {
        let builder = setup.library().enable_caching(true).enable_changes(true);
        builder.changes_interval(INTERVAL).open().unwrap()
    };
    let [here, there] = [open(), open()];
    let italy = |name: &str| json!({"code": "it", "name": name});
    let read = async |database: &dataflow::DataFlow| {
        let row = call(database, "country_read", json!({"code": "it"})).await;
        let listed = call(database, "country_list", json!({})).await.unwrap();
        let row = row.unwrap();
        assert_eq!(listed[0]["code"], "it");
        row["name"].as_str().unwrap().to_owned()
    };
    call(&here, "country_create", italy("0")).await.unwrap();
    for round in 1..=5 {
        let (writer, reader) = if round % 2 == 0 {
            (&here, &there)
        } else {
            (&there, &here)
        };
        let name = round.to_string();
        read(reader).await;
        call(writer, "country_update", italy(&name)).await.unwrap();
        let written = std::time::Instant::now();
        assert_eq!(read(writer).await, name, "one's own write is seen at once");
        while read(reader).await != name {
            assert!(
                written.elapsed() < 2 * INTERVAL,
                "a stale read after the bound"
            );
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }
    // Whoever writes past all of this is noticed too.
    read(&here).await;
    setup.sql(RENAME);
    tokio::time::sleep(2 * INTERVAL).await;
    assert_eq!(read(&here).await, "Elsewhere");
}

/// What was stored before is not given out after a time without a word, and what is read then is
/// what there is.
async fn nothing_stored_is_given_out_while_nobody_hears_of_others(setup: Setup) {
    let builder = setup.library().enable_caching(true).enable_changes(true);
    let database = builder.changes_interval(INTERVAL).open().unwrap();
    let italy = json!({"code": "it", "name": "Italy"});
    call(&database, "country_create", italy).await.unwrap();
    let name = async |database: dataflow::DataFlow| {
        let row = call(&database, "country_read", json!({"code": "it"})).await;
        row.unwrap()["name"].as_str().unwrap().to_owned()
    };
    // Whoever listens does so in a runtime that is then gone.
    let in_a_runtime = |database: dataflow::DataFlow| {
        let thread = std::thread::spawn(move || {
            let mut builder = tokio::runtime::Builder::new_current_thread();
            let runtime = builder.enable_all().build().unwrap();
            runtime.block_on(async {
                for _ in 0..10 {
                    assert_eq!(name(database.clone()).await, "Italy");
                    tokio::time::sleep(INTERVAL / 4).await;
                }
            });
        });
        thread.join().unwrap();
    };
    in_a_runtime(database.clone());
    std::thread::sleep(2 * INTERVAL);
    setup.sql(RENAME);
    assert_eq!(name(database).await, "Elsewhere");
}

const RENAME: &str = "UPDATE countries SET name = 'Elsewhere' WHERE code = 'it'";

async fn enable_caching_keeps_rows_until_this_process_writes_their_table(setup: Setup) {
    for is_cached in [false, true] {
        let database = setup.library().enable_caching(is_cached).open().unwrap();
        let italy = json!({"code": "it", "name": "Italy"});
        call(&database, "country_upsert", italy).await.unwrap();
        let seen = async || {
            let row = call(&database, "country_read", json!({"code": "it"}))
                .await
                .unwrap();
            let rows = call(&database, "country_list", json!({})).await.unwrap();
            assert_eq!(row, rows[0]);
            row["name"].as_str().unwrap().to_owned()
        };
        assert_eq!(seen().await, "Italy");
        setup.sql(RENAME);
        assert_eq!(seen().await, if is_cached { "Italy" } else { "Elsewhere" });
        let other = json!({"code": "fr", "name": "France"});
        call(&database, "country_upsert", other).await.unwrap();
        let row = call(&database, "country_read", json!({"code": "it"}))
            .await
            .unwrap();
        assert_eq!(row["name"], "Elsewhere");
        let count = call(&database, "country_count", json!({})).await.unwrap();
        assert_eq!(count, json!({"count": 2}));
        call(
            &database,
            "country_bulk_delete",
            json!({"ids": ["it", "fr"]}),
        )
        .await
        .unwrap();
        let count = call(&database, "country_count", json!({})).await.unwrap();
        assert_eq!(count, json!({"count": 0}));
    }
}

async fn a_write_of_one_table_leaves_what_is_kept_of_others(setup: Setup) {
    let database = setup.library().enable_caching(true).open().unwrap();
    call(
        &database,
        "country_create",
        json!({"code": "it", "name": "Italy"}),
    )
    .await
    .unwrap();
    call(&database, "country_read", json!({"code": "it"}))
        .await
        .unwrap();
    setup.sql(RENAME);
    call(&database, "book_create", json!({"title": "One"}))
        .await
        .unwrap();
    let row = call(&database, "country_read", json!({"code": "it"}))
        .await
        .unwrap();
    assert_eq!(row["name"], "Italy");
}

async fn v15_what_a_caller_changes_does_not_reach_the_next(setup: Setup) {
    let database = setup.library().enable_caching(true).open().unwrap();
    call(
        &database,
        "country_create",
        json!({"code": "it", "name": "Italy"}),
    )
    .await
    .unwrap();
    for _ in 0..3 {
        let mut row = call(&database, "country_read", json!({"code": "it"}))
            .await
            .unwrap();
        assert_eq!(row["name"], "Italy");
        row["name"] = json!("Poisoned");
    }
}

async fn v15_what_those_change_who_read_together_reaches_nobody(setup: Setup) {
    let database = setup.library().enable_caching(true).open().unwrap();
    let countries = database.repository::<Country>().unwrap();
    let italy = Country::new("it", "Italy");
    let as_values = json!({"code": "it", "name": "Italy"});
    let key = || json!({"code": "it"});

    countries.create(&italy).await.unwrap();
    listen();
    let read = async |number: usize| {
        let mut row = countries.read(&italy.code).await.unwrap();
        assert_eq!(row, italy);
        row.name = format!("Poisoned {number}");
    };
    join_all((0..16).map(read)).await;
    assert_eq!(heard().statements.len(), 1, "they read together");

    // What was kept is forgotten, for others to read together.
    countries.update(&italy).await.unwrap();
    listen();
    let read = async |number: usize| {
        let mut row = call(&database, "country_read", key()).await.unwrap();
        assert_eq!(row, as_values);
        row["name"] = json!(format!("Poisoned {number}"));
    };
    join_all((0..16).map(read)).await;
    assert_eq!(heard().statements.len(), 1, "they read together");

    listen();
    assert_eq!(countries.read(&italy.code).await.unwrap(), italy);
    let row = call(&database, "country_read", key()).await.unwrap();
    assert_eq!(row, as_values);
    assert_eq!(heard().statements.len(), 0, "it was kept");
    let stored = setup.sql("SELECT name FROM countries WHERE code = 'it'");
    assert_eq!(stored.as_deref(), Some("Italy"));
}

async fn many_who_want_the_same_row_wait_for_one_statement(setup: Setup) {
    let database = setup.library().enable_caching(true).open().unwrap();
    let italy = json!({"code": "it", "name": "Italy"});
    call(&database, "country_create", italy.clone())
        .await
        .unwrap();
    listen();
    let read = |_| call(&database, "country_read", json!({"code": "it"}));
    for row in join_all((0..32).map(read)).await {
        assert_eq!(row.unwrap(), italy);
    }
    assert_eq!(heard().statements.len(), 1);
}

/// The server may still carry out what was sent to it before the connection broke.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_kept_while_a_write_whose_connection_broke_may_take_effect() {
    let setup = Setup::postgres();
    let named = setup.library().application_name("broken");
    let database = named.enable_caching(true).open().unwrap();
    let name = async || {
        let row = call(&database, "country_read", json!({"code": "it"})).await;
        row.unwrap()["name"].as_str().unwrap().to_owned()
    };
    let italy = json!({"code": "it", "name": "Italy"});
    call(&database, "country_create", italy.clone())
        .await
        .unwrap();

    let runtime = tokio::runtime::Handle::current();
    let update = tokio::task::block_in_place(|| {
        setup.session(|other| {
            let mut lock = other.transaction().unwrap();
            lock.batch_execute("LOCK TABLE countries").unwrap();
            let database = database.clone();
            let update = async move { call(&database, "country_update", italy).await };
            let update = runtime.spawn(update);
            let end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
                       WHERE application_name = 'broken' AND wait_event_type = 'Lock'";
            let ended = (0..500).any(|_| {
                std::thread::sleep(Duration::from_millis(10));
                !lock.query(end, &[]).unwrap().is_empty()
            });
            assert!(ended, "the update never waited for the lock");
            update
        })
    });
    let broken = update.await.unwrap();
    assert_eq!(broken.unwrap_err().kind(), Kind::Unavailable);

    assert_eq!(name().await, "Italy");
    setup.sql(RENAME);
    assert_eq!(name().await, "Elsewhere");
}
