//! What SQLite's threads promise.

use std::sync::Arc;
use std::time::{Duration, Instant};

use dataflow_core::Value;
use dataflow_core::error::Kind;
use dataflow_core::schema::FieldType;
use futures_util::future::join_all;

use super::collect::{Texts, Values, Written};
use super::setup::Setup;
use crate::pool::{Flow, Pool, PoolSettings, Statement, TransactionOptions};

#[tokio::test]
async fn one_failing_member_of_a_group_spoils_nobody() {
    let setup = Arc::new(Setup::sqlite_file(|_| ()));
    setup
        .execute("CREATE TABLE t (a INTEGER PRIMARY KEY, b INTEGER NOT NULL) STRICT")
        .await;
    let insert = setup.statement("INSERT INTO t (a, b) VALUES ({}, 1)", &[FieldType::I64]);
    // All of them are queued before the runtime's only thread waits for the first.
    let writes = (0..500).map(|turn| {
        let (pool, insert) = (setup.pool.clone(), insert.clone());
        let a = Value::Integer(turn % 250);
        tokio::spawn(async move { pool.write(&insert, vec![a], Written).await })
    });
    let mut refused = 0;
    for write in writes.collect::<Vec<_>>() {
        match write.await.unwrap() {
            Ok(written) => assert_eq!(written, 1),
            Err(error) => {
                assert_eq!(error.kind(), Kind::Unique);
                refused += 1;
            }
        }
    }
    assert_eq!(refused, 250);
    assert_eq!(setup.number("SELECT count(*) FROM t").await, 250);
}

/// A transaction of its own writes at least a page into the log.
#[tokio::test]
async fn what_waits_together_is_one_transaction() {
    const WRITES: u64 = 100;
    const PAGE: u64 = 4096;
    let setup = Setup::sqlite_file(|_| ());
    setup
        .execute("CREATE TABLE t (a INTEGER PRIMARY KEY) STRICT")
        .await;
    let insert = setup.statement("INSERT INTO t (a) VALUES ({})", &[FieldType::I64]);
    let log = setup.path().with_extension("db-wal");
    let size = || std::fs::metadata(&log).unwrap().len();
    let held = setup.pool.begin(TransactionOptions::new()).await.unwrap();
    let before = size();
    let writes = (0..WRITES).map(|turn| {
        let (pool, insert) = (setup.pool.clone(), insert.clone());
        let a = Value::Integer(i64::try_from(turn).unwrap());
        tokio::spawn(async move { pool.write(&insert, vec![a], Written).await })
    });
    let writes: Vec<_> = writes.collect();
    // The runtime has one thread, so that each of them comes as far as the queue.
    for _ in 0..10 {
        tokio::task::yield_now().await;
    }
    held.roll_back().await.unwrap();
    for write in writes {
        assert_eq!(write.await.unwrap().unwrap(), 1);
    }
    let pages = (size() - before) / PAGE;
    assert!(pages < WRITES / 4, "{pages} pages");
}

