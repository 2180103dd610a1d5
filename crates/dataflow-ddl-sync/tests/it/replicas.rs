use std::sync::Barrier;
use std::thread;
use std::time::{Duration, Instant};

use dataflow_core::ddl::{Outcome, SyncOptions};
use dataflow_core::error::Kind;
use dataflow_core::schema::FieldType;

use crate::models::{With, model, optional, set, user};
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
    let options = SyncOptions::default();
    let timeout = Duration::from_millis(300);
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
        .migration_timeout(timeout)
        .synchronize(&set([user()]), &options)
        .unwrap_err();
    assert!(start.elapsed() < Duration::from_secs(5));
    assert_eq!(error.kind(), Kind::Timeout);
    assert!(error.to_string().contains("migration_timeout"), "{error}");
    assert!(error.details()[0].contains("\"the holder\""), "{error:?}");
    drop(holder);
    setup.outcome([user()]);

    let setup = Setup::sqlite();
    let holder = setup.sqlite_connection();
    holder.execute_batch("BEGIN IMMEDIATE").unwrap();
    let start = Instant::now();
    let error = setup
        .executor()
        .migration_timeout(timeout)
        .synchronize(&set([user()]), &options)
        .unwrap_err();
    assert!(start.elapsed() < Duration::from_secs(1));
    assert_eq!(error.kind(), Kind::Timeout);
    assert!(error.to_string().contains("migration_timeout"), "{error}");
    drop(holder);
    setup.outcome([user()]);
}

/// An index of a large table takes longer than any timeout, and every replica of a rolling deploy
/// comes to wait for it.
#[test]
fn a_migration_that_is_at_work_is_waited_for_beyond_migration_timeout() {
    let setup = Setup::postgres();
    let mut holder = setup.postgres_client();
    let lock = "BEGIN; SELECT pg_advisory_xact_lock(1684431972, hashtext(current_schema()))";
    holder.batch_execute(lock).unwrap();
    let executor = setup
        .executor()
        .migration_timeout(Duration::from_millis(300));
    thread::scope(|scope| {
        scope.spawn(|| {
            holder.batch_execute("SELECT pg_sleep(2)").unwrap();
            holder.batch_execute("COMMIT").unwrap();
        });
        let start = Instant::now();
        let ready = executor.synchronize(&set([user()]), &SyncOptions::default());
        assert_eq!(ready.unwrap().outcome(), Outcome::Applied { steps: 2 });
        assert!(start.elapsed() > Duration::from_secs(1));
    });
}

/// Who looks for the holder may find that the lock has just been let go, and asks once more.
#[test]
fn replicas_that_wait_beyond_migration_timeout_take_turns() {
    for _ in 0..3 {
        let setup = Setup::postgres();
        let mut holder = setup.postgres_client();
        let key = "(1684431972, hashtext(current_schema()))";
        let take = format!("SELECT pg_advisory_lock{key}");
        holder.batch_execute(&take).unwrap();
        let executor = setup
            .executor()
            .migration_timeout(Duration::from_millis(300));
        thread::scope(|scope| {
            let start = || executor.synchronize(&set([user()]), &SyncOptions::default());
            let replicas: Vec<_> = (0..REPLICAS).map(|_| scope.spawn(start)).collect();
            // Long at work, then again and again for a moment.
            let work = format!(
                "SELECT pg_sleep(1); \
                 DO $$ BEGIN FOR turn IN 1..500 LOOP \
                     PERFORM pg_advisory_unlock{key}; PERFORM pg_sleep(0.001); \
                     PERFORM pg_advisory_lock{key}; PERFORM pg_sleep(0.002); \
                 END LOOP; END $$; \
                 SELECT pg_advisory_unlock{key}"
            );
            holder.batch_execute(&work).unwrap();
            for replica in replicas {
                replica.join().unwrap().unwrap();
            }
        });
        assert_eq!(setup.migrations(), 1);
    }
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

/// Whoever approves a plan has read that it writes a table anew, and that takes longer than any
/// statement of a request may.
#[test]
fn an_approved_rewrite_takes_the_time_that_it_takes() {
    let setup = Setup::postgres();
    setup.outcome([user().with(optional("age", FieldType::I32))]);
    setup.execute(
        "CREATE FUNCTION slow(bigint) RETURNS boolean LANGUAGE plpgsql AS \
         'BEGIN PERFORM pg_sleep(0.5); RETURN true; END'; \
         ALTER TABLE users ADD CHECK (slow(age)); \
         INSERT INTO users (name, email, age) VALUES ('', '', 1)",
    );
    let executor = setup
        .executor()
        .statement_timeout(Duration::from_millis(300));
    let wider = set([user().with(optional("age", FieldType::I64))]);
    let plan = executor.plan(&wider).unwrap();
    executor
        .apply(&wider, &SyncOptions::default(), plan.hash())
        .unwrap();
    let age = &executor.table_columns("users").unwrap()[3];
    assert_eq!(age.column_type, "bigint");
}

fn user_with_age() -> dataflow_core::ModelSchema {
    user().with(optional("age", FieldType::I32))
}
