use dataflow_core::schema::{
    Action, Check, DefaultValue, Deferrable, Field, FieldType, Index, IndexMember, Kept, Key,
    KeyGenerator, Limit, Nulls, Relation, Stamp, table_name,
};
use dataflow_core::value::Timestamp;
use dataflow_core::{Model, ModelSchema, SchemaSet};

/// Somebody who writes.
#[derive(Model)]
struct User {
    #[model(primary_key)]
    id: String,
    /// Where answers go.
    #[model(unique)]
    email: String,
    name: String,
}

/// What somebody wrote.
///
/// It may answer another post.
#[derive(Model)]
#[model(
    table = "Posts of 2026",
    index(author_id, r#type),
    unique(r#type, title)
)]
struct Post {
    #[model(primary_key, client_key)]
    id: i64,
    #[model(belongs_to = User, r#index)]
    author_id: String,
    #[model(belongs_to = Post, column = "parent")]
    answers: Option<i64>,
    title: String,
    #[model(default = "essay")]
    r#type: String,
    #[model(default = -3)]
    score: i32,
    #[model(default = 0.5)]
    weight: f64,
    #[model(default = false)]
    pinned: bool,
    #[model(created_at)]
    created_at: Timestamp,
    #[model(updated_at)]
    changed: Timestamp,
}

fn plain(name: &'static str, field_type: FieldType) -> Field {
    Field::new(name, field_type)
}

