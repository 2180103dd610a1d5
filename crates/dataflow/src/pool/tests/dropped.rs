//! What a future that is dropped leaves behind: nothing that is in anybody's way.

use std::sync::Arc;
use std::time::{Duration, Instant};

use dataflow_core::Value;
use dataflow_core::schema::FieldType;
use futures_util::FutureExt as _;
use private_postgres::{Database, Pooler, test_database_url};

use super::collect::Written;
use super::setup::Setup;
use crate::pool::{PoolSettings, Statement, TransactionOptions};

/// What was locked MUST be free by then: within a second, and with time for a machine that does much
/// else. Nothing but `statement_timeout` would free it otherwise, far later.
const SOON: Duration = Duration::from_secs(5);

/// So long a future lives before it is dropped.
const SHORT: Duration = Duration::from_millis(100);

fn small(settings: &mut PoolSettings) {
    settings.size = 3;
}

/// A table with a row, on each database.
async fn setups() -> [Setup; 3] {
    setups_with(small).await
}

async fn setups_with(settings: fn(&mut PoolSettings)) -> [Setup; 3] {
    let setups = [
        Setup::sqlite_file(settings),
        Setup::sqlite_memory(settings),
        Setup::postgres(settings),
    ];
    for setup in &setups {
        setup
            .execute("CREATE TABLE t (a bigint NOT NULL PRIMARY KEY, b bigint)")
            .await;
        setup
            .insert("INSERT INTO t (a) VALUES ({})", 1)
            .await
            .unwrap();
    }
    setups
}

fn endless() -> Arc<Statement> {
    let sql = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) \
               SELECT count(*) FROM n";
    Arc::new(Statement::new(sql, vec![]))
}

