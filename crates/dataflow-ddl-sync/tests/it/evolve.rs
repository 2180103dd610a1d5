use dataflow_core::ddl::{DriftCheck, Outcome, SyncOptions};
use dataflow_core::error::Kind;
use dataflow_core::plan::Policy;
use dataflow_core::schema::{DefaultValue, Evolution, FieldType, RenamedField};
use dataflow_core::{Error, ModelSchema, SchemaSet};

use crate::models::{With, defaulted, field, model, optional, set, user};
use crate::setup::Setup;

const TWO_USERS: &str = "INSERT INTO users (name, email) VALUES ('Ada', 'a'), ('Bob', 'b')";

/// Synchronizes under a policy; a second time there must be nothing to do.
fn evolve(setup: &Setup, models: &SchemaSet, policy: Policy) -> Result<Outcome, Error> {
    let options = SyncOptions {
        policy,
        ..SyncOptions::default()
    };
    let ready = setup.executor().synchronize(models, &options)?;
    let plan = setup.executor().plan(models).unwrap();
    assert!(plan.steps.is_empty(), "{plan}");
    let again = setup.executor().synchronize(models, &options)?;
    assert_eq!(again.outcome(), Outcome::Unchanged);
    Ok(ready.outcome())
}

fn renamed() -> ModelSchema {
    let mut renamed = user();
    renamed.table = "people".into();
    let email = &mut renamed.fields.to_mut()[2];
    email.name = "mail".into();
    email.column = "mail".into();
    renamed.indexes = model("User").with_index(&["mail"], true).indexes;
    renamed.evolution = Evolution {
        renamed_from: Some("users".into()),
        renamed_fields: vec![RenamedField {
            field: "mail".into(),
            from: "email".into(),
        }]
        .into(),
        ..Evolution::NONE
    };
    renamed
}

#[test]
fn what_is_said_to_be_renamed_keeps_its_values() {
    for setup in Setup::both() {
        setup.outcome([user()]);
        setup.execute(TWO_USERS);
        let error = setup.synchronize([renamed()]).unwrap_err();
        assert_eq!(error.kind(), Kind::Schema);
        assert!(error.help().unwrap().contains("policy full"), "{error:?}");
        assert!(setup.executor().table_exists("users").unwrap());

        let outcome = evolve(&setup, &set([renamed()]), Policy::Full).unwrap();
        assert_eq!(outcome, Outcome::Applied { steps: 3 });
        assert_eq!(
            setup.number("SELECT count(*) FROM people WHERE mail IN ('a', 'b')"),
            2
        );
        assert!(!setup.executor().table_exists("users").unwrap());
        let error = setup
            .executor()
            .execute_batch(&["INSERT INTO people (name, mail) VALUES ('Eve', 'a')"])
            .unwrap_err();
        assert!(error.to_string().contains("mail"), "{error}");
    }
}

#[test]
fn types_defaults_and_nullability_change_beside_rows() {
    let before = || {
        user()
            .with(optional("age", FieldType::I32))
            .with(defaulted("level", FieldType::I32, DefaultValue::Integer(3)))
            .with(optional("note", FieldType::String))
    };
    let after = || {
        let mut after = user()
            .with(defaulted("age", FieldType::I32, DefaultValue::Integer(7)))
            .with(defaulted("level", FieldType::F64, DefaultValue::Float(4.5)))
            .with(field("note", FieldType::String));
        after.fields.to_mut()[1].nullable = true;
        after
    };
    for setup in Setup::both() {
        setup.outcome([before()]);
        setup.execute(TWO_USERS);
        setup.execute("UPDATE users SET age = 30 WHERE name = 'Ada'");
        let error = evolve(&setup, &set([after()]), Policy::Safe).unwrap_err();
        assert!(error.details().join("").contains("found type"), "{error:?}");

        let error = evolve(&setup, &set([after()]), Policy::Full).unwrap_err();
        assert_eq!(error.kind(), Kind::Schema, "{error:?}");
        assert!(error.to_string().contains("note"), "{error:?}");
        assert_eq!(
            setup.number("SELECT count(*) FROM users WHERE level = 3"),
            2
        );
        assert_eq!(
            setup.number("SELECT count(*) FROM users WHERE age IS NULL"),
            1
        );

        setup.execute("UPDATE users SET note = '' WHERE note IS NULL");
        evolve(&setup, &set([after()]), Policy::Full).unwrap();
        assert_eq!(
            setup.number("SELECT count(*) FROM users WHERE level = 3 AND age IN (7, 30)"),
            2
        );
        setup.execute("INSERT INTO users (email, note) VALUES ('c', 'x')");
        assert_eq!(
            setup.number(
                "SELECT count(*) FROM users WHERE level = 4.5 AND age = 7 AND name IS NULL"
            ),
            1
        );
    }
}

