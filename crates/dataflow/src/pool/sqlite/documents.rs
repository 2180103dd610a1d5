//! Which documents contain others, as PostgreSQL's `@>` says: SQLite has no word for it.

use dataflow_core::dialect::CONTAINS_DOCUMENT;
use rusqlite::functions::{Context, FunctionFlags};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Result};
use serde_json::{Number, Value};

/// Gives a connection the function that a statement asks for containment.
pub(super) fn install(connection: &Connection) -> Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8
        | FunctionFlags::SQLITE_DETERMINISTIC
        | FunctionFlags::SQLITE_INNOCUOUS;
    connection.create_scalar_function(CONTAINS_DOCUMENT, 2, flags, |arguments| {
        let contains = document(arguments, 0)
            .zip(document(arguments, 1))
            .map(|(whole, part)| is_in(&part, &whole));
        Ok(contains)
    })
}

/// What is no document, a null for one, contains nothing and is in nothing.
fn document(arguments: &Context<'_>, at: usize) -> Option<Value> {
    match arguments.get_raw(at) {
        ValueRef::Text(text) => serde_json::from_slice(text).ok(),
        _ => None,
    }
}

/// An array also contains a value that is one of its items.
fn is_in(part: &Value, whole: &Value) -> bool {
    match (whole, part) {
        (Value::Array(items), scalar) if !scalar.is_array() && !scalar.is_object() => {
            items.iter().any(|item| holds(item, scalar))
        }
        _ => holds(whole, part),
    }
}

fn holds(whole: &Value, part: &Value) -> bool {
    match (whole, part) {
        (Value::Object(whole), Value::Object(part)) => part.iter().all(|(name, part)| {
            let own = whole.get(name);
            own.is_some_and(|own| holds(own, part))
        }),
        (Value::Array(whole), Value::Array(part)) => part
            .iter()
            .all(|part| whole.iter().any(|own| holds(own, part))),
        (Value::Number(whole), Value::Number(part)) => are_equal(whole, part),
        (whole, part) => whole == part,
    }
}

/// `1` is `1.0`.
fn are_equal(left: &Number, right: &Number) -> bool {
    left == right || left.is_f64() != right.is_f64() && left.as_f64() == right.as_f64()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::is_in;

    /// What PostgreSQL 18 answers to `whole @> part`; the suite on both databases asks it.
    #[test]
    fn a_document_is_in_another_down_to_every_value() {
        let whole = json!({
            "a": {"b": [1, {"c": "x", "d": null}, [2, 3]]}, "e": 1.0, "f": ["y"], "g": true,
        });
        let inside = [
            json!({}),
            json!({"e": 1}),
            json!({"g": true, "f": ["y"]}),
            json!({"f": []}),
            json!({"a": {"b": [{"c": "x"}]}}),
            json!({"a": {"b": [[3], 1]}}),
            json!({"a": {"b": [{"d": null}]}}),
        ];
        for part in inside {
            assert!(is_in(&part, &whole), "{part}");
        }
        let outside = [
            json!({"e": 2}),
            json!({"e": "1.0"}),
            json!({"g": 1}),
            json!({"f": "y"}),
            json!({"a": {"b": [{"c": "x", "d": 0}]}}),
            json!({"a": {"b": [3]}}),
            json!({"h": null}),
            json!([]),
            json!("y"),
        ];
        for part in outside {
            assert!(!is_in(&part, &whole), "{part}");
        }
        assert!(is_in(&json!("y"), &json!(["x", "y"])));
        assert!(!is_in(&json!({"a": 1}), &json!([{"a": 1}])));
    }
}
