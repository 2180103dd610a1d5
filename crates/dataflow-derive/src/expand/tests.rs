//! What comes out, whole, as `cargo expand` would show it.

use insta::assert_snapshot;
use syn::parse_quote;

/// The code, laid out. The package whose manifest is read is this one, which has dataflow-core as a
/// dev-dependency.
fn pretty(tokens: proc_macro2::TokenStream) -> String {
    let file = syn::parse2(tokens).expect("generated code is a list of items");
    prettyplease::unparse(&file)
}

#[test]
fn a_model_expands_to_data_and_a_thin_impl() {
    let expanded = super::model(&parse_quote! {
        struct User {
            #[model(primary_key)]
            id: String,
        }
    });
    assert_snapshot!(pretty(expanded), @r#"
    const _: () = {
        use ::dataflow_core::__private as __dataflow;
        #[automatically_derived]
        impl __dataflow::Model for User {
            const TABLE: __dataflow::TableName = __dataflow::TableName {
                schema: __dataflow::Option::None,
                name: __dataflow::Cow::Borrowed("users"),
            };
            type Key = String;
            const KEY_COLUMN: &'static __dataflow::str = "id";
            fn key(&self) -> <Self::Key as __dataflow::KeyValue>::Ref<'_> {
                &self.id
            }
            fn schema() -> &'static __dataflow::ModelSchema {
                static SCHEMA: __dataflow::ModelSchema = __dataflow::ModelSchema {
                    name: __dataflow::Cow::Borrowed("User"),
                    table: <User as __dataflow::Model>::TABLE,
                    description: __dataflow::Option::None,
                    fields: __dataflow::Cow::Borrowed(
                        &[
                            __dataflow::Field {
                                name: __dataflow::Cow::Borrowed("id"),
                                column: __dataflow::Cow::Borrowed("id"),
                                description: __dataflow::Option::None,
                                field_type: <String as __dataflow::FieldValue>::TYPE,
                                nullable: <String as __dataflow::FieldValue>::NULLABLE,
                                default: __dataflow::Option::None,
                                stamp: __dataflow::Option::None,
                                tenant: false,
                                generated: __dataflow::Option::None,
                                limit: __dataflow::Option::None,
                                collation: __dataflow::Option::None,
                                comment: __dataflow::Option::None,
                                rules: __dataflow::Rules::NONE,
                                access: __dataflow::Access::OPEN,
                            },
                        ],
                    ),
                    key: __dataflow::Key {
                        fields: __dataflow::Cow::Borrowed(
                            &[__dataflow::Cow::Borrowed("id")],
                        ),
                        generator: <String as __dataflow::FieldValue>::KEY_GENERATOR,
                        client_key: false,
                    },
                    indexes: __dataflow::Cow::Borrowed(&[]),
                    relations: __dataflow::Cow::Borrowed(&[]),
                    inverses: __dataflow::Cow::Borrowed(&[]),
                    checks: __dataflow::Cow::Borrowed(&[]),
                    append_only: false,
                    audited: false,
                    comment: __dataflow::Option::None,
                    without_rowid: false,
                    evolution: __dataflow::Evolution::NONE,
                };
                &SCHEMA
            }
            fn values(&self) -> __dataflow::Vec<__dataflow::Value> {
                __dataflow::vec![< String as __dataflow::FieldValue > ::to_value(& self.id)]
            }
            fn from_row<__Row: __dataflow::RowSource>(
                row: &__Row,
            ) -> __dataflow::ModelResult<Self> {
                __dataflow::ModelResult::Ok(Self {
                    id: <String as __dataflow::FieldValue>::read(row, 0usize)?,
                })
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
fn every_attribute_becomes_data() {
    let expanded = super::model(&parse_quote! {
        /// What somebody wrote.
        #[model(table = "articles", crate = "face", index(author, r#type))]
        struct Post {
            #[model(primary_key, generate = "uuid_v7", client_key)]
            id: String,
            #[model(belongs_to = User, column = "author_id", index)]
            author: i64,
            #[model(default = -1.5)]
            r#type: Option<f64>,
            #[model(unique, default = "a")]
            slug: String,
            #[model(created_at)]
            made: Timestamp,
            #[model(updated_at)]
            changed: Timestamp,
        }
    });
    assert_snapshot!(pretty(expanded), @r#"
    const _: () = {
        use face::__private as __dataflow;
        #[automatically_derived]
        impl __dataflow::Model for Post {
            const TABLE: __dataflow::TableName = __dataflow::TableName {
                schema: __dataflow::Option::None,
                name: __dataflow::Cow::Borrowed("articles"),
            };
            type Key = String;
            const KEY_COLUMN: &'static __dataflow::str = "id";
            fn key(&self) -> <Self::Key as __dataflow::KeyValue>::Ref<'_> {
                &self.id
            }
            fn schema() -> &'static __dataflow::ModelSchema {
                static SCHEMA: __dataflow::ModelSchema = __dataflow::ModelSchema {
                    name: __dataflow::Cow::Borrowed("Post"),
                    table: <Post as __dataflow::Model>::TABLE,
                    description: __dataflow::Option::Some(
                        __dataflow::Cow::Borrowed("What somebody wrote."),
                    ),
                    fields: __dataflow::Cow::Borrowed(
                        &[
                            __dataflow::Field {
                                name: __dataflow::Cow::Borrowed("id"),
                                column: __dataflow::Cow::Borrowed("id"),
                                description: __dataflow::Option::None,
                                field_type: <String as __dataflow::FieldValue>::TYPE,
                                nullable: <String as __dataflow::FieldValue>::NULLABLE,
                                default: __dataflow::Option::None,
                                stamp: __dataflow::Option::None,
                                tenant: false,
                                generated: __dataflow::Option::None,
                                limit: __dataflow::Option::None,
                                collation: __dataflow::Option::None,
                                comment: __dataflow::Option::None,
                                rules: __dataflow::Rules::NONE,
                                access: __dataflow::Access::OPEN,
                            },
                            __dataflow::Field {
                                name: __dataflow::Cow::Borrowed("author"),
                                column: __dataflow::Cow::Borrowed("author_id"),
                                description: __dataflow::Option::None,
                                field_type: <i64 as __dataflow::FieldValue>::TYPE,
                                nullable: <i64 as __dataflow::FieldValue>::NULLABLE,
                                default: __dataflow::Option::None,
                                stamp: __dataflow::Option::None,
                                tenant: false,
                                generated: __dataflow::Option::None,
                                limit: __dataflow::Option::None,
                                collation: __dataflow::Option::None,
                                comment: __dataflow::Option::None,
                                rules: __dataflow::Rules::NONE,
                                access: __dataflow::Access::OPEN,
                            },
                            __dataflow::Field {
                                name: __dataflow::Cow::Borrowed("type"),
                                column: __dataflow::Cow::Borrowed("type"),
                                description: __dataflow::Option::None,
                                field_type: <Option<f64> as __dataflow::FieldValue>::TYPE,
                                nullable: <Option<f64> as __dataflow::FieldValue>::NULLABLE,
                                default: __dataflow::Option::Some(
                                    __dataflow::DefaultValue::Float(-1.5f64),
                                ),
                                stamp: __dataflow::Option::None,
                                tenant: false,
                                generated: __dataflow::Option::None,
                                limit: __dataflow::Option::None,
                                collation: __dataflow::Option::None,
                                comment: __dataflow::Option::None,
                                rules: __dataflow::Rules::NONE,
                                access: __dataflow::Access::OPEN,
                            },
                            __dataflow::Field {
                                name: __dataflow::Cow::Borrowed("slug"),
                                column: __dataflow::Cow::Borrowed("slug"),
                                description: __dataflow::Option::None,
                                field_type: <String as __dataflow::FieldValue>::TYPE,
                                nullable: <String as __dataflow::FieldValue>::NULLABLE,
                                default: __dataflow::Option::Some(
                                    __dataflow::DefaultValue::Text(
                                        __dataflow::Cow::Borrowed("a"),
                                    ),
                                ),
                                stamp: __dataflow::Option::None,
                                tenant: false,
                                generated: __dataflow::Option::None,
                                limit: __dataflow::Option::None,
                                collation: __dataflow::Option::None,
                                comment: __dataflow::Option::None,
                                rules: __dataflow::Rules::NONE,
                                access: __dataflow::Access::OPEN,
                            },
                            __dataflow::Field {
                                name: __dataflow::Cow::Borrowed("made"),
                                column: __dataflow::Cow::Borrowed("made"),
                                description: __dataflow::Option::None,
                                field_type: <Timestamp as __dataflow::FieldValue>::TYPE,
                                nullable: <Timestamp as __dataflow::FieldValue>::NULLABLE,
                                default: __dataflow::Option::None,
                                stamp: __dataflow::Option::Some(__dataflow::Stamp::Created),
                                tenant: false,
                                generated: __dataflow::Option::None,
                                limit: __dataflow::Option::None,
                                collation: __dataflow::Option::None,
                                comment: __dataflow::Option::None,
                                rules: __dataflow::Rules::NONE,
                                access: __dataflow::Access::OPEN,
                            },
                            __dataflow::Field {
                                name: __dataflow::Cow::Borrowed("changed"),
                                column: __dataflow::Cow::Borrowed("changed"),
                                description: __dataflow::Option::None,
                                field_type: <Timestamp as __dataflow::FieldValue>::TYPE,
                                nullable: <Timestamp as __dataflow::FieldValue>::NULLABLE,
                                default: __dataflow::Option::None,
                                stamp: __dataflow::Option::Some(__dataflow::Stamp::Updated),
                                tenant: false,
                                generated: __dataflow::Option::None,
                                limit: __dataflow::Option::None,
                                collation: __dataflow::Option::None,
                                comment: __dataflow::Option::None,
                                rules: __dataflow::Rules::NONE,
                                access: __dataflow::Access::OPEN,
                            },
                        ],
                    ),
                    key: __dataflow::Key {
                        fields: __dataflow::Cow::Borrowed(
                            &[__dataflow::Cow::Borrowed("id")],
                        ),
                        generator: __dataflow::KeyGenerator::UuidV7,
                        client_key: true,
                    },
                    indexes: __dataflow::Cow::Borrowed(
                        &[
                            __dataflow::Index {
                                name: __dataflow::Option::None,
                                members: __dataflow::Cow::Borrowed(
                                    &[__dataflow::IndexMember::of("author")],
                                ),
                                unique: false,
                                method: __dataflow::Option::None,
                                include: __dataflow::Cow::Borrowed(&[]),
                                predicate: __dataflow::Option::None,
                            },
                            __dataflow::Index {
                                name: __dataflow::Option::None,
                                members: __dataflow::Cow::Borrowed(
                                    &[__dataflow::IndexMember::of("slug")],
                                ),
                                unique: true,
                                method: __dataflow::Option::None,
                                include: __dataflow::Cow::Borrowed(&[]),
                                predicate: __dataflow::Option::None,
                            },
                            __dataflow::Index {
                                name: __dataflow::Option::None,
                                members: __dataflow::Cow::Borrowed(
                                    &[
                                        __dataflow::IndexMember::of("author"),
                                        __dataflow::IndexMember::of("type"),
                                    ],
                                ),
                                unique: false,
                                method: __dataflow::Option::None,
                                include: __dataflow::Cow::Borrowed(&[]),
                                predicate: __dataflow::Option::None,
                            },
                        ],
                    ),
                    relations: __dataflow::Cow::Borrowed(
                        &[
                            __dataflow::relation::<
                                User,
                                i64,
                            >(
                                "author",
                                __dataflow::Action::NoAction,
                                __dataflow::Action::NoAction,
                                false,
                                __dataflow::Option::None,
                            ),
                        ],
                    ),
                    inverses: __dataflow::Cow::Borrowed(&[]),
                    checks: __dataflow::Cow::Borrowed(&[]),
                    append_only: false,
                    audited: false,
                    comment: __dataflow::Option::None,
                    without_rowid: false,
                    evolution: __dataflow::Evolution::NONE,
                };
                &SCHEMA
            }
            fn values(&self) -> __dataflow::Vec<__dataflow::Value> {
                __dataflow::vec![
                    < String as __dataflow::FieldValue > ::to_value(& self.id), < i64 as
                    __dataflow::FieldValue > ::to_value(& self.author), < Option < f64 > as
                    __dataflow::FieldValue > ::to_value(& self.r#type), < String as
                    __dataflow::FieldValue > ::to_value(& self.slug), < Timestamp as
                    __dataflow::FieldValue > ::to_value(& self.made), < Timestamp as
                    __dataflow::FieldValue > ::to_value(& self.changed)
                ]
            }
            fn from_row<__Row: __dataflow::RowSource>(
                row: &__Row,
            ) -> __dataflow::ModelResult<Self> {
                __dataflow::ModelResult::Ok(Self {
                    id: <String as __dataflow::FieldValue>::read(row, 0usize)?,
                    author: <i64 as __dataflow::FieldValue>::read(row, 1usize)?,
                    r#type: <Option<f64> as __dataflow::FieldValue>::read(row, 2usize)?,
                    slug: <String as __dataflow::FieldValue>::read(row, 3usize)?,
                    made: <Timestamp as __dataflow::FieldValue>::read(row, 4usize)?,
                    changed: <Timestamp as __dataflow::FieldValue>::read(row, 5usize)?,
                })
            }
        }
        #[automatically_derived]
        impl __dataflow::Changeable for Post {}
        #[automatically_derived]
        #[allow(dead_code, reason = "a program need not name every column")]
        impl Post {
            ///The column of `id`.
            const ID: __dataflow::Column<Post, String> = __dataflow::Column::new(0usize);
            ///The column of `author`.
            const AUTHOR: __dataflow::Column<Post, i64> = __dataflow::Column::new(1usize);
            ///The column of `type`.
            const TYPE: __dataflow::Column<Post, Option<f64>> = __dataflow::Column::new(
                2usize,
            );
            ///The column of `slug`.
            const SLUG: __dataflow::Column<Post, String> = __dataflow::Column::new(3usize);
            ///The column of `made`.
            const MADE: __dataflow::Column<Post, Timestamp> = __dataflow::Column::new(
                4usize,
            );
            ///The column of `changed`.
            const CHANGED: __dataflow::Column<Post, Timestamp> = __dataflow::Column::new(
                5usize,
            );
        }
    };
    "#);
}

#[test]
fn an_index_expands_to_all_that_is_declared_of_it() {
    let model: syn::DeriveInput = parse_quote! {
        #[model(
            index("lower(name)" desc nulls last, r#type asc ops "text_pattern_ops", name = "by_name",
                method = "btree", include(id, age), where = "age > 17"),
            unique(name, age,)
        )]
        struct User {
            #[model(primary_key)]
            id: i64,
            name: String,
            r#type: String,
            age: i32,
        }
    };
    let expanded = pretty(super::model(&model));
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
    let expanded = pretty(super::model(&model));
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
fn an_enum_expands_to_its_names() {
    let expanded = super::enumeration(&parse_quote! {
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
        impl __dataflow::FieldValue for Status {
            const TYPE: __dataflow::FieldType = __dataflow::FieldType::Enum(__dataflow::EnumType {
                name: __dataflow::Cow::Borrowed("Status"),
                variants: __dataflow::Cow::Borrowed(
                    &[
                        __dataflow::Cow::Borrowed("in_review"),
                        __dataflow::Cow::Borrowed("live"),
                    ],
                ),
                type_name: __dataflow::Option::None,
            });
            fn to_value(&self) -> __dataflow::Value {
                __dataflow::text(self.as_str())
            }
            fn read<__Row: __dataflow::RowSource>(
                row: &__Row,
                ordinal: __dataflow::usize,
            ) -> __dataflow::ModelResult<Self> {
                __dataflow::read_variant(
                    row,
                    ordinal,
                    "Status",
                    [("in_review", Self::InReview), ("live", Self::Published)],
                )
            }
        }
    };
    "#);
}

#[test]
fn a_key_of_several_fields_is_a_tuple() {
    let expanded = super::model(&parse_quote! {
        struct Seat {
            #[model(primary_key)]
            hall: String,
            #[model(primary_key)]
            number: i64,
        }
    });
    let expanded = pretty(expanded);
    let key = expanded.split("fn schema").next().unwrap_or_default();
    assert_snapshot!(key, @r#"
    const _: () = {
        use ::dataflow_core::__private as __dataflow;
        #[automatically_derived]
        impl __dataflow::Model for Seat {
            const TABLE: __dataflow::TableName = __dataflow::TableName {
                schema: __dataflow::Option::None,
                name: __dataflow::Cow::Borrowed("seats"),
            };
            type Key = (String, i64);
            const KEY_COLUMN: &'static __dataflow::str = "hall";
            fn key(&self) -> <Self::Key as __dataflow::KeyValue>::Ref<'_> {
                (&self.hall, &self.number)
            }
    "#);
    assert!(expanded.contains("generator: __dataflow::KeyGenerator::None"));
}

#[test]
fn a_mistake_expands_to_its_message_and_a_stub() {
    let expanded = super::model(&parse_quote! {
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
    let expanded = super::enumeration(&parse_quote! {
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

#[test]
fn what_became_of_versions_before_expands_to_one_value() {
    let model: syn::DeriveInput = parse_quote! {
        #[model(
            renamed_from = "people",
            drop_columns("nickname", "age"),
            drop_indexes("by_age"),
            drop_constraints("adult")
        )]
        struct User {
            #[model(primary_key)]
            id: i64,
            #[model(renamed_from = "mail")]
            email: String,
        }
    };
    let expanded = pretty(super::model(&model));
    let start = expanded.find("evolution:").expect("a schema has it");
    let end = expanded[start..].find("&SCHEMA").expect("it is returned");
    assert_snapshot!(expanded[start..start + end].trim(), @r#"
    evolution: __dataflow::Evolution {
                        renamed_from: __dataflow::Option::Some(
                            __dataflow::Cow::Borrowed("people"),
                        ),
                        moved_from: __dataflow::Option::None,
                        renamed_fields: __dataflow::Cow::Borrowed(
                            &[
                                __dataflow::RenamedField {
                                    field: __dataflow::Cow::Borrowed("email"),
                                    from: __dataflow::Cow::Borrowed("mail"),
                                },
                            ],
                        ),
                        dropped_columns: __dataflow::Cow::Borrowed(
                            &[
                                __dataflow::Cow::Borrowed("nickname"),
                                __dataflow::Cow::Borrowed("age"),
                            ],
                        ),
                        dropped_indexes: __dataflow::Cow::Borrowed(
                            &[__dataflow::Cow::Borrowed("by_age")],
                        ),
                        dropped_constraints: __dataflow::Cow::Borrowed(
                            &[__dataflow::Cow::Borrowed("adult")],
                        ),
                    },
                };
    "#);
}

#[test]
fn relations_expand_to_data_and_constants() {
    let model: syn::DeriveInput = parse_quote! {
        #[model(
            has_one(cover = Cover.post_id),
            many_to_many(tags = Tag, through = links::PostTag(post_id, r#type)),
            has_many(comments = Comment.post_id)
        )]
        pub struct Post {
            #[model(primary_key)]
            id: i64,
            #[model(belongs_to = User)]
            pub(crate) author_id: i64,
            #[model(belongs_to = User, relation = "editor")]
            edited_by: Option<i64>,
        }
    };
    let expanded = pretty(super::model(&model));
    let between = |start: &str, end: &str| {
        let start = expanded.find(start).expect("the part begins");
        let end = start + expanded[start..].find(end).expect("the part ends");
        expanded[start..end].trim().to_owned()
    };
    assert_snapshot!(between("inverses:", "checks:"), @r#"
    inverses: __dataflow::Cow::Borrowed(
                        &[
                            __dataflow::inverse::<
                                Post,
                                Cover,
                                _,
                            >("cover", __dataflow::Arity::One, "post_id", Cover::POST_ID),
                            __dataflow::inverse_through::<
                                Post,
                                Tag,
                                _,
                                _,
                                _,
                            >(
                                "tags",
                                ("post_id", "type"),
                                links::PostTag::POST_ID,
                                links::PostTag::TYPE,
                            ),
                            __dataflow::inverse::<
                                Post,
                                Comment,
                                _,
                            >(
                                "comments",
                                __dataflow::Arity::Many,
                                "post_id",
                                Comment::POST_ID,
                            ),
                        ],
                    ),
    "#);
    assert_snapshot!(between("private_interfaces", "};"), @r#"
    private_interfaces,
            reason = "a field may be seen where the model it names is not"
        )]
        impl Post {
            ///The row that `author_id` names.
            pub(crate) const AUTHOR: __dataflow::ToOne<Post, User> = __dataflow::ToOne::new(
                0usize,
            );
            ///The row that `edited_by` names.
            const EDITOR: __dataflow::ToOne<Post, User> = __dataflow::ToOne::new(1usize);
            ///Its `cover`.
            pub const COVER: __dataflow::ToOne<Post, Cover> = __dataflow::ToOne::new(2usize);
            ///Its `tags`.
            pub const TAGS: __dataflow::ToMany<Post, Tag> = __dataflow::ToMany::through::<
                links::PostTag,
            >(3usize);
            ///Its `comments`.
            pub const COMMENTS: __dataflow::ToMany<Post, Comment> = __dataflow::ToMany::new(
                4usize,
            );
        }
    "#);
}

#[test]
fn rules_expand_to_data_and_a_call_of_the_function() {
    let expanded = super::model(&parse_quote! {
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
