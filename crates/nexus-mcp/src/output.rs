//! What a tool gives, from what its operation gives.
//!
//! A tool's result is an object, and must be what the output schema says:
//!
//! | the operation | gives | the tool gives |
//! |---|---|---|
//! | `delete` of a model | nothing | `{"deleted": true}` |
//! | `list` and `audit` of a model | rows | `{"rows": […], "next": "…"}`, without `next` on the last page |
//! | the bulk verbs that give rows | rows | `{"rows": […]}` |
//! | `bulk_update` of a model, by a filter | a count | `{"count": n}` |
//! | any other | an object | the same object |
//! | any other | anything else | `{"result": …}` |
//!
//! Many clients cannot read a schema of two types, so a member is never "a string or null": one
//! that holds nothing is left out.

use dataflow_core::node::{Answer, ModelVerb, Shape};
use nexus_core::Operation;
use rmcp::model::JsonObject;
use serde_json::{Value as Json, json};

/// The form of a tool's result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Output {
    Deleted,
    Page,
    Rows,
    RowsOrCount,
    Object,
    Result,
}

impl Output {
    /// The form that an operation's answers take.
    pub(crate) fn of(operation: &Operation) -> Self {
        match operation.model() {
            Some((_, ModelVerb::Delete)) => Self::Deleted,
            Some((_, ModelVerb::List | ModelVerb::Audit)) => Self::Page,
            Some((_, ModelVerb::BulkUpdate)) => Self::RowsOrCount,
            Some(_) if has_type(operation, "array") => Self::Rows,
            _ if has_type(operation, "object") => Self::Object,
            _ => Self::Result,
        }
    }

    /// The schema of the results.
    pub(crate) fn schema(self, shape: &Shape) -> JsonObject {
        let result = match self {
            Self::Deleted => Shape::object().required("deleted", Shape::boolean()),
            Self::Page => Shape::object().required("rows", shape.clone()).optional(
                "next",
                Shape::string().described("give it as `after` to read the next page"),
            ),
            Self::Rows => Shape::object().required("rows", shape.clone()),
            Self::RowsOrCount => Shape::object()
                .optional("rows", rows_of(shape))
                .optional("count", Shape::integer()),
            Self::Object => shape.clone(),
            Self::Result => Shape::object().required("result", shape.clone()),
        };
        result.schema().clone()
    }

    /// The result that carries an answer.
    pub(crate) fn wrap(self, answer: Answer, shape: &Shape) -> Json {
        let mut body = answer.body.into_value();
        drop_absent(&mut body, shape.schema());
        match self {
            Self::Deleted => json!({ "deleted": true }),
            Self::Page => match answer.next {
                Some(next) => json!({ "rows": body, "next": next }),
                None => json!({ "rows": body }),
            },
            Self::RowsOrCount if body.is_object() => body,
            Self::Rows | Self::RowsOrCount => json!({ "rows": body }),
            Self::Object => body,
            Self::Result => json!({ "result": body }),
        }
    }
}

/// The array among the results of a shape that has no one type.
fn rows_of(shape: &Shape) -> Shape {
    let mut schema = shape.schema().clone();
    schema.insert("type".to_owned(), "array".into());
    Shape::from_schema(schema)
}

fn has_type(operation: &Operation, name: &str) -> bool {
    operation.descriptor().output().schema().get("type") == Some(&Json::from(name))
}

/// Leaves out the members that hold null although their schema names another type. A member of any
/// type, such as a JSON field, keeps its nulls.
fn drop_absent(value: &mut Json, schema: &JsonObject) {
    match value {
        Json::Object(members) => {
            let Some(Json::Object(properties)) = schema.get("properties") else {
                return;
            };
            let schema_of = |name: &str| properties.get(name).and_then(Json::as_object);
            members.retain(|name, member| {
                let is_typed = schema_of(name).is_some_and(|schema| schema.contains_key("type"));
                !(member.is_null() && is_typed)
            });
            for (name, member) in members {
                if let Some(schema) = schema_of(name) {
                    drop_absent(member, schema);
                }
            }
        }
        Json::Array(items) => {
            if let Some(Json::Object(schema)) = schema.get("items") {
                items.iter_mut().for_each(|item| drop_absent(item, schema));
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_member_that_holds_nothing_is_left_out_unless_it_is_of_any_type() {
        let row = Shape::object()
            .required("id", Shape::integer())
            .optional("name", Shape::string())
            .optional("document", Shape::any());
        let mut rows = json!([{ "id": 1, "name": null, "document": null }]);

        drop_absent(&mut rows, Shape::array(row).schema());

        assert_eq!(rows, json!([{ "id": 1, "document": null }]));
    }
}
