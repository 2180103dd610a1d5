use dataflow_core::ddl::{Migrate, Outcome, Persistence, SchemaReady, SyncOptions};
use dataflow_core::error::{Kind, Result};
use dataflow_core::schema::FieldType;
use dataflow_ddl_sync::SyncDDLExecutor;

use crate::models::{With, optional, set, user};
use crate::setup::Setup;

fn migrate(setup: &Setup, migrate: Migrate) -> Result<SchemaReady> {
    let options = SyncOptions {
        migrate,
        ..SyncOptions::default()
    };
    setup.executor().synchronize(&set([user()]), &options)
}

#[test]
fn verify_changes_nothing_and_refuses_what_is_missing() {
    for setup in Setup::both() {
        let error = migrate(&setup, Migrate::Verify).unwrap_err();
        assert_eq!(error.kind(), Kind::Schema);
        assert_eq!(error.details()[0], "missing: create table \"users\"");
        assert!(!setup.executor().table_exists("users").unwrap());

        setup.outcome([user()]);
        let ready = migrate(&setup, Migrate::Verify).unwrap();
        assert_eq!(ready.outcome(), Outcome::Unchanged);
    }
}

#[test]
fn warn_changes_nothing_and_reports() {
    for setup in Setup::both() {
        let ready = migrate(&setup, Migrate::Warn).unwrap();
        assert_eq!(ready.outcome(), Outcome::Drifted);
        assert!(!setup.executor().table_exists("users").unwrap());
    }
}

#[test]
fn skip_does_not_look() {
    let options = SyncOptions {
        migrate: Migrate::Skip,
        ..SyncOptions::default()
    };
    for url in [
        "postgres://postgres@127.0.0.1:1/app",
        "sqlite:///missing/folder/app.db",
    ] {
        let executor = SyncDDLExecutor::new(url.parse().unwrap());
        let ready = executor.synchronize(&set([user()]), &options).unwrap();
        assert_eq!(ready.outcome(), Outcome::Unchecked);
        assert_eq!(ready.database(), url);
    }
}

#[test]
fn persistence_decides_which_ledger_tables_exist() {
    let cases = [
        (Persistence::Full, [true, true]),
        (Persistence::HistoryOnly, [true, false]),
        (Persistence::None, [false, false]),
    ];
    for (persistence, expected) in cases {
        for setup in Setup::both() {
            let options = SyncOptions {
                persistence,
                ..SyncOptions::default()
            };
            let executor = setup.executor();
            let synchronize = |models| {
                executor
                    .synchronize(&set(models), &options)
                    .unwrap()
                    .outcome()
            };
            assert_eq!(synchronize([user()]), Outcome::Applied { steps: 2 });
            assert_eq!(synchronize([user()]), Outcome::Unchanged);
            let exists = ["dataflow_migration_history", "dataflow_model_registry"]
                .map(|table| executor.table_exists(table).unwrap());
            assert_eq!(exists, expected, "{persistence:?}");
            let grown = user().with(optional("age", FieldType::I32));
            assert_eq!(synchronize([grown]), Outcome::Applied { steps: 1 });
        }
    }
}

#[test]
fn a_batch_is_all_or_nothing() {
    for setup in Setup::both() {
        let executor = setup.executor();
        executor
            .execute_batch(&[
                "CREATE TABLE one (id integer)",
                "INSERT INTO one VALUES (1); INSERT INTO one VALUES (2)",
            ])
            .unwrap();
        assert_eq!(setup.number("SELECT count(*) FROM one"), 2);
        let error = executor
            .execute_batch(&[
                "CREATE TABLE two (id integer)",
                "CREATE TABLE one (id integer)",
            ])
            .unwrap_err();
        assert_eq!(error.kind(), Kind::Schema);
        assert!(error.to_string().contains("one"), "{error}");
        assert!(!executor.table_exists("two").unwrap());
    }
}
