use dataflow_core::schema::{Field, Key, KeyGenerator};
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
            "select=active,count(),id.max()",
            json!({
                "limit": 20, "fields": ["active"], "aggregate": ["count", "id.max"],
            }),
        ),
        (
            "select=count()",
            json!({"limit": 20, "aggregate": ["count"]}),
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
        let input = list_input(&model_schema(), query).unwrap();
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
        ("note->=eq.1", "member"),
        ("note->a.b=eq.1", "member"),
        ("note=eq.1", "a JSON document"),
        ("order=emial", "email"),
        ("order=email.down", "down"),
        ("order=", "order"),
        ("select=emial", "email"),
        ("select=id,id", "twice"),
        ("select=*,id", "neither all"),
        ("select=*,author(*)", "inside something else"),
        ("select=*,author(*", "bracket"),
        ("select=", "field"),
        ("select=email.sum()", "no sum"),
        ("select=id.summ()", "sum"),
        ("select=cuont()", "count"),
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
        let problem = list_input(&model_schema(), query).unwrap_err();
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
