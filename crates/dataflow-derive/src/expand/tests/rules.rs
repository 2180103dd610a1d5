//! Indexes, checks and rules of fields.

use insta::assert_snapshot;
use syn::parse_quote;

use super::pretty;

#[test]
fn an_index_expands_to_all_that_is_declared_of_it() {
    let model: syn::DeriveInput = parse_quote! {
        #[model(
            index("lower(name)" desc nulls last, r#type asc ops "text_pattern_ops", name = "by_name",
                method = "btree", include(id, age), where = "age > 17"),
            unique(name, age, deferrable = "initially deferred", nulls = "not distinct",)
        )]
        struct User {
            #[model(primary_key)]
            id: i64,
            name: String,
            r#type: String,
            age: i32,
        }
    };
    let expanded = pretty(crate::expand::model(&model));
    let start = expanded.find("indexes:").expect("a schema has indexes");
    let end = expanded.find("relations:").expect("a schema has relations");
    assert_snapshot!(expanded[start..end].trim(), @r#"
    indexes: __dataflow::Cow::Borrowed(
                        &[
                            __dataflow::Index {
                                name: __dataflow::Option::Some(
                                    __dataflow::Cow::Borrowed("by_name"),
                                ),
                                members: __dataflow::Cow::Borrowed(
                                    &[
                                        __dataflow::IndexMember {
                                            key: __dataflow::IndexKey::Expression(
                                                __dataflow::Cow::Borrowed("lower(name)"),
                                            ),
                                            descending: true,
                                            nulls: __dataflow::Option::Some(__dataflow::Nulls::Last),
                                            operator_class: __dataflow::Option::None,
                                        },
                                        __dataflow::IndexMember {
                                            key: __dataflow::IndexKey::Field(
                                                __dataflow::Cow::Borrowed("type"),
                                            ),
                                            descending: false,
                                            nulls: __dataflow::Option::None,
                                            operator_class: __dataflow::Option::Some(
                                                __dataflow::Cow::Borrowed("text_pattern_ops"),
                                            ),
                                        },
                                    ],
                                ),
                                unique: false,
                                method: __dataflow::Option::Some(
                                    __dataflow::Cow::Borrowed("btree"),
                                ),
                                include: __dataflow::Cow::Borrowed(
                                    &[
                                        __dataflow::Cow::Borrowed("id"),
                                        __dataflow::Cow::Borrowed("age"),
                                    ],
                                ),
                                predicate: __dataflow::Option::Some(
                                    __dataflow::Cow::Borrowed("age > 17"),
                                ),
                                deferrable: __dataflow::Option::None,
                                nulls_not_distinct: false,
                            },
                            __dataflow::Index {
                                name: __dataflow::Option::None,
                                members: __dataflow::Cow::Borrowed(
                                    &[
                                        __dataflow::IndexMember::of("name"),
                                        __dataflow::IndexMember::of("age"),
                                    ],
                                ),
                                unique: true,
                                method: __dataflow::Option::None,
                                include: __dataflow::Cow::Borrowed(&[]),
                                predicate: __dataflow::Option::None,
                                deferrable: __dataflow::Option::Some(
                                    __dataflow::Deferrable::InitiallyDeferred,
                                ),
                                nulls_not_distinct: true,
                            },
                        ],
                    ),
    "#);
}

#[test]
fn rules_expand_to_data() {
    let model: syn::DeriveInput = parse_quote! {
        #[model(check("price < 9", name = "cheap"))]
        struct Offer {
            #[model(primary_key)]
            id: i64,
            #[model(belongs_to = User, on_delete = "set_null", on_update = "cascade", deferred)]
            owner: Option<i64>,
            #[model(check("price > 0"), default_sql = "1 + 1")]
            price: i32,
            #[model(generated = "price * 2", virtual)]
            double: i32,
        }
    };
    let expanded = pretty(crate::expand::model(&model));
    let start = expanded.find("relations:").expect("a schema has relations");
    let end = expanded.find("&SCHEMA").expect("a schema ends");
    assert_snapshot!(expanded[start..end].trim(), @r#"
    relations: __dataflow::Cow::Borrowed(
                        &[
                            __dataflow::relation::<
                                User,
                                Option<i64>,
                            >(
                                "owner",
                                __dataflow::Action::SetNull,
                                __dataflow::Action::Cascade,
                                true,
                                __dataflow::Option::None,
                            ),
                        ],
                    ),
                    inverses: __dataflow::Cow::Borrowed(&[]),
                    checks: __dataflow::Cow::Borrowed(
                        &[
                            __dataflow::Check {
                                name: __dataflow::Option::None,
                                field: __dataflow::Option::Some(
                                    __dataflow::Cow::Borrowed("price"),
                                ),
                                expression: __dataflow::Cow::Borrowed("price > 0"),
                            },
                            __dataflow::Check {
                                name: __dataflow::Option::Some(
                                    __dataflow::Cow::Borrowed("cheap"),
                                ),
                                field: __dataflow::Option::None,
                                expression: __dataflow::Cow::Borrowed("price < 9"),
                            },
                        ],
                    ),
                    append_only: false,
                    audited: false,
                    row_level_security: false,
                    comment: __dataflow::Option::None,
                    without_rowid: false,
                    evolution: __dataflow::Evolution::NONE,
                };
    "#);
    for part in [
        r#"DefaultValue::Sql(__dataflow::Cow::Borrowed("1 + 1"))"#,
        r#"expression: __dataflow::Cow::Borrowed("price * 2"),"#,
        "kept: __dataflow::Kept::Virtual,",
    ] {
        let joined = expanded.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(
            joined.replace("( ", "(").replace(", )", ")").contains(part),
            "{part}: {expanded}"
        );
    }
}

#[test]
fn rules_expand_to_data_and_a_call_of_the_function() {
    let expanded = crate::expand::model(&parse_quote! {
        struct Member {
            #[model(primary_key)]
            id: i64,
            #[model(min_length = 2, pattern = "^[a-z]+$", email)]
            name: String,
            #[model(min = 0, max = 1.5, validate = rules::is_even)]
            size: Option<f64>,
        }
    });
    let expanded: String = pretty(expanded).split_whitespace().collect();
    for rules in [
        r#"rules:__dataflow::Rules{
            min_length:__dataflow::Option::Some(__dataflow::min_length::<String,>(2),),
            pattern:__dataflow::Option::Some(__dataflow::Cow::Borrowed(
                __dataflow::text_rule::<String,_>("^[a-z]+$"),),),
            format:__dataflow::Option::Some(
                __dataflow::text_rule::<String,_,>(__dataflow::Format::Email),),
            ..__dataflow::Rules::NONE"#,
        "rules:__dataflow::Rules{
            min:__dataflow::Option::Some(
                __dataflow::bound::<Option<f64>,>(__dataflow::Bound::Integer(0i64)),),
            max:__dataflow::Option::Some(
                __dataflow::bound::<Option<f64>,>(__dataflow::Bound::Float(1.5f64)),),
            validator:__dataflow::Validator::new(
                |value|__dataflow::validate::<Option<f64>,_,_,>(value,rules::is_even)),
            ..__dataflow::Rules::NONE",
    ] {
        // How the code is laid out, trailing commas among it, carries no meaning.
        let plain = |text: &str| text.replace(char::is_whitespace, "").replace(',', "");
        assert!(plain(&expanded).contains(&plain(rules)), "{expanded}");
    }
}