#[tokio::test]
async fn what_undoes_a_group_spoils_nobody() {
    let setup = Arc::new(Setup::sqlite_file(|_| ()));
    setup
        .execute("CREATE TABLE parents (id INTEGER PRIMARY KEY) STRICT")
        .await;
    // One is refused at the commit; the other undoes the transaction at once.
    setup
        .execute(
            "CREATE TABLE late (
                a INTEGER PRIMARY KEY,
                parent INTEGER REFERENCES parents (id) DEFERRABLE INITIALLY DEFERRED
            ) STRICT",
        )
        .await;
    setup
        .execute("CREATE TABLE early (a INTEGER UNIQUE ON CONFLICT ROLLBACK) STRICT")
        .await;
    let types = [FieldType::I64];
    let late = setup.statement("INSERT INTO late (parent) VALUES ({}) RETURNING a", &types);
    let early = setup.statement("INSERT INTO early (a) VALUES ({}) RETURNING a", &types);
    let writes = (0..100).map(|turn: i64| {
        let pool = setup.pool.clone();
        let (statement, value) = match turn % 10 {
            3 => (late.clone(), Value::Integer(7)),
            4 => (early.clone(), Value::Integer(0)),
            _ => (late.clone(), Value::Null),
        };
        tokio::spawn(async move {
            let rows = Values::of(&[FieldType::I64]);
            (turn, pool.write(&statement, vec![value], rows).await)
        })
    });
    for write in writes.collect::<Vec<_>>() {
        match write.await.unwrap() {
            (turn, Ok(rows)) => assert_eq!(rows.len(), 1, "{turn} yields its row once"),
            (turn, Err(error)) if turn % 10 == 3 => assert_eq!(error.kind(), Kind::ForeignKey),
            (turn, Err(error)) => assert_eq!((turn % 10, error.kind()), (4, Kind::Unique)),
        }
    }
    assert_eq!(setup.number("SELECT count(*) FROM late").await, 80);
    assert_eq!(setup.number("SELECT count(*) FROM early").await, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_log_stays_small_when_every_insert_returns_a_row() {
    inserts_leave_a_small_log(32, 3_125).await;
}

/// Nothing else has the log checkpointed: each insert is a transaction of its own.
#[tokio::test]
async fn the_log_stays_small_when_each_of_these_inserts_is_awaited_alone() {
    inserts_leave_a_small_log(1, 10_000).await;
}

async fn inserts_leave_a_small_log(tasks: i64, each: i64) {
    let setup = Arc::new(Setup::sqlite_file(|_| ()));
    setup
        .execute("CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT NOT NULL) STRICT")
        .await;
    let sql = "INSERT INTO t (b) VALUES ({}) RETURNING a, b";
    let insert = setup.statement(sql, &[FieldType::String]);
    let writers = (0..tasks).map(|_| {
        let (pool, insert) = (setup.pool.clone(), insert.clone());
        tokio::spawn(async move {
            for _ in 0..each {
                let values = vec![Value::Text("x".repeat(200))];
                pool.write(&insert, values, ()).await.unwrap();
            }
        })
    });
    for writer in writers.collect::<Vec<_>>() {
        writer.await.unwrap();
    }
    assert_eq!(setup.number("SELECT count(*) FROM t").await, tasks * each);
    let log = setup.path().with_extension("db-wal");
    let bytes = std::fs::metadata(&log).unwrap().len();
    assert!(bytes < 16 << 20, "{bytes} bytes");
    setup.pool.close().await;
    assert!(!log.exists(), "a closed database is one file");
}

/// The writer, every reader there can be, and what a stream reads with.
#[tokio::test]
async fn every_connection_is_set_up_alike() {
    let setup = Setup::sqlite_file(|_| ());
    let pool = &setup.pool;
    let sql = "SELECT foreign_keys || ' ' || journal_mode || ' ' || timeout \
               FROM pragma_foreign_keys, pragma_journal_mode, pragma_busy_timeout";
    let pragmas = Arc::new(Statement::new(sql, vec![]));
    let expected = ["1 wal 5000"];
    let written = pool.write(&pragmas, vec![], Texts::default()).await;
    assert_eq!(written.unwrap(), expected, "the writer");

    // A connection is opened for the first that it reads, and counted before it answers.
    let started = Instant::now();
    while pool.stats().open < pool.stats().size {
        let read = |_| pool.read(&pragmas, vec![], Texts::default());
        for read in join_all((0..16).map(read)).await {
            assert_eq!(read.unwrap(), expected, "a reader");
        }
        assert!(started.elapsed() < Duration::from_secs(20), "no more open");
    }
    assert_eq!(pool.stats().open, 3, "one that writes and two that read");

    let mut streamed: Flow<Texts> = pool.flow(&pragmas, vec![]).await.unwrap();
    assert_eq!(streamed.next().await.unwrap(), expected, "a stream");
}

/// A migration suspends foreign keys, and SQLite ignores in silence that they are to be kept again
/// as long as its transaction is open.
#[tokio::test]
async fn a_connection_that_comes_back_without_foreign_keys_is_put_right_or_closed() {
    type Leave = fn(&rusqlite::Connection);
    let open = |connection: &rusqlite::Connection| {
        connection.execute_batch(
            "PRAGMA foreign_keys = OFF; PRAGMA legacy_alter_table = ON; BEGIN IMMEDIATE; \
             INSERT INTO children (parent) VALUES (7)",
        )
    };
    let cases: [(&str, Leave); 3] = [
        ("rolled back", |connection| {
            connection.execute_batch("ROLLBACK").unwrap();
        }),
        ("left in the middle", |_| ()),
        ("does not roll back", |connection| {
            let _ = connection.progress_handler(1, Some(|| true));
            connection.execute_batch("ROLLBACK").unwrap_err();
        }),
    ];
    for (case, leave) in cases {
        let setup = Setup::sqlite_file(|_| ());
        for sql in [
            "CREATE TABLE parents (id INTEGER PRIMARY KEY) STRICT",
            "CREATE TABLE children (parent INTEGER REFERENCES parents (id)) STRICT",
        ] {
            setup.execute(sql).await;
        }
        let pool = setup.pool.clone();
        let lent = std::thread::spawn(move || {
            pool.on_sqlite(move |connection| {
                open(connection).unwrap();
                leave(connection);
            })
        });
        lent.join().unwrap().unwrap();
        let insert = "INSERT INTO children (parent) VALUES ({})";
        let error = setup.insert(insert, 7).await.unwrap_err();
        assert_eq!(error.kind(), Kind::ForeignKey, "{case}");
        assert_eq!(
            setup.number("SELECT count(*) FROM children").await,
            0,
            "{case}"
        );
        let pragmas = Arc::new(Statement::new("PRAGMA legacy_alter_table", vec![]));
        let rows = Values::of(&[FieldType::I64]);
        let written = setup.pool.write(&pragmas, vec![], rows).await.unwrap();
        assert_eq!(written, [[Value::Integer(0)]], "{case}");
        assert_eq!(setup.pool.stats().open, 2, "{case}");
    }
}

/// What somebody turns off in words of one's own is off for nobody else, nor is the database in
/// memory lost.
#[tokio::test]
async fn foreign_keys_that_a_statement_turns_off_are_on_for_the_next() {
    for setup in [Setup::sqlite_file(|_| ()), Setup::sqlite_memory(|_| ())] {
        setup.execute("CREATE TABLE t (a INTEGER) STRICT").await;
        setup.execute("PRAGMA foreign_keys = OFF").await;
        let asked = Arc::new(Statement::new("PRAGMA foreign_keys", vec![]));
        let rows = Values::of(&[FieldType::I64]);
        let written = setup.pool.write(&asked, vec![], rows).await.unwrap();
        assert_eq!(written, [[Value::Integer(1)]]);
        assert_eq!(setup.number("SELECT count(*) FROM t").await, 0);
    }
}

#[tokio::test]
async fn a_read_cannot_write() {
    let setup = Setup::sqlite_file(|_| ());
    setup.execute("CREATE TABLE t (a INTEGER) STRICT").await;
    let insert = Arc::new(Statement::new("INSERT INTO t VALUES (1)", vec![]));
    let error = setup.pool.read(&insert, vec![], ()).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Unavailable);
    assert_eq!(setup.number("SELECT count(*) FROM t").await, 0);
}

