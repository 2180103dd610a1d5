use std::fs;

use dataflow_core::ddl::{Migrate, Outcome, SyncOptions};
use dataflow_core::error::Kind;
use dataflow_core::plan::Policy;
use dataflow_core::schema::{
    Check, DefaultValue, Field, FieldType, Generated, Index, IndexMember, Kept, RenamedField,
};
use dataflow_core::{Endpoint, Error, SchemaSet};
use dataflow_ddl_sync::{SyncDDLExecutor, synchronize_on};
use private_postgres::{Cluster, Settings};

use crate::models::{With, defaulted, model, optional, set, user};
use crate::setup::{Setup, WAIT};

fn synchronize(url: &str) -> Result<Outcome, Error> {
    let endpoint: Endpoint = url.parse().unwrap();
    SyncDDLExecutor::new(endpoint)
        .synchronize(&set([user()]), &SyncOptions::default())
        .map(|ready| ready.outcome())
}

#[test]
fn a_file_that_cannot_be_a_database_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let text = folder.path().join("notes.txt");
    fs::write(
        &text,
        "This is text, and rather more of it than a header needs. ".repeat(40),
    )
    .unwrap();
    let missing = folder.path().join("missing").join("app.db");
    for (path, expected) in [
        (text.as_path(), "is not a SQLite database"),
        (folder.path(), "cannot be opened"),
        (missing.as_path(), "cannot be opened"),
    ] {
        let error = synchronize(&format!("sqlite://{}", path.display())).unwrap_err();
        assert_eq!(error.kind(), Kind::Unavailable);
        assert!(error.to_string().contains(expected), "{error}");
        assert!(
            error.to_string().contains(&*path.display().to_string()),
            "{error}"
        );
        assert!(error.help().is_some());
    }
}

/// A file system that is mounted read-only is imitated by a read-only connection, because tests may
/// run as root, whom no file refuses.
#[test]
fn a_read_only_file_can_be_verified_but_not_changed() {
    let setup = Setup::sqlite();
    let path = setup.url().strip_prefix("sqlite://").unwrap().to_owned();
    setup.outcome([user()]);
    let flags = rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY;
    let mut connection = rusqlite::Connection::open_with_flags(&path, flags).unwrap();
    let Endpoint::Sqlite(endpoint) = setup.endpoint() else {
        panic!("the setup is SQLite")
    };
    let verify = SyncOptions {
        migrate: Migrate::Verify,
        ..SyncOptions::default()
    };
    let ready = synchronize_on(&mut connection, &endpoint, &set([user()]), &verify, WAIT).unwrap();
    assert_eq!(ready.outcome(), Outcome::Unchanged);
    let models = set([user(), model("Post")]);
    let error = synchronize_on(
        &mut connection,
        &endpoint,
        &models,
        &SyncOptions::default(),
        WAIT,
    )
    .unwrap_err();
    assert_eq!(error.kind(), Kind::Unavailable);
    assert!(
        error.to_string().contains("cannot be written to"),
        "{error}"
    );
    assert!(!setup.executor().table_exists("posts").unwrap());
    assert_eq!(setup.migrations(), 1);
}

#[test]
fn a_database_in_memory_is_synchronized_over_its_own_connection() {
    let error = synchronize("sqlite::memory:").unwrap_err();
    assert_eq!(error.kind(), Kind::Unsupported);

    let Endpoint::Sqlite(endpoint) = "sqlite::memory:".parse().unwrap() else {
        panic!("the url is SQLite's")
    };
    let mut connection = rusqlite::Connection::open_in_memory().unwrap();
    let mut outcome = || {
        synchronize_on(
            &mut connection,
            &endpoint,
            &set([user()]),
            &SyncOptions::default(),
            WAIT,
        )
        .unwrap()
        .outcome()
    };
    assert_eq!(outcome(), Outcome::Applied { steps: 2 });
    assert_eq!(outcome(), Outcome::Unchanged);
}

