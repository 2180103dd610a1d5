#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use serde_json::json;

use super::*;
use crate::query::Condition;
use crate::schema::Model as _;

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
    Filter::parse(Sample::schema(), filter.as_object().unwrap())
}

#[test]
fn a_filter_is_read_as_conditions_that_all_hold() {
    use Comparison::{Equal, GreaterOrEqual, Less, NotEqual};
    let compare = |comparison, value| Test::Compare(comparison, value);
    let text = |text: &str| Value::Text(text.to_owned());
    let cases = [
        (json!({}), vec![]),
        (json!({"name": "a"}), vec![(1, compare(Equal, text("a")))]),
        (json!({"name": null}), vec![(1, Test::Null(true))]),
        (json!({"name": {"$ne": null}}), vec![(1, Test::Null(false))]),
        (
            json!({"name": {"$null": true}}),
            vec![(1, Test::Null(true))],
        ),
        (
            json!({"id": {"$gte": 1, "$lt": 9}, "name": {"$ne": "b"}}),
            vec![
                (0, compare(GreaterOrEqual, Value::Integer(1))),
                (0, compare(Less, Value::Integer(9))),
                (1, compare(NotEqual, text("b"))),
            ],
        ),
        (
            json!({"amount": {"$in": ["01.5", 2]}}),
            vec![(2, Test::In(r#"["1.5","2"]"#.to_owned()))],
        ),
        (
            json!({"id": {"$in": []}}),
            vec![(0, Test::In("[]".to_owned()))],
        ),
        (
            json!({"document": {"a": 1}}),
            vec![(4, compare(Equal, Value::Json(r#"{"a":1}"#.to_owned())))],
        ),
    ];
    for (filter, expected) in cases {
        let expected: Vec<Condition> = expected
            .into_iter()
            .map(|(field, test)| Condition { field, test })
            .collect();
        assert_eq!(
            parse(filter.clone()).unwrap().conditions(),
            expected,
            "{filter}"
        );
    }
}

#[test]
fn what_a_filter_cannot_mean_is_refused_by_name() {
    let cases = [
        (
            json!({"nmae": 1}),
            Kind::Malformed,
            "nmae",
            Some("\"name\""),
        ),
        (
            json!({"name": {"$eqq": 1}}),
            Kind::Malformed,
            "$eqq",
            Some("\"$eq\""),
        ),
        (
            json!({"name": {"like": "a"}}),
            Kind::Malformed,
            "like",
            Some("use $eq"),
        ),
        (json!({"id": "1"}), Kind::Invalid, "filter/id", None),
        (
            json!({"id": {"$gt": null}}),
            Kind::Invalid,
            "no order",
            None,
        ),
        (
            json!({"id": {"$in": 1}}),
            Kind::Invalid,
            "takes a list",
            None,
        ),
        (
            json!({"id": {"$in": [null]}}),
            Kind::Invalid,
            "use $null",
            None,
        ),
        (
            json!({"id": {"$null": 1}}),
            Kind::Invalid,
            "true or false",
            None,
        ),
        (
            json!({"bytes": {"$in": ["AA=="]}}),
            Kind::Invalid,
            "does not take",
            None,
        ),
        (
            json!({"document": {"$gt": 1}}),
            Kind::Invalid,
            "no order",
            None,
        ),
    ];
    for (filter, kind, message, help) in cases {
        let error = parse(filter.clone()).unwrap_err();
        assert_eq!(error.kind(), kind, "{filter}");
        assert!(error.to_string().contains(message), "{filter}: {error}");
        if let Some(help) = help {
            assert!(error.help().unwrap().contains(help), "{filter}: {error:?}");
        }
    }
    let both = parse(json!({"id": "1", "amount": "x"})).unwrap_err();
    let pointers: Vec<&str> = both.faults().iter().map(|fault| &*fault.pointer).collect();
    assert_eq!(pointers, ["/filter/id", "/filter/amount"]);
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
    assert_ne!(
        shape(json!({"id": {"$gt": 1}})),
        shape(json!({"id": {"$lt": 1}}))
    );
}

#[test]
fn a_cursor_gives_its_key_back_and_nothing_else_is_one() {
    use crate::query::{cursor_of, key_of_cursor};
    let model = Sample::schema();
    let cursor = cursor_of(&json!(7));
    assert_eq!(key_of_cursor(model, &cursor).unwrap(), Value::Integer(7));
    let of_other_type = cursor_of(&json!("seven"));
    for broken in ["", "%", "AAAA", &of_other_type, &cursor_of(&Json::Null)] {
        let error = key_of_cursor(model, broken).unwrap_err();
        assert_eq!(error.kind(), Kind::Malformed, "{broken}");
    }
}
