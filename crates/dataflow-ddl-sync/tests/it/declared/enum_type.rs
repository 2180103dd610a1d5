use dataflow_core::ModelSchema;
use dataflow_core::ddl::{DriftCheck, Outcome, SyncOptions};
use dataflow_core::plan::{Class, Policy};
use dataflow_core::schema::{DefaultValue, EnumType, Field, FieldType, ItemType};

use super::{comes_back_equal, is_settled};
use crate::models::{With, field, model, set};
use crate::setup::Setup;

/// The name has a capital letter and an apostrophe, which have to be quoted.
const TYPE: &str = "Mood's";

fn mood(labels: &[&'static str]) -> FieldType {
    FieldType::Enum(EnumType {
        name: "Mood".into(),
        variants: labels.iter().map(|label| (*label).into()).collect(),
        type_name: Some(TYPE.into()),
    })
}

fn days(labels: &[&'static str], default: Option<&'static str>) -> ModelSchema {
    model("Day").with(Field {
        default: default.map(|label| DefaultValue::Text(label.into())),
        ..field("mood", mood(labels))
    })
}

fn full(policy: Policy) -> SyncOptions {
    SyncOptions {
        policy,
        drift_check: DriftCheck::Full,
        ..SyncOptions::default()
    }
}

#[test]
fn a_type_of_its_own_comes_back_equal_and_is_kept() {
    let nights = model("Night").with(Field {
        nullable: true,
        ..field("mood", mood(&["it's", "glad"]))
    });
    for setup in Setup::both() {
        let both = [days(&["it's", "glad"], Some("it's")), nights.clone()];
        comes_back_equal(&setup, &both);
        setup.execute("INSERT INTO days DEFAULT VALUES; INSERT INTO nights (mood) VALUES (NULL)");
        assert!(
            setup
                .try_execute("INSERT INTO days (mood) VALUES ('sad')")
                .is_err()
        );
        let stored = setup.texts("SELECT CAST(mood AS text) FROM days");
        assert_eq!(stored, [Some("it's".to_owned())]);
        let dropped = dataflow_core::SchemaSet::new()
            .schema(nights.clone())
            .drop_table("days")
            .validated()
            .unwrap();
        let executor = setup.executor();
        executor.synchronize(&dropped, &full(Policy::Full)).unwrap();
        is_settled(&setup, std::slice::from_ref(&nights));
    }
}

/// A list has its type by the name of that of its items.
#[test]
fn lists_of_a_type_come_back_equal_and_take_new_labels() {
    let diaries = |labels: &[&'static str], default: &'static str| {
        let FieldType::Enum(mood) = mood(labels) else {
            unreachable!("it is one");
        };
        let moods = field("moods", FieldType::Array(ItemType::Enum(mood)));
        model("Diary").with(Field {
            default: Some(DefaultValue::Text(default.into())),
            ..moods
        })
    };
    for setup in Setup::both() {
        let before = diaries(&["it's", "glad"], r#"["it's", "glad"]"#);
        comes_back_equal(&setup, std::slice::from_ref(&before));
        setup.execute("INSERT INTO diaries DEFAULT VALUES");
        let grown = diaries(&["it's", "fair", "glad"], r#"["fair"]"#);
        setup.outcome([grown.clone()]);
        is_settled(&setup, std::slice::from_ref(&grown));
        setup.execute("INSERT INTO diaries DEFAULT VALUES");
        let stored = setup.texts("SELECT CAST(moods AS text) FROM diaries ORDER BY id");
        let expected = match setup.is_postgres() {
            true => ["{it's,glad}", "{fair}"],
            false => [r#"["it's","glad"]"#, r#"["fair"]"#],
        };
        assert_eq!(stored, expected.map(|text| Some(text.to_owned())));
        if setup.is_postgres() {
            // The probe sees the type of a list too.
            setup.execute("ALTER TYPE \"Mood's\" RENAME VALUE 'glad' TO 'merry'");
            let outcome = setup.synchronize([grown.clone()]).map(|it| it.outcome());
            assert!(!matches!(outcome, Ok(Outcome::Unchanged)), "{outcome:?}");
        }
    }
}

#[test]
fn new_labels_are_added_anywhere_unasked_and_keep_the_rows() {
    for setup in Setup::both() {
        comes_back_equal(&setup, &[days(&["sad", "glad"], None)]);
        setup.execute("INSERT INTO days (mood) VALUES ('glad'), ('sad')");
        let grown = days(&["so", "sad", "fair", "glad", "merry"], None);
        let plan = setup.executor().plan(&set([grown.clone()])).unwrap();
        assert!(plan.class() <= Some(Class::Scan), "{plan}");
        let outcome = setup.outcome([grown.clone()]);
        assert_eq!(outcome, Outcome::Applied { steps: 1 });
        is_settled(&setup, std::slice::from_ref(&grown));
        setup.execute("INSERT INTO days (mood) VALUES ('so'), ('fair'), ('merry')");
        let order = match setup.is_postgres() {
            true => ["so", "sad", "fair", "glad", "merry"],
            false => ["fair", "glad", "merry", "sad", "so"],
        };
        let stored = setup.texts("SELECT CAST(mood AS text) FROM days ORDER BY days.mood");
        assert_eq!(stored, order.map(|label| Some(label.to_owned())));
    }
}

#[test]
fn a_new_label_is_the_default_of_old_and_new_columns_at_once() {
    for setup in Setup::both() {
        comes_back_equal(&setup, &[days(&["sad"], Some("sad"))]);
        setup.execute("INSERT INTO days DEFAULT VALUES");
        let mut grown = days(&["sad", "so"], Some("so"));
        let second = Field {
            name: "second".into(),
            column: "second".into(),
            ..grown.fields[1].clone()
        };
        grown = grown.with(second.clone());
        let models = [grown, model("Night").with(second)];
        let before = setup.migrations();
        let steps = setup
            .executor()
            .plan(&set(models.clone()))
            .unwrap()
            .steps
            .len();
        let outcome = setup.outcome(models.clone());
        assert_eq!(outcome, Outcome::Applied { steps });
        assert_eq!(setup.migrations(), before + 1);
        is_settled(&setup, &models);
        setup.execute("INSERT INTO days DEFAULT VALUES; INSERT INTO nights DEFAULT VALUES");
        let stored = setup.texts("SELECT mood || '-' || second FROM days ORDER BY id");
        assert_eq!(stored.len(), 2);
        assert_eq!(stored[0].as_deref(), Some("sad-so"));
        assert_eq!(stored[1].as_deref(), Some("so-so"));
    }
}

#[test]
fn an_approved_plan_is_made_whole_though_a_part_of_it_comes_ahead() {
    let setup = Setup::postgres();
    comes_back_equal(
        &setup,
        &[model("Day").with(field("mood", FieldType::String))],
    );
    setup.execute("INSERT INTO days (mood) VALUES ('sad')");
    let nights = model("Night").with(field("mood", mood(&["sad"])));
    comes_back_equal(&setup, std::slice::from_ref(&nights));
    let models = [
        days(&["sad", "so"], Some("so")),
        model("Night").with(field("mood", mood(&["sad", "so"]))),
    ];
    let schema_set = set(models.clone());
    let plan = setup.executor().plan(&schema_set).unwrap();
    assert_eq!(plan.class(), Some(Class::Rewrite), "{plan}");
    let approved = full(Policy::Approved(plan.hash()));
    let made = setup.executor().synchronize(&schema_set, &approved);
    let steps = plan.steps.len();
    assert_eq!(made.unwrap().outcome(), Outcome::Applied { steps });
    is_settled(&setup, &models);
}

#[test]
fn a_text_that_is_no_label_stops_everything_and_is_not_told() {
    for setup in Setup::both() {
        let text = model("Day").with(field("mood", FieldType::String));
        comes_back_equal(&setup, std::slice::from_ref(&text));
        setup.execute("INSERT INTO days (mood) VALUES ('sad'), ('secret')");
        let typed = set([days(&["sad"], None)]);
        let policy = full(Policy::Full);
        let error = setup.executor().synchronize(&typed, &policy).unwrap_err();
        assert!(!format!("{error:?}").contains("secret"), "{error:?}");
        is_settled(&setup, std::slice::from_ref(&text));
        setup.execute("DELETE FROM days WHERE mood = 'secret'");
        setup.executor().synchronize(&typed, &policy).unwrap();
        is_settled(&setup, &[days(&["sad"], None)]);
        // Only what is approved goes back to models of before.
        let former = set([text.clone()]);
        let plan = setup.executor().plan(&former).unwrap();
        let approved = full(Policy::Approved(plan.hash()));
        setup.executor().synchronize(&former, &approved).unwrap();
        is_settled(&setup, &[text]);
        assert_eq!(
            setup.texts("SELECT mood FROM days"),
            [Some("sad".to_owned())]
        );
    }
}

#[test]
fn a_label_that_is_declared_no_longer_stays_and_is_told() {
    let setup = Setup::postgres();
    comes_back_equal(&setup, &[days(&["sad", "glad"], None)]);
    setup.execute("INSERT INTO days (mood) VALUES ('glad')");
    let ready = setup.synchronize([days(&["sad"], None)]).unwrap();
    let told: Vec<_> = ready.findings().iter().map(ToString::to_string).collect();
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].contains("glad"), "{told:?}");
    is_settled(&setup, &[days(&["sad", "glad"], None)]);
}

#[test]
fn a_type_means_the_same_to_all_models_and_is_no_table() {
    let two = |first: ModelSchema, second: ModelSchema| {
        let set = dataflow_core::SchemaSet::new().schema(first).schema(second);
        set.validated().unwrap_err().to_string()
    };
    let other = model("Night").with(field("mood", mood(&["glad"])));
    let error = two(days(&["sad"], None), other);
    assert!(error.contains(TYPE), "{error}");
    let mut named = days(&["sad"], None);
    named.table = TYPE.into();
    let setup = Setup::postgres();
    let error = setup.synchronize([named]).unwrap_err();
    assert!(format!("{error:?}").contains(TYPE), "{error:?}");
}
