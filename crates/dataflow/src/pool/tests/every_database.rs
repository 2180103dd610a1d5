//! What holds on every database.

use std::sync::Arc;
use std::time::{Duration, Instant};

use dataflow_core::error::{FaultCode, Kind};
use dataflow_core::schema::{EnumType, FieldType};
use dataflow_core::value::{Date, LocalDateTime, LocalTime, Timestamp};
use dataflow_core::{Error, Value};
use parking_lot::Mutex;

use super::collect::{Panics, Values, Written};
use super::setup::Setup;
use crate::pool::{Members, Pool, PoolSettings, Statement, TransactionOptions};

/// Runs each test on each database.
macro_rules! on_every_database {
    ($($test:ident)*) => {
        on_every_database!(@ sqlite_file $($test)*);
        on_every_database!(@ sqlite_memory $($test)*);
        on_every_database!(@ postgres $($test)*);
    };
    (@ $database:ident $($test:ident)*) => {
        mod $database {
            use super::Setup;

            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $test() {
                    super::$test(Setup::$database).await;
                }
            )*
        }
    };
}

on_every_database! {
    every_type_comes_back_as_it_was_stored
    a_value_that_its_column_cannot_hold_is_refused
    many_tasks_write_and_read_at_once
    a_refused_write_names_its_columns_and_no_value
    many_members_are_written_all_or_none
    what_runs_too_long_is_stopped_and_names_its_setting
    what_waits_too_long_leaves_and_names_its_setting
    who_waits_longest_is_served_next
    a_caller_that_leaves_blocks_nobody
    a_collector_that_panics_ends_nobody_else
    a_collector_that_refuses_a_row_leaves_the_connection_well
    a_closed_pool_refuses
    two_runtimes_share_a_pool
}

/// How a database is set up, with a change to its settings.
type Make = fn(Change) -> Setup;
type Change = fn(&mut PoolSettings);

