use std::thread;
use std::time::{Duration, Instant};

use dataflow_core::ddl::Outcome;
use dataflow_core::schema::{DefaultValue, EnumType, FieldType, ItemType, KeyGenerator, Stamp};
use dataflow_core::{ModelSchema, SchemaSet};

use crate::models::{With, defaulted, field, model, optional, set, user};
use crate::setup::Setup;

#[test]
fn an_empty_database_gets_every_table_and_the_second_start_does_nothing() {
    for setup in Setup::both() {
        assert_eq!(setup.outcome([user()]), Outcome::Applied { steps: 2 });
        assert_eq!(setup.outcome([user()]), Outcome::Unchanged);
        assert_eq!(setup.migrations(), 1, "an unchanged schema records nothing");
        let names: Vec<_> = setup.executor().table_columns("users").unwrap();
        let names: Vec<_> = names.iter().map(|column| &*column.name).collect();
        assert_eq!(names, ["id", "name", "email"]);
        assert!(setup.executor().table_exists("users").unwrap());
        assert!(!setup.executor().table_exists("posts").unwrap());
        assert!(setup.executor().table_columns("posts").unwrap().is_empty());
    }
}

/// What the catalogue gives back of each type and default is what was asked for.
#[test]
fn every_type_and_default_is_found_again_as_it_was_made() {
    for setup in Setup::both() {
        let schema_set = set([every_type()]);
        let ready = setup.outcome([every_type()]);
        assert_eq!(ready, Outcome::Applied { steps: 1 });
        let plan = setup.executor().plan(&schema_set).unwrap();
        assert_eq!(plan.to_string(), "", "{}", setup.url());
    }
}

#[test]
fn no_models_need_no_tables_but_are_remembered() {
    for setup in Setup::both() {
        assert_eq!(setup.outcome([]), Outcome::Unchanged);
        assert_eq!(setup.outcome([]), Outcome::Unchanged);
        assert_eq!(setup.migrations(), 1);
    }
}

#[test]
fn v11_every_model_stands_in_the_registry() {
    for setup in Setup::both() {
        setup.outcome([user(), model("Post")]);
        let complete = "SELECT count(*) FROM dataflow_model_registry WHERE application = 'default' \
                        AND version = 1 AND length(fingerprint) = 32 AND definition LIKE '{%'";
        assert_eq!(setup.number(complete), 2);
    }
}

/// The statistics of a session are written when it ends, which the server does in its own time.
#[test]
fn v21_a_start_needs_one_connection_however_many_models_there_are() {
    let setup = Setup::postgres();
    let models = || (0..10).map(|number| model(&format!("Model{number}")));
    let mut watcher = setup.postgres_client();
    let mut settled = || {
        let others = "SELECT count(*) FROM pg_stat_activity \
                      WHERE datname = current_database() AND pid <> pg_backend_pid()";
        let deadline = Instant::now() + Duration::from_secs(10);
        while watcher.query_one(others, &[]).unwrap().get::<_, i64>(0) > 0 {
            assert!(Instant::now() < deadline, "a connection is left open");
            thread::yield_now();
        }
        watcher
            .batch_execute("SELECT pg_stat_clear_snapshot()")
            .unwrap();
        let sql = "SELECT sessions FROM pg_stat_database WHERE datname = current_database()";
        watcher.query_one(sql, &[]).unwrap().get::<_, i64>(0)
    };
    let before = settled();
    setup.outcome(models());
    assert_eq!(settled() - before, 1);
    setup.outcome(models());
    assert_eq!(settled() - before, 2);
}

#[test]
fn a_plan_changes_nothing() {
    for setup in Setup::both() {
        let plan = setup.executor().plan(&set([user()])).unwrap();
        assert_eq!(plan.steps.len(), 2);
        assert!(!setup.executor().table_exists("users").unwrap());
    }
}

