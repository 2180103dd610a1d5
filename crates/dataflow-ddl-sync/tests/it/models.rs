//! Models known at run time, so that a test can change one between two starts.

use dataflow_core::schema::{DefaultValue, Field, FieldType, Index, Key, KeyGenerator, Relation};
use dataflow_core::{ModelSchema, SchemaSet};

/// A model with a counted key `id` and no other field.
pub(crate) fn model(name: &str) -> ModelSchema {
    let fields = vec![field("id", FieldType::I64)];
    ModelSchema::new(
        name.to_owned(),
        fields,
        Key::new("id", KeyGenerator::Serial),
    )
}

/// `User`, with a required `name` and a unique `email`.
pub(crate) fn user() -> ModelSchema {
    model("User")
        .with(field("name", FieldType::String))
        .with(field("email", FieldType::String))
        .with_index(&["email"], true)
}

/// A required field.
pub(crate) fn field(name: &str, field_type: FieldType) -> Field {
    Field::new(name.to_owned(), field_type)
}

/// A field that may hold no value.
pub(crate) fn optional(name: &str, field_type: FieldType) -> Field {
    Field {
        nullable: true,
        ..field(name, field_type)
    }
}

/// A field with a default.
pub(crate) fn defaulted(name: &str, field_type: FieldType, default: DefaultValue) -> Field {
    Field {
        default: Some(default),
        ..field(name, field_type)
    }
}

/// What a test adds to a model.
pub(crate) trait With {
    fn with(self, field: Field) -> Self;
    fn with_index(self, fields: &[&str], unique: bool) -> Self;
    fn with_relation(self, field: &str, table: &str) -> Self;
}

impl With for ModelSchema {
    fn with(mut self, field: Field) -> Self {
        self.fields.to_mut().push(field);
        self
    }

    fn with_index(mut self, fields: &[&str], unique: bool) -> Self {
        let index = Index {
            unique,
            ..Index::over(fields.iter().map(|name| (*name).to_owned()))
        };
        self.indexes.to_mut().push(index);
        self
    }

    fn with_relation(mut self, field: &str, table: &str) -> Self {
        let relation = Relation::new(field.to_owned(), table.to_owned(), "id");
        self.relations.to_mut().push(relation);
        self
    }
}

/// A validated set.
pub(crate) fn set(models: impl IntoIterator<Item = ModelSchema>) -> SchemaSet {
    models
        .into_iter()
        .fold(SchemaSet::new(), SchemaSet::schema)
        .validated()
        .unwrap()
}
