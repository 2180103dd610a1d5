//! A mistake leaves a stub, so that it is the only one that the compiler tells.

use insta::assert_snapshot;
use syn::parse_quote;

use super::pretty;

#[test]
fn a_mistake_expands_to_its_message_and_a_stub() {
    let expanded = crate::expand::model(&parse_quote! {
        struct User {
            id: String,
        }
    });
    assert_snapshot!(pretty(expanded), @r#"
    ::core::compile_error! {
        "model `User` has no primary key; put `#[model(primary_key)]` on one field, or on several together"
    }
    const _: () = {
        use ::dataflow_core::__private as __dataflow;
        #[automatically_derived]
        impl __dataflow::Model for User
        where
            Self: __dataflow::Sized + __dataflow::Send + __dataflow::Sync + 'static,
        {
            type Key = __dataflow::String;
            const TABLE: __dataflow::TableName = __dataflow::TableName {
                schema: __dataflow::Option::None,
                name: __dataflow::Cow::Borrowed(""),
            };
            const KEY_COLUMN: &'static __dataflow::str = "";
            fn schema() -> &'static __dataflow::ModelSchema {
                __dataflow::unreachable!()
            }
            fn key(&self) -> <Self::Key as __dataflow::KeyValue>::Ref<'_> {
                __dataflow::unreachable!()
            }
            fn values(&self) -> __dataflow::Vec<__dataflow::Value> {
                __dataflow::unreachable!()
            }
            fn from_row<__Row: __dataflow::RowSource>(
                _: &__Row,
            ) -> __dataflow::ModelResult<Self> {
                __dataflow::unreachable!()
            }
        }
        #[automatically_derived]
        impl __dataflow::Changeable for User {}
        #[automatically_derived]
        #[allow(dead_code, reason = "a program need not name every column")]
        impl User {
            ///The column of `id`.
            const ID: __dataflow::Column<User, String> = __dataflow::Column::new(0usize);
        }
    };
    "#);
}

#[test]
fn a_mistake_in_an_enum_expands_to_its_message_and_a_stub() {
    let expanded = crate::expand::enumeration(&parse_quote! {
        enum Empty {}
    });
    assert_snapshot!(pretty(expanded), @r#"
    ::core::compile_error! {
        "an enum without variants has no value to store; add a variant"
    }
    const _: () = {
        use ::dataflow_core::__private as __dataflow;
        #[automatically_derived]
        impl Empty {
            const fn as_str(&self) -> &'static __dataflow::str {
                ""
            }
        }
        #[automatically_derived]
        impl __dataflow::ModelEnum for Empty
        where
            Self: __dataflow::Sized + __dataflow::Send + __dataflow::Sync + 'static,
        {
            const ENUM: __dataflow::EnumType = __dataflow::EnumType {
                name: __dataflow::Cow::Borrowed(""),
                variants: __dataflow::Cow::Borrowed(&[]),
                type_name: __dataflow::Option::None,
            };
            fn name(&self) -> &'static __dataflow::str {
                __dataflow::unreachable!()
            }
            fn named(_: &__dataflow::str) -> __dataflow::Option<Self> {
                __dataflow::unreachable!()
            }
        }
        #[automatically_derived]
        impl __dataflow::FieldValue for Empty
        where
            Self: __dataflow::Sized + __dataflow::Send + __dataflow::Sync + 'static,
        {
            const TYPE: __dataflow::FieldType = __dataflow::FieldType::String;
            fn to_value(&self) -> __dataflow::Value {
                __dataflow::unreachable!()
            }
            fn read<__Row: __dataflow::RowSource>(
                _: &__Row,
                _: __dataflow::usize,
            ) -> __dataflow::ModelResult<Self> {
                __dataflow::unreachable!()
            }
        }
    };
    "#);
}
