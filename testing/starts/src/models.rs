//! Two versions of the same models.

use dataflow_core::SchemaSet;
use dataflow_core::error::Result;
use dataflow_core::schema::{
    DefaultValue, Field, FieldType, Index, Key, KeyGenerator, ModelSchema, Relation,
};

/// The second version changes what there is to change: a column that gets required, one that no
/// longer is, a new one, an index and a table that points at the first.
pub(crate) fn version(version: u32) -> Result<SchemaSet> {
    let key = || Key::new("id", KeyGenerator::Serial);
    let id = || Field::new("id", FieldType::I64);
    let is_new = version > 1;
    let mut fields = vec![
        id(),
        Field {
            nullable: is_new,
            ..Field::new("name", FieldType::String)
        },
        Field {
            nullable: !is_new,
            default: is_new.then_some(DefaultValue::Integer(7)),
            ..Field::new("level", FieldType::I32)
        },
    ];
    if !is_new {
        return SchemaSet::new()
            .schema(ModelSchema::new("User", fields, key()))
            .validated();
    }
    fields.push(Field {
        nullable: true,
        ..Field::new("note", FieldType::String)
    });
    let user = ModelSchema {
        indexes: vec![Index::over(["name"])].into(),
        ..ModelSchema::new("User", fields, key())
    };
    let post = ModelSchema {
        relations: vec![Relation::new("user", "users", "id")].into(),
        ..ModelSchema::new(
            "Post",
            vec![id(), Field::new("user", FieldType::I64)],
            key(),
        )
    };
    SchemaSet::new().schema(user).schema(post).validated()
}
