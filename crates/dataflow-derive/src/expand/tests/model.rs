//! Models whole.

use insta::assert_snapshot;
use syn::parse_quote;

use super::pretty;

#[test]
fn a_model_expands_to_data_and_a_thin_impl() {
    let expanded = crate::expand::model(&parse_quote! {
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
                                adopts: __dataflow::Option::None,
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
                    row_level_security: false,
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
    let expanded = crate::expand::model(&parse_quote! {
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
                                adopts: __dataflow::Option::None,
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
                                adopts: __dataflow::Option::None,
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
                                adopts: __dataflow::Option::None,
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
                                adopts: __dataflow::Option::None,
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
                                adopts: __dataflow::Option::None,
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
                                adopts: __dataflow::Option::None,
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
                                deferrable: __dataflow::Option::None,
                                nulls_not_distinct: false,
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
                                deferrable: __dataflow::Option::None,
                                nulls_not_distinct: false,
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
                                deferrable: __dataflow::Option::None,
                                nulls_not_distinct: false,
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
                    row_level_security: false,
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
