use std::borrow::Cow;

use dataflow_core::ModelSchema;
use dataflow_core::ddl::{DriftCheck, Outcome, SyncOptions};
use dataflow_core::plan::{Class, Policy};
use dataflow_core::schema::{Bound, EnumType, Field, FieldType, Limit, RenamedField, Rules};

use super::{comes_back_equal, is_settled};
use crate::models::{With, field, model, set};
use crate::setup::Setup;

fn between(min: Option<Bound>, max: Option<Bound>) -> Rules {
    Rules {
        min,
        max,
        ..Rules::NONE
    }
}

fn ruled(name: &'static str, field_type: FieldType, rules: Rules) -> Field {
    Field {
        rules,
        ..field(name, field_type)
    }
}

fn aged(min: Option<i64>, max: Option<i64>) -> ModelSchema {
    let [min, max] = [min, max].map(|bound| bound.map(Bound::Integer));
    model("Person").with(ruled("full age", FieldType::I32, between(min, max)))
}

#[test]
fn every_kind_of_rule_comes_back_equal_and_is_kept() {
    let text = |text: &'static str| Some(Bound::Text(text.into()));
    let name = Field {
        limit: Some(Limit::Length(5)),
        ..ruled(
            "name",
            FieldType::String,
            Rules {
                min_length: Some(2),
                pattern: Some("^[a-z]+$".into()),
                ..Rules::NONE
            },
        )
    };
    let all = model("Thing")
        .with(name)
        .with(ruled(
            "small",
            FieldType::I16,
            between(Some(Bound::Integer(-5)), Some(Bound::Integer(7))),
        ))
        .with(ruled(
            "big",
            FieldType::I64,
            between(Some(Bound::Integer(-5_000_000_000)), None),
        ))
        .with(ruled(
            "half",
            FieldType::F64,
            between(Some(Bound::Float(0.5)), Some(Bound::Float(1e20))),
        ))
        .with(ruled(
            "third",
            FieldType::F32,
            between(None, Some(Bound::Float(0.1))),
        ))
        .with(ruled(
            "price",
            FieldType::Decimal,
            between(Some(Bound::Integer(0)), text("99.95")),
        ))
        .with(ruled(
            "day",
            FieldType::Date,
            between(text("2020-01-01"), None),
        ))
        .with(ruled(
            "at",
            FieldType::Timestamp,
            between(text("2020-01-01T00:00:00Z"), None),
        ));
    for setup in Setup::both() {
        comes_back_equal(&setup, std::slice::from_ref(&all));
        let row = |name: &str, small: &str, day: &str| {
            format!(
                "INSERT INTO things (name, small, big, half, third, price, day, at) VALUES \
                 ('{name}', {small}, 0, 0.5, 0.1, '1', '{day}', '2020-01-01T00:00:00.000000Z')"
            )
        };
        setup.execute(&row("äö", "-5", "2020-01-01"));
        for refused in [
            row("ä", "0", "2020-01-01"),
            row("äö", "8", "2020-01-01"),
            row("äö", "-6", "2020-01-01"),
            row("äö", "0", "2019-12-31"),
        ] {
            assert!(setup.try_execute(&refused).is_err(), "{refused}");
        }
        // No two dialects of patterns agree, so no database is asked.
        setup.execute(&row("ÄÖ", "0", "2020-01-01"));
    }
}

#[test]
fn a_wider_rule_is_made_and_a_narrower_one_has_to_be_allowed() {
    let (found, wider) = (aged(Some(0), Some(150)), aged(Some(-1), Some(200)));
    let cases = [
        (found.clone(), wider, Class::Scan, Class::Scan),
        (found.clone(), aged(Some(0), None), Class::Scan, Class::Scan),
        (found.clone(), aged(None, None), Class::Safe, Class::Scan),
        (
            found.clone(),
            aged(Some(1), Some(150)),
            Class::Breaking,
            Class::Breaking,
        ),
        (aged(None, None), found, Class::Scan, Class::Scan),
    ];
    for (before, after, on_postgres, on_sqlite) in cases {
        for setup in Setup::both() {
            comes_back_equal(&setup, std::slice::from_ref(&before));
            setup.execute("INSERT INTO persons (\"full age\") VALUES (36)");
            let models = set([after.clone()]);
            let class = match setup.is_postgres() {
                true => on_postgres,
                false => on_sqlite,
            };
            let plan = setup.executor().plan(&models).unwrap();
            assert_eq!(plan.class(), Some(class), "{plan}");
            setup.executor().synchronize(&models, &full()).unwrap();
            is_settled(&setup, std::slice::from_ref(&after));
            assert_eq!(setup.number("SELECT count(*) FROM persons"), 1);
        }
    }
}

