//! What the benchmarks share: models of eight fields, as many as are wanted.

use std::borrow::Cow;

use dataflow_core::schema::{
    DefaultValue, Field, FieldType, Index, Key, KeyGenerator, ModelSchema, SchemaSet, Stamp,
};

/// `count` models of eight fields, `Model0` upwards, each with a unique and a plain index.
pub fn models(count: usize) -> SchemaSet {
    (0..count)
        .map(model)
        .fold(SchemaSet::new(), SchemaSet::schema)
}

fn model(number: usize) -> ModelSchema {
    let fields = vec![
        field("id", FieldType::I64),
        field("email", FieldType::String),
        field("name", FieldType::String),
        Field {
            nullable: true,
            ..field("age", FieldType::I32)
        },
        Field {
            default: Some(DefaultValue::Bool(true)),
            ..field("active", FieldType::Bool)
        },
        Field {
            nullable: true,
            ..field("score", FieldType::F64)
        },
        Field {
            stamp: Some(Stamp::Created),
            ..field("created_at", FieldType::Timestamp)
        },
        Field {
            stamp: Some(Stamp::Updated),
            ..field("updated_at", FieldType::Timestamp)
        },
    ];
    ModelSchema {
        name: format!("Model{number}").into(),
        table: table(number).into(),
        description: None,
        fields: fields.into(),
        key: Key {
            field: "id".into(),
            generator: KeyGenerator::Serial,
            client_key: false,
        },
        indexes: vec![index("email", true), index("name", false)].into(),
        relations: Cow::Borrowed(&[]),
    }
}

/// The table of a model.
pub fn table(number: usize) -> String {
    format!("model{number}s")
}

fn field(name: &'static str, field_type: FieldType) -> Field {
    Field {
        name: name.into(),
        column: name.into(),
        description: None,
        field_type,
        nullable: false,
        default: None,
        stamp: None,
    }
}

fn index(field: &'static str, unique: bool) -> Index {
    Index {
        fields: vec![field.into()].into(),
        unique,
    }
}