/// A model whose expression is at fault, beside one that is not there yet.
#[test]
fn an_expression_that_the_database_refuses_is_named_and_changes_nothing() {
    const WRONG: &str = "no_such_function(name)";
    let mut checked = user();
    checked.checks = vec![Check::new("odd", format!("{WRONG} > 1"))].into();
    let default = DefaultValue::Sql("no_such_function()".into());
    let defaulted = user().with(defaulted("nick", FieldType::String, default));
    let computed = user().with(Field {
        generated: Some(Generated {
            expression: WRONG.into(),
            kept: Kept::Stored,
        }),
        ..optional("nick", FieldType::String)
    });
    let indexed = |index: Index| {
        let mut indexed = user();
        indexed.indexes.to_mut().push(index);
        indexed
    };
    let expressed = indexed(Index {
        members: vec![IndexMember::expression(WRONG)].into(),
        name: Some("users_odd".into()),
        ..Index::over([""; 0])
    });
    let partial = indexed(Index {
        predicate: Some(format!("{WRONG} > 1").into()),
        ..Index::over(["name"])
    });
    for wrong in [checked, defaulted, computed, expressed, partial] {
        for setup in Setup::both() {
            let refused = |rows: &str| {
                let before = setup.texts(rows);
                for policy in [Policy::Safe, Policy::Full] {
                    let options = SyncOptions {
                        policy,
                        ..SyncOptions::default()
                    };
                    let models = set([model("Post"), wrong.clone()]);
                    let error = setup.executor().synchronize(&models, &options).unwrap_err();
                    assert_eq!(error.kind(), Kind::Schema, "{error:?}");
                    let told = format!("{error} {}", error.details().join(" "));
                    assert!(told.contains("no_such_function"), "{error:?}");
                    assert!(told.contains("users"), "{error:?}");
                    assert!(!setup.executor().table_exists("posts").unwrap(), "{told}");
                    assert_eq!(setup.texts(rows), before, "{told}");
                }
            };
            refused("SELECT 'nothing'");
            assert!(!setup.executor().table_exists("users").unwrap());
            setup.outcome([user()]);
            setup.execute("INSERT INTO users (name, email) VALUES ('Ada', 'a')");
            refused(match setup.is_postgres() {
                true => {
                    "SELECT concat_ws(' ', attrelid::regclass, attname, attnum) FROM pg_attribute \
                     JOIN pg_class ON pg_class.oid = attrelid WHERE relnamespace = 'public'::regnamespace \
                     UNION SELECT pg_get_constraintdef(oid) FROM pg_constraint ORDER BY 1"
                }
                false => "SELECT sql FROM sqlite_schema",
            });
            assert_eq!(setup.migrations(), 1);
        }
    }
}

/// What is to go is gone, and what is to come is made: a database that is new has nothing to rename.
#[test]
fn a_hint_that_names_what_is_not_there_has_nothing_to_do() {
    let mut hinted = model("Post");
    hinted.evolution.renamed_from = Some("articles".into());
    hinted.evolution.dropped_columns = vec!["gone".into()].into();
    hinted.evolution.dropped_indexes = vec!["gone_idx".into()].into();
    hinted.evolution.dropped_constraints = vec!["gone_check".into()].into();
    hinted.evolution.renamed_fields = vec![RenamedField {
        field: "text".into(),
        from: "body".into(),
    }]
    .into();
    let hinted = hinted.with(optional("text", FieldType::String));
    for setup in Setup::both() {
        setup.outcome([user()]);
        let models = || set([user(), hinted.clone()]).drop_table("missing");
        for expected in [Outcome::Applied { steps: 1 }, Outcome::Unchanged] {
            let options = SyncOptions {
                policy: Policy::Full,
                ..SyncOptions::default()
            };
            let ready = setup.executor().synchronize(&models(), &options).unwrap();
            assert_eq!(ready.outcome(), expected);
            assert_eq!(ready.findings(), []);
        }
        setup.execute("INSERT INTO posts (text) VALUES ('a')");
    }
}

#[test]
fn a_hint_that_names_a_missing_column_is_refused_with_the_schema_as_it_was() {
    for setup in Setup::both() {
        setup.outcome([user()]);
        let columns = setup.executor().table_columns("users").unwrap();
        let mut grown = user().with(optional("nick", FieldType::String));
        grown.evolution.renamed_fields = vec![RenamedField {
            field: "nick".into(),
            from: "nickname".into(),
        }]
        .into();
        let models = || set([grown.clone(), model("Post")]);
        for policy in [Policy::Safe, Policy::Full] {
            let options = SyncOptions {
                policy,
                ..SyncOptions::default()
            };
            let error = setup
                .executor()
                .synchronize(&models(), &options)
                .unwrap_err();
            assert_eq!(error.kind(), Kind::Schema, "{error:?}");
            let details = error.details().join("");
            assert!(details.contains("\"nickname\""), "{details}");
            assert!(error.help().unwrap().contains("renamed_from"), "{error:?}");
            assert_eq!(setup.executor().table_columns("users").unwrap(), columns);
            assert!(!setup.executor().table_exists("posts").unwrap());
            assert_eq!(setup.migrations(), 1);
        }
    }
}

