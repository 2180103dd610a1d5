use dataflow_core::node::Object;
use serde_json::{Value as Json, json};

use super::super::{Origin, add_to_read, list_input};
use super::{filter, posts};

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