#[test]
fn e11_any_name_works() {
    let names = [
        "order",
        "user",
        "select",
        "camelCase",
        "größe",
        "a\"b",
        "it's",
        "two words",
        "100%",
    ];
    for setup in Setup::both() {
        let models: Vec<ModelSchema> = names
            .iter()
            .map(|name| {
                let mut model = model(name)
                    .with(defaulted(
                        "group",
                        FieldType::String,
                        DefaultValue::Text("it's; \\ \"quoted\"".into()),
                    ))
                    .with(optional(&format!("{name} column"), FieldType::String))
                    .with_index(&["group"], true);
                model.table = (*name).to_owned().into();
                model
            })
            .collect();
        setup.outcome(models.clone());
        assert_eq!(setup.outcome(models.clone()), Outcome::Unchanged);
        assert_eq!(setup.executor().plan(&set(models)).unwrap().to_string(), "");
    }
}

#[test]
fn models_may_point_at_each_other_in_a_circle() {
    for setup in Setup::both() {
        let models = || {
            [
                model("Author")
                    .with(optional("best_book", FieldType::I64))
                    .with_relation("best_book", "books"),
                model("Book")
                    .with(field("author", FieldType::I64))
                    .with_relation("author", "authors"),
                model("Node")
                    .with(optional("parent", FieldType::I64))
                    .with_relation("parent", "nodes"),
            ]
        };
        setup.outcome(models());
        assert_eq!(
            setup.executor().plan(&set(models())).unwrap().to_string(),
            ""
        );
        assert_eq!(setup.outcome(models()), Outcome::Unchanged);
    }
}

#[test]
fn two_applications_share_a_database_without_meeting() {
    for setup in Setup::both() {
        let synchronize = |application: &str, schema_set: &SchemaSet| {
            let options = dataflow_core::ddl::SyncOptions {
                application: application.to_owned(),
                ..Default::default()
            };
            setup
                .executor()
                .synchronize(schema_set, &options)
                .unwrap()
                .outcome()
        };
        let (users, books) = (set([user()]), set([model("Book")]));
        synchronize("one", &users);
        assert_eq!(
            synchronize("it's two", &books),
            Outcome::Applied { steps: 1 }
        );
        if setup.is_postgres() {
            assert_eq!(synchronize("one", &users), Outcome::Unchanged);
            assert_eq!(
                setup.migrations(),
                2,
                "a table of another application moves nothing"
            );
        }
        let models = "SELECT count(*) FROM dataflow_model_registry";
        assert_eq!(setup.number(models), 2);
    }
}

