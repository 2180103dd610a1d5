/// Without a prelude, beside types and macros that bear the names of what the code needs.
#[no_implicit_prelude]
mod shadowed {
    use ::dataflow_core::{FromRow as Read, Model as Derived, ModelEnum as Enumerated};

    #[allow(
        non_camel_case_types,
        dead_code,
        reason = "they are there to be in the way"
    )]
    mod names {
        pub(super) struct String;
        pub(super) struct Vec;
        pub(super) struct Option;
        pub(super) struct Result;
        pub(super) struct Model;
        pub(super) struct Value;
        pub(super) struct Field;
        pub(super) struct str;
        pub(super) struct usize;
        pub(super) struct bool;
        pub(super) const SCHEMA: ::core::primitive::usize = 1;
    }
    #[allow(unused_imports, reason = "they are there to be in the way")]
    use names::*;

    #[derive(Derived)]
    pub(super) struct Sample {
        #[model(primary_key)]
        pub(super) id: ::std::primitive::i64,
        #[model(default = "a", unique)]
        pub(super) row: ::std::string::String,
        #[model(belongs_to = Sample)]
        pub(super) ordinal: ::std::option::Option<::std::primitive::i64>,
        pub(super) color: R,
    }

    #[expect(dead_code, reason = "that it compiles is all that is asked")]
    #[derive(Read)]
    #[model(of = Sample)]
    pub(super) struct Part {
        pub(super) row: ::std::string::String,
    }

    #[expect(dead_code, reason = "that it compiles is all that is asked")]
    #[derive(Read)]
    pub(super) struct Plain {
        pub(super) color: R,
    }

    #[derive(Enumerated)]
    pub(super) enum R {
        Red,
    }
}

use dataflow_core::Model;
use dataflow_core::schema::DefaultValue;

use crate::memory_row::MemoryRow;

#[test]
fn a_model_needs_no_prelude_and_no_import() {
    let sample = shadowed::Sample {
        id: 1,
        row: "b".to_owned(),
        ordinal: None,
        color: shadowed::R::Red,
    };
    let read = shadowed::Sample::from_row(&MemoryRow::of(&sample)).unwrap();
    assert_eq!((read.id, read.row, read.ordinal), (1, "b".to_owned(), None));
    assert_eq!(read.color.as_str(), "red");
}

/// A model inside a function sees the types of that function.
#[test]
fn a_model_can_stand_inside_a_function() {
    #[derive(Model)]
    struct Parent {
        #[model(primary_key)]
        id: i64,
    }
    #[derive(Model)]
    struct Child {
        #[model(primary_key)]
        id: i64,
        #[model(belongs_to = Parent)]
        parent: i64,
    }
    assert_eq!(Child::schema().relations[0].table, "parents");
}

#[test]
fn the_foundation_is_where_the_attribute_says() {
    mod face {
        pub(super) use dataflow_core as data;
    }
    #[derive(dataflow_core::Model)]
    #[model(crate = "face::data")]
    struct Sample {
        #[model(primary_key)]
        id: i64,
        kind: Kind,
    }
    #[derive(dataflow_core::ModelEnum)]
    #[model(crate = "face::data")]
    enum Kind {
        One,
    }
    assert_eq!(Sample::TABLE, "samples");
    assert_eq!(Kind::One.as_str(), "one");
}

#[test]
fn a_model_can_come_from_a_macro() {
    macro_rules! model {
        ($name:ident, $table:literal, $parent:path, $key:ty, $default:expr) => {
            #[derive(Model)]
            #[model(table = $table)]
            struct $name {
                #[model(primary_key)]
                id: $key,
                #[model(belongs_to = $parent)]
                parent: Option<$key>,
                #[model(default = $default)]
                rank: i32,
            }
        };
    }
    model!(Branch, "twigs", Branch, i64, -7);
    let schema = Branch::schema();
    assert_eq!(Branch::TABLE, "twigs");
    assert_eq!(schema.relations[0].table, "twigs");
    assert_eq!(schema.fields[2].default, Some(DefaultValue::Integer(-7)));
}