#[test]
fn what_may_go_goes_only_if_the_policy_says_so() {
    let without = || {
        let mut without = user();
        without.fields.to_mut().remove(2);
        without.indexes = Vec::new().into();
        without.evolution.dropped_columns = vec!["email".into()].into();
        set([without]).drop_table("posts").validated().unwrap()
    };
    for setup in Setup::both() {
        setup.outcome([
            user(),
            model("Post")
                .with(field("user", FieldType::I64))
                .with_relation("user", "users"),
        ]);
        setup.execute(TWO_USERS);
        let error = evolve(&setup, &without(), Policy::Safe).unwrap_err();
        assert_eq!(error.details().len(), 2, "{error:?}");
        assert!(setup.executor().table_exists("posts").unwrap());
        evolve(&setup, &without(), Policy::Full).unwrap();
        assert!(!setup.executor().table_exists("posts").unwrap());
        assert_eq!(setup.executor().table_columns("users").unwrap().len(), 2);
        assert_eq!(setup.number("SELECT count(*) FROM users"), 2);
        let names: Vec<String> = setup
            .executor()
            .registered()
            .unwrap()
            .into_iter()
            .map(|registered| registered.model.name.to_string())
            .collect();
        assert_eq!(names, ["User"], "the model of a dropped table is forgotten");
    }
}

#[test]
fn a_field_that_may_be_an_old_one_under_another_name_asks_for_a_hint() {
    let later = || user().with(optional("nick", FieldType::String));
    for setup in Setup::both() {
        setup.outcome([user().with(optional("alias", FieldType::String))]);
        let error = setup.synchronize([later()]).unwrap_err();
        assert!(error.help().unwrap().contains("renamed_from"), "{error:?}");

        setup.outcome([user()]);
        setup.outcome([later()]);
        assert_eq!(setup.executor().table_columns("users").unwrap().len(), 5);
    }
}

#[test]
fn an_approved_plan_is_made_and_no_other() {
    let counted = || {
        let mut counted = user();
        counted.fields.to_mut()[1].field_type = FieldType::I64;
        set([counted])
    };
    for setup in Setup::both() {
        setup.outcome([user()]);
        setup.execute("INSERT INTO users (name, email) VALUES ('007', 'a')");
        let executor = setup.executor();
        let options = SyncOptions::default();
        let error = evolve(&setup, &counted(), Policy::Full).unwrap_err();
        let plan = executor.plan(&counted()).unwrap();
        assert!(
            error.help().unwrap().contains(&plan.hash().to_string()),
            "{error:?}"
        );

        let another = executor.plan(&set([user().with(optional("a", FieldType::I32))]));
        let hash = another.unwrap().hash();
        let error = executor.apply(&counted(), &options, hash).unwrap_err();
        assert!(error.to_string().contains("approved"), "{error:?}");

        let ready = executor.apply(&counted(), &options, plan.hash()).unwrap();
        assert_eq!(ready.outcome(), Outcome::Applied { steps: 1 });
        assert_eq!(setup.number("SELECT count(*) FROM users WHERE name = 7"), 1);
        let ready = executor.apply(&counted(), &options, plan.hash()).unwrap();
        assert_eq!(ready.outcome(), Outcome::Unchanged);
    }
}

