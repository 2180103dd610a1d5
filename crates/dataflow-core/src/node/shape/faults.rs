//! What an input has that its shape refuses.

use serde_json::Value as Json;

use super::Shape;
use crate::error::pointer::below;
use crate::error::{Fault, FaultCode};
use crate::value::Object;

impl Shape {
    /// Everything that this shape refuses in a value, in the order of the value; nothing when the
    /// value fits.
    ///
    /// A null where a member may be left out counts as left out. What a `format` says is left to
    /// whoever reads the value.
    ///
    /// ```
    /// use dataflow_core::node::Shape;
    /// use serde_json::json;
    ///
    /// let shape = Shape::object().required("email", Shape::string());
    /// let faults = shape.faults(&json!({"emial": "ann@example.org"}));
    ///
    /// assert_eq!(faults[0].pointer, "/emial");
    /// assert_eq!(faults[0].detail, "is not declared; did you mean `email`?");
    /// assert_eq!(faults[1].pointer, "/email");
    /// assert_eq!(faults[1].detail, "is required");
    /// ```
    pub fn faults(&self, value: &Json) -> Vec<Fault> {
        let mut faults = Vec::new();
        check(self.schema(), value, "", &mut faults);
        faults
    }

    /// Everything that this shape refuses in an object; see [`faults`](Self::faults).
    pub fn object_faults(&self, object: &Object) -> Vec<Fault> {
        let mut faults = Vec::new();
        check_members(self.schema(), object, "", &mut faults);
        faults
    }
}

fn check(schema: &Object, value: &Json, pointer: &str, faults: &mut Vec<Fault>) {
    if let Some(wanted) = schema.get("type").and_then(Json::as_str)
        && !has_type(value, wanted)
    {
        faults.push(Fault::new(
            pointer,
            FaultCode::Type,
            format!("must be {}", with_article(wanted)),
        ));
        return;
    }
    if let Some(allowed) = schema.get("enum").and_then(Json::as_array)
        && !allowed.contains(value)
    {
        let names: Vec<String> = allowed.iter().map(Json::to_string).collect();
        let detail = format!("must be one of {}", names.join(", "));
        faults.push(Fault::new(pointer, FaultCode::Format, detail));
    }
    if let (Some(text), Some(most)) = (value.as_str(), schema.get("maxLength"))
        && most
            .as_u64()
            .is_some_and(|most| text.chars().count() as u64 > most)
    {
        let detail = format!("must have at most {most} characters");
        faults.push(Fault::new(pointer, FaultCode::Range, detail));
    }
    if let (Some(text), Some(least)) = (value.as_str(), schema.get("minLength"))
        && least
            .as_u64()
            .is_some_and(|least| (text.chars().count() as u64) < least)
    {
        let detail = format!("must have at least {least} characters");
        faults.push(Fault::new(pointer, FaultCode::Range, detail));
    }
    if let Some(number) = value.as_f64() {
        check_bounds(schema, number, pointer, faults);
    }
    match value {
        Json::Object(object) => check_members(schema, object, pointer, faults),
        Json::Array(items) => {
            if let Some(Json::Object(item_schema)) = schema.get("items") {
                for (index, item) in items.iter().enumerate() {
                    check(item_schema, item, &format!("{pointer}/{index}"), faults);
                }
            }
        }
        _ => {}
    }
}

