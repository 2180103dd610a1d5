use dataflow_core::schema::{
    Field, FieldType, Index, Key, KeyGenerator, ModelSchema, Relation, Stamp,
};

/// A model with a serial key and no other field.
pub(crate) fn model(name: &'static str) -> ModelSchema {
    let fields = vec![field("id", FieldType::I64)];
    ModelSchema::new(name, fields, Key::new("id", KeyGenerator::Serial))
}

pub(crate) fn field(name: &'static str, field_type: FieldType) -> Field {
    Field::new(name, field_type)
}

pub(crate) fn user() -> ModelSchema {
    let mut user = model("User");
    user.key.generator = KeyGenerator::None;
    user.fields = vec![
        field("id", FieldType::String),
        field("email", FieldType::String),
        Field {
            nullable: true,
            ..field("age", FieldType::I32)
        },
        Field {
            stamp: Some(Stamp::Created),
            ..field("created_at", FieldType::Timestamp)
        },
    ]
    .into();
    user.indexes = vec![Index::over(["email"]).unique()].into();
    user
}

pub(crate) fn post() -> ModelSchema {
    let mut post = model("Post");
    post.fields = vec![
        field("id", FieldType::I64),
        field("author_id", FieldType::String),
        field("price", FieldType::Decimal),
    ]
    .into();
    post.relations = vec![belongs_to("author_id", "users")].into();
    post
}

pub(crate) fn belongs_to(field: &'static str, table: &'static str) -> Relation {
    Relation::new(field, table, "id")
}
