//! Keys, relations and what became of versions before.

use insta::assert_snapshot;
use syn::parse_quote;

use super::pretty;

#[test]
fn a_key_of_several_fields_is_a_tuple() {
    let expanded = crate::expand::model(&parse_quote! {
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
    let expanded = pretty(crate::expand::model(&model));
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
    let expanded = pretty(crate::expand::model(&model));
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