async fn every_type_comes_back_as_it_was_stored(make: Make) {
    let setup = make(|_| ());
    let color = FieldType::Enum(EnumType {
        name: "Color".into(),
        variants: vec!["red".into(), "green".into()].into(),
        type_name: None,
    });
    let text = |text: &str| Value::Text(text.to_owned());
    let decimal = |text: &str| Value::Decimal(text.to_owned());
    let cases: Vec<(FieldType, Vec<Value>)> = vec![
        (FieldType::Bool, vec![Value::Bool(true), Value::Bool(false)]),
        (
            FieldType::I16,
            integers(&[0, i16::MIN.into(), i16::MAX.into()]),
        ),
        (
            FieldType::I32,
            integers(&[-1, i32::MIN.into(), i32::MAX.into()]),
        ),
        (FieldType::I64, integers(&[1 << 53, i64::MIN, i64::MAX])),
        (
            FieldType::F32,
            floats(&[0.5, f32::MIN.into(), f32::MAX.into(), f64::INFINITY]),
        ),
        (
            FieldType::F64,
            floats(&[0.1, f64::MIN, f64::MAX, f64::MIN_POSITIVE, 1.0]),
        ),
        (
            FieldType::String,
            vec![
                text(""),
                text("Größe \u{1f600} ' \" \\ %"),
                text(&"x".repeat(100_000)),
            ],
        ),
        (
            FieldType::Bytes,
            vec![Value::Bytes(vec![]), Value::Bytes((0..=255).collect())],
        ),
        (
            FieldType::Uuid,
            vec![Value::Uuid([0; 16]), Value::Uuid([0xff; 16])],
        ),
        (
            FieldType::Timestamp,
            [
                "0001-01-01T00:00:00Z",
                "1969-12-31T23:59:59.999999Z",
                "2026-11-23T07:30:00.000001Z",
                "9999-12-31T23:59:59.999999Z",
            ]
            .map(|text| Value::Timestamp(text.parse::<Timestamp>().unwrap()))
            .to_vec(),
        ),
        (
            FieldType::LocalDateTime,
            [
                "0001-01-01T00:00:00",
                "1969-12-31T23:59:59.999999",
                "2026-11-23T07:30:00.000010",
                "9999-12-31T23:59:59",
            ]
            .map(|text| Value::LocalDateTime(text.parse::<LocalDateTime>().unwrap()))
            .to_vec(),
        ),
        (
            FieldType::Date,
            ["0001-01-01", "1970-01-01", "2000-02-29", "9999-12-31"]
                .map(|text| Value::Date(text.parse::<Date>().unwrap()))
                .to_vec(),
        ),
        (
            FieldType::LocalTime,
            ["00:00:00", "09:30:00.000010", "23:59:59.999999"]
                .map(|text| Value::LocalTime(text.parse::<LocalTime>().unwrap()))
                .to_vec(),
        ),
        (
            FieldType::Decimal,
            vec![
                decimal("0"),
                decimal("-79228162514264337593543950335"),
                decimal("0.0000000000000000000000000001"),
                decimal("1.1"),
            ],
        ),
        (
            FieldType::Json,
            vec![
                Value::Json("{\"a\": [1, null, \"x\"]}".to_owned()),
                Value::Json("null".to_owned()),
            ],
        ),
        (color, vec![text("red"), text("green")]),
    ];
    for (position, (field_type, values)) in cases.into_iter().enumerate() {
        let column_type = setup.dialect.column_type(&field_type);
        setup
            .execute(&format!("CREATE TABLE t{position} (c {column_type})"))
            .await;
        let column = match field_type {
            FieldType::Decimal => "CAST(c AS text)",
            _ => "c",
        };
        let template = format!("INSERT INTO t{position} (c) VALUES ({{}}) RETURNING {column}");
        let types = [field_type];
        let statement = setup.statement(&template, &types);
        for value in values.into_iter().chain([Value::Null]) {
            let rows = Values::of(&types);
            let stored = setup
                .pool
                .write(&statement, vec![value.clone()], rows)
                .await;
            assert_eq!(stored.unwrap(), [[value]], "{types:?}");
        }
    }
}

fn integers(values: &[i64]) -> Vec<Value> {
    values.iter().copied().map(Value::Integer).collect()
}

fn floats(values: &[f64]) -> Vec<Value> {
    values.iter().copied().map(Value::Float).collect()
}

async fn a_value_that_its_column_cannot_hold_is_refused(make: Make) {
    let setup = make(|_| ());
    setup.execute("CREATE TABLE t (a smallint)").await;
    let statement = setup.statement("INSERT INTO t (a) VALUES ({})", &[FieldType::I16]);
    let cases = [
        (vec![Value::Integer(40_000)], Kind::Invalid),
        (vec![Value::Float(f64::NAN)], Kind::Invalid),
        (vec![Value::Text("canary".to_owned())], Kind::Internal),
        (vec![], Kind::Internal),
        (vec![Value::Null, Value::Null], Kind::Internal),
    ];
    for (values, kind) in cases {
        let error = setup.pool.write(&statement, values.clone(), ()).await;
        let error = error.unwrap_err();
        assert_eq!(error.kind(), kind, "{values:?}");
        assert!(!format!("{error:?}").contains("canary"));
    }
    assert_eq!(setup.number("SELECT count(*) FROM t").await, 0);
}

