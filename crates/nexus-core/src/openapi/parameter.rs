//! Parameters of paths and queries.

use std::collections::HashSet;

use dataflow_core::ModelSchema;
use dataflow_core::node::Shape;
use dataflow_core::schema::{Field, FieldType};
use serde_json::{Value as Json, json};

use crate::http::{DEFAULT_LIMIT, MOST_PASSED_OVER, MOST_ROWS, key_parameters};

/// The fields of the key of a row.
pub(super) fn key(model_schema: &ModelSchema) -> Vec<Json> {
    let fields = key_parameters(model_schema).zip(model_schema.key_fields());
    let parameter = |(name, field)| {
        json!({
            "name": name,
            "in": "path",
            "required": true,
            "schema": Json::from(Shape::of_field(field)),
        })
    };
    fields.map(parameter).collect()
}

/// Which changes are followed, and from where on.
pub(super) fn of_changes() -> Json {
    let parameter = |name: &str, place: &str, description: &str| {
        let schema = json!({"type": "string"});
        json!({"name": name, "in": place, "description": description, "schema": schema})
    };
    json!([
        parameter(
            "model",
            "query",
            "The models whose rows are followed, such as user,blog_post; all of them unless given."
        ),
        parameter(
            "after",
            "query",
            "The id of the event to go on after; from now on unless given."
        ),
        parameter(
            "Last-Event-ID",
            "header",
            "The same, as a browser says it when it comes back."
        ),
    ])
}

/// The page, the order, the fields and the filters of a list.
pub(super) fn of_list(model_schema: &ModelSchema) -> Json {
    let offset = json!({
        "name": "offset",
        "in": "query",
        "description": "How many rows are passed over; prefer after.",
        "schema": {"type": "integer", "minimum": 0, "maximum": MOST_PASSED_OVER},
    });
    let texts = [
        (
            "order",
            "Fields to sort by, such as age.desc.nullslast,name or author.name; groups also by what they come to, count.desc or age_max. A place inside a document is note->age, for the numbers there, or note->>city, for the texts.",
        ),
        (
            "select",
            "The fields of a row, such as id,name; all of them unless given. note->city is what a document has there, note->>city a text, called by its last member. Beside them, rows that relations lead to, author(name), some of them posts(id,draft=is.false,order=id.desc,limit=3), or what the rows that are alike in them come to, city,count(),age.max().",
        ),
        (
            "having",
            "Conditions that all hold for a group, on what it comes to: (count.gte.2,age_max.lt.30).",
        ),
    ];
    let texts = texts.map(|(name, description)| text(name, description));
    let count = prefer(
        "count=exact counts all rows beside those of the page: Content-Range ends in their number.",
    );
    let words = [limit(), offset, after()].into_iter().chain(texts);
    let names = words.chain(conditions(model_schema)).chain([count]);
    let names: Vec<Json> = names.collect();
    only_first_of_each_name(names)
}

/// The rows that a write is about which are not in its body.
pub(super) fn of_rows(model_schema: &ModelSchema) -> Json {
    let all = json!({
        "name": "all",
        "in": "query",
        "description": "Says that every row is meant, in the place of conditions.",
        "schema": {"type": "string", "enum": ["true"]},
    });
    let parameters = conditions(model_schema).into_iter().chain([all]);
    only_first_of_each_name(parameters.collect())
}

/// What a new row is to do where another one has its key or a unique value.
pub(super) fn of_creation() -> Json {
    json!([
        text(
            "on_conflict",
            "The fields that an existing row is found by, such as email: the key unless given, or those of a unique index. It goes with Prefer: resolution=merge-duplicates.",
        ),
        prefer(
            "resolution=merge-duplicates gives a row that exists the values of the new one; the answer is 201 where the row is new and 200 where it is not."
        ),
    ])
}

/// Adds to an operation how long its client waits, beside what else may be preferred.
pub(super) fn add_wait(operation: &mut Json) {
    const WAIT: &str = "wait=5 ends the call after so many seconds with 504, and what the database was doing for it has no effect.";
    if operation["parameters"].is_null() {
        operation["parameters"] = json!([]);
    }
    let Some(parameters) = operation["parameters"].as_array_mut() else {
        return;
    };
    let mut preferences = parameters.iter_mut();
    match preferences.find(|parameter| parameter["name"] == "Prefer") {
        Some(known) => {
            let description = known["description"].as_str().unwrap_or_default();
            known["description"] = format!("{description} {WAIT}").into();
        }
        None => parameters.push(prefer(WAIT)),
    }
}

fn prefer(description: &str) -> Json {
    json!({
        "name": "Prefer",
        "in": "header",
        "description": description,
        "schema": {"type": "string"},
    })
}

/// Conditions on rows.
fn conditions(model_schema: &ModelSchema) -> Vec<Json> {
    let groups = [
        ("and", "Conditions that all hold: (field.operator.value,…)."),
        (
            "or",
            "Conditions of which one holds: (field.operator.value,…).",
        ),
        ("not.and", "Conditions that do not all hold."),
        ("not.or", "Conditions of which none holds."),
    ];
    let groups = groups.map(|(name, description)| text(name, description));
    let filters = model_schema.shown().map(|field| {
        json!({
            "name": field.name,
            "in": "query",
            "description": about(field),
            "schema": {"type": "string", "pattern": condition_pattern(&field.field_type)},
        })
    });
    let relations = model_schema.relation_names().map(|name| {
        json!({
            "name": name,
            "in": "query",
            "description": format!(
                "A condition on the rows that {name} leads to: some.(field.operator.value,…), every or none. Where that is one row, {name}.field is a condition as well."
            ),
            "schema": {"type": "string", "pattern": "^(some|every|none)\\.\\(.*\\)$"},
        })
    });
    groups.into_iter().chain(filters).chain(relations).collect()
}