/// Programs of the version before write rows without it, whenever that was.
#[test]
fn a_default_that_writers_rely_on_goes_only_when_told() {
    let level = || defaulted("level", FieldType::I32, DefaultValue::Integer(3));
    let row = "INSERT INTO users (name, email) VALUES ('', '')";
    for setup in Setup::both() {
        setup.outcome([user().with(level())]);
        let required = set([user().with(field("level", FieldType::I32))]);
        for _ in 0..2 {
            let ready = setup
                .executor()
                .synchronize(&required, &SyncOptions::default())
                .unwrap();
            let [finding] = ready.findings() else {
                panic!("{:?}", ready.findings())
            };
            assert!(
                finding.to_string().contains("wanted no default"),
                "{finding}"
            );
        }
        setup.execute(row);
        evolve(&setup, &required, Policy::Full).unwrap();
        setup.try_execute(row).unwrap_err();
        assert_eq!(setup.number("SELECT count(*) FROM users"), 1);
    }
}

#[test]
fn a_default_of_somebody_else_stays_and_is_told() {
    let models = || set([user().with(field("level", FieldType::I32))]);
    let row = "INSERT INTO users (name, email) VALUES ('', '')";
    for setup in Setup::both() {
        match setup.is_postgres() {
            true => {
                setup.outcome([user().with(field("level", FieldType::I32))]);
                setup.execute("ALTER TABLE users ALTER COLUMN level SET DEFAULT 3");
            }
            false => setup.execute(
                "CREATE TABLE users (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, \
                 email TEXT NOT NULL UNIQUE, level INTEGER NOT NULL DEFAULT 3)",
            ),
        }
        for policy in [Policy::Safe, Policy::Full] {
            let options = SyncOptions {
                policy,
                drift_check: DriftCheck::Full,
                ..SyncOptions::default()
            };
            let ready = setup.executor().synchronize(&models(), &options).unwrap();
            let told: Vec<String> = ready.findings().iter().map(ToString::to_string).collect();
            assert!(
                told.iter()
                    .any(|line| line.contains("no version of the model declared")),
                "{told:?}"
            );
        }
        setup.execute(row);
        assert_eq!(
            setup.number("SELECT count(*) FROM users WHERE level = 3"),
            1
        );
    }
}

#[test]
fn an_older_program_starts_beside_a_newer_one_and_changes_nothing() {
    let newer = || {
        user()
            .with(defaulted("level", FieldType::I32, DefaultValue::Integer(3)))
            .with_index(&["name"], false)
    };
    for setup in Setup::both() {
        setup.outcome([user()]);
        setup.outcome([newer()]);
        let ready = setup.synchronize([user()]).unwrap();
        assert_eq!(ready.outcome(), Outcome::Unchanged);
        assert_eq!(ready.findings().len(), 1, "{:?}", ready.findings());
        assert_eq!(setup.migrations(), 2, "it leaves no trace");
        let registered = setup.executor().registered().unwrap();
        assert_eq!((registered.len(), registered[0].version), (1, 2));
        assert_eq!(setup.outcome([newer()]), Outcome::Unchanged);

        let mut newest = newer();
        newest.fields.to_mut().remove(1);
        newest.indexes = user().indexes;
        newest.evolution.dropped_columns = vec!["name".into()].into();
        evolve(&setup, &set([newest]), Policy::Full).unwrap();
        let error = setup.synchronize([user()]).unwrap_err();
        assert!(
            error.details()[0].contains("add column \"name\""),
            "{error:?}"
        );
        assert_eq!(setup.executor().table_columns("users").unwrap().len(), 3);
    }
}

#[test]
fn another_application_uses_a_model_that_is_registered() {
    for setup in Setup::both() {
        setup.outcome([user().with_index(&["name"], false)]);
        let registered = setup.executor().registered().unwrap();
        let [found] = registered.as_slice() else {
            panic!("one model is registered: {registered:?}")
        };
        assert_eq!((&*found.application, found.version), ("default", 1));
        let models = set([found.model.clone()]);
        let other = SyncOptions {
            application: "other".to_owned(),
            ..SyncOptions::default()
        };
        let ready = setup.executor().synchronize(&models, &other).unwrap();
        assert_eq!(ready.outcome(), Outcome::Unchanged);
        assert_eq!(setup.executor().registered().unwrap().len(), 2);
    }
}