fn every_type() -> ModelSchema {
    let color = EnumType {
        name: "Color".into(),
        variants: vec!["red".into(), "green".into()].into(),
        type_name: None,
    };
    let mut every_type = model("Thing")
        .with(defaulted("flag", FieldType::Bool, DefaultValue::Bool(true)))
        .with(defaulted(
            "small",
            FieldType::I16,
            DefaultValue::Integer(-7),
        ))
        .with(defaulted(
            "medium",
            FieldType::I32,
            DefaultValue::Integer(7),
        ))
        .with(defaulted(
            "large",
            FieldType::I64,
            DefaultValue::Integer(i64::MAX),
        ))
        .with(defaulted(
            "huge",
            FieldType::I64,
            DefaultValue::Integer(i64::MIN),
        ))
        .with(defaulted(
            "single",
            FieldType::F32,
            DefaultValue::Float(1.5),
        ))
        .with(defaulted(
            "double",
            FieldType::F64,
            DefaultValue::Float(-0.1),
        ))
        .with(defaulted("whole", FieldType::F64, DefaultValue::Float(3.0)))
        .with(defaulted("far", FieldType::F64, DefaultValue::Float(1e300)))
        .with(defaulted(
            "text",
            FieldType::String,
            DefaultValue::Text("it's \\ Ünïcode\n".into()),
        ))
        .with(defaulted(
            "empty",
            FieldType::String,
            DefaultValue::Text("".into()),
        ))
        .with(defaulted(
            "color",
            FieldType::Enum(color.clone()),
            DefaultValue::Text("red".into()),
        ))
        .with(defaulted(
            "uuid",
            FieldType::Uuid,
            DefaultValue::Text("01890a5d-ac96-774b-bcce-b302099a8057".into()),
        ))
        .with(defaulted(
            "date",
            FieldType::Date,
            DefaultValue::Text("2026-11-23".into()),
        ))
        .with(defaulted(
            "hour",
            FieldType::LocalTime,
            DefaultValue::Text("09:30:00.50".into()),
        ))
        .with(defaulted(
            "time",
            FieldType::Timestamp,
            DefaultValue::Text("2026-11-23T07:30:00Z".into()),
        ))
        .with(defaulted(
            "price",
            FieldType::Decimal,
            DefaultValue::Text("12.50".into()),
        ))
        .with(defaulted(
            "tiny",
            FieldType::F64,
            DefaultValue::Float(1.5e-7),
        ))
        .with(defaulted("round", FieldType::I64, DefaultValue::Integer(3)))
        .with(defaulted("short", FieldType::I16, DefaultValue::Integer(3)))
        .with(defaulted(
            "million",
            FieldType::F32,
            DefaultValue::Float(1.25e7),
        ))
        .with(defaulted(
            "whole_price",
            FieldType::Decimal,
            DefaultValue::Text("+012".into()),
        ))
        .with(defaulted(
            "debt",
            FieldType::Decimal,
            DefaultValue::Text("-0.50".into()),
        ))
        .with(defaulted(
            "moment",
            FieldType::Timestamp,
            DefaultValue::Text("2026-11-23T09:30:00.250+02:00".into()),
        ))
        .with(defaulted(
            "payload",
            FieldType::Bytes,
            DefaultValue::Text("AP8=".into()),
        ))
        .with(defaulted(
            "document",
            FieldType::Json,
            DefaultValue::Text(
                r#"{"bb":[1,-2.50,1e3,null],"a":{"ü":"it's \\ \"x\" \u0001"},"":true}"#.into(),
            ),
        ))
        .with(optional("bytes", FieldType::Bytes))
        .with(optional("json", FieldType::Json))
        .with(field("required", FieldType::String));
    let mut created = field("created_at", FieldType::Timestamp);
    created.stamp = Some(Stamp::Created);
    every_type = every_type.with(created);
    let items = ItemType::PLAIN.into_iter().chain([ItemType::Enum(color)]);
    for (position, item) in items.enumerate() {
        let default = DefaultValue::Text(list_of(&item).into());
        let list = FieldType::Array(item);
        every_type = every_type
            .with(defaulted(
                &format!("list_{position}"),
                list.clone(),
                default,
            ))
            .with(optional(&format!("perhaps_list_{position}"), list));
    }
    every_type
}

fn list_of(item: &ItemType) -> &'static str {
    match item {
        ItemType::Bool => "[true, false]",
        ItemType::I16 | ItemType::I32 | ItemType::I64 => "[-7, 7]",
        ItemType::F32 | ItemType::F64 => "[1.5, -0.25]",
        ItemType::String => r#"["it's", "a,b", "{\"}"]"#,
        ItemType::Uuid => r#"["01890a5d-ac96-774b-bcce-b302099a8057"]"#,
        ItemType::Timestamp => r#"["2026-11-23T09:30:00.5+02:00", "0001-01-01T00:00:00Z"]"#,
        ItemType::LocalDateTime => r#"["2026-11-23T09:30:00.25", "2026-11-23 09:30"]"#,
        ItemType::Date => r#"["2026-11-23", "9999-12-31"]"#,
        ItemType::LocalTime => r#"["09:30:00.000001", "23:59:59"]"#,
        ItemType::Decimal => r#"["1.50", "-2", "0.125"]"#,
        ItemType::Enum(_) => r#"["green", "red"]"#,
    }
}

#[test]
fn a_key_may_have_any_generator() {
    let generators = [
        (FieldType::I32, KeyGenerator::Serial),
        (FieldType::I64, KeyGenerator::None),
        (FieldType::String, KeyGenerator::None),
        (FieldType::Uuid, KeyGenerator::UuidV7),
    ];
    for setup in Setup::both() {
        for (position, (field_type, generator)) in generators.iter().enumerate() {
            let keyed = || {
                let mut keyed = model(&format!("Keyed{position}"));
                keyed.fields = vec![field("id", field_type.clone())].into();
                keyed.key.generator = *generator;
                keyed
            };
            setup.outcome([keyed()]);
            let plan = setup.executor().plan(&set([keyed()])).unwrap();
            assert_eq!(plan.to_string(), "", "{field_type:?} {generator:?}");
        }
    }
}
