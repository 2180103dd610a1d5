//! What a future that is dropped leaves behind: nothing that is in anybody's way.

use std::sync::Arc;
use std::time::{Duration, Instant};

use dataflow_core::Value;
use dataflow_core::schema::FieldType;

use super::setup::Setup;
use crate::pool::{PoolSettings, Statement, TransactionOptions};

/// What was locked MUST be free by then.
const SOON: Duration = Duration::from_secs(1);

/// So long a future lives before it is dropped.
const SHORT: Duration = Duration::from_millis(100);

fn small(settings: &mut PoolSettings) {
    settings.size = 3;
}

/// A table with a row, on each database.
async fn setups() -> [Setup; 3] {
    let setups = [
        Setup::sqlite_file(small),
        Setup::sqlite_memory(small),
        Setup::postgres(small),
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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_that_is_dropped_frees_its_locks() {
    let setup = Setup::postgres(small);
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

/// The statement is asked to stop by the process that runs it; by then it must still be its.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_statement_of_a_stranger_is_stopped() {
    let setup = Arc::new(Setup::postgres(|settings| {
        settings.size = 4;
        settings.acquire_timeout = Duration::from_secs(60);
    }));
    let sleep = setup.statement("SELECT pg_sleep({})::text", &[FieldType::F64]);
    let leavers = (0..3).map(|task: u64| {
        let (setup, sleep) = (setup.clone(), sleep.clone());
        tokio::spawn(async move {
            for turn in 0..25 {
                let patience = Duration::from_millis((turn * 7 + task * 3) % 90);
                let values = vec![Value::Float(0.12)];
                let read = setup.pool.read(&sleep, values, ());
                let _ = tokio::time::timeout(patience, read).await;
            }
        })
    });
    let leavers: Vec<_> = leavers.collect();
    let mut undisturbed = 0;
    while leavers.iter().any(|leaver| !leaver.is_finished()) {
        let values = vec![Value::Float(0.005)];
        setup.pool.read(&sleep, values, ()).await.unwrap();
        undisturbed += 1;
    }
    assert!(undisturbed > 0, "nobody read beside them");
}