fn index(fields: &[&'static str], unique: bool) -> Index {
    Index {
        unique,
        ..Index::over(fields.iter().copied())
    }
}

#[test]
fn a_model_is_described_by_what_was_declared() {
    let fields = vec![
        plain("id", FieldType::String),
        Field {
            description: Some("Where answers go.".into()),
            ..plain("email", FieldType::String)
        },
        plain("name", FieldType::String),
    ];
    let user = ModelSchema {
        description: Some("Somebody who writes.".into()),
        indexes: vec![index(&["email"], true)].into(),
        ..ModelSchema::new("User", fields, Key::new("id", KeyGenerator::None))
    };
    assert_eq!(*User::schema(), user);
}

#[test]
fn the_constants_say_what_the_schema_says() {
    assert_eq!(Post::TABLE, Post::schema().table);
    assert_eq!(Post::KEY_COLUMN, Post::schema().key_field().column);
}

#[test]
fn an_option_may_hold_no_value_and_nothing_else_may() {
    let nullable = Post::schema().fields.iter().filter(|field| field.nullable);
    let names: Vec<_> = nullable.map(|field| field.name.as_ref()).collect();
    assert_eq!(names, ["answers"]);
}

#[test]
fn defaults_are_kept_as_values() {
    let cases = [
        ("type", Some(DefaultValue::Text("essay".into()))),
        ("score", Some(DefaultValue::Integer(-3))),
        ("weight", Some(DefaultValue::Float(0.5))),
        ("pinned", Some(DefaultValue::Bool(false))),
        ("title", None),
    ];
    for (name, default) in cases {
        assert_eq!(
            Post::schema().field(name).unwrap().default,
            default,
            "{name}"
        );
    }
}

#[test]
fn stamps_are_those_declared() {
    let stamp = |name| Post::schema().field(name).unwrap().stamp;
    assert_eq!(stamp("created_at"), Some(Stamp::Created));
    assert_eq!(stamp("changed"), Some(Stamp::Updated));
    assert_eq!(stamp("title"), None);
}

#[test]
fn indexes_of_fields_come_before_those_of_the_struct() {
    let expected = [
        index(&["author_id"], false),
        index(&["author_id", "type"], false),
        index(&["type", "title"], true),
    ];
    assert_eq!(*Post::schema().indexes, expected);
}

#[test]
fn rules_are_kept_as_declared() {
    #[derive(Model)]
    #[model(check("price < 9", name = "cheap"))]
    struct Offer {
        #[model(primary_key)]
        id: i64,
        #[model(belongs_to = Post, on_delete = "cascade", on_update = "set_null", deferred)]
        post: Option<i64>,
        #[model(check("price > 0"), default_sql = "1 + 1")]
        price: i32,
        #[model(generated = "price * 2")]
        double: i32,
        #[model(generated = "price * 3", virtual)]
        triple: i32,
    }
    let schema = Offer::schema();
    let expected = Relation {
        on_delete: Action::Cascade,
        on_update: Action::SetNull,
        deferred: true,
        ..Relation::new("post", "Posts of 2026", "id")
    };
    assert_eq!(*schema.relations, [expected]);
    let of_field = Check {
        name: None,
        field: Some("price".into()),
        expression: "price > 0".into(),
    };
    assert_eq!(*schema.checks, [of_field, Check::new("cheap", "price < 9")]);
    let price = schema.field("price").unwrap();
    assert_eq!(price.default, Some(DefaultValue::Sql("1 + 1".into())));
    let generated = |name| schema.field(name).unwrap().generated.clone().unwrap();
    assert_eq!(generated("double").expression, "price * 2");
    assert_eq!(generated("double").kept, Kept::Stored);
    assert_eq!(generated("triple").kept, Kept::Virtual);
}

/// Every word that an index takes.
#[test]
fn an_index_is_what_was_declared() {
    #[derive(Model)]
    #[model(
        index(
            "lower(name)" desc nulls last,
            age ops "int4_ops",
            name = "by_name",
            method = "btree",
            include(id),
            where = "age > 17",
        ),
        unique(age desc, name nulls first),
        unique(name, deferrable = "initially deferred"),
        unique(age, nulls = "not distinct", deferrable = "initially immediate")
    )]
    struct Person {
        #[model(primary_key)]
        id: i64,
        name: String,
        age: i32,
    }
    let expected = [
        Index {
            name: Some("by_name".into()),
            members: vec![
                IndexMember {
                    descending: true,
                    nulls: Some(Nulls::Last),
                    ..IndexMember::expression("lower(name)")
                },
                IndexMember {
                    operator_class: Some("int4_ops".into()),
                    ..IndexMember::field("age")
                },
            ]
            .into(),
            method: Some("btree".into()),
            include: vec!["id".into()].into(),
            predicate: Some("age > 17".into()),
            ..index(&[], false)
        },
        Index {
            members: vec![
                IndexMember {
                    descending: true,
                    ..IndexMember::field("age")
                },
                IndexMember {
                    nulls: Some(Nulls::First),
                    ..IndexMember::field("name")
                },
            ]
            .into(),
            ..index(&[], true)
        },
        Index {
            deferrable: Some(Deferrable::InitiallyDeferred),
            ..index(&["name"], true)
        },
        Index {
            deferrable: Some(Deferrable::InitiallyImmediate),
            nulls_not_distinct: true,
            ..index(&["age"], true)
        },
    ];
    assert_eq!(*Person::schema().indexes, expected);
}

#[test]
fn a_relation_names_the_table_and_column_it_points_at() {
    let relation = |field, table| Relation::new(field, table, "id");
    let expected = [
        relation("author_id", "users"),
        relation("answers", "Posts of 2026"),
    ];
    assert_eq!(*Post::schema().relations, expected);
}

#[test]
fn a_raw_identifier_is_named_without_its_prefix() {
    let field = Post::schema().field("type").unwrap();
    assert_eq!(field.column, "type");
}

#[test]
fn a_column_is_named_as_declared() {
    assert_eq!(Post::schema().field("answers").unwrap().column, "parent");
}

#[test]
fn documentation_becomes_the_description() {
    let expected = "What somebody wrote.\n\nIt may answer another post.";
    assert_eq!(Post::schema().description.as_deref(), Some(expected));
}

#[test]
fn derived_models_make_a_valid_set() {
    let set = SchemaSet::new()
        .model::<Post>()
        .model::<User>()
        .validated()
        .unwrap();
    let names: Vec<_> = set.models().map(|model| model.name.as_ref()).collect();
    assert_eq!(names, ["User", "Post"]);
}