#[test]
fn rows_that_break_a_new_rule_are_found_before_anything_changes() {
    for setup in Setup::both() {
        comes_back_equal(&setup, &[aged(None, None)]);
        setup.execute("INSERT INTO persons (\"full age\") VALUES (-4711)");
        let executor = setup.executor();
        let models = set([aged(Some(0), None)]);
        let error = executor.synchronize(&models, &full()).unwrap_err();
        assert!(!format!("{error:?}").contains("4711"), "{error:?}");
        is_settled(&setup, &[aged(None, None)]);
    }
}

#[test]
fn a_rule_goes_with_its_column_and_follows_its_names() {
    let mut without = model("Person").with(field("name", FieldType::String));
    without.fields.to_mut()[1].nullable = true;
    let mut dropped = without.clone();
    dropped.evolution.dropped_columns = vec!["full age".into()].into();
    let mut renamed = aged(Some(0), Some(150));
    renamed.fields.to_mut()[1].name = "years".into();
    renamed.fields.to_mut()[1].column = "years".into();
    renamed.evolution.renamed_fields = vec![RenamedField {
        field: "years".into(),
        from: "full age".into(),
    }]
    .into();
    for after in [dropped, renamed] {
        for setup in Setup::both() {
            comes_back_equal(&setup, &[aged(Some(0), Some(150))]);
            setup.execute("INSERT INTO persons (\"full age\") VALUES (36)");
            let models = set([after.clone()]);
            let outcome = setup.executor().synchronize(&models, &full()).unwrap();
            assert!(matches!(outcome.outcome(), Outcome::Applied { .. }));
            is_settled(&setup, std::slice::from_ref(&after));
        }
    }
}

#[test]
fn a_rule_under_another_name_is_known_as_one_once_its_table_and_column_are_renamed() {
    let renamed = |mut model: ModelSchema| {
        model.table = "people".into();
        model.evolution.renamed_from = Some("persons".into());
        model.fields.to_mut()[1].name = "years".into();
        model.fields.to_mut()[1].column = "years".into();
        model.evolution.renamed_fields = vec![RenamedField {
            field: "years".into(),
            from: "full age".into(),
        }]
        .into();
        model
    };
    for setup in Setup::both() {
        comes_back_equal(&setup, &[aged(Some(0), Some(150))]);
        setup.execute("INSERT INTO persons (\"full age\") VALUES (36)");
        for after in [aged(Some(0), Some(150)), aged(None, None)] {
            let after = renamed(after);
            let models = set([after.clone()]);
            setup.executor().synchronize(&models, &full()).unwrap();
            is_settled(&setup, &[after]);
        }
        setup.execute("INSERT INTO people (years) VALUES (-1)");
        assert_eq!(setup.number("SELECT count(*) FROM people"), 2);
    }
}

/// Its name is made of those of before, which no field leads to any more.
#[test]
fn a_rule_that_goes_while_its_table_and_column_are_renamed_refuses_nothing_any_more() {
    const LABELS: EnumType = EnumType {
        name: Cow::Borrowed("Mood"),
        variants: Cow::Borrowed(&[Cow::Borrowed("calm")]),
        type_name: Some(Cow::Borrowed("mood")),
    };
    let person = |field: Field| {
        let mut person = model("Person").with(field);
        person.fields.to_mut()[1].nullable = true;
        person
    };
    let long = Rules {
        min_length: Some(3),
        ..Rules::NONE
    };
    let cases = [
        (aged(Some(0), Some(150)), aged(None, None), "-1"),
        (
            person(ruled("full age", FieldType::String, long)),
            person(field("full age", FieldType::String)),
            "'a'",
        ),
        (
            person(field("full age", FieldType::Enum(LABELS))),
            person(field("full age", FieldType::String)),
            "'glad'",
        ),
    ];
    for (before, after, value) in cases {
        for (table, column) in [
            ("people", "full age"),
            ("persons", "years"),
            ("people", "years"),
        ] {
            for setup in Setup::both() {
                comes_back_equal(&setup, std::slice::from_ref(&before));
                let mut after = after.clone();
                if table != "persons" {
                    after.table = table.into();
                    after.evolution.renamed_from = Some("persons".into());
                }
                if column != "full age" {
                    after.fields.to_mut()[1].column = column.into();
                    after.evolution.renamed_fields = vec![RenamedField {
                        field: "full age".into(),
                        from: "full age".into(),
                    }]
                    .into();
                }
                let models = set([after.clone()]);
                setup.executor().synchronize(&models, &full()).unwrap();
                is_settled(&setup, &[after]);
                setup.execute(&format!(
                    "INSERT INTO {table} (\"{column}\") VALUES ({value})"
                ));
            }
        }
    }
}

fn full() -> SyncOptions {
    SyncOptions {
        policy: Policy::Full,
        drift_check: DriftCheck::Full,
        ..SyncOptions::default()
    }
}
