use dataflow_core::ddl::Outcome;
use dataflow_core::error::Kind;
use dataflow_core::schema::{DefaultValue, FieldType, Stamp};

use crate::models::{With, defaulted, field, model, optional, set, user};
use crate::setup::Setup;

const ONE_USER: &str = "INSERT INTO users (name, email) VALUES ('Ada', 'ada@example.org')";

#[test]
fn e12_auto_migrate_adds_missing_columns() {
    for setup in Setup::both() {
        setup.outcome([user()]);
        setup.execute(ONE_USER);
        let grown = || {
            user()
                .with(optional("age", FieldType::I32))
                .with(defaulted("level", FieldType::I32, DefaultValue::Integer(3)))
                .with(defaulted(
                    "note",
                    FieldType::String,
                    DefaultValue::Text("it's".into()),
                ))
        };
        assert_eq!(setup.outcome([grown()]), Outcome::Applied { steps: 3 });
        assert_eq!(
            setup.number("SELECT count(*) FROM users WHERE level = 3 AND note = 'it''s'"),
            1
        );
        assert_eq!(setup.outcome([grown()]), Outcome::Unchanged);
        assert_eq!(setup.migrations(), 2);
        let version =
            "SELECT CAST(version AS bigint) FROM dataflow_model_registry WHERE model = 'User'";
        assert_eq!(setup.number(version), 2);
    }
}

#[test]
fn missing_indexes_tables_and_relations_are_added() {
    for setup in Setup::both() {
        setup.outcome([user()]);
        let models = || {
            let mut post = model("Post")
                .with(field("author", FieldType::I64))
                .with_relation("author", "users");
            post.fields.to_mut()[1].column = "author_id".into();
            [
                user().with_index(&["name", "email"], false),
                post.with_index(&["author"], false),
            ]
        };
        assert_eq!(setup.outcome(models()), Outcome::Applied { steps: 3 });
        assert_eq!(
            setup.executor().plan(&set(models())).unwrap().to_string(),
            ""
        );
    }
}

/// SQLite takes a foreign key only together with its column.
#[test]
fn a_new_column_may_point_at_a_table_that_exists() {
    for setup in Setup::both() {
        setup.outcome([user(), model("Post")]);
        setup.execute("INSERT INTO posts (id) VALUES (1)");
        let related = || {
            [
                user(),
                model("Post")
                    .with(optional("author", FieldType::I64))
                    .with_relation("author", "users"),
            ]
        };
        setup.outcome(related());
        let plan = setup.executor().plan(&set(related())).unwrap();
        assert_eq!(plan.to_string(), "");
    }
}

#[test]
fn a_required_column_is_refused_where_there_are_rows_and_added_where_there_are_none() {
    for setup in Setup::both() {
        setup.outcome([user()]);
        setup.execute(ONE_USER);
        let grown = || {
            [user()
                .with(optional("age", FieldType::I32))
                .with(field("city", FieldType::String))]
        };
        let error = setup.synchronize(grown()).unwrap_err();
        assert_eq!(error.kind(), Kind::Schema);
        assert_eq!(
            error.details(),
            [
                "table \"users\", column \"city\": cannot be added: every row must fill it, and \
                 the table has rows"
            ]
        );
        assert!(error.help().unwrap().contains("Option"));
        assert_eq!(
            setup.executor().table_columns("users").unwrap().len(),
            3,
            "nothing was changed"
        );
        assert_eq!(setup.migrations(), 1);

        setup.execute("DELETE FROM users");
        assert_eq!(setup.outcome(grown()), Outcome::Applied { steps: 2 });
    }
}

#[test]
fn a_time_of_creation_can_be_added() {
    let stamped = || {
        let mut created = field("created_at", FieldType::Timestamp);
        created.stamp = Some(Stamp::Created);
        [user().with(created)]
    };
    let setup = Setup::postgres();
    setup.outcome([user()]);
    setup.execute(ONE_USER);
    assert_eq!(setup.outcome(stamped()), Outcome::Applied { steps: 1 });
    assert_eq!(
        setup.number("SELECT count(*) FROM users WHERE created_at IS NOT NULL"),
        1
    );
}

#[test]
fn v06_a_column_that_no_field_fills_is_refused_when_every_row_needs_it() {
    for setup in Setup::both() {
        setup.execute(
            "CREATE TABLE users (id bigint NOT NULL PRIMARY KEY, name text NOT NULL, city text NOT NULL)",
        );
        let mut wanted = model("User").with(field("name", FieldType::String));
        wanted.key.generator = dataflow_core::schema::KeyGenerator::None;
        let error = setup.synchronize([wanted]).unwrap_err();
        assert_eq!(error.kind(), Kind::Schema);
        let details = error.details().join("\n");
        assert!(
            details.contains("table \"users\", column \"city\": is not declared"),
            "{details}"
        );
        assert!(
            !setup
                .executor()
                .table_exists("dataflow_migration_history")
                .unwrap()
        );
    }
}

#[test]
fn a_column_that_rows_can_do_without_is_reported_and_left() {
    for setup in Setup::both() {
        setup.outcome([user().with(optional("age", FieldType::I32))]);
        let ready = setup.synchronize([user()]).unwrap();
        assert_eq!(ready.outcome(), Outcome::Unchanged);
        let findings: Vec<String> = ready.findings().iter().map(ToString::to_string).collect();
        assert_eq!(
            findings,
            ["table \"users\", column \"age\": is not declared by the model"]
        );
        assert_eq!(setup.executor().table_columns("users").unwrap().len(), 4);
    }
}

#[test]
fn v06_a_changed_type_is_refused_by_name() {
    for setup in Setup::both() {
        setup.outcome([user()]);
        let mut changed = user();
        changed.fields.to_mut()[1].field_type = FieldType::I64;
        let error = setup.synchronize([changed]).unwrap_err();
        assert_eq!(error.kind(), Kind::Schema);
        let wanted = match setup.is_postgres() {
            true => "table \"users\", column \"name\": found type text, wanted bigint",
            false => "table \"users\", column \"name\": found type TEXT, wanted INTEGER",
        };
        assert_eq!(error.details(), [wanted]);
    }
}

#[test]
fn duplicates_under_a_new_unique_index_are_named_without_their_values() {
    for setup in Setup::both() {
        setup.outcome([user()]);
        setup.execute("INSERT INTO users (name, email) VALUES ('canary', 'a'), ('canary', 'b')");
        let error = setup
            .synchronize([user()
                .with(optional("age", FieldType::I32))
                .with_index(&["name"], true)])
            .unwrap_err();
        assert_eq!(error.kind(), Kind::Schema);
        assert!(error.to_string().contains("users"), "{error}");
        assert!(error.to_string().contains("name"), "{error}");
        assert!(error.to_string().contains("duplicate values"), "{error}");
        assert!(!format!("{error:?}").contains("canary"), "{error:?}");
        assert_eq!(
            setup.executor().table_columns("users").unwrap().len(),
            3,
            "nothing was changed"
        );
        assert_eq!(setup.migrations(), 1);
    }
}

#[test]
fn nothing_undeclared_is_ever_dropped() {
    for setup in Setup::both() {
        setup.execute("CREATE TABLE legacy (id integer); INSERT INTO legacy VALUES (1)");
        setup.outcome([user(), model("Post")]);
        setup.execute("CREATE UNIQUE INDEX users_by_hand ON users (name)");
        setup.outcome([user()]);
        assert_eq!(setup.number("SELECT count(*) FROM legacy"), 1);
        assert!(setup.executor().table_exists("posts").unwrap());
        setup.execute("DROP INDEX users_by_hand");
    }
}
