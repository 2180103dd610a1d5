use std::sync::Barrier;
use std::thread;
use std::time::{Duration, Instant};

use dataflow_core::ddl::{Outcome, SyncOptions};
use dataflow_core::error::Kind;

use crate::models::{model, set, user};
use crate::setup::Setup;

const REPLICAS: usize = 8;

#[test]
fn replicas_that_start_together_migrate_once() {
    for setup in Setup::both() {
        let barrier = Barrier::new(REPLICAS);
        let outcomes: Vec<Outcome> = thread::scope(|scope| {
            let start = || {
                barrier.wait();
                setup.outcome([user(), model("Post"), model("Tag")])
            };
            let replicas: Vec<_> = (0..REPLICAS).map(|_| scope.spawn(start)).collect();
            replicas
                .into_iter()
                .map(|replica| replica.join().unwrap())
                .collect()
        });
        let applied = outcomes
            .iter()
            .filter(|outcome| **outcome == Outcome::Applied { steps: 4 });
        assert_eq!(applied.count(), 1, "{outcomes:?}");
        let unchanged = outcomes
            .iter()
            .filter(|outcome| **outcome == Outcome::Unchanged);
        assert_eq!(unchanged.count(), REPLICAS - 1, "{outcomes:?}");
        assert_eq!(setup.migrations(), 1);
    }
}

#[test]
fn a_lock_that_is_not_let_go_is_named_when_the_wait_is_over() {
    let options = SyncOptions {
        lock_timeout: Duration::from_millis(300),
        ..SyncOptions::default()
    };
    let setup = Setup::postgres();
    let mut holder = setup.postgres_client();
    holder
        .batch_execute(
            "SET application_name = 'the holder'; BEGIN; \
             SELECT pg_advisory_xact_lock(1684431972, hashtext(current_schema()))",
        )
        .unwrap();
    let start = Instant::now();
    let error = setup
        .executor()
        .synchronize(&set([user()]), &options)
        .unwrap_err();
    assert!(start.elapsed() < Duration::from_secs(5));
    assert_eq!(error.kind(), Kind::Timeout);
    assert!(error.to_string().contains("lock_timeout"), "{error}");
    assert!(error.details()[0].contains("\"the holder\""), "{error:?}");
    drop(holder);
    setup.outcome([user()]);

    let setup = Setup::sqlite();
    let holder = setup.sqlite_connection();
    holder.execute_batch("BEGIN IMMEDIATE").unwrap();
    let start = Instant::now();
    let error = setup
        .executor()
        .synchronize(&set([user()]), &options)
        .unwrap_err();
    assert!(start.elapsed() < Duration::from_secs(1));
    assert_eq!(error.kind(), Kind::Timeout);
    assert!(error.to_string().contains("lock_timeout"), "{error}");
    drop(holder);
    setup.outcome([user()]);
}

/// A waiter asks and sleeps in between, so it holds no snapshot that the index would wait for.
#[test]
fn waiting_for_the_lock_does_not_block_an_index_made_concurrently() {
    let setup = Setup::postgres();
    setup.execute("CREATE TABLE other (id integer)");
    let mut holder = setup.postgres_client();
    let key = "(1684431972, hashtext(current_schema()))";
    holder
        .batch_execute(&format!("SELECT pg_advisory_lock{key}"))
        .unwrap();
    thread::scope(|scope| {
        let waiter = scope.spawn(|| setup.outcome([user()]));
        holder
            .batch_execute("SET statement_timeout = '20s'")
            .unwrap();
        holder
            .batch_execute("CREATE INDEX CONCURRENTLY ON other (id)")
            .unwrap();
        holder
            .batch_execute(&format!("SELECT pg_advisory_unlock{key}"))
            .unwrap();
        assert_eq!(waiter.join().unwrap(), Outcome::Applied { steps: 2 });
    });
}

#[test]
fn a_table_that_another_session_locks_ends_the_wait_by_lock_timeout() {
    let setup = Setup::postgres();
    setup.outcome([user()]);
    let mut holder = setup.postgres_client();
    holder.batch_execute("BEGIN; LOCK TABLE users").unwrap();
    let executor = setup.executor().lock_timeout(Duration::from_millis(200));
    let grown = user_with_age();
    let error = executor
        .synchronize(&set([grown]), &SyncOptions::default())
        .unwrap_err();
    assert_eq!(error.kind(), Kind::Timeout);
    assert!(error.to_string().contains("lock_timeout"), "{error}");
}

#[test]
fn a_statement_that_takes_too_long_names_its_timeout() {
    let setup = Setup::postgres();
    let executor = setup
        .executor()
        .statement_timeout(Duration::from_millis(100));
    let error = executor
        .execute_batch(&["SELECT pg_sleep(20)"])
        .unwrap_err();
    assert_eq!(error.kind(), Kind::Timeout);
    assert!(error.to_string().contains("statement_timeout"), "{error}");
}

fn user_with_age() -> dataflow_core::ModelSchema {
    use crate::models::{With, optional};
    user().with(optional("age", dataflow_core::schema::FieldType::I32))
}