fn lock(setup: &Setup) -> Arc<Statement> {
    setup.statement("UPDATE t SET b = {} WHERE a = 1", &[FieldType::I64])
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_select_that_is_dropped_frees_its_connection() {
    let endless = endless();
    for setup in setups().await {
        for _ in 0..6 {
            let read = setup.pool.read(&endless, vec![], ());
            tokio::time::timeout(SHORT, read).await.unwrap_err();
        }
        let started = Instant::now();
        assert_eq!(setup.number("SELECT count(*) FROM t").await, 1);
        assert!(started.elapsed() < SOON, "{:?}", started.elapsed());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_transaction_that_is_dropped_frees_its_locks() {
    for setup in setups().await {
        let update = lock(&setup);
        let tx = setup.pool.begin(TransactionOptions::new()).await.unwrap();
        tx.write(&update, vec![Value::Integer(7)], ())
            .await
            .unwrap();
        drop(tx);
        let started = Instant::now();
        let next = setup.pool.write(&update, vec![Value::Integer(8)], ());
        next.await.unwrap();
        assert!(started.elapsed() < SOON, "{:?}", started.elapsed());
        assert_eq!(setup.number("SELECT b FROM t").await, 8);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_transaction_whose_statement_is_dropped_frees_its_locks() {
    for setup in setups().await {
        let update = lock(&setup);
        let tx = setup.pool.begin(TransactionOptions::new()).await.unwrap();
        tx.write(&update, vec![Value::Integer(7)], ())
            .await
            .unwrap();
        let endless = endless();
        let read = tx.read(&endless, vec![], ());
        tokio::time::timeout(SHORT, read).await.unwrap_err();
        let started = Instant::now();
        let next = setup.pool.write(&update, vec![Value::Integer(8)], ());
        next.await.unwrap();
        assert!(started.elapsed() < SOON, "{:?}", started.elapsed());

        let error = tx.commit().await.unwrap_err();
        assert!(error.to_string().contains("not waited for"), "{error}");
        assert_eq!(setup.number("SELECT b FROM t").await, 8);
    }
}

/// On PostgreSQL a commit can be held up; SQLite's are left at many moments.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_that_is_dropped_has_taken_effect_wholly_or_not_at_all() {
    const MANY: &str = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n \
                        WHERE i < 2000)";
    for setup in setups().await {
        setup
            .execute("CREATE TABLE u (a bigint NOT NULL, i bigint NOT NULL)")
            .await;
        let types = [FieldType::I64];
        let one = setup.statement("INSERT INTO t (a) VALUES ({})", &types);
        let many = format!("INSERT INTO u (a, i) {MANY} SELECT {{}}, i FROM n");
        let many = setup.statement(&many, &types);
        let lock = lock(&setup);
        for turn in 2..32 {
            let tx = setup.pool.begin(TransactionOptions::new()).await.unwrap();
            for statement in [&one, &many] {
                tx.write(statement, vec![Value::Integer(turn)], ())
                    .await
                    .unwrap();
            }
            match turn % 2 {
                // It was sent and no more, unless it was answered at once.
                0 => drop(tx.commit().now_or_never()),
                _ => {
                    let commit = tokio::spawn(async move { tx.commit().await });
                    std::thread::sleep(Duration::from_micros(50 * turn as u64));
                    commit.abort();
                    drop(commit.await);
                }
            }
            let started = Instant::now();
            let next = setup.pool.write(&lock, vec![Value::Integer(turn)], ());
            next.await.unwrap();
            assert!(started.elapsed() < SOON, "{:?}", started.elapsed());
        }
        let halves = "SELECT (SELECT count(*) FROM u WHERE a NOT IN (SELECT a FROM t)) + count(*) \
                      FROM t WHERE a > 1 AND (SELECT count(*) FROM u WHERE u.a = t.a) <> 2000";
        assert_eq!(setup.number(halves).await, 0);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_write_that_is_dropped_is_wholly_there_or_not_and_takes_no_neighbor_along() {
    for setup in setups().await {
        let pair = setup.statement(
            "INSERT INTO t (a, b) SELECT s * v, s FROM (SELECT {} AS v) AS v, \
             (SELECT 1 AS s UNION ALL SELECT -1) AS s",
            &[FieldType::I64],
        );
        let mut neighbors = Vec::new();
        for a in 2..202 {
            let (pool, pair) = (setup.pool.clone(), pair.clone());
            let write = async move { pool.write(&pair, vec![Value::Integer(a)], Written).await };
            if a % 2 == 0 {
                drop(write.now_or_never());
            } else {
                neighbors.push(tokio::spawn(write));
            }
        }
        for neighbor in neighbors {
            assert_eq!(neighbor.await.unwrap().unwrap(), 2);
        }
        let there = "SELECT count(*) FROM t WHERE a > 2 AND a % 2 = 1";
        assert_eq!(setup.number(there).await, 100);
        let halves = "SELECT count(*) FROM t WHERE a <> 1 AND -a NOT IN (SELECT a FROM t)";
        assert_eq!(setup.number(halves).await, 0);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_that_is_dropped_frees_its_locks() {
    let setup = Setup::postgres(small);
    make_commits_slow(&setup).await;
    let tx = setup.pool.begin(TransactionOptions::new()).await.unwrap();
    tx.write(&lock(&setup), vec![Value::Integer(7)], ())
        .await
        .unwrap();
    tokio::time::timeout(SHORT, tx.commit()).await.unwrap_err();

    let started = Instant::now();
    let sql = "SELECT b FROM t WHERE a = 1 FOR UPDATE";
    assert_eq!(setup.number(sql).await, 0, "it had not taken effect");
    assert!(started.elapsed() < SOON, "{:?}", started.elapsed());
}

/// The statement is asked to stop where it runs; by then it must still be its.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_statement_of_a_stranger_is_stopped() {
    const COUNT: &str = "(WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n \
                         WHERE i < {}) SELECT count(*) FROM n)";
    // About as long as the leavers wait, and a good deal less.
    const MANY: i64 = 300_000;
    const FEW: i64 = 3_000;
    let patient = |settings: &mut PoolSettings| {
        settings.size = 4;
        settings.acquire_timeout = Duration::from_secs(60);
    };
    for setup in setups_with(patient).await {
        let read = setup.statement(&format!("SELECT {COUNT}"), &[FieldType::I64]);
        let update = format!("UPDATE t SET b = {COUNT} WHERE a = 1");
        let update = setup.statement(&update, &[FieldType::I64]);
        let leavers = (0..3).map(|task: u64| {
            let (pool, read, update) = (setup.pool.clone(), read.clone(), update.clone());
            tokio::spawn(async move {
                for turn in 0..24 {
                    let patience = Duration::from_millis((turn * 7 + task * 3) % 90);
                    let values = vec![Value::Integer(MANY)];
                    let work = async {
                        if turn % 2 == 0 {
                            return pool.read(&read, values, ()).await;
                        }
                        let tx = pool.begin(TransactionOptions::new()).await?;
                        tx.write(&update, values, ()).await
                    };
                    let _ = tokio::time::timeout(patience, work).await;
                }
            })
        });
        let leavers: Vec<_> = leavers.collect();
        let mut undisturbed = 0;
        while leavers.iter().any(|leaver| !leaver.is_finished()) {
            let values = || vec![Value::Integer(FEW)];
            setup.pool.read(&read, values(), ()).await.unwrap();
            setup.pool.write(&update, values(), ()).await.unwrap();
            undisturbed += 1;
        }
        assert!(undisturbed > 0, "nobody worked beside them");
        assert_eq!(setup.number("SELECT b FROM t").await, FEW);
    }
}

/// A pooler alone knows the process, and ends it when its client is gone.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_dropped_behind_pgbouncer_frees_its_locks() {
    let database = Database::create(&test_database_url());
    let Some(pooler) = Pooler::before(database.url()) else {
        return;
    };
    let setup = Setup::at_url(pooler.url(), |settings| {
        settings.size = 2 * Pooler::SESSIONS;
        settings.transaction_pooling = true;
    });
    make_commits_slow(&setup).await;
    let sql = "SELECT b FROM t WHERE a = 1 FOR UPDATE";
    for _ in 0..2 * Pooler::SESSIONS {
        let endless = endless();
        let read = setup.pool.read(&endless, vec![], ());
        tokio::time::timeout(SHORT, read).await.unwrap_err();
    }
    let started = Instant::now();
    assert_eq!(setup.number(sql).await, 0);
    assert!(started.elapsed() < SOON, "{:?}", started.elapsed());

    for is_committed in [false, true] {
        let tx = setup.pool.begin(TransactionOptions::new()).await.unwrap();
        tx.write(&lock(&setup), vec![Value::Integer(7)], ())
            .await
            .unwrap();
        let endless = endless();
        let rest = async {
            match is_committed {
                true => tx.commit().await,
                false => tx.read(&endless, vec![], ()).await,
            }
        };
        tokio::time::timeout(SHORT, rest).await.unwrap_err();
        let started = Instant::now();
        assert_eq!(setup.number(sql).await, 0, "it had not taken effect");
        assert!(started.elapsed() < SOON, "{:?}", started.elapsed());
    }
}

/// A table whose changes have a commit take a minute.
async fn make_commits_slow(setup: &Setup) {
    for sql in [
        "CREATE TABLE t (a bigint NOT NULL PRIMARY KEY, b bigint)",
        "INSERT INTO t VALUES (1, 0)",
        "CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS \
         $$ BEGIN PERFORM pg_sleep(60); RETURN NULL; END $$",
        "CREATE CONSTRAINT TRIGGER slow AFTER UPDATE ON t DEFERRABLE INITIALLY DEFERRED \
         FOR EACH ROW EXECUTE FUNCTION slow()",
    ] {
        setup.execute(sql).await;
    }
}