async fn many_tasks_write_and_read_at_once(make: Make) {
    let setup = Arc::new(make(|settings| settings.size = 4));
    setup
        .execute("CREATE TABLE t (a bigint NOT NULL PRIMARY KEY)")
        .await;
    let tasks: Vec<_> = (0..32)
        .map(|task| {
            let setup = setup.clone();
            tokio::spawn(async move {
                for turn in 0..20 {
                    let a = task * 20 + turn;
                    let written = setup.insert("INSERT INTO t (a) VALUES ({})", a).await;
                    assert_eq!(written.unwrap(), 1);
                    let sql = format!("SELECT count(*) FROM t WHERE a = {a}");
                    assert_eq!(setup.number(&sql).await, 1, "one reads what one wrote");
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    assert_eq!(setup.number("SELECT count(*) FROM t").await, 640);
    let stats = setup.pool.stats();
    assert!(stats.open <= stats.size, "{stats:?}");
    assert_eq!((stats.idle, stats.waiting), (stats.open, 0), "{stats:?}");
}

async fn a_refused_write_names_its_columns_and_no_value(make: Make) {
    let setup = make(|_| ());
    setup
        .execute("CREATE TABLE parents (id bigint NOT NULL PRIMARY KEY)")
        .await;
    setup
        .execute(
            "CREATE TABLE children (
                id bigint NOT NULL PRIMARY KEY,
                email text NOT NULL UNIQUE,
                \"order\" bigint,
                tenant bigint,
                parent bigint REFERENCES parents (id),
                CONSTRAINT order_is_positive CHECK (\"order\" > 0),
                UNIQUE (\"order\", tenant)
            )",
        )
        .await;
    setup.execute("INSERT INTO parents (id) VALUES (1)").await;
    let first = "INSERT INTO children VALUES (1, 'canary', 1, 1, 1)";
    setup.execute(first).await;

    let unique = |columns: &[&str]| refusal(Kind::Unique, FaultCode::Unique, columns);
    let cases = [
        (
            "INSERT INTO children VALUES (1, 'x', 2, 1, 1)",
            unique(&["/id"]),
        ),
        (
            "INSERT INTO children VALUES (2, 'canary', 2, 1, 1)",
            unique(&["/email"]),
        ),
        (
            "INSERT INTO children VALUES (2, 'x', 1, 1, 1)",
            unique(&["/order", "/tenant"]),
        ),
        (
            "INSERT INTO children VALUES (2, NULL, 2, 1, 1)",
            refusal(Kind::Invalid, FaultCode::Required, &["/email"]),
        ),
        (
            "INSERT INTO children VALUES (2, 'canary2', 0, 1, 1)",
            (Kind::Invalid, vec![]),
        ),
        ("DELETE FROM parents", (Kind::ForeignKey, vec![])),
    ];
    for (sql, expected) in cases {
        let error = execute(&setup.pool, sql).await.unwrap_err();
        let faults = error.faults().iter();
        let faults = faults.map(|fault| (fault.pointer.clone(), fault.code));
        assert_eq!((error.kind(), faults.collect()), expected, "{sql}");
        let text = format!("{error:?} {:?}", error.faults());
        assert!(!text.contains("canary"), "{text}");
    }
    let error = execute(&setup.pool, "INSERT INTO children VALUES (2, 'x', 2, 1, 7)").await;
    assert_eq!(error.unwrap_err().kind(), Kind::ForeignKey);
    let error = execute(&setup.pool, "SELECT a FROM missing").await;
    assert_eq!(error.unwrap_err().kind(), Kind::Schema);
    assert_eq!(setup.number("SELECT count(*) FROM children").await, 1);
}

fn refusal(kind: Kind, code: FaultCode, columns: &[&str]) -> (Kind, Vec<(String, FaultCode)>) {
    let faults = columns.iter().map(|column| ((*column).to_owned(), code));
    (kind, faults.collect())
}

async fn execute(pool: &Pool, sql: &str) -> Result<u64, Error> {
    let statement = Arc::new(Statement::new(sql, Vec::new()));
    pool.write(&statement, Vec::new(), Written).await
}

async fn many_members_are_written_all_or_none(make: Make) {
    let setup = make(|_| ());
    setup
        .execute("CREATE TABLE t (a bigint NOT NULL PRIMARY KEY)")
        .await;
    let types = [FieldType::I64];
    let insert = setup.bulk("INSERT INTO t (a) VALUES ({}) RETURNING a", &types);
    let each = |range: std::ops::Range<i64>| range.map(|a| vec![Value::Integer(a)]);
    let members = |range| each(range).collect::<Members>();

    let rows = setup
        .pool
        .write_many(&insert, members(0..50), Values::of(&types));
    assert_eq!(rows.await.unwrap(), each(0..50).collect::<Vec<_>>());
    let written = setup.pool.write_many(&insert, members(50..60), Written);
    assert_eq!(written.await.unwrap(), 10);
    let nothing = setup.pool.write_many(&insert, Members::default(), Written);
    assert_eq!(nothing.await.unwrap(), 0);

    let clash = each(100..107).chain(each(3..4)).chain(each(107..109));
    let clash = setup.pool.write_many(&insert, clash.collect(), Written);
    let error = clash.await;
    let error = error.unwrap_err();
    assert_eq!(error.kind(), Kind::Unique);
    assert!(error.to_string().starts_with("member 7: "), "{error}");
    assert_eq!(error.faults()[0].pointer, "/7/a");
    assert_eq!(setup.number("SELECT count(*) FROM t").await, 60);
}

/// A statement that keeps the database busy for longer than any test runs.
const ENDLESS: &str = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) \
                       SELECT count(*) FROM n";

async fn what_runs_too_long_is_stopped_and_names_its_setting(make: Make) {
    let setup = make(|settings| settings.statement_timeout = Duration::from_millis(200));
    let started = Instant::now();
    let statement = Arc::new(Statement::new(ENDLESS, vec![]));
    let error = setup.pool.read(&statement, vec![], ()).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Timeout);
    assert!(error.to_string().contains("statement_timeout"), "{error}");
    assert!(started.elapsed() < Duration::from_secs(10));
    assert_eq!(
        setup.number("SELECT CAST(1 AS bigint)").await,
        1,
        "the connection is well"
    );
}

async fn what_waits_too_long_leaves_and_names_its_setting(make: Make) {
    let setup = make(|settings| {
        settings.size = 2;
        settings.acquire_timeout = Duration::from_millis(200);
        settings.statement_timeout = Duration::from_secs(3);
    });
    let busy = occupy(&setup.pool, 2);
    wait_until(|| {
        let stats = setup.pool.stats();
        stats.open >= stats.size.min(2) && stats.idle == 0
    })
    .await;
    let started = Instant::now();
    let statement = Arc::new(Statement::new("SELECT 1", vec![]));
    let error = setup.pool.read(&statement, vec![], ()).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Timeout);
    assert!(error.to_string().contains("acquire_timeout"), "{error}");
    assert!(started.elapsed() < Duration::from_secs(2));
    for task in busy {
        task.abort();
    }
}

/// Each asks once the one before it is known to wait, so the order is certain.
async fn who_waits_longest_is_served_next(make: Make) {
    let setup = make(|settings| {
        settings.size = 1;
        settings.acquire_timeout = Duration::from_secs(20);
    });
    let begin = || setup.pool.begin(TransactionOptions::new());
    let held = begin().await.unwrap();
    let served = Arc::new(Mutex::new(Vec::new()));
    let mut waiting = Vec::new();
    for number in 1..=6 {
        let (pool, served) = (setup.pool.clone(), served.clone());
        waiting.push(tokio::spawn(async move {
            let tx = pool.begin(TransactionOptions::new()).await.unwrap();
            served.lock().push(number);
            tx.commit().await.unwrap();
        }));
        wait_until(|| setup.pool.stats().waiting == number).await;
    }
    // Who leaves gives up the place, and nobody else's.
    let leaves = waiting.remove(2);
    leaves.abort();
    assert!(leaves.await.unwrap_err().is_cancelled());
    held.commit().await.unwrap();
    // Who had it and asks again comes past nobody.
    let last = begin().await.unwrap();
    assert_eq!(*served.lock(), [1, 2, 4, 5, 6]);
    last.commit().await.unwrap();
    for task in waiting {
        task.await.unwrap();
    }
}

/// As many endless reads.
fn occupy(pool: &Pool, count: usize) -> Vec<tokio::task::JoinHandle<()>> {
    let occupant = |_| {
        let pool = pool.clone();
        tokio::spawn(async move {
            let statement = Arc::new(Statement::new(ENDLESS, vec![]));
            pool.read(&statement, vec![], ()).await.unwrap_err();
        })
    };
    (0..count).map(occupant).collect()
}

async fn wait_until(condition: impl Fn() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(10);
    while !condition() {
        assert!(Instant::now() < deadline, "it never came true");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

async fn a_caller_that_leaves_blocks_nobody(make: Make) {
    let setup = make(|settings| {
        settings.size = 2;
        settings.acquire_timeout = Duration::from_secs(10);
        settings.statement_timeout = Duration::from_secs(2);
    });
    for _ in 0..3 {
        for task in occupy(&setup.pool, 4) {
            tokio::time::sleep(Duration::from_millis(20)).await;
            task.abort();
        }
        assert_eq!(setup.number("SELECT CAST(1 AS bigint)").await, 1);
    }
    wait_until(|| setup.pool.stats().open == setup.pool.stats().idle).await;
}

async fn a_collector_that_panics_ends_nobody_else(make: Make) {
    let setup = make(|settings| settings.size = 1);
    setup.execute("CREATE TABLE t (a bigint)").await;
    let pool = setup.pool.clone();
    let panicking = tokio::spawn(async move {
        let sql = "INSERT INTO t VALUES (1) RETURNING a";
        let insert = Arc::new(Statement::new(sql, vec![]));
        pool.write(&insert, vec![], Panics).await
    });
    assert!(!matches!(panicking.await, Ok(Ok(()))));
    assert_eq!(setup.number("SELECT count(*) FROM t").await, 1);
    assert_eq!(
        setup.insert("INSERT INTO t VALUES ({})", 2).await.unwrap(),
        1
    );
}

async fn a_collector_that_refuses_a_row_leaves_the_connection_well(make: Make) {
    let setup = make(|settings| settings.size = 1);
    let sql = "SELECT 'two' UNION ALL SELECT 'rows'";
    let statement = Arc::new(Statement::new(sql, vec![]));
    for _ in 0..3 {
        let rows = Values::of(&[FieldType::Bool, FieldType::I64]);
        let error = setup.pool.read(&statement, vec![], rows).await;
        let error = error.unwrap_err();
        assert_eq!(error.kind(), Kind::Internal);
        assert!(error.to_string().starts_with("column "), "{error}");
    }
    assert_eq!(setup.number("SELECT CAST(1 AS bigint)").await, 1);
}

async fn a_closed_pool_refuses(make: Make) {
    let setup = make(|_| ());
    setup.execute("CREATE TABLE t (a bigint)").await;
    let pool = setup.pool.clone();
    tokio::join!(pool.close(), pool.close());
    let error = execute(&pool, "INSERT INTO t VALUES (1)")
        .await
        .unwrap_err();
    assert_eq!(error.kind(), Kind::Unavailable);
    assert_eq!(pool.stats().open, 0);
    assert!(pool.check().await.is_err());
}

async fn two_runtimes_share_a_pool(make: Make) {
    let setup = Arc::new(make(|settings| settings.size = 2));
    setup.execute("CREATE TABLE t (a bigint)").await;
    for a in 0..3 {
        let setup = setup.clone();
        let other = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap();
            runtime.block_on(async {
                let written = setup.insert("INSERT INTO t VALUES ({})", a).await;
                assert_eq!(written.unwrap(), 1);
                assert_eq!(setup.number("SELECT count(*) FROM t").await, a + 1);
            });
        });
        tokio::task::spawn_blocking(|| other.join().unwrap())
            .await
            .unwrap();
    }
    assert_eq!(setup.number("SELECT count(*) FROM t").await, 3);
    let stats = setup.pool.stats();
    assert!(stats.open <= stats.size.max(3), "{stats:?}");
}