/// Who makes a key, by the type and by what is declared.
#[test]
fn a_key_is_generated_as_its_type_says_unless_declared() {
    #[derive(Model)]
    struct Serial {
        #[model(primary_key)]
        id: i32,
    }
    #[derive(Model)]
    struct Random {
        #[model(primary_key)]
        id: uuid::Uuid,
    }
    #[derive(Model)]
    struct Given {
        #[model(primary_key, generate = "none")]
        id: i32,
    }
    #[derive(Model)]
    struct Textual {
        #[model(primary_key, generate = "uuid_v7", client_key)]
        id: String,
    }
    let key = |schema: &ModelSchema| (schema.key.generator, schema.key.client_key);
    assert_eq!(key(Serial::schema()), (KeyGenerator::Serial, false));
    assert_eq!(key(Random::schema()), (KeyGenerator::UuidV7, false));
    assert_eq!(key(Given::schema()), (KeyGenerator::None, false));
    assert_eq!(key(Textual::schema()), (KeyGenerator::UuidV7, true));
    assert_eq!(key(Post::schema()), (KeyGenerator::Serial, true));
}

/// The derive cannot call the foundation's function, so both compile the same file.
#[test]
fn the_derive_names_tables_as_the_foundation_does() {
    let derive = include_str!("../../src/name.rs");
    let foundation = include_str!("../../../dataflow-core/src/schema/name.rs");
    assert!(
        derive == foundation,
        "copy dataflow-core/src/schema/name.rs over the derive's"
    );
    assert_eq!(User::TABLE, *table_name("User"));
}

#[derive(Model)]
#[model(comment = "what may be bought")]
struct Offer {
    #[model(primary_key, max_length = 12)]
    code: String,
    #[model(max_length = 1_000, collation = "C")]
    note: Option<String>,
    #[model(precision = 10, scale = 2, comment = "in euros")]
    price: rust_decimal::Decimal,
    #[model(precision = 3)]
    pieces: Option<rust_decimal::Decimal>,
    #[model(precision = 3)]
    until: chrono::DateTime<chrono::Utc>,
    #[model(precision = 0)]
    shown: Option<chrono::NaiveDateTime>,
    #[model(precision = 1)]
    daily: chrono::NaiveTime,
}

#[test]
fn limits_say_how_much_of_its_type_a_field_takes() {
    let limits: Vec<_> = Offer::schema().fields.iter().map(|it| it.limit).collect();
    let digits = |precision, scale| Some(Limit::Digits { precision, scale });
    let expected = [
        Some(Limit::Length(12)),
        Some(Limit::Length(1_000)),
        digits(10, 2),
        digits(3, 0),
        Some(Limit::SecondDigits(3)),
        Some(Limit::SecondDigits(0)),
        Some(Limit::SecondDigits(1)),
    ];
    assert_eq!(limits, expected);
}

#[test]
fn a_comment_is_what_it_says() {
    let offer = Offer::schema();
    assert_eq!(offer.comment.as_deref(), Some("what may be bought"));
    let note = offer.field("note").unwrap();
    assert_eq!(note.collation.as_deref(), Some("C"));
    let price = offer.field("price").unwrap();
    assert_eq!(price.comment.as_deref(), Some("in euros"));
    assert_eq!(price.description, None);
}

#[test]
fn a_table_without_rowid_is_asked_for() {
    #[derive(Model)]
    #[model(without_rowid)]
    struct Seat {
        #[model(primary_key)]
        hall: String,
        #[model(primary_key)]
        number: i64,
    }

    assert!(Seat::schema().without_rowid && !User::schema().without_rowid);
    let seat = Seat {
        hall: "red".to_owned(),
        number: 7,
    };
    assert_eq!(seat.key(), (&"red".to_owned(), &7));
    assert_eq!(Seat::schema().key, Key::composite(["hall", "number"]));
}
