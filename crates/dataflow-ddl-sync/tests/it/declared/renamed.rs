use dataflow_core::ModelSchema;
use dataflow_core::ddl::{Outcome, SyncOptions};
use dataflow_core::plan::Policy;
use dataflow_core::schema::{
    Bound, Check, EnumType, Field, FieldType, Generated, Index, IndexMember, Kept, RenamedField,
    Rules,
};

use super::{comes_back_equal, is_settled};
use crate::models::{With, field, model, optional, set};
use crate::setup::Setup;

/// A model whose column stands in every kind of expression, under the name that is given.
fn speaking_of(column: &'static str) -> ModelSchema {
    let quoted = dataflow_core::dialect::identifier(column);
    let twice = Generated {
        expression: format!("{quoted} * 2").into(),
        kept: Kept::Stored,
    };
    let age = Field {
        column: column.into(),
        ..field("age", FieldType::I32)
    };
    let mut model = model("Person").with(age).with(Field {
        generated: Some(twice),
        ..optional("twice", FieldType::I32)
    });
    model.checks = vec![Check::new("adult", format!("{quoted}>17"))].into();
    let over = IndexMember::expression(format!("abs({quoted})"));
    model.indexes = vec![
        Index {
            members: vec![over].into(),
            ..Index::over(["age"])
        },
        Index {
            name: Some("seniors".into()),
            predicate: Some(format!("{quoted} >= 65").into()),
            ..Index::over(["twice"])
        },
    ]
    .into();
    model
}

/// Makes the second version of a model of the first, under the policy full.
fn evolve(setup: &Setup, models: &[ModelSchema]) -> Outcome {
    let full = SyncOptions {
        policy: Policy::Full,
        ..SyncOptions::default()
    };
    let executor = setup.executor();
    let ready = executor.synchronize(&set(models.to_vec()), &full).unwrap();
    is_settled(setup, models);
    ready.outcome()
}

#[test]
fn a_renamed_column_is_followed_into_checks_indexes_and_computed_columns() {
    // One name needs quotes in expressions, one is also that of a type, and one needs none.
    for names in [["age", "Years Old"], ["Years Old", "date"], ["user", "old"]] {
        for setup in Setup::both() {
            let [from, to] = names;
            comes_back_equal(&setup, &[speaking_of(from)]);
            let mut renamed = speaking_of(to);
            renamed.evolution.renamed_fields = vec![RenamedField {
                field: "age".into(),
                from: from.into(),
            }]
            .into();
            assert_eq!(evolve(&setup, &[renamed]), Outcome::Applied { steps: 1 });
        }
    }
}

#[test]
fn an_expression_index_on_a_renamed_table_is_not_made_twice() {
    for setup in Setup::both() {
        comes_back_equal(&setup, &[speaking_of("age")]);
        let mut renamed = speaking_of("age");
        renamed.table = "people".into();
        renamed.evolution.renamed_from = Some("persons".into());
        evolve(&setup, &[renamed]);
        let indexes = match setup.is_postgres() {
            true => "SELECT count(*) FROM pg_indexes WHERE tablename = 'people'",
            false => "SELECT count(*) + 1 FROM sqlite_schema WHERE type = 'index' AND sql <> ''",
        };
        assert_eq!(setup.number(indexes), 3, "the key and the two declared");
    }
}

#[test]
fn a_check_can_be_added_in_the_release_that_renames_its_column() {
    for setup in Setup::both() {
        let person = |column: &'static str| {
            let age = Field {
                column: column.into(),
                ..field("age", FieldType::I32)
            };
            model("Person").with(age)
        };
        comes_back_equal(&setup, &[person("age")]);
        setup.execute("INSERT INTO persons (age) VALUES (18)");
        let mut renamed = person("years");
        renamed.evolution.renamed_fields = vec![RenamedField {
            field: "age".into(),
            from: "age".into(),
        }]
        .into();
        renamed.checks = vec![Check::new("adult", "years > 17")].into();
        evolve(&setup, &[renamed]);
        assert!(
            setup
                .try_execute("INSERT INTO persons (years) VALUES (3)")
                .is_err()
        );
    }
}

#[test]
fn a_dropped_column_takes_what_speaks_of_it_along() {
    for setup in Setup::both() {
        comes_back_equal(&setup, &[speaking_of("age")]);
        setup.execute("INSERT INTO persons (age) VALUES (70)");
        let mut without = model("Person");
        without.evolution.dropped_columns = vec!["age".into(), "twice".into()].into();
        evolve(&setup, &[without]);
        assert_eq!(setup.number("SELECT count(*) FROM persons"), 1);
    }
}

#[test]
fn a_check_that_changes_with_the_name_of_its_column_is_not_kept_beside_itself() {
    let person = |column: &'static str, least: u8| {
        let age = Field {
            column: column.into(),
            ..field("age", FieldType::I32)
        };
        let mut person = model("Person").with(age);
        let expression = format!("{column} > {least}").into();
        person.checks = vec![Check {
            name: None,
            field: Some("age".into()),
            expression,
        }]
        .into();
        person
    };
    for setup in Setup::both() {
        comes_back_equal(&setup, &[person("age", 17)]);
        let mut renamed = person("years", 5);
        renamed.evolution.renamed_fields = vec![RenamedField {
            field: "age".into(),
            from: "age".into(),
        }]
        .into();
        evolve(&setup, &[renamed]);
        setup.execute("INSERT INTO persons (years) VALUES (7)");
    }
}

/// A check of labels or of a rule has a name made of those of table and column, which both are
/// others now: the one of before would go on refusing what is declared.
#[test]
fn what_a_field_takes_grows_while_its_table_and_column_are_renamed() {
    let mood = |labels: &'static [&'static str]| EnumType {
        name: "Mood".into(),
        variants: labels.iter().map(|label| (*label).into()).collect(),
        type_name: Some("mood".into()),
    };
    let day = |table: &'static str, column: &'static str, labels, max| {
        let rules = Rules {
            max: Some(Bound::Integer(max)),
            ..Rules::NONE
        };
        let hour = Field {
            rules,
            ..field("hour", FieldType::I32)
        };
        let mood = Field {
            column: column.into(),
            ..field("mood", FieldType::Enum(mood(labels)))
        };
        let mut day = model("Day").with(hour).with(mood);
        day.table = table.into();
        day
    };
    for setup in Setup::both() {
        setup.outcome([day("days", "mood", &["calm"], 12)]);
        setup.execute("INSERT INTO days (hour, mood) VALUES (3, 'calm')");
        let mut grown = day("times", "feeling", &["calm", "glad"], 24);
        grown.evolution.renamed_from = Some("days".into());
        grown.evolution.renamed_fields = vec![RenamedField {
            field: "mood".into(),
            from: "mood".into(),
        }]
        .into();
        let models = set([grown]);
        let options = SyncOptions {
            policy: Policy::Full,
            ..SyncOptions::default()
        };
        let executor = setup.executor();
        executor.synchronize(&models, &options).unwrap();
        setup.execute("INSERT INTO times (hour, feeling) VALUES (23, 'glad')");
        assert_eq!(setup.number("SELECT count(*) FROM times"), 2);
        assert_eq!(executor.plan(&models).unwrap().to_string(), "");
    }
}
