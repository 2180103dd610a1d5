//! What the benchmarks share: models of eight fields, as many as are wanted.

use std::borrow::Cow;

use dataflow_core::schema::{
    DefaultValue, Field, FieldType, Index, Key, KeyGenerator, ModelSchema, SchemaSet, Stamp, Text,
};

/// `count` models of eight fields, `Model0` upwards, each with a unique and a plain index. But for
/// their names they are what the derive makes: borrowed from statics.
pub fn models(count: usize) -> SchemaSet {
    (0..count)
        .map(model)
        .fold(SchemaSet::new(), SchemaSet::schema)
}

fn model(number: usize) -> ModelSchema {
    ModelSchema {
        name: format!("Model{number}").into(),
        table: format!("model{number}s").into(),
        description: None,
        fields: Cow::Borrowed(&FIELDS),
        key: Key {
            field: Cow::Borrowed("id"),
            generator: KeyGenerator::Serial,
            client_key: false,
        },
        indexes: Cow::Borrowed(&INDEXES),
        relations: Cow::Borrowed(&[]),
    }
}

static FIELDS: [Field; 8] = [
    field("id", FieldType::I64),
    field("email", FieldType::String),
    field("name", FieldType::String),
    nullable("age", FieldType::I32),
    Field {
        name: Cow::Borrowed("active"),
        column: Cow::Borrowed("active"),
        description: None,
        field_type: FieldType::Bool,
        nullable: false,
        default: Some(DefaultValue::Bool(true)),
        stamp: None,
    },
    nullable("score", FieldType::F64),
    stamped("created_at", Stamp::Created),
    stamped("updated_at", Stamp::Updated),
];

static INDEXES: [Index; 2] = [
    Index {
        fields: Cow::Borrowed(&[Text::Borrowed("email")]),
        unique: true,
    },
    Index {
        fields: Cow::Borrowed(&[Text::Borrowed("name")]),
        unique: false,
    },
];

const fn field(name: &'static str, field_type: FieldType) -> Field {
    declared(name, field_type, false, None)
}

const fn nullable(name: &'static str, field_type: FieldType) -> Field {
    declared(name, field_type, true, None)
}

const fn stamped(name: &'static str, stamp: Stamp) -> Field {
    declared(name, FieldType::Timestamp, false, Some(stamp))
}

const fn declared(
    name: &'static str,
    field_type: FieldType,
    nullable: bool,
    stamp: Option<Stamp>,
) -> Field {
    Field {
        name: Cow::Borrowed(name),
        column: Cow::Borrowed(name),
        description: None,
        field_type,
        nullable,
        default: None,
        stamp,
    }
}
