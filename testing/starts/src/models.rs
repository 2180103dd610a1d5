//! Two versions of the same models.

use dataflow_core::SchemaSet;
use dataflow_core::error::Result;
use dataflow_core::schema::{
    DefaultValue, Field, FieldType, Index, Key, KeyGenerator, ModelSchema, Relation, RenamedField,
};

/// The second version changes what there is to change: a column that gets required, one that no
/// longer is and has another name, new ones, of which one is required and computed for each row, an
/// index, a table that points at the first, and the first at one that is there already.
pub(crate) fn version(version: u32) -> Result<SchemaSet> {
    let key = || Key::new("id", KeyGenerator::Serial);
    let id = || Field::new("id", FieldType::I64);
    let is_new = version > 1;
    let team = ModelSchema::new("Team", vec![id()], key());
    let mut fields = vec![
        id(),
        Field {
            nullable: is_new,
            ..Field::new(if is_new { "title" } else { "name" }, FieldType::String)
        },
        Field {
            nullable: !is_new,
            default: is_new.then_some(DefaultValue::Integer(7)),
            ..Field::new("level", FieldType::I32)
        },
        Field {
            nullable: true,
            ..Field::new("team", FieldType::I64)
        },
    ];
    if !is_new {
        return SchemaSet::new()
            .schema(team)
            .schema(ModelSchema::new("User", fields, key()))
            .validated();
    }
    fields.push(Field {
        nullable: true,
        ..Field::new("note", FieldType::String)
    });
    fields.push(Field {
        default: Some(DefaultValue::Sql("lower('T')".into())),
        ..Field::new("token", FieldType::String)
    });
    let mut user = ModelSchema {
        indexes: vec![Index::over(["title"])].into(),
        relations: vec![Relation::new("team", "teams", "id")].into(),
        ..ModelSchema::new("User", fields, key())
    };
    user.evolution.renamed_fields = vec![RenamedField {
        field: "title".into(),
        from: "name".into(),
    }]
    .into();
    let post = ModelSchema {
        relations: vec![Relation::new("user", "users", "id")].into(),
        ..ModelSchema::new(
            "Post",
            vec![id(), Field::new("user", FieldType::I64)],
            key(),
        )
    };
    SchemaSet::new()
        .schema(team)
        .schema(user)
        .schema(post)
        .validated()
}
