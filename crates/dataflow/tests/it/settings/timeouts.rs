//! How long each kind of waiting takes; each names itself.

use std::time::{Duration, Instant};

use dataflow::error::Kind;
use dataflow::{DataFlow, Model};
use serde_json::json;

use crate::models::Country;
use crate::nodes::call;
use crate::setup::Setup;

#[test]
fn connect_timeout_names_itself() {
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("postgres://ada@{}/db", silent.local_addr().unwrap());
    let began = Instant::now();
    let builder = DataFlow::builder(url).connect_timeout(Duration::from_millis(200));
    let error = builder.open().err().unwrap();
    assert!(began.elapsed() < Duration::from_secs(4));
    assert!(
        format!("{error:?}").contains("connect_timeout"),
        "{error:?}"
    );
}

/// One operation waits for a lock until `statement_timeout`, and holds the only connection.
#[tokio::test]
async fn statement_timeout_acquire_timeout_and_connection_pool_size_hold() {
    let setup = Setup::postgres();
    let builder = |size| {
        let builder = setup.library().connection_pool_size(size);
        builder
            .statement_timeout(Duration::from_millis(1_500))
            .acquire_timeout(Duration::from_millis(200))
    };
    for (size, is_second_answered) in [(1, false), (2, true)] {
        let database = builder(size).open().unwrap();
        let (release, released) = std::sync::mpsc::channel::<()>();
        let url = setup.url().to_owned();
        let (held, holds) = std::sync::mpsc::channel();
        let holder = std::thread::spawn(move || {
            let mut client = ::postgres::Client::connect(&url, ::postgres::NoTls).unwrap();
            client.batch_execute("BEGIN; LOCK TABLE countries").unwrap();
            held.send(()).unwrap();
            released.recv().unwrap();
        });
        holds.recv().unwrap();
        let first = call(&database, "country_count", json!({}));
        let second = async {
            tokio::time::sleep(Duration::from_millis(300)).await;
            call(&database, "book_count", json!({})).await
        };
        let (first, second) = tokio::join!(first, second);
        release.send(()).unwrap();
        holder.join().unwrap();

        let error = first.unwrap_err();
        assert_eq!(error.kind(), Kind::Timeout);
        assert!(
            format!("{error:?}").contains("statement_timeout"),
            "{error:?}"
        );
        match second {
            Ok(count) => assert!(is_second_answered, "{count}"),
            Err(error) => {
                assert!(!is_second_answered, "{error:?}");
                assert!(
                    format!("{error:?}").contains("acquire_timeout"),
                    "{error:?}"
                );
            }
        }
    }
}

#[test]
fn lock_timeout_bounds_how_long_a_schema_change_waits() {
    #[derive(Model)]
    #[model(table = "countries")]
    struct Wider {
        #[model(primary_key)]
        code: String,
        #[model(unique)]
        name: String,
        area: Option<i64>,
    }
    let setup = Setup::postgres();
    setup.builder().model::<Country>().open().unwrap();
    setup.session(|client| {
        let mut reading = client.transaction().unwrap();
        reading.batch_execute("SELECT * FROM countries").unwrap();
        let began = Instant::now();
        let builder = setup.builder().model::<Wider>();
        let builder = builder.lock_timeout(Duration::from_millis(100));
        let error = builder.open().err().unwrap();
        assert!(began.elapsed() < Duration::from_millis(1_900));
        assert!(format!("{error:?}").contains("lock_timeout"), "{error:?}");
    });
}

#[test]
fn migration_timeout_bounds_how_long_a_start_waits_for_one_that_does_nothing() {
    for setup in [Setup::sqlite(), Setup::postgres()] {
        setup.builder().open().unwrap();
        let hold = match setup.is_sqlite() {
            true => "BEGIN IMMEDIATE",
            false => "SELECT pg_advisory_lock(1684431972, hashtext(current_schema()))",
        };
        setup.holding(hold, || {
            let began = Instant::now();
            let builder = setup.builder().model::<Country>();
            let keys = [("DATAFLOW__MIGRATION_TIMEOUT", "200ms")];
            let error = builder.environment(keys).open().err().unwrap();
            assert!(began.elapsed() < Duration::from_secs(20));
            assert_eq!(error.kind(), Kind::Timeout);
            assert!(error.to_string().contains("migration_timeout"), "{error:?}");
            assert!(error.help().unwrap().contains("migration_timeout"));
        });
        setup.builder().model::<Country>().open().unwrap();
    }
}
