mod noticed;

use dataflow_core::ModelSchema;
use dataflow_core::ddl::{DriftCheck, Outcome, SyncOptions};
use dataflow_core::schema::FieldType;

use crate::models::{With, field, model, optional, set, user};
use crate::setup::Setup;

fn models() -> [ModelSchema; 2] {
    [
        user(),
        model("Post")
            .with(field("author", FieldType::I64))
            .with_relation("author", "users"),
    ]
}

/// Whether a start after these statements compares in full. Each comparison leaves a row in the
/// ledger, something to tell, or an error.
fn is_noticed(setup: &Setup, models: impl IntoIterator<Item = ModelSchema>, sql: &str) -> bool {
    let before = setup.migrations();
    setup.execute(sql);
    match setup.synchronize(models) {
        Ok(ready) => setup.migrations() > before || !ready.findings().is_empty(),
        Err(_) => true,
    }
}

#[test]
fn rows_maintenance_and_other_tables_are_no_drift() {
    let setup = Setup::postgres();
    setup.outcome(models());
    let quiet = [
        "INSERT INTO users (name, email) SELECT i::text, i::text FROM generate_series(1, 2000) i",
        "ANALYZE",
        "UPDATE users SET name = 'x'; DELETE FROM users WHERE id < 1000",
        "VACUUM users",
        "VACUUM FREEZE ANALYZE",
        "REINDEX TABLE users",
        "TRUNCATE users CASCADE",
        "CREATE TABLE unrelated (id integer PRIMARY KEY, parent bigint REFERENCES users)",
        "CREATE INDEX unrelated_parent ON unrelated (parent)",
        "DROP TABLE unrelated",
        "GRANT SELECT ON users TO PUBLIC",
        "COMMENT ON TABLE users IS 'people'",
        "VACUUM FULL pg_catalog.pg_index",
    ];
    for sql in quiet {
        assert!(!is_noticed(&setup, models(), sql), "{sql}");
    }
}

#[test]
fn maintenance_that_raises_a_false_alarm_costs_a_comparison_and_no_error() {
    let setup = Setup::postgres();
    setup.outcome(models());
    for sql in [
        "VACUUM FULL users",
        "CLUSTER users USING users_pkey",
        "VACUUM FULL pg_catalog.pg_attribute",
        "UPDATE dataflow_schema_state SET cookie = ''",
        "UPDATE dataflow_schema_state SET cookie = 'not, a cookie'",
        "UPDATE dataflow_schema_state SET cookie = '1,,2 3', fingerprint = 'none'",
        "UPDATE dataflow_schema_state SET schema = NULL",
    ] {
        setup.execute(sql);
        assert_eq!(setup.outcome(models()), Outcome::Unchanged, "{sql}");
        let before = setup.migrations();
        assert_eq!(setup.outcome(models()), Outcome::Unchanged);
        assert_eq!(setup.migrations(), before, "settled after {sql}");
    }
}

#[test]
fn a_ledger_whose_history_kept_the_state_is_brought_up_to_date() {
    for setup in Setup::both() {
        setup.outcome(models());
        setup.execute("DROP TABLE dataflow_schema_state");
        setup.execute("ALTER TABLE dataflow_migration_history ADD COLUMN cookie text DEFAULT ''");
        let before = setup.migrations();
        assert_eq!(setup.outcome(models()), Outcome::Unchanged);
        assert_eq!(setup.migrations(), before + 1, "the state was not known");
        let history = setup.executor().table_columns("dataflow_migration_history");
        assert!(
            history
                .unwrap()
                .iter()
                .all(|column| column.name != "cookie")
        );
        assert_eq!(setup.outcome(models()), Outcome::Unchanged);
        assert_eq!(setup.migrations(), before + 1, "it is now");
    }
}

#[test]
fn a_state_that_did_not_say_its_schema_is_written_anew() {
    for setup in Setup::both() {
        setup.outcome(models());
        setup.execute("ALTER TABLE dataflow_schema_state DROP COLUMN schema");
        let before = setup.migrations();
        assert_eq!(setup.outcome(models()), Outcome::Unchanged);
        assert_eq!(setup.migrations(), before + 1, "the state was not known");
        assert_eq!(setup.outcome(models()), Outcome::Unchanged);
        assert_eq!(setup.migrations(), before + 1, "it is now");
    }
}

