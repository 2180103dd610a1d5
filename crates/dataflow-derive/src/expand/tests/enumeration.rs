//! Enums.

use insta::assert_snapshot;
use syn::parse_quote;

use super::pretty;

#[test]
fn an_enum_expands_to_its_names() {
    let expanded = crate::expand::enumeration(&parse_quote! {
        pub enum Status {
            InReview,
            #[model(rename = "live")]
            Published,
        }
    });
    assert_snapshot!(pretty(expanded), @r#"
    const _: () = {
        use ::dataflow_core::__private as __dataflow;
        #[automatically_derived]
        impl Status {
            /// The name that is stored.
            pub const fn as_str(&self) -> &'static __dataflow::str {
                match self {
                    Self::InReview => "in_review",
                    Self::Published => "live",
                }
            }
        }
        #[automatically_derived]
        impl __dataflow::ModelEnum for Status {
            const ENUM: __dataflow::EnumType = __dataflow::EnumType {
                name: __dataflow::Cow::Borrowed("Status"),
                variants: __dataflow::Cow::Borrowed(
                    &[
                        __dataflow::Cow::Borrowed("in_review"),
                        __dataflow::Cow::Borrowed("live"),
                    ],
                ),
                type_name: __dataflow::Option::None,
            };
            fn name(&self) -> &'static __dataflow::str {
                self.as_str()
            }
            fn named(name: &__dataflow::str) -> __dataflow::Option<Self> {
                match name {
                    "in_review" => __dataflow::Option::Some(Self::InReview),
                    "live" => __dataflow::Option::Some(Self::Published),
                    _ => __dataflow::Option::None,
                }
            }
        }
        #[automatically_derived]
        impl __dataflow::FieldValue for Status {
            const TYPE: __dataflow::FieldType = __dataflow::FieldType::Enum(
                <Self as __dataflow::ModelEnum>::ENUM,
            );
            fn to_value(&self) -> __dataflow::Value {
                __dataflow::text(self.as_str())
            }
            fn read<__Row: __dataflow::RowSource>(
                row: &__Row,
                ordinal: __dataflow::usize,
            ) -> __dataflow::ModelResult<Self> {
                __dataflow::read_variant(row, ordinal)
            }
        }
    };
    "#);
}
