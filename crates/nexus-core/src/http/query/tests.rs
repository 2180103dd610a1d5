use dataflow_core::schema::{Arity, Field, Inverse, Key, KeyGenerator, Relation};
use dataflow_core::{ModelSchema, SchemaSet};
use serde_json::json;

use super::*;

fn model_schema() -> ModelSchema {
    let fields = vec![
        Field::new("id", FieldType::I64),
        Field::new("email", FieldType::String),
        Field::new("active", FieldType::Bool),
        Field::new("note", FieldType::Json),
    ];
    ModelSchema::new("User", fields, Key::new("id", KeyGenerator::Serial))
}

/// `Post`, which belongs to a `User` and has comments, which are posts again.
fn posts() -> (SchemaSet, ModelSchema) {
    let fields = vec![
        Field::new("id", FieldType::I64),
        Field::new("title", FieldType::String),
        Field::new("author_id", FieldType::I64),
        Field::new("post_id", FieldType::I64),
    ];
    let mut post = ModelSchema::new("Post", fields, Key::new("id", KeyGenerator::Serial));
    post.relations = vec![
        Relation::new("author_id", "users", "id"),
        Relation::new("post_id", "posts", "id"),
    ]
    .into();
    let comments = Inverse::new("comments", "posts", Arity::Many, "post_id");
    post.inverses = vec![comments].into();
    let models = SchemaSet::new().schema(post.clone()).schema(model_schema());
    (models, post)
}

#[test]
fn relations_become_filters_orders_and_inclusions() {
    let (models, post) = posts();
    let cases = [
        (
            "author.email=eq.a@b.c&post.author.active=is.true",
            filter(json!({
                "author.email": {"$eq": "a@b.c"},
                "post.author.active": {"$eq": true},
            })),
        ),
        (
            "author.note->a=gt.1",
            filter(json!({"author.note.a": {"$gt": 1}})),
        ),
        (
            "comments=some.(title.eq.x,author.email.like.*a*)",
            filter(json!({"comments": {"$some": {"$and": [
                {"title": {"$eq": "x"}},
                {"author.email": {"$like": "%a%"}},
            ]}}})),
        ),
        (
            "or=(author.email.eq.a.b,comments.none.(id.gt.1),author.every.(active.is.true))",
            filter(json!({"$and": [{"$or": [
                {"author.email": {"$eq": "a.b"}},
                {"comments": {"$none": {"$and": [{"id": {"$gt": 1}}]}}},
                {"author": {"$every": {"$and": [{"active": {"$eq": true}}]}}},
            ]}]})),
        ),
        (
            "order=author.email.desc,id&select=id,author(*),comments(id,post(title,author(email)))",
            json!({
                "limit": 20,
                "order": ["author.email.desc", "id"],
                "fields": ["id"],
                "include": {
                    "author": {},
                    "comments": {"fields": ["id"], "include": {
                        "post": {"fields": ["title"], "include": {"author": {"fields": ["email"]}}},
                    }},
                },
            }),
        ),
    ];
    for (query, expected) in cases.into_iter().chain(narrowed()) {
        let input = list_input(Origin::of(&models, &post), query).unwrap();
        assert_eq!(Json::Object(input), expected, "{query}");
    }
    let mut input = Object::new();
    add_to_read(
        Origin::of(&models, &post),
        Some("select=*,author(email)"),
        &mut input,
    )
    .unwrap();
    let expected = json!({"include": {"author": {"fields": ["email"]}}});
    assert_eq!(Json::Object(input), expected);
}