fn check_members(schema: &Object, object: &Object, pointer: &str, faults: &mut Vec<Fault>) {
    let properties = schema.get("properties").and_then(Json::as_object);
    let required = schema.get("required").and_then(Json::as_array);
    let is_required = |name: &str| required.is_some_and(|names| names.iter().any(|n| n == name));

    for (name, member) in object {
        match properties.and_then(|declared| declared.get(name)) {
            Some(_) if member.is_null() && !is_required(name) => {}
            Some(Json::Object(member_schema)) => {
                let member_pointer = below(pointer, name);
                check(member_schema, member, &member_pointer, faults);
            }
            Some(_) => {}
            None => match schema.get("additionalProperties") {
                Some(Json::Bool(false)) => {
                    let names = properties.into_iter().flat_map(Object::keys);
                    faults.push(Fault::undeclared(pointer, name, names.map(String::as_str)));
                }
                Some(Json::Object(member_schema)) => {
                    let member_pointer = below(pointer, name);
                    check(member_schema, member, &member_pointer, faults);
                }
                _ => {}
            },
        }
    }
    for name in required.into_iter().flatten().filter_map(Json::as_str) {
        if !object.contains_key(name) {
            faults.push(Fault::at(pointer, name, FaultCode::Required, "is required"));
        }
    }
}

fn check_bounds(schema: &Object, number: f64, pointer: &str, faults: &mut Vec<Fault>) {
    let bound = |keyword: &str| schema.get(keyword);
    if let Some(least) = bound("minimum")
        && least.as_f64().is_some_and(|least| number < least)
    {
        faults.push(Fault::new(
            pointer,
            FaultCode::Range,
            format!("must be at least {least}"),
        ));
    }
    if let Some(most) = bound("maximum")
        && most.as_f64().is_some_and(|most| number > most)
    {
        faults.push(Fault::new(
            pointer,
            FaultCode::Range,
            format!("must be at most {most}"),
        ));
    }
}

fn has_type(value: &Json, wanted: &str) -> bool {
    match wanted {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        _ => true,
    }
}

fn with_article(type_name: &str) -> String {
    match type_name.chars().next() {
        Some('a' | 'e' | 'i' | 'o' | 'u') => format!("an {type_name}"),
        _ => format!("a {type_name}"),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check_faults(value: Json, expected: &[(&str, FaultCode)]) {
        let schema = json!({
            "type": "object",
            "properties": {
                "name": {"type": "string", "maxLength": 4},
                "age": {"type": "integer", "minimum": 0, "maximum": 150},
                "role": {"type": "string", "enum": ["admin", "guest"]},
                "tags": {"type": "array", "items": {"type": "string"}},
                "home": {
                    "type": "object",
                    "properties": {"city": {"type": "string"}},
                    "required": ["city"],
                    "additionalProperties": false
                },
                "scores": {"type": "object", "additionalProperties": {"type": "number"}}
            },
            "required": ["name"],
            "additionalProperties": false
        });
        let schema = schema.as_object().unwrap().clone();
        let faults = Shape::from_schema(schema).faults(&value);
        let found: Vec<_> = faults
            .iter()
            .map(|f| (f.pointer.as_str(), f.code))
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn every_fault_is_found_where_it_stands() {
        check_faults(
            json!({"name": "Ann", "age": 1.0e1}),
            &[("/age", FaultCode::Type)],
        );
        check_faults(
            json!({"name": "Ann", "age": 7, "home": {"city": "Rome"}}),
            &[],
        );
        check_faults(json!({"name": "Ännä", "age": null}), &[]);
        check_faults(json!({"name": "Annabel"}), &[("/name", FaultCode::Range)]);
        check_faults(json!({"name": null}), &[("/name", FaultCode::Type)]);
        check_faults(json!([]), &[("", FaultCode::Type)]);
        check_faults(
            json!({"age": 151, "role": "boss", "tags": ["a", 1], "home": {"town": 1}, "x/y": 1,
                   "scores": {"a": 1.5, "b": "c"}}),
            &[
                ("/age", FaultCode::Range),
                ("/role", FaultCode::Format),
                ("/tags/1", FaultCode::Type),
                ("/home/town", FaultCode::Unknown),
                ("/home/city", FaultCode::Required),
                ("/x~1y", FaultCode::Unknown),
                ("/scores/b", FaultCode::Type),
                ("/name", FaultCode::Required),
            ],
        );
    }
}
