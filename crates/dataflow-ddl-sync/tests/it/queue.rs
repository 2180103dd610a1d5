//! Each test lets others go on reading and writing, and stands in the way of the migration itself.

use std::collections::HashSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use dataflow_core::ddl::{self, Outcome, SyncOptions};
use dataflow_core::plan::Policy;
use dataflow_core::schema::{DefaultValue, FieldType};
use dataflow_core::{ModelSchema, SchemaSet};
use postgres::SimpleQueryMessage;

use crate::models::{With, defaulted, model, optional, set, user};
use crate::setup::Setup;

const LOCK_TIMEOUT: Duration = Duration::from_secs(1);

/// How long a migration is watched that does not ask again: it would wait for ever.
const PATIENCE: Duration = Duration::from_secs(60);

/// Others get in for at least so long before a migration asks again.
const LEAST_PAUSE: Duration = Duration::from_millis(20);

/// Two tables with rows, one of which may point at the other.
fn before() -> Setup {
    let setup = Setup::postgres();
    setup.outcome([sized(), post()]);
    setup.execute(
        "INSERT INTO users (name, email) VALUES ('Ada', 'a'); INSERT INTO posts (user_id) VALUES (1)",
    );
    setup
}

fn sized() -> ModelSchema {
    user().with(optional("size", FieldType::I32))
}

fn post() -> ModelSchema {
    model("Post").with(optional("user_id", FieldType::I64))
}

/// When somebody comes into the way of a migration, and stays.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Comes {
    /// Before it begins.
    First,
    /// When its transaction is committed, and a step follows that cannot be part of one.
    BetweenSteps,
}

/// Holds what a statement locks while a migration asks for it, until it has asked twice. Gives how
/// long a statement of others waited for the tables at the most.
#[track_caller]
fn longest_wait(setup: &Setup, models: &SchemaSet, held: (Comes, &str), asked: &str) -> Duration {
    let (comes, lock) = held;
    let mut client = setup.postgres_client();
    let hold = move || {
        client.batch_execute(&format!("BEGIN; {lock}")).unwrap();
        client
    };
    let (holder, mut later) = match comes {
        Comes::First => (Mutex::new(Some(hold())), None),
        Comes::BetweenSteps => (Mutex::new(None), Some(hold)),
    };
    let options = SyncOptions {
        policy: Policy::Full,
        ..SyncOptions::default()
    };
    let is_over = AtomicBool::new(false);
    let executor = setup.executor().lock_timeout(LOCK_TIMEOUT);
    thread::scope(|scope| {
        let traffic = scope.spawn(|| longest_of_traffic(setup, &is_over));
        let migration = scope.spawn(|| {
            executor.run(|executor| {
                let mut watch = |begun: ddl::Progress<'_>| {
                    if begun.step.later().next().is_some()
                        && let Some(hold) = later.take()
                    {
                        *holder.lock().unwrap() = Some(hold());
                    }
                };
                ddl::synchronize_watched(executor, models, &options, &mut watch)
            })
        });
        let (mut attempts, begun) = (HashSet::new(), Instant::now());
        while attempts.len() < 2 && !migration.is_finished() && begun.elapsed() < PATIENCE {
            attempts.extend(waiting(setup, asked));
            thread::yield_now();
        }
        drop(holder.lock().unwrap().take());
        let ready = migration.join();
        is_over.store(true, Ordering::Relaxed);
        let outcome = ready.unwrap().unwrap().outcome();
        assert!(matches!(outcome, Outcome::Applied { .. }), "{outcome:?}");
        assert_eq!(attempts.len(), 2, "{asked} is asked for again");
        if !asked.contains("CONCURRENTLY") {
            others_get_in_between(attempts.iter().flatten());
        }
        traffic.join().unwrap()
    })
}

/// Sees that an attempt which lasted for the lock timeout was followed by a pause; a slow machine makes
/// it longer.
#[track_caller]
fn others_get_in_between<'a>(attempts: impl Iterator<Item = &'a String>) {
    let begun: Vec<f64> = attempts.map(|begun| begun.parse().unwrap()).collect();
    let apart = Duration::from_secs_f64((begun[0] - begun[1]).abs());
    assert!(apart >= LOCK_TIMEOUT + LEAST_PAUSE, "{apart:?}");
}

