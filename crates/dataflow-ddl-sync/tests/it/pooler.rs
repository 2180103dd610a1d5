use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use dataflow_core::ddl::{Outcome, SyncOptions};
use dataflow_core::error::Kind;
use dataflow_core::schema::FieldType;
use dataflow_ddl_sync::SyncDDLExecutor;
use private_postgres::Pooler;

use crate::models::{With, model, optional, set, user};
use crate::setup::Setup;

fn executor(pooler: &Pooler) -> SyncDDLExecutor {
    SyncDDLExecutor::new(pooler.url().parse().unwrap())
}

/// What there is in the database, so that nothing can have been changed where it stays the same.
fn catalogue(setup: &Setup) -> Vec<Option<String>> {
    setup.texts(
        "SELECT concat(attrelid::regclass, ' ', attname, ' ', attnotnull) FROM pg_attribute \
             WHERE attnum > 0 AND attrelid >= 16384
         UNION ALL SELECT pg_get_indexdef(indexrelid) FROM pg_index WHERE indrelid >= 16384
         UNION ALL SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid >= 16384
         UNION ALL SELECT concat(id, ' ', status) FROM dataflow_migration_history ORDER BY 1",
    )
}

#[test]
fn steps_of_one_transaction_go_through_pgbouncer() {
    let setup = Setup::postgres();
    let Some(pooler) = Pooler::before(setup.url()) else {
        return;
    };
    let options = SyncOptions::default();
    let made = executor(&pooler).synchronize(&set([user()]), &options);
    assert_eq!(made.unwrap().outcome(), Outcome::Applied { steps: 2 });
    setup.execute("INSERT INTO users (name, email) VALUES ('Ada', 'a')");
    let grown = || {
        set([
            user().with(optional("age", FieldType::I32)),
            model("Post").with(optional("text", FieldType::String)),
        ])
    };
    let changed = executor(&pooler).synchronize(&grown(), &options);
    assert_eq!(changed.unwrap().outcome(), Outcome::Applied { steps: 2 });
    let again = executor(&pooler).synchronize(&grown(), &options);
    assert_eq!(again.unwrap().outcome(), Outcome::Unchanged);
    let locks = "SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = database \
                 WHERE locktype = 'advisory' AND datname = current_database()";
    assert_eq!(setup.number(locks), 0, "no lock outlives its transaction");
}

#[test]
fn programs_that_start_together_through_pgbouncer_change_the_tables_once() {
    let setup = Setup::postgres();
    let Some(pooler) = Pooler::before(setup.url()) else {
        return;
    };
    let start = || executor(&pooler).synchronize(&set([user()]), &SyncOptions::default());
    let outcomes: Vec<Outcome> = thread::scope(|scope| {
        let starts: Vec<_> = (0..12).map(|_| scope.spawn(start)).collect();
        let ends = starts.into_iter().map(|start| start.join().unwrap());
        ends.map(|ready| ready.unwrap().outcome()).collect()
    });
    let applied = |outcome: &&Outcome| **outcome == Outcome::Applied { steps: 2 };
    assert_eq!(outcomes.iter().filter(applied).count(), 1, "{outcomes:?}");
    assert_eq!(setup.migrations(), 1);
}

/// Those who work through the pooler meanwhile take the sessions by which it is known.
#[test]
fn a_step_outside_of_transactions_is_refused_through_pgbouncer_and_asks_for_ddl_url() {
    let setup = Setup::postgres();
    let Some(pooler) = Pooler::before(setup.url()) else {
        return;
    };
    setup.outcome([user()]);
    setup.execute("INSERT INTO users (name, email) VALUES ('Ada', 'a')");
    let indexed = || {
        let grown = user().with(optional("age", FieldType::I32));
        set([grown.with_index(&["name"], false)])
    };
    let before = catalogue(&setup);
    let refused = || {
        let refused = executor(&pooler).synchronize(&indexed(), &SyncOptions::default());
        let error = refused.unwrap_err();
        assert_eq!(error.kind(), Kind::Unsupported, "{error:?}");
        assert!(error.help().unwrap().contains("ddl_url"), "{error:?}");
    };
    refused();
    let is_over = AtomicBool::new(false);
    thread::scope(|scope| {
        for _ in 0..6 {
            scope.spawn(|| {
                let mut client = postgres::Client::connect(pooler.url(), postgres::NoTls).unwrap();
                while !is_over.load(Ordering::Relaxed) {
                    client
                        .batch_execute("SELECT count(*) FROM users, generate_series(1, 500)")
                        .unwrap();
                }
            });
        }
        let looked = thread::scope(|scope| scope.spawn(|| (0..20).for_each(|_| refused())).join());
        is_over.store(true, Ordering::Relaxed);
        looked.unwrap();
    });
    assert_eq!(catalogue(&setup), before);

    let direct = setup
        .executor()
        .synchronize(&indexed(), &SyncOptions::default());
    assert_eq!(direct.unwrap().outcome(), Outcome::Applied { steps: 2 });
}
