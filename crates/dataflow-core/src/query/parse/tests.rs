#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use serde_json::json;

use super::*;
use crate::query::{Case, Comparison, Pattern, Scalar};
use crate::schema::{Model as _, SchemaSet};
use crate::value::Value;

#[derive(crate::Model)]
struct Sample {
    #[model(primary_key)]
    id: i64,
    name: Option<String>,
    amount: rust_decimal::Decimal,
    bytes: Vec<u8>,
    document: serde_json::Value,
}

fn parse(filter: Json) -> Result<Filter> {
    let models = SchemaSet::new();
    Filter::parse(&models, Sample::schema(), filter.as_object().unwrap())
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

#[test]
fn a_filter_is_read_as_a_tree_of_conditions() {
    use Comparison::{Equal, GreaterOrEqual, Less, LessOrEqual, NotEqual};
    use Condition::{All, Any, Field, Inside, Not};
    let compare = |field, comparison, value| Field(field, Test::Compare(comparison, value));
    let matches = |case, pattern| Field(1, Test::Matches(case, pattern));
    let inside = |path: &[&str], test| {
        Inside(
            4,
            path.iter().map(|member| (*member).to_owned()).collect(),
            test,
        )
    };
    let cases = [
        (json!({}), All(vec![])),
        (json!({"name": "a"}), compare(1, Equal, text("a"))),
        (json!({"name": null}), Field(1, Test::Null(true))),
        (json!({"name": {"$ne": null}}), Field(1, Test::Null(false))),
        (json!({"name": {"$null": true}}), Field(1, Test::Null(true))),
        (
            json!({"id": {"$gte": 1, "$lt": 9}, "name": {"$ne": "b"}}),
            All(vec![
                All(vec![
                    compare(0, GreaterOrEqual, Value::Integer(1)),
                    compare(0, Less, Value::Integer(9)),
                ]),
                compare(1, NotEqual, text("b")),
            ]),
        ),
        (
            json!({"amount": {"$in": ["01.5", 2]}}),
            Field(
                2,
                Test::In(
                    ["1.5", "2"]
                        .map(|digits| Value::Decimal(digits.to_owned()))
                        .into(),
                ),
            ),
        ),
        (
            json!({"id": {"$nin": []}}),
            Not(Box::new(Field(0, Test::In(vec![])))),
        ),
        (
            json!({"id": {"$between": [1, 2]}}),
            All(vec![
                compare(0, GreaterOrEqual, Value::Integer(1)),
                compare(0, LessOrEqual, Value::Integer(2)),
            ]),
        ),
        (
            json!({"name": {"$like": "a%"}}),
            matches(Case::Sensitive, Pattern::starting_with("a")),
        ),
        (
            json!({"name": {"$ilike": "%a"}}),
            matches(Case::Insensitive, Pattern::ending_with("a")),
        ),
        (
            json!({"name": {"$contains": "%"}}),
            matches(Case::Sensitive, Pattern::containing("%")),
        ),
        (
            json!({"$or": [{"name": "a"}, {"$not": {"id": 1}}], "$and": []}),
            All(vec![
                Any(vec![
                    compare(1, Equal, text("a")),
                    Not(Box::new(compare(0, Equal, Value::Integer(1)))),
                ]),
                All(vec![]),
            ]),
        ),
        (
            json!({"name": {"$not": {"$eq": "a"}}}),
            Not(Box::new(compare(1, Equal, text("a")))),
        ),
        (
            json!({"document": {"a": 1}}),
            compare(4, Equal, Value::Json(r#"{"a":1}"#.to_owned())),
        ),
        (
            json!({"document.a.0": 1}),
            inside(
                &["a", "0"],
                DocumentTest::Compare(Equal, Scalar::Integer(1)),
            ),
        ),
        (
            json!({"document.a": {"$in": ["x", true]}}),
            inside(
                &["a"],
                DocumentTest::In(vec![Scalar::from("x"), Scalar::from(true)]),
            ),
        ),
    ];
    for (filter, expected) in cases {
        assert_eq!(
            parse(filter.clone()).unwrap().condition(),
            &expected,
            "{filter}"
        );
    }
}

#[test]
fn what_a_filter_cannot_mean_is_refused_by_name_and_place() {
    use Kind::{Invalid, Malformed};
    let cases = [
        (json!({"nmae": 1}), Malformed, "/filter/nmae", "\"name\""),
        (json!({"$orr": []}), Malformed, "/filter/$orr", "\"$or\""),
        (
            json!({"name": {"$eqq": 1}}),
            Malformed,
            "/filter/name/$eqq",
            "\"$eq\"",
        ),
        (
            json!({"name": {"like": "a"}}),
            Malformed,
            "/filter/name/like",
            "\"$like\"",
        ),
        (
            json!({"name": {"x": 1}}),
            Malformed,
            "/filter/name/x",
            "operators are $eq",
        ),
        (
            json!({"name.x": 1}),
            Malformed,
            "/filter/name.x",
            "no JSON document",
        ),
        (json!({"$or": {}}), Malformed, "/filter/$or", "takes a list"),
        (
            json!({"$or": [1]}),
            Malformed,
            "/filter/$or/0",
            "takes an object",
        ),
        (
            json!({"$or": [{}, {"$not": {"nmae": 1}}]}),
            Malformed,
            "/filter/$or/1/$not/nmae",
            "\"name\"",
        ),
        (json!({"id": "1"}), Invalid, "/filter/id", "an integer"),
        (
            json!({"id": {"$gt": null}}),
            Invalid,
            "/filter/id/$gt",
            "no order",
        ),
        (
            json!({"id": {"$in": 1}}),
            Invalid,
            "/filter/id/$in",
            "takes a list",
        ),
        (
            json!({"id": {"$in": [null]}}),
            Invalid,
            "/filter/id/$in",
            "use $null",
        ),
        (
            json!({"id": {"$between": [1]}}),
            Invalid,
            "/filter/id/$between",
            "two values",
        ),
        (
            json!({"id": {"$null": 1}}),
            Invalid,
            "/filter/id/$null",
            "true or false",
        ),
        (
            json!({"id": {"$like": "1"}}),
            Invalid,
            "/filter/id/$like",
            "of texts",
        ),
        (
            json!({"name": {"$like": "\0"}}),
            Invalid,
            "/filter/name/$like",
            "U+0000",
        ),
        (
            json!({"bytes": {"$in": ["AA=="]}}),
            Invalid,
            "/filter/bytes/$in",
            "no operator",
        ),
        (
            json!({"document": {"$gt": 1}}),
            Invalid,
            "/filter/document/$gt",
            "no order",
        ),
        (
            json!({"document.a": {"b": 1}}),
            Invalid,
            "/filter/document.a",
            "takes texts",
        ),
    ];
    for (filter, kind, pointer, words) in cases {
        let error = parse(filter.clone()).unwrap_err();
        assert_eq!(error.kind(), kind, "{filter}");
        assert_eq!(error.faults()[0].pointer, pointer, "{filter}");
        assert!(format!("{error:?}").contains(words), "{filter}: {error:?}");
    }
    let both = parse(json!({"id": "1", "amount": "x"})).unwrap_err();
    let pointers: Vec<&str> = both.faults().iter().map(|fault| &*fault.pointer).collect();
    assert_eq!(pointers, ["/filter/id", "/filter/amount"]);
}

#[test]
fn a_filter_is_bounded_in_depth_and_size() {
    let nested = |levels| {
        let nest = |inner: Json, _| json!({"$not": inner});
        (0..levels).fold(json!({"id": 1}), nest)
    };
    assert!(parse(nested(MOST_LEVELS - 1)).is_ok());
    let of_field = |levels| {
        let nest = |inner: Json, _| json!({"$not": inner});
        json!({"id": (0..levels).fold(json!({"$eq": 1}), nest)})
    };
    let listed = |tests| json!({"$or": vec![json!({"id": 1}); tests]});
    assert!(parse(listed(MOST_TESTS)).is_ok());
    for filter in [
        nested(MOST_LEVELS + 1),
        of_field(MOST_LEVELS + 1),
        listed(MOST_TESTS + 1),
    ] {
        let error = parse(filter).unwrap_err();
        assert_eq!(error.faults()[0].code, FaultCode::Range, "{error:?}");
    }
}

#[test]
fn filters_share_a_shape_when_only_their_values_differ() {
    let shape = |filter| parse(filter).unwrap().shape();
    assert_eq!(
        shape(json!({"id": {"$in": []}})),
        shape(json!({"id": {"$in": [1, 2]}}))
    );
    assert_eq!(shape(json!({"name": "a"})), shape(json!({"name": "b"})));
    assert_ne!(shape(json!({"name": "a"})), shape(json!({"name": null})));
    assert_eq!(
        shape(json!({"document.a": "x"})),
        shape(json!({"document.b.c": "y"}))
    );
    assert_ne!(
        shape(json!({"document.a": 1})),
        shape(json!({"document.a": "1"}))
    );
    assert_ne!(
        shape(json!({"$or": [{"id": 1}, {"name": "a"}]})),
        shape(json!({"$and": [{"id": 1}, {"name": "a"}]}))
    );
    assert_ne!(
        shape(json!({"id": {"$gt": 1}})),
        shape(json!({"id": {"$lt": 1}}))
    );
}