/// A set that nobody validated, as one is that gets a hint afterwards.
#[test]
fn hints_that_contradict_each_other_are_refused_before_anything_is_touched() {
    let mut renamed = user().with(optional("nick", FieldType::String));
    renamed.evolution.dropped_columns = vec!["name2".into()].into();
    renamed.evolution.renamed_fields = vec![RenamedField {
        field: "nick".into(),
        from: "name2".into(),
    }]
    .into();
    let of_columns = SchemaSet::new().schema(renamed);
    let of_tables = set([user(), model("Post")]).drop_table("posts");
    let cases = [
        (of_columns, ["\"name2\" is to be dropped", "field \"nick\""]),
        (of_tables, ["\"posts\" is to be dropped", "model \"Post\""]),
    ];
    for (models, hints) in cases {
        for setup in Setup::both() {
            let executor = setup.executor();
            let is_untouched = || {
                let count = match setup.is_postgres() {
                    true => {
                        "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace"
                    }
                    false => "SELECT count(*) FROM sqlite_schema",
                };
                assert_eq!(setup.number(count), 0);
            };
            let options = SyncOptions::default();
            let verify = SyncOptions {
                migrate: Migrate::Verify,
                ..SyncOptions::default()
            };
            let hash = executor.plan(&set([user()])).unwrap().hash();
            for error in [
                executor.synchronize(&models, &options).unwrap_err(),
                executor.synchronize(&models, &verify).unwrap_err(),
                executor.apply(&models, &options, hash).unwrap_err(),
                executor.plan(&models).unwrap_err(),
            ] {
                assert_eq!(error.kind(), Kind::Configuration, "{error:?}");
                for hint in hints {
                    assert!(error.message().contains(hint), "{error:?}");
                }
                is_untouched();
            }
        }
    }
}

/// The second model's table is in the way as a view, which is found out when the first is made.
#[test]
fn a_failure_half_way_leaves_nothing_behind() {
    for setup in Setup::both() {
        setup.execute("CREATE VIEW posts AS SELECT 1 AS id");
        let error = setup.synchronize([user(), model("Post")]).unwrap_err();
        assert_eq!(error.kind(), Kind::Schema);
        assert!(error.to_string().contains("posts"), "{error}");
        for table in ["users", "dataflow_migration_history"] {
            assert!(!setup.executor().table_exists(table).unwrap(), "{table}");
        }
        setup.execute("DROP VIEW posts");
        assert_eq!(
            setup.outcome([user(), model("Post")]),
            Outcome::Applied { steps: 3 }
        );
    }
}

#[test]
fn a_role_without_the_right_to_create_is_told_so() {
    let setup = Setup::postgres();
    let role = format!("poor_{}", std::process::id());
    setup.execute(&format!(
        "CREATE ROLE {role} LOGIN; REVOKE CREATE ON SCHEMA public FROM PUBLIC"
    ));
    let url = setup.url().replacen("postgres@", &format!("{role}@"), 1);
    let error = synchronize(&url).unwrap_err();
    assert_eq!(error.kind(), Kind::Forbidden);
    assert!(
        error
            .to_string()
            .contains("permission denied for schema public"),
        "{error}"
    );
    assert!(error.help().unwrap().contains(&role));
    assert!(!setup.executor().table_exists("users").unwrap());
    setup.execute(&format!("DROP OWNED BY {role}; DROP ROLE {role}"));
}

#[test]
fn a_database_that_is_read_only_says_so_and_stays_as_it_was() {
    let setup = Setup::postgres();
    let read_only = |url: &str| format!("{url}?options=-c%20default_transaction_read_only%3Don");
    is_not_written_to(&read_only(setup.url()));
    assert!(!setup.executor().table_exists("users").unwrap());

    let cluster = Cluster::start(Settings::default()).unwrap();
    let standby = cluster.standby(&[]).unwrap();
    is_not_written_to(standby.url());
    let primary = Setup::at_postgres(cluster.url());
    assert!(!primary.executor().table_exists("users").unwrap());

    // Where there is nothing to be done, nobody minds.
    setup.outcome([user()]);
    assert_eq!(
        synchronize(&read_only(setup.url())).unwrap(),
        Outcome::Unchanged
    );
}

fn is_not_written_to(url: &str) {
    let error = synchronize(url).unwrap_err();
    assert_eq!(error.kind(), Kind::Unavailable);
    let message = error.to_string();
    assert!(message.contains("cannot be written to"), "{error}");
    assert!(error.help().unwrap().contains("primary"), "{error:?}");
}

#[test]
fn tables_live_in_the_schema_that_the_search_path_names() {
    let setup = Setup::postgres();
    setup.outcome([user()]);
    setup.execute("CREATE SCHEMA \"My App\"");
    let url = format!(
        "{}?options=-c%20search_path%3D%22My%5C%20App%22,public",
        setup.url()
    );
    assert_eq!(synchronize(&url).unwrap(), Outcome::Applied { steps: 2 });
    assert_eq!(synchronize(&url).unwrap(), Outcome::Unchanged);
    for table in [
        "users",
        "dataflow_migration_history",
        "dataflow_model_registry",
    ] {
        let sql = format!("SELECT count(*) FROM \"My App\".{table}");
        setup.number(&sql);
    }
    assert_eq!(
        setup.migrations(),
        1,
        "the ledger of the other schema is untouched"
    );

    let url = format!("{}?options=-c%20search_path%3Dnowhere", setup.url());
    let error = synchronize(&url).unwrap_err();
    assert_eq!(error.kind(), Kind::Schema);
    assert!(error.to_string().contains("search_path"), "{error}");
}