/// Whoever runs the statements, and wherever, a day begins and ends in UTC.
#[test]
fn a_day_and_an_instant_become_each_other_in_utc() {
    let of = |field_type| set([model("Event").with(optional("at", field_type))]);
    let setup = Setup::postgres();
    evolve(&setup, &of(FieldType::Date), Policy::Safe).unwrap();
    setup.execute("INSERT INTO events (at) VALUES ('2026-03-29')");
    for (wanted, shown, expected) in [
        (
            FieldType::Timestamp,
            "(at AT TIME ZONE 'UTC')",
            "2026-03-29 00:00:00",
        ),
        (FieldType::Date, "at", "2026-03-29"),
    ] {
        let plan = setup.executor().plan(&of(wanted)).unwrap();
        let statements = plan.steps.iter().flat_map(|step| &step.statements);
        let sql: Vec<&str> = statements.map(|statement| &*statement.sql).collect();
        let sql = sql.join("; ");
        setup.execute(&format!("SET TimeZone = 'America/New_York'; {sql}"));
        let found = setup.texts(&format!("SELECT {shown}::text FROM events"));
        assert_eq!(found, [Some(expected.to_owned())], "{sql}");
    }
}

#[test]
fn an_instant_and_a_time_on_the_clock_become_each_other_only_when_told_and_in_utc() {
    let of = |field_type| set([model("Event").with(optional("at", field_type))]);
    let setup = Setup::postgres();
    let zone = "SET TimeZone = 'Asia/Tokyo'";
    evolve(&setup, &of(FieldType::LocalDateTime), Policy::Safe).unwrap();
    setup.execute("INSERT INTO events (at) VALUES ('2026-03-29 02:30:00')");
    let instant = of(FieldType::Timestamp);
    evolve(&setup, &instant, Policy::Full).unwrap_err();
    let plan = setup.executor().plan(&instant).unwrap();
    let sql: Vec<&str> = plan
        .steps
        .iter()
        .flat_map(|step| &step.statements)
        .map(|statement| &*statement.sql)
        .collect();
    assert!(sql.concat().contains("AT TIME ZONE 'UTC'"), "{sql:?}");
    // Whoever runs it, and wherever: no value is shifted.
    setup.execute(&format!("{zone}; {}", sql.join("; ")));
    let shown = "SELECT (at AT TIME ZONE 'UTC')::text FROM events";
    assert_eq!(setup.texts(shown), [Some("2026-03-29 02:30:00".to_owned())]);
    let local = of(FieldType::LocalDateTime);
    let plan = setup.executor().plan(&local).unwrap();
    evolve(&setup, &local, Policy::Approved(plan.hash())).unwrap();
    let shown = setup.texts("SELECT at::text FROM events");
    assert_eq!(shown, [Some("2026-03-29 02:30:00".to_owned())]);
}

#[test]
fn a_model_whose_table_has_another_name_asks_what_becomes_of_the_old_one() {
    let moved = || {
        let mut moved = user();
        moved.table = "people".into();
        moved
    };
    let misspelled = || {
        let mut moved = moved();
        moved.evolution.renamed_from = Some("user".into());
        moved
    };
    for setup in Setup::both() {
        setup.outcome([user()]);
        setup.execute(TWO_USERS);
        for model in [moved(), misspelled()] {
            let error = setup.synchronize([model]).unwrap_err();
            assert!(error.help().unwrap().contains("renamed_from"), "{error:?}");
            assert!(error.details()[0].contains("\"users\""), "{error:?}");
            assert!(!setup.executor().table_exists("people").unwrap());
        }
        let models = set([moved()]);
        let plan = setup.executor().plan(&models).unwrap();
        let options = SyncOptions::default();
        setup
            .executor()
            .apply(&models, &options, plan.hash())
            .unwrap();
        assert_eq!(
            setup.number("SELECT count(*) FROM users"),
            2,
            "both are kept"
        );
        assert_eq!(setup.number("SELECT count(*) FROM people"), 0);
        assert_eq!(setup.outcome([moved()]), Outcome::Unchanged);
    }
}
