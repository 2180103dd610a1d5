use dataflow_core::ModelSchema;
use dataflow_core::ddl::Outcome;
use dataflow_core::schema::{FieldType, Key, KeyGenerator};

use super::{comes_back_equal, is_settled};
use crate::models::{With, field, model};
use crate::setup::Setup;

fn pair(without_rowid: bool) -> ModelSchema {
    let mut pair = model("Pair")
        .with(field("half", FieldType::String))
        .with_index(&["half"], false);
    pair.key = Key::composite(["half", "id"]);
    pair.without_rowid = without_rowid;
    pair
}

fn has_rowid(setup: &Setup) -> bool {
    setup.try_execute("SELECT rowid FROM pairs").is_ok()
}

#[test]
fn a_table_without_rowid_comes_back_equal() {
    for setup in Setup::both() {
        comes_back_equal(&setup, &[pair(true)]);
        assert!(!has_rowid(&setup));
    }
    let setup = Setup::sqlite();
    let mut numbered = pair(true);
    numbered.key = Key::new("id", KeyGenerator::None);
    comes_back_equal(&setup, &[numbered]);
    assert!(!has_rowid(&setup));
}

#[test]
fn a_table_with_rows_is_written_anew_without_rowid() {
    let setup = Setup::sqlite();
    comes_back_equal(&setup, &[pair(false)]);
    setup.execute("INSERT INTO pairs VALUES (2, 'b'), (1, 'b'), (1, 'a')");
    assert_eq!(setup.outcome([pair(true)]), Outcome::Applied { steps: 1 });
    is_settled(&setup, &[pair(true)]);
    assert!(!has_rowid(&setup));
    let rows = setup.texts("SELECT half || id FROM pairs ORDER BY half, id");
    let rows: Vec<&str> = rows.iter().flatten().map(String::as_str).collect();
    assert_eq!(rows, ["a1", "b1", "b2"]);

    // Written anew once more, for another reason: there is no rowid to be copied.
    let mut checked = pair(true);
    checked.fields.to_mut().push(field("size", FieldType::I64));
    checked.fields.to_mut()[2].nullable = true;
    setup.outcome([checked.clone()]);
    checked.fields.to_mut()[2].nullable = false;
    checked.fields.to_mut()[2].default = Some(dataflow_core::schema::DefaultValue::Integer(0));
    setup.synchronize([checked]).unwrap();
    assert!(!has_rowid(&setup));
    assert_eq!(setup.number("SELECT count(*) FROM pairs"), 3);
}

#[test]
fn a_counted_key_stops_being_counted() {
    let setup = Setup::sqlite();
    comes_back_equal(&setup, &[model("Note")]);
    setup.execute("INSERT INTO notes DEFAULT VALUES");
    let mut given = model("Note");
    given.key = Key::new("id", KeyGenerator::None);
    given.without_rowid = true;
    assert_eq!(
        setup.outcome([given.clone()]),
        Outcome::Applied { steps: 1 }
    );
    is_settled(&setup, &[given]);
    assert_eq!(setup.number("SELECT id FROM notes"), 1);
    assert!(setup.try_execute("SELECT rowid FROM notes").is_err());
}

#[test]
fn a_table_that_somebody_made_without_rowid_stays_so() {
    let setup = Setup::sqlite();
    comes_back_equal(&setup, &[pair(true)]);
    is_settled(&setup, &[pair(false)]);
    assert!(!has_rowid(&setup));
}

#[test]
fn a_large_table_keeps_its_rowid_until_it_may_be_written_anew() {
    let setup = Setup::sqlite();
    comes_back_equal(&setup, &[pair(false)]);
    setup.execute(
        "WITH RECURSIVE many(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM many WHERE n < 20000)
         INSERT INTO pairs SELECT n, 'a' FROM many",
    );
    let ready = setup.synchronize([pair(true)]).unwrap();
    assert_eq!(ready.outcome(), Outcome::Unchanged);
    let findings = ready.findings();
    assert!(findings[0].to_string().contains("rowid"), "{findings:?}");
    assert!(has_rowid(&setup));
}
