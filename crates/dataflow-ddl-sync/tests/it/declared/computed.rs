use dataflow_core::ModelSchema;
use dataflow_core::ddl::{Outcome, SyncOptions};
use dataflow_core::error::Kind;
use dataflow_core::plan::Class;
use dataflow_core::schema::{DefaultValue, Field, FieldType, Generated, Kept};

use super::{comes_back_equal, is_settled};
use crate::models::{With, defaulted, field, model, optional, set};
use crate::setup::Setup;

fn default_sql(name: &str, field_type: FieldType, sql: &'static str) -> Field {
    defaulted(name, field_type, DefaultValue::Sql(sql.into()))
}

fn generated(name: &str, expression: &'static str, kept: Kept) -> Field {
    Field {
        generated: Some(Generated {
            expression: expression.into(),
            kept,
        }),
        ..optional(name, FieldType::String)
    }
}

fn person(computed: Field) -> ModelSchema {
    model("Person")
        .with(field("first", FieldType::String))
        .with(field("Last Name", FieldType::String))
        .with(computed)
}

#[test]
fn a_default_in_sql_comes_back_equal() {
    for setup in Setup::both() {
        let models = [model("Thing")
            .with(default_sql("sum", FieldType::I32, "2+3 * 4"))
            .with(default_sql(
                "text",
                FieldType::String,
                "lower('IT''S')||'x'",
            ))
            .with(default_sql("plain", FieldType::String, "'as written'"))
            .with(default_sql("length", FieldType::I64, "length( 'abc' )"))
            .with(default_sql("negative", FieldType::I32, "-(5)"))];
        comes_back_equal(&setup, &models);
        setup.execute("INSERT INTO things DEFAULT VALUES");
        assert_eq!(setup.number("SELECT CAST(sum AS bigint) FROM things"), 14);
        let exact = "SELECT count(*) FROM things WHERE text = 'it''sx' AND plain = 'as written'";
        assert_eq!(setup.number(exact), 1);
    }
}

#[test]
fn a_default_of_postgres_comes_back_equal() {
    let setup = Setup::postgres();
    let models = [model("Thing")
        .with(default_sql("token", FieldType::Uuid, "gen_random_uuid()"))
        .with(default_sql("day", FieldType::Date, "CURRENT_DATE + 1"))
        .with(default_sql(
            "until",
            FieldType::Timestamp,
            "now() + interval '1 day'",
        ))];
    comes_back_equal(&setup, &models);
}

#[test]
fn a_default_in_sql_can_be_added_with_its_column() {
    for setup in Setup::both() {
        comes_back_equal(&setup, &[model("Thing")]);
        let wider = || model("Thing").with(default_sql("sum", FieldType::I64, "2 + 3"));
        assert_eq!(setup.outcome([wider()]), Outcome::Applied { steps: 1 });
        is_settled(&setup, &[wider()]);
    }
}

#[test]
fn a_generated_column_comes_back_equal_and_is_computed() {
    let full = "first || ' ' || \"Last Name\"";
    for setup in Setup::both() {
        comes_back_equal(&setup, &[person(generated("full", full, Kept::Stored))]);
        setup.execute("INSERT INTO persons (first, \"Last Name\") VALUES ('Ada', 'Lovelace')");
        let computed = "SELECT count(*) FROM persons WHERE \"full\" = 'Ada Lovelace'";
        assert_eq!(setup.number(computed), 1);
    }
    let setup = Setup::sqlite();
    comes_back_equal(&setup, &[person(generated("full", full, Kept::Virtual))]);
}

#[test]
fn postgres_refuses_a_virtual_column_by_name() {
    let setup = Setup::postgres();
    let error = setup
        .synchronize([person(generated("full", "first", Kept::Virtual))])
        .unwrap_err();
    assert_eq!(error.kind(), Kind::Unsupported);
    assert!(error.details()[0].contains("\"full\""), "{error:?}");
}

#[test]
fn a_column_that_is_computed_otherwise_stops_the_start_and_is_made_anew_where_that_is_allowed() {
    let generated = |expression| person(generated("full", expression, Kept::Stored));
    let plain = || person(optional("full", FieldType::String));
    let ways = [
        (
            generated("first"),
            generated("upper(first)"),
            Class::Rewrite,
            "ADA",
        ),
        (generated("first"), plain(), Class::Breaking, "Ada"),
        (
            plain(),
            generated("upper(first)"),
            Class::Irreversible,
            "ADA",
        ),
    ];
    for (before, after, class, full) in ways {
        for setup in Setup::both() {
            let indexed = |model: &ModelSchema| model.clone().with_index(&["full"], false);
            let (before, after) = (indexed(&before), indexed(&after));
            comes_back_equal(&setup, &[before]);
            setup.execute("INSERT INTO persons (first, \"Last Name\") VALUES ('Ada', 'x')");
            if class == Class::Irreversible {
                setup.execute("UPDATE persons SET \"full\" = 'Countess'");
            }
            let error = setup.synchronize([after.clone()]).unwrap_err();
            let details = error.details().join("");
            assert!(details.contains("column \"full\": found a"), "{details}");

            let (models, executor) = (set([after.clone()]), setup.executor());
            let plan = executor.plan(&models).unwrap();
            assert_eq!(plan.class(), Some(class), "{plan}");
            let options = SyncOptions::default();
            executor.apply(&models, &options, plan.hash()).unwrap();
            is_settled(&setup, &[after]);
            assert_eq!(
                setup.texts("SELECT \"full\" FROM persons"),
                [Some(full.to_owned())]
            );
        }
    }
}
