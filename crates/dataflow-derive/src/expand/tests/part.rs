//! Structs that rows are read as.

use insta::assert_snapshot;
use syn::parse_quote;

use super::pretty;

#[test]
fn a_row_is_read_by_the_names_of_its_columns() {
    let expanded = crate::expand::row(&parse_quote! {
        struct CityTotal {
            city: String,
            #[model(column = "sum")]
            pieces: Option<i64>,
        }
    });
    assert_snapshot!(pretty(expanded), @r#"
    const _: () = {
        use ::dataflow_core::__private as __dataflow;
        #[automatically_derived]
        impl __dataflow::FromRow for CityTotal {
            fn columns() -> __dataflow::Vec<__dataflow::RowColumn> {
                __dataflow::vec![
                    __dataflow::RowColumn::named("city", < String as __dataflow::FieldValue >
                    ::TYPE), __dataflow::RowColumn::named("sum", < Option < i64 > as
                    __dataflow::FieldValue > ::TYPE)
                ]
            }
            fn from_row<__Row: __dataflow::RowSource>(
                row: &__Row,
            ) -> __dataflow::ModelResult<Self> {
                __dataflow::ModelResult::Ok(Self {
                    city: <String as __dataflow::FieldValue>::read(row, 0usize)?,
                    pieces: <Option<i64> as __dataflow::FieldValue>::read(row, 1usize)?,
                })
            }
        }
    };
    "#);
}

#[test]
fn a_part_of_a_model_has_its_columns() {
    let expanded = crate::expand::row(&parse_quote! {
        #[model(of = User)]
        pub struct Contact {
            id: i64,
            #[model(field = email)]
            address: String,
        }
    });
    assert_snapshot!(pretty(expanded), @r#"
    const _: () = {
        use ::dataflow_core::__private as __dataflow;
        #[automatically_derived]
        impl __dataflow::FromRow for Contact {
            fn columns() -> __dataflow::Vec<__dataflow::RowColumn> {
                __dataflow::columns_of::<User, Self>()
            }
            fn from_row<__Row: __dataflow::RowSource>(
                row: &__Row,
            ) -> __dataflow::ModelResult<Self> {
                __dataflow::ModelResult::Ok(Self {
                    id: <i64 as __dataflow::FieldValue>::read(row, 0usize)?,
                    address: <String as __dataflow::FieldValue>::read(row, 1usize)?,
                })
            }
        }
        #[automatically_derived]
        impl __dataflow::PartOf<User> for Contact {
            const POSITIONS: &'static [__dataflow::usize] = &[
                __dataflow::position_of::<User, i64>(<User>::ID),
                __dataflow::position_of::<User, String>(<User>::EMAIL),
            ];
        }
        #[automatically_derived]
        #[allow(dead_code, reason = "rows may be read in other ways alone")]
        impl Contact {
            /// Its columns, for `select`.
            pub const COLUMNS: __dataflow::PartialRow<User, Self> = __dataflow::PartialRow::new();
        }
    };
    "#);
}
