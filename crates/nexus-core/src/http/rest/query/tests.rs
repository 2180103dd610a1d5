mod list;
mod refused;
mod relations;

use dataflow_core::schema::{Arity, Field, FieldType, Inverse, Key, KeyGenerator, Relation};
use dataflow_core::{ModelSchema, SchemaSet};
use serde_json::{Value as Json, json};

fn model_schema() -> ModelSchema {
    let fields = vec![
        Field::new("id", FieldType::I64),
        Field::new("email", FieldType::String),
        Field::new("active", FieldType::Bool),
        Field::new("note", FieldType::Json),
    ];
    ModelSchema::new("User", fields, Key::new("id", KeyGenerator::Serial))
}

/// `Post`, which belongs to a `User` and has comments, which are posts again.
fn posts() -> (SchemaSet, ModelSchema) {
    let fields = vec![
        Field::new("id", FieldType::I64),
        Field::new("title", FieldType::String),
        Field::new("author_id", FieldType::I64),
        Field::new("post_id", FieldType::I64),
    ];
    let mut post = ModelSchema::new("Post", fields, Key::new("id", KeyGenerator::Serial));
    post.relations = vec![
        Relation::new("author_id", "users", "id"),
        Relation::new("post_id", "posts", "id"),
    ]
    .into();
    let comments = Inverse::new("comments", "posts", Arity::Many, "post_id");
    post.inverses = vec![comments].into();
    let models = SchemaSet::new().schema(post.clone()).schema(model_schema());
    (models, post)
}

fn filter(filter: Json) -> Json {
    json!({"limit": 20, "filter": filter})
}