#[tokio::test]
async fn a_database_in_memory_is_one_also_for_the_schema_check() {
    let setup = Setup::sqlite_memory(|_| ());
    let pool = setup.pool.clone();
    let created = std::thread::spawn(move || {
        pool.on_sqlite(|connection| connection.execute_batch("CREATE TABLE t (a INTEGER) STRICT"))
    });
    created.join().unwrap().unwrap().unwrap();
    assert_eq!(
        setup.insert("INSERT INTO t VALUES ({})", 1).await.unwrap(),
        1
    );
    assert_eq!(setup.number("SELECT count(*) FROM t").await, 1);
    let other = Setup::sqlite_memory(|_| ());
    let statement = Arc::new(Statement::new("SELECT a FROM t", vec![]));
    let error = other.pool.read(&statement, vec![], ()).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Schema, "two pools are two databases");
}

#[tokio::test]
async fn a_file_that_cannot_be_opened_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let text = folder.path().join("text.db");
    std::fs::write(
        &text,
        "not a database, and longer than a header would be".repeat(50),
    )
    .unwrap();
    for path in [folder.path().join("missing/app.db"), text] {
        let endpoint = format!("sqlite://{}", path.display()).parse().unwrap();
        let settings = PoolSettings::of(&endpoint);
        let pool = Pool::new(endpoint, settings);
        for _ in 0..2 {
            let error = pool.connect().await.unwrap_err();
            assert_eq!(error.kind(), Kind::Unavailable, "{error:?}");
            assert!(error.to_string().contains(".db"), "{error}");
            assert!(error.help().is_some());
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connecting_waits_for_a_schema_check_that_is_under_way() {
    let setup = Setup::sqlite_file(|_| ());
    let path = setup.path().to_owned();
    let (begun, ready) = std::sync::mpsc::channel();
    let check = std::thread::spawn(move || {
        let connection = rusqlite::Connection::open(path).unwrap();
        connection
            .execute_batch("BEGIN IMMEDIATE; CREATE TABLE t (a INTEGER) STRICT")
            .unwrap();
        begun.send(()).unwrap();
        std::thread::sleep(Duration::from_millis(300));
        connection.execute_batch("COMMIT").unwrap();
    });
    ready.recv().unwrap();
    setup.pool.connect().await.unwrap();
    check.join().unwrap();
    assert_eq!(setup.number("SELECT count(*) FROM t").await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn several_pools_open_and_write_one_file_at_once() {
    let setup = Setup::sqlite_file(|_| ());
    let url = format!("sqlite://{}", setup.path().display());
    let writers = (0..4).map(|_| {
        let other = Setup::at_url(&url, |_| ());
        tokio::spawn(async move {
            other
                .execute("CREATE TABLE IF NOT EXISTS t (a INTEGER) STRICT")
                .await;
            for a in 0..50 {
                other.insert("INSERT INTO t VALUES ({})", a).await.unwrap();
            }
            other.pool.close().await;
        })
    });
    for writer in writers.collect::<Vec<_>>() {
        writer.await.unwrap();
    }
    assert_eq!(setup.number("SELECT count(*) FROM t").await, 200);
}

#[tokio::test]
async fn nothing_runs_before_the_schema_is_ready() {
    let endpoint = "sqlite::memory:".parse().unwrap();
    let settings = PoolSettings::of(&endpoint);
    let pool = Pool::new(endpoint, settings);
    pool.connect().await.unwrap();
    pool.check().await.unwrap();
    let statement = Arc::new(Statement::new("SELECT 1", vec![]));
    let error = pool.read(&statement, vec![], ()).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Unavailable);
    assert!(error.help().is_some());
    assert_eq!(pool.stats().open, 1);
}