/// The row whose trail is read, and which page of it.
pub(super) fn of_audit(model_schema: &ModelSchema) -> Vec<Json> {
    let mut parameters = key(model_schema);
    parameters.extend([limit(), after()]);
    parameters
}

fn limit() -> Json {
    json!({
        "name": "limit",
        "in": "query",
        "description": "The most rows of the page.",
        "schema": {"type": "integer", "minimum": 1, "maximum": MOST_ROWS, "default": DEFAULT_LIMIT},
    })
}

fn after() -> Json {
    text(
        "after",
        "Where the page begins: what the Link header of the page before says.",
    )
}

fn text(name: &str, description: &str) -> Json {
    json!({
        "name": name,
        "in": "query",
        "description": description,
        "schema": {"type": "string"},
    })
}

/// What is given of the one row that is read; nothing can be chosen of a row that leads to no other.
pub(super) fn of_read(model_schema: &ModelSchema) -> Vec<Json> {
    let mut parameters = key(model_schema);
    if model_schema.relation_names().next().is_some() {
        parameters.push(json!({
            "name": "select",
            "in": "query",
            "description": "The fields of the row and rows that its relations lead to, such as id,author(name),posts(id,order=id.desc,limit=3); all of its fields unless given.",
            "schema": {"type": "string"},
        }));
    }
    parameters.push(json!({
        "name": "If-None-Match",
        "in": "header",
        "description": "The ETag of the row as it was read: where it is still the same, the answer is 304 and has no body.",
        "schema": {"type": "string"},
    }));
    parameters
}

/// Which row is changed, and of which version it must be where the model has versions.
pub(super) fn of_change(model_schema: &ModelSchema) -> Vec<Json> {
    let if_match = model_schema.version().map(|_| {
        json!({
            "name": "If-Match",
            "in": "header",
            "description": "The ETag of the row as it was read: where it has changed since, the answer is 412 and nothing changes.",
            "schema": {"type": "string"},
        })
    });
    key(model_schema).into_iter().chain(if_match).collect()
}

/// A word of the query stands before a field of the same name.
fn only_first_of_each_name(parameters: Vec<Json>) -> Json {
    let mut seen = HashSet::new();
    let is_first = |parameter: &Json| seen.insert(parameter["name"].to_string());
    parameters.into_iter().filter(is_first).collect()
}

/// What is said of a field's parameter.
fn about(field: &Field) -> String {
    let name = &field.name;
    match field.field_type {
        FieldType::Json => format!(
            "A condition on {name}: operator.value, such as contains.{{\"member\":1}}. A place inside it is a parameter of its own: {name}->member->member=operator.value, or ->> before the last to compare it as text."
        ),
        _ => format!(
            "A condition on {name}: operator.value, or operator(field).name for another field of the row"
        ),
    }
}

/// What a condition on a field looks like.
fn condition_pattern(field_type: &FieldType) -> &'static str {
    match field_type {
        FieldType::Bool => "^(not\\.)?((eq|neq)\\.(true|false)|is\\.(true|false|null|not_null))$",
        FieldType::I16 | FieldType::I32 | FieldType::I64 => {
            "^(not\\.)?((eq|neq|gt|gte|lt|lte)\\.-?[0-9]+|(in|between)\\.\\(.*\\)|is\\.(null|not_null))$"
        }
        FieldType::Array(_) => {
            "^(not\\.)?((eq|neq)\\.\\[.*\\]|(eq|neq)\\(field\\)\\.|(contains|contained|overlaps)\\.\\(.*\\)|is\\.(null|not_null|empty|not_empty))$"
        }
        FieldType::Json => "^(not\\.)?(contains\\.|is\\.(null|not_null)$)",
        FieldType::String | FieldType::Enum(_) => {
            "^(not\\.)?((eq|neq|gt|gte|lt|lte)(\\(field\\))?\\.|(like|ilike|contains|starts_with|ends_with)\\.|(in|between)\\.\\(.*\\)$|is\\.(null|not_null)$)"
        }
        _ => "^(not\\.)?((eq|neq|gt|gte|lt|lte)\\.|(in|between)\\.\\(.*\\)$|is\\.(null|not_null)$)",
    }
}

#[cfg(test)]
mod tests {
    use dataflow_core::schema::{ItemType, Key, KeyGenerator};

    use super::*;
    use crate::http::operators;

    #[test]
    fn the_parameters_of_fields_name_every_operator() {
        let fields = vec![
            Field::new("id", FieldType::I64),
            Field::new("name", FieldType::String),
            Field::new("tags", FieldType::Array(ItemType::String)),
            Field::new("note", FieldType::Json),
        ];
        let model = ModelSchema::new("User", fields, Key::new("id", KeyGenerator::Serial));
        let parameters = of_list(&model).to_string();
        let words: Vec<&str> = parameters.split(|other: char| !is_of_word(other)).collect();
        for operator in operators() {
            assert!(words.contains(&operator), "{operator}: {parameters}");
        }
        assert!(parameters.contains("note->member->member"), "{parameters}");
    }

    fn is_of_word(character: char) -> bool {
        character.is_alphanumeric() || character == '_'
    }
}