/// Reads and writes again and again; the server itself measures, so that what is measured is the wait.
fn longest_of_traffic(setup: &Setup, is_over: &AtomicBool) -> Duration {
    const WAITED: &str =
        "extract(epoch FROM clock_timestamp() - statement_timestamp())::float8 AS waited";
    let mut client = setup.postgres_client();
    let mut longest = 0.0_f64;
    while !is_over.load(Ordering::Relaxed) {
        for sql in [
            format!("UPDATE users SET name = name WHERE id = 1 RETURNING {WAITED}"),
            format!("UPDATE posts SET id = id RETURNING {WAITED}"),
            format!("SELECT {WAITED} FROM users"),
        ] {
            // In a question of two messages, the second would begin when the wait is over.
            for message in client.simple_query(&sql).unwrap() {
                if let SimpleQueryMessage::Row(row) = message {
                    longest = longest.max(row.get("waited").unwrap().parse().unwrap());
                }
            }
        }
    }
    Duration::from_secs_f64(longest)
}

/// When each statement began that is waiting for a lock. One that is waited with for long, because
/// nobody waits behind it, is told to give up.
fn waiting(setup: &Setup, asked: &str) -> HashSet<Option<String>> {
    let sql = format!(
        "SELECT CASE WHEN query LIKE '%CONCURRENTLY%' AND NOT pg_cancel_backend(pid) THEN '' \
                ELSE extract(epoch FROM query_start)::text END \
         FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' \
         AND query LIKE '%{asked}%' AND pid <> pg_backend_pid()"
    );
    setup.texts(&sql).into_iter().collect()
}

#[track_caller]
fn is_one_lock_timeout(longest: Duration) {
    assert!(
        longest > LOCK_TIMEOUT / 2,
        "others waited behind it: {longest:?}"
    );
    assert!(longest < LOCK_TIMEOUT * 3 / 2, "{longest:?}");
}

#[track_caller]
fn is_settled(setup: &Setup, models: &SchemaSet) {
    let plan = setup.executor().plan(models).unwrap();
    assert_eq!(plan.to_string(), "");
    let invalid = "SELECT count(*) FROM pg_index WHERE NOT indisvalid";
    assert_eq!(setup.number(invalid), 0);
    let unchecked = "SELECT count(*) FROM pg_constraint WHERE NOT convalidated";
    assert_eq!(setup.number(unchecked), 0);
}

#[test]
fn traffic_waits_behind_the_tables_of_a_migration_for_one_lock_timeout() {
    let setup = before();
    let grown = [sized(), post()].map(|model| model.with(optional("age", FieldType::I32)));
    let reader = "SELECT count(*) FROM posts; SELECT count(*) FROM users";
    let models = set(grown);
    let longest = longest_wait(&setup, &models, (Comes::First, reader), "LOCK TABLE");
    is_one_lock_timeout(longest);
    is_settled(&setup, &models);
}

#[test]
fn traffic_waits_behind_a_column_that_gets_required_for_one_lock_timeout() {
    let setup = before();
    let size = defaulted("size", FieldType::I32, DefaultValue::Integer(7));
    let models = set([user().with(size), post()]);
    let reader = (Comes::BetweenSteps, "SELECT count(*) FROM users");
    let longest = longest_wait(&setup, &models, reader, "NOT NULL");
    is_one_lock_timeout(longest);
    is_settled(&setup, &models);
    assert_eq!(setup.number("SELECT count(*) FROM users WHERE size = 7"), 1);
}

#[test]
fn nobody_waits_behind_a_foreign_key_that_waits_to_be_checked() {
    let setup = before();
    let models = set([sized(), post().with_relation("user_id", "users")]);
    let cleaner = "LOCK TABLE posts IN SHARE UPDATE EXCLUSIVE MODE";
    let cleaner = (Comes::BetweenSteps, cleaner);
    let longest = longest_wait(&setup, &models, cleaner, "VALIDATE CONSTRAINT");
    assert!(longest < LOCK_TIMEOUT / 2, "{longest:?}");
    is_settled(&setup, &models);
}

#[test]
fn nobody_waits_behind_an_index_that_waits_to_be_made() {
    let setup = before();
    let models = set([sized().with_index(&["name"], false), post()]);
    let cleaner = "LOCK TABLE users IN SHARE UPDATE EXCLUSIVE MODE";
    let cleaner = (Comes::BetweenSteps, cleaner);
    let longest = longest_wait(&setup, &models, cleaner, "CREATE INDEX CONCURRENTLY");
    assert!(longest < LOCK_TIMEOUT / 2, "{longest:?}");
    is_settled(&setup, &models);
}
