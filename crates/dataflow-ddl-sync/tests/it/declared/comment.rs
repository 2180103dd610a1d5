use dataflow_core::ModelSchema;
use dataflow_core::ddl::Outcome;
use dataflow_core::schema::{Field, FieldType};

use super::{comes_back_equal, is_settled};
use crate::models::{With, field, model, optional};
use crate::setup::Setup;

fn commented(table: &'static str, column: &'static str) -> ModelSchema {
    let name = Field {
        comment: Some(column.into()),
        ..field("full name", FieldType::String)
    };
    ModelSchema {
        comment: Some(table.into()),
        ..model("Person").with(name)
    }
}

const TABLE: &str = "SELECT obj_description('persons'::regclass)";
const COLUMN: &str = "SELECT col_description('persons'::regclass, 2)";

#[test]
fn a_comment_comes_back_equal_and_sqlite_keeps_none() {
    for setup in Setup::both() {
        comes_back_equal(&setup, &[commented("It's us", "as \"written\"")]);
        if setup.is_postgres() {
            assert_eq!(setup.texts(TABLE), [Some("It's us".to_owned())]);
            assert_eq!(setup.texts(COLUMN), [Some("as \"written\"".to_owned())]);
        }
    }
}

#[test]
fn another_comment_is_made_and_one_that_nobody_declares_is_left() {
    let setup = Setup::postgres();
    comes_back_equal(&setup, &[commented("a", "b")]);
    setup.execute("INSERT INTO persons (\"full name\") VALUES ('Ada')");
    assert_eq!(
        setup.outcome([commented("a", "c")]),
        Outcome::Applied { steps: 1 }
    );
    is_settled(&setup, &[commented("a", "c")]);
    assert_eq!(setup.texts(COLUMN), [Some("c".to_owned())]);

    let silent = || model("Person").with(field("full name", FieldType::String));
    assert_eq!(setup.outcome([silent()]), Outcome::Unchanged);
    assert_eq!(setup.texts(COLUMN), [Some("c".to_owned())]);
}

#[test]
fn a_new_column_brings_its_comment() {
    let setup = Setup::postgres();
    comes_back_equal(&setup, &[model("Person")]);
    let grown = || {
        model("Person").with(Field {
            comment: Some("new".into()),
            ..optional("full name", FieldType::String)
        })
    };
    setup.outcome([grown()]);
    is_settled(&setup, &[grown()]);
    assert_eq!(setup.texts(COLUMN), [Some("new".to_owned())]);
}
