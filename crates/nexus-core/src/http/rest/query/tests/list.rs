use dataflow_core::SchemaSet;
use serde_json::{Value as Json, json};

use super::super::{Origin, list_input, with_after};
use super::{filter, model_schema};

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