#[test]
fn what_differs_is_told_at_every_start_that_compares_fingerprints_alone() {
    for setup in Setup::both() {
        setup.outcome(models());
        setup.execute("ALTER TABLE users ADD COLUMN nickname text");
        let options = SyncOptions {
            drift_check: DriftCheck::Fingerprint,
            ..SyncOptions::default()
        };
        let grown = || [user().with(optional("city", FieldType::String))];
        setup.synchronize(grown()).unwrap();
        for start in 1..=2 {
            let ready = setup.executor().synchronize(&set(grown()), &options);
            assert_eq!(ready.unwrap().findings().len(), 1, "start {start}");
        }
    }
}

#[test]
fn what_differs_is_told_at_every_start_and_written_down_once() {
    for setup in Setup::both() {
        setup.outcome(models());
        setup.execute("ALTER TABLE users ADD COLUMN nickname text");
        let before = setup.migrations();
        for start in 1..=3 {
            let ready = setup.synchronize(models()).unwrap();
            let told: Vec<_> = ready.findings().iter().map(ToString::to_string).collect();
            assert_eq!(told.len(), 1, "start {start}: {told:?}");
            assert!(told[0].contains("nickname"), "{told:?}");
        }
        assert_eq!(setup.migrations(), before, "nothing was done");
        let grown = || [user().with(optional("city", FieldType::String))];
        for _ in 1..=3 {
            assert_eq!(setup.synchronize(grown()).unwrap().findings().len(), 1);
        }
        assert_eq!(setup.migrations(), before + 1, "a column was added once");
        setup.execute("ALTER TABLE users DROP COLUMN nickname");
        for _ in 1..=2 {
            assert!(setup.synchronize(grown()).unwrap().findings().is_empty());
        }
        assert_eq!(setup.migrations(), before + 2, "the state is known again");
    }
}

#[test]
fn rows_are_no_drift_on_sqlite() {
    let setup = Setup::sqlite();
    setup.outcome(models());
    let sql = "INSERT INTO users (name, email) VALUES ('a', 'b')";
    assert!(!is_noticed(&setup, models(), sql));
}

#[test]
fn a_drift_check_looks_as_far_as_it_says() {
    for setup in Setup::both() {
        let synchronize = |drift_check| {
            let options = SyncOptions {
                drift_check,
                ..SyncOptions::default()
            };
            setup.executor().synchronize(&set(models()), &options)
        };
        synchronize(DriftCheck::Probe).unwrap();
        setup.execute("ALTER TABLE users DROP COLUMN name");
        let ready = synchronize(DriftCheck::Fingerprint).unwrap();
        assert_eq!(
            ready.outcome(),
            Outcome::Unchanged,
            "the fingerprint alone sees no tables"
        );
        let ready = synchronize(DriftCheck::Full).unwrap();
        assert_eq!(ready.outcome(), Outcome::Applied { steps: 1 });
        setup.execute("ALTER TABLE users DROP COLUMN name");
        let ready = synchronize(DriftCheck::Probe).unwrap();
        assert_eq!(ready.outcome(), Outcome::Applied { steps: 1 });
    }
}

#[test]
fn a_start_that_compares_in_full_writes_down_nothing_where_nothing_changed() {
    for setup in Setup::both() {
        let full = |models| {
            let options = SyncOptions {
                drift_check: DriftCheck::Full,
                ..SyncOptions::default()
            };
            let ready = setup.executor().synchronize(&set(models), &options);
            ready.unwrap().outcome()
        };
        assert_ne!(full(models()), Outcome::Unchanged);
        for _ in 0..3 {
            assert_eq!(full(models()), Outcome::Unchanged);
        }
        assert_eq!(setup.migrations(), 1);

        let [user, post] = models();
        let more = || {
            [
                user.clone(),
                post.clone().with(optional("more", FieldType::I32)),
            ]
        };
        assert_eq!(full(more()), Outcome::Applied { steps: 1 });
        assert_eq!(full(more()), Outcome::Unchanged);
        assert_eq!(setup.migrations(), 2);
        assert_eq!(setup.outcome(more()), Outcome::Unchanged);
        assert_eq!(setup.migrations(), 2);
    }
}
