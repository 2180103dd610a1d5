//! What the benchmarks share: models of eight fields, as many as are wanted, a table of people, and
//! races.

pub mod people;
pub mod race;

use std::borrow::Cow;
use std::sync::LazyLock;

use dataflow_core::schema::{
    DefaultValue, Field, FieldType, Index, Key, KeyGenerator, ModelSchema, SchemaSet, Stamp,
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
        table: format!("model{number}s").into(),
        indexes: Cow::Borrowed(&*INDEXES),
        ..ModelSchema::new(
            format!("Model{number}"),
            &FIELDS[..],
            Key::new("id", KeyGenerator::Serial),
        )
    }
}

static FIELDS: LazyLock<[Field; 8]> = LazyLock::new(|| {
    [
        Field::new("id", FieldType::I64),
        Field::new("email", FieldType::String),
        Field::new("name", FieldType::String),
        nullable("age", FieldType::I32),
        Field {
            default: Some(DefaultValue::Bool(true)),
            ..Field::new("active", FieldType::Bool)
        },
        nullable("score", FieldType::F64),
        stamped("created_at", Stamp::Created),
        stamped("updated_at", Stamp::Updated),
    ]
});

static INDEXES: LazyLock<[Index; 2]> =
    LazyLock::new(|| [Index::over(["email"]).unique(), Index::over(["name"])]);

fn nullable(name: &'static str, field_type: FieldType) -> Field {
    Field {
        nullable: true,
        ..Field::new(name, field_type)
    }
}

fn stamped(name: &'static str, stamp: Stamp) -> Field {
    Field {
        stamp: Some(stamp),
        ..Field::new(name, FieldType::Timestamp)
    }
}