/// Some of the rows that relations lead to.
fn narrowed() -> [(&'static str, Json); 2] {
    [
        (
            "select=*,comments(id,title=like.*a*,order=id.desc,order=title,limit=3)",
            json!({"limit": 20, "include": {"comments": {
                "fields": ["id"],
                "order": ["id.desc", "title"],
                "limit": 3,
                "filter": {"title": {"$like": "%a%"}},
            }}}),
        ),
        (
            "select=*,comments(*,title=eq.\"a,(b\",id=gt.1,id=lt.9,or=(id.eq.1,author.email.eq.x),author(*,email=neq.y))",
            json!({"limit": 20, "include": {"comments": {
                "filter": {
                    "title": {"$eq": "a,(b"},
                    "id": {"$gt": 1},
                    "$and": [
                        {"id": {"$lt": 9}},
                        {"$or": [{"id": {"$eq": 1}}, {"author.email": {"$eq": "x"}}]},
                    ],
                },
                "include": {"author": {"filter": {"email": {"$ne": "y"}}}},
            }}}),
        ),
    ]
}

#[test]
fn what_relations_cannot_mean_is_refused_by_name() {
    let (models, post) = posts();
    let deep = format!("select=*{}*{}", ",post(*".repeat(12), ")".repeat(12));
    let cases = [
        ("auther.email=eq.a", "author"),
        ("author.emial=eq.a", "email"),
        ("comments.title=eq.a", "comments=some"),
        ("comments=eq.a", "comments=some"),
        ("author=eq.1", "author=some"),
        ("comments=some.title.eq.a", "bracket"),
        ("comments=some.(titel.eq.a)", "title"),
        ("or=(comments.title.eq.a)", "comments=some"),
        ("order=comments.title", "many"),
        ("order=author.emial", "email"),
        ("select=*,auther(*)", "author"),
        ("select=*,author", "author(*)"),
        ("select=*,author()", "field"),
        ("select=*,author(emial)", "email"),
        ("select=*,author(*),author(*)", "twice"),
        ("select=*,comments(*,limit=0)", "1 to 1000"),
        ("select=*,comments(*,limit=1,limit=2)", "twice"),
        ("select=*,comments(*,order=titel)", "title"),
        ("select=*,comments(*,offset=1)", "offset"),
        ("select=*,comments(*,titel=eq.a)", "title"),
        ("select=*,comments(*,id=eq.a)", "integer"),
        ("select=*,comments(limit=3)", "neither all"),
        ("select=*,limit=3", "beside select"),
        ("select=author(*)", "neither all"),
        ("select=*,author(count())", "of the rows of a list"),
        (deep.as_str(), "levels"),
    ];
    for (query, words) in cases {
        let problem = list_input(Origin::of(&models, &post), query).unwrap_err();
        let text = format!("{problem:?}");
        assert!(text.contains(words), "{query}: {text}");
        assert!(text.contains("malformed"), "{query}: {text}");
    }
    for (query, words) in [
        ("selct=*", "select"),
        ("limit=1", "limit"),
        ("select=count()", "of the rows of a list"),
    ] {
        let problem =
            add_to_read(Origin::of(&models, &post), Some(query), &mut Object::new()).unwrap_err();
        assert!(
            format!("{problem:?}").contains(words),
            "{query}: {problem:?}"
        );
    }
    let alone = model_schema();
    let refused = add_to_read(
        Origin::of(&models, &alone),
        Some("select=*"),
        &mut Object::new(),
    );
    assert!(refused.is_err());
}

#[test]
fn a_query_becomes_the_input_of_a_list() {
    let cases = [
        ("", json!({"limit": 20})),
        ("&", json!({"limit": 20})),
        ("limit=5&after=x%20y", json!({"limit": 5, "after": "x y"})),
        (
            "email=eq.a.b%2Bc&active=eq.true&id=eq.-7",
            json!({"limit": 20, "filter": {
                "email": {"$eq": "a.b+c"},
                "active": {"$eq": true},
                "id": {"$eq": -7},
            }}),
        ),
        (
            "email=eq.a+b",
            json!({"limit": 20, "filter": {"email": {"$eq": "a b"}}}),
        ),
        (
            "email=eq.",
            json!({"limit": 20, "filter": {"email": {"$eq": ""}}}),
        ),
        (
            "order=email.desc.nullslast,id&select=id,email&offset=7",
            json!({
                "limit": 20, "offset": 7,
                "order": ["email.desc.nullslast", "id"], "fields": ["id", "email"],
            }),
        ),
        ("select=*", json!({"limit": 20})),
        (
            "select=id,note->a->>b,note->0&order=note->a.desc.nullslast,note->>b",
            json!({
                "limit": 20, "fields": ["id", "note->a->>b", "note->0"],
                "order": ["note->a.desc.nullslast", "note->>b"],
            }),
        ),
        (
            "email=lt(field).name&or=(id.not.gte(field).age,id.eq.1)",
            filter(json!({
                "email": {"$lt": {"$field": "name"}},
                "$and": [{"$or": [
                    {"id": {"$not": {"$gte": {"$field": "age"}}}},
                    {"id": {"$eq": 1}},
                ]}],
            })),
        ),
        (
            "select=active,count(),id.max()",
            json!({
                "limit": 20, "fields": ["active"], "aggregate": ["count", "id.max"],
            }),
        ),
        (
            "select=count()",
            json!({"limit": 20, "aggregate": ["count"]}),
        ),
        (
            "order=count.desc,id_max,active&having=(count.gte.2,or(id_max.in.(1,2),active.is.true))\
             &select=active,count(),id.max()",
            json!({
                "limit": 20, "fields": ["active"], "aggregate": ["count", "id.max"],
                "order": ["count.desc", "id_max", "active"],
                "having": {"$and": [
                    {"count": {"$gte": 2}},
                    {"$or": [{"id_max": {"$in": [1, 2]}}, {"active": {"$eq": true}}]},
                ]},
            }),
        ),
        ("id=neq.7", filter(json!({"id": {"$ne": 7}}))),
        ("id=not.gte.7", filter(json!({"id": {"$not": {"$gte": 7}}}))),
        (
            "email=like.*a%25*",
            filter(json!({"email": {"$like": "%a%%"}})),
        ),
        (
            "email=contains.a*",
            filter(json!({"email": {"$contains": "a*"}})),
        ),
        ("id=in.(1,-2)", filter(json!({"id": {"$in": [1, -2]}}))),
        ("id=in.()", filter(json!({"id": {"$in": []}}))),
        (
            r#"email=in.(a,"b,c","d\"")"#,
            filter(json!({"email": {"$in": ["a", "b,c", "d\""]}})),
        ),
        ("email=is.null", filter(json!({"email": {"$null": true}}))),
        (
            "note=is.not_null",
            filter(json!({"note": {"$null": false}})),
        ),
        ("active=is.true", filter(json!({"active": {"$eq": true}}))),
        ("note->a->0=gt.1", filter(json!({"note.a.0": {"$gt": 1}}))),
        ("note->>a=eq.1", filter(json!({"note.a": {"$eq": "1"}}))),
        ("note->a=eq.x", filter(json!({"note.a": {"$eq": "x"}}))),
        (
            r#"note=contains.{"a":[1,"x"]}"#,
            filter(json!({"note": {"$contains": {"a": [1, "x"]}}})),
        ),
        (
            r#"and=(note.contains."{\"a\":[1]}",id.gt.1)"#,
            filter(json!({"$and": [{"$and": [
                {"note": {"$contains": {"a": [1]}}},
                {"id": {"$gt": 1}},
            ]}]})),
        ),
        (
            r#"or=(id.eq.1,email.not.eq."a,b)",and(active.is.true,id.in.(2,3)))&id=gt.0"#,
            filter(json!({
                "id": {"$gt": 0},
                "$and": [{"$or": [
                    {"id": {"$eq": 1}},
                    {"email": {"$not": {"$eq": "a,b)"}}},
                    {"$and": [{"active": {"$eq": true}}, {"id": {"$in": [2, 3]}}]},
                ]}],
            })),
        ),
        (
            "not.or=(id.eq.1,not.and(id.gt.2,id.lt.9))",
            filter(json!({"$and": [{"$not": {"$or": [
                {"id": {"$eq": 1}},
                {"$not": {"$and": [{"id": {"$gt": 2}}, {"id": {"$lt": 9}}]}},
            ]}}]})),
        ),
    ];
    for (query, expected) in cases {
        let input = list_input(Origin::of(&SchemaSet::new(), &model_schema()), query).unwrap();
        assert_eq!(Json::Object(input), expected, "{query}");
    }
}

fn filter(filter: Json) -> Json {
    json!({"limit": 20, "filter": filter})
}

#[test]
fn what_a_query_cannot_mean_is_refused_by_name() {
    let deep = format!("or={}id.eq.1{}", "(or".repeat(20), ")".repeat(20));
    let cases = [
        ("emial=eq.a", "email"),
        ("email=eqq.a", "eq"),
        ("email=a", "email=eq.value"),
        ("email=zzz.a", "the operators are eq, neq"),
        ("id=like.1", "text"),
        ("id=in.1", "(1,2)"),
        ("id=in.(1", "bracket"),
        ("id=in.(a)", "an integer"),
        ("id=is.nil", "null"),
        ("id=is.true", "null"),
        ("id->a=eq.1", "no JSON document"),
        ("id=like(field).email", "lt(field)"),
        ("id=eqq(field).email", "lt(field)"),
        ("note=eq(field).email", "a document"),
        ("order=id->a", "no JSON document"),
        ("order=note->", "member"),
        ("order=note->a->>b->c", "member"),
        ("select=id->a", "no JSON document"),
        ("select=nite->a", "note"),
        ("select=id,note->a..b", "member"),
        ("note->=eq.1", "member"),
        ("note->a.b=eq.1", "member"),
        ("note=eq.1", "a JSON document"),
        ("note=contains.{a}", "note=contains."),
        ("note=starts_with.a", "no text"),
        ("order=emial", "email"),
        ("order=email.down", "down"),
        ("order=", "order"),
        ("select=emial", "email"),
        ("select=id,id", "twice"),
        ("select=*,id", "neither all"),
        ("select=*,author(*)", "relation"),
        ("select=*,author(*", "bracket"),
        ("select=", "field"),
        ("select=email.sum()", "no sum"),
        ("select=id.summ()", "sum"),
        ("select=cuont()", "count"),
        ("order=count", "count"),
        (
            "select=active,count()&order=id",
            "group by the field as well",
        ),
        ("select=active,count()&order=conut", "count"),
        ("having=(count.gt.1)", "select=city,count()"),
        ("select=count()&having=(count.gt.1)", "select=city,count()"),
        ("select=active,count()&having=(id_max.gt.1)", "id_max"),
        ("select=active,count()&having=(count.gt.a)", "an integer"),
        ("select=active,count()&having=count.gt.1", "bracket"),
        ("offset=-1", "from 0"),
        ("offset=100001", "100000"),
        ("offset=1&after=x", "both"),
        ("or=id.eq.1", "bracket"),
        ("or=(id.eq.1", "bracket"),
        ("or=(id)", "id.eq.value"),
        ("or=(idd.eq.1)", "id"),
        (r#"or=(email.eq."a)"#, "bracket"),
        (deep.as_str(), "levels"),
    ];
    for (query, words) in cases {
        let problem =
            list_input(Origin::of(&SchemaSet::new(), &model_schema()), query).unwrap_err();
        let text = format!("{problem:?}");
        assert!(text.contains(words), "{query}: {text}");
        assert!(text.contains("malformed"), "{query}: {text}");
    }
}

#[test]
fn the_next_page_keeps_the_query_and_moves_its_place() {
    let cases = [
        ("", "after=a%2Fb"),
        ("limit=3&email=eq.x", "limit=3&email=eq.x&after=a%2Fb"),
        ("after=old&limit=3", "limit=3&after=a%2Fb"),
        ("offset=40&limit=3", "limit=3&after=a%2Fb"),
    ];
    for (query, expected) in cases {
        assert_eq!(with_after(query, "a/b"), expected);
    }
}
