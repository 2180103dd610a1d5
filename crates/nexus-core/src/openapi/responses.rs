//! Responses of operations.

use serde_json::{Value as Json, json};

/// One answer with a JSON body, and problems for the rest.
pub(super) fn json_body(status: &str, description: &str, schema: Json) -> Json {
    with_problems(
        status,
        json!({
            "description": description,
            "content": {"application/json": {"schema": schema}},
        }),
    )
}

/// One answer with a text of another type.
pub(super) fn body_of(status: &str, description: &str, media_type: &str) -> Json {
    with_problems(
        status,
        json!({
            "description": description,
            "content": {media_type: {"schema": {"type": "string"}}},
        }),
    )
}

/// One answer without a body.
pub(super) fn no_body(status: &str, description: &str) -> Json {
    with_problems(status, json!({"description": description}))
}

fn with_problems(status: &str, response: Json) -> Json {
    json!({
        status: response,
        "default": {"$ref": "#/components/responses/Problem"},
    })
}
