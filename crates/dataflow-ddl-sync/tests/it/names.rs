use dataflow_core::ddl::Outcome;
use dataflow_core::schema::{Check, FieldType};
use dataflow_core::{ModelSchema, SchemaSet};

use crate::models::{With, field, model, set};
use crate::setup::Setup;

/// The most bytes that PostgreSQL keeps of a name.
const LONGEST: usize = 63;

/// Two bytes in UTF-8.
const WIDE: &str = "ä";

/// A name of so many bytes.
fn name(letter: &str, bytes: usize) -> String {
    let wide = WIDE.repeat(10);
    letter.repeat(bytes - wide.len()) + &wide
}

/// A model all of whose names have so many bytes.
fn long(table: usize, column: usize, index: usize, check: usize) -> ModelSchema {
    let mut long = model("Long").with(field("value", FieldType::I32));
    long.table = name("t", table).into();
    long.fields.to_mut()[1].column = name("c", column).into();
    let mut long = long.with_index(&["value"], true);
    long.indexes.to_mut()[0].name = Some(name("i", index).into());
    let positive = format!("\"{}\" > 0", name("c", column));
    long.checks = vec![Check::new(name("k", check), positive)].into();
    long
}

#[test]
fn the_longest_names_are_kept_whole() {
    for setup in Setup::both() {
        let longest = || [long(LONGEST, LONGEST, LONGEST, LONGEST)];
        setup.outcome(longest());
        assert_eq!(setup.outcome(longest()), Outcome::Unchanged);
        let plan = setup.executor().plan(&set(longest())).unwrap();
        assert_eq!(plan.to_string(), "");
        let table = name("t", LONGEST);
        let columns = setup.executor().table_columns(table).unwrap();
        assert_eq!(columns[1].name, name("c", LONGEST));
    }
}

/// PostgreSQL would cut them, and find under the shorter name what was made, or something else.
#[test]
fn a_name_that_would_be_cut_is_refused_by_name() {
    let l = LONGEST;
    for (what, model, letter) in [
        ("table", long(l + 1, l, l, l), "t"),
        ("column", long(l, l + 1, l, l), "c"),
        ("index", long(l, l, l + 1, l), "i"),
        ("check", long(l, l, l, l + 1), "k"),
    ] {
        let error = SchemaSet::new().schema(model).validated().unwrap_err();
        let name = name(letter, l + 1);
        let expected = format!("model \"Long\": {what} name {name:?} is longer than 63 bytes");
        assert!(error.to_string().contains(&expected), "{error:?}");
    }
}

/// Those of indexes and foreign keys that the model does not name itself.
#[test]
fn names_that_are_made_of_long_ones_are_cut_and_stay_apart() {
    let child = |more: usize| {
        let column = format!("{}_{more}", "parent".repeat(9));
        let mut field = field(&column, FieldType::I64);
        field.column = column.clone().into();
        (field, column)
    };
    for setup in Setup::both() {
        let models = || {
            let ((first, one), (second, other)) = (child(1), child(2));
            let children = model("Child").with(first).with(second);
            let children = children
                .with_relation(&one, "parents")
                .with_relation(&other, "parents")
                .with_index(&[&one, &other], true)
                .with_index(&[&other, &one], true);
            [model("Parent"), children]
        };
        setup.outcome(models());
        assert_eq!(setup.outcome(models()), Outcome::Unchanged);
        assert_eq!(
            setup.executor().plan(&set(models())).unwrap().to_string(),
            ""
        );
    }
}
