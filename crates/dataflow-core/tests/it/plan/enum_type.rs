use dataflow_core::dialect::Postgres;
use dataflow_core::plan::{Hints, Plan, plan};
use dataflow_core::snapshot::{DatabaseSnapshot, EnumType, Table};

use super::tables::{column, table, with_default, with_rows};

/// Tables beside a type `mood` of such labels; none without.
fn snapshot(labels: &str, tables: &[Table]) -> DatabaseSnapshot {
    let enum_type = EnumType {
        name: "mood".to_owned(),
        labels: labels.split_whitespace().map(ToOwned::to_owned).collect(),
    };
    let is_there = !enum_type.labels.is_empty();
    DatabaseSnapshot {
        tables: tables.to_vec(),
        enum_types: is_there.then_some(enum_type).into_iter().collect(),
        ..DatabaseSnapshot::default()
    }
}

fn planned(desired: &DatabaseSnapshot, found: &DatabaseSnapshot) -> Plan {
    plan(desired, found, &Hints::default(), &Postgres)
}

fn day(default: Option<&str>) -> Table {
    let mood = column("mood", "\"mood\"");
    let mood = match default {
        Some(default) => with_default(mood, &format!("'{default}'::\"mood\"")),
        None => mood,
    };
    table("days", &[mood])
}

#[test]
fn a_type_is_made_before_its_columns_and_grows_in_place() {
    let days = [day(None)];
    let cases = [
        (
            snapshot("sad glad", &days),
            snapshot("", &[]),
            "+ create type \"mood\"\n\
             \x20   CREATE TYPE \"mood\" AS ENUM ('sad', 'glad');\n\
             + create table \"days\"\n\
             \x20   CREATE TABLE \"days\" (\n\
             \x20     \"id\" bigint NOT NULL,\n\
             \x20     \"mood\" \"mood\" NOT NULL,\n\
             \x20     PRIMARY KEY (\"id\")\n\
             \x20   );\n",
        ),
        (
            snapshot("so sad fair glad", &days),
            snapshot("sad glad", &days),
            "+ add \"so\", \"fair\" to type \"mood\"\n\
             \x20   ALTER TYPE \"mood\" ADD VALUE 'so' BEFORE 'sad';\n\
             \x20   ALTER TYPE \"mood\" ADD VALUE 'fair' AFTER 'sad';\n",
        ),
        (snapshot("sad", &days), snapshot("sad", &days), ""),
        (
            snapshot("sad", &days),
            snapshot("sad glad", &days),
            "~ table \"days\", column \"mood\": found a type with the labels \
             [\"sad\", \"glad\"], wanted [\"sad\"]\n",
        ),
        (
            snapshot("glad sad", &days),
            snapshot("sad glad", &days),
            "~ table \"days\", column \"mood\": found a type with the labels \
             [\"sad\", \"glad\"], wanted [\"glad\", \"sad\"]\n",
        ),
    ];
    for (desired, found, expected) in cases {
        assert_eq!(format!("{:#}", planned(&desired, &found)), expected);
    }
}

#[test]
fn a_label_that_a_step_uses_is_committed_before_the_others_begin() {
    let found = snapshot("sad glad", &[with_rows(day(Some("sad")), 5)]);
    let plan = planned(&snapshot("sad glad so", &[day(Some("so"))]), &found);
    let words: Vec<_> = plan
        .steps
        .iter()
        .flat_map(|step| &step.statements)
        .map(|statement| statement.run.word())
        .collect();
    assert_eq!(words, ["ahead", "together"], "{plan:#}");
    assert!(!plan.steps[0].is_transactional() && plan.steps[1].is_transactional());
    let unused = planned(&snapshot("sad glad so", &[day(Some("sad"))]), &found);
    assert!(unused.steps[0].is_transactional(), "{unused:#}");
}

#[test]
fn a_text_becomes_a_label_only_if_it_is_one() {
    let text = table("days", &[column("mood", "text")]);
    let found = snapshot("", &[with_rows(text.clone(), 5)]);
    let plan = planned(&snapshot("sad", &[day(None)]), &found);
    assert_eq!(
        format!("{plan:#}"),
        "+ create type \"mood\" (safe, about 5 rows, locks out nobody)\n\
         \x20   CREATE TYPE \"mood\" AS ENUM ('sad');\n\
         + change column \"mood\" of table \"days\" from text to \"mood\" \
         (rewrite, about 5 rows, locks out everybody)\n\
         \x20   -- must give no row\n\
         \x20   SELECT 1 FROM \"days\" WHERE \"mood\"::text <> ALL (ARRAY(SELECT enumlabel::text \
         FROM pg_enum WHERE enumtypid = '\"mood\"'::regtype)) LIMIT 1;\n\
         \x20   ALTER TABLE \"days\" ALTER COLUMN \"mood\" DROP DEFAULT, ALTER COLUMN \"mood\" TYPE \
         \"mood\" USING \"mood\"::text::\"mood\";\n"
    );
    let back = planned(&snapshot("", &[text]), &snapshot("sad", &[day(None)]));
    assert!(format!("{back:#}").contains("TYPE text;"), "{back:#}");
}
