//! Two versions of the same models.

use dataflow_core::Endpoint;

use dataflow_core::SchemaSet;
use dataflow_core::error::Result;
use dataflow_core::schema::{
    DefaultValue, Deferrable, EnumType, Field, FieldType, Index, Key, KeyGenerator, ModelSchema,
    Relation, RenamedField,
};

/// The second version changes what there is to change: a column that gets required, one that no
/// longer is and has another name, new ones, of which one is required and computed for each row, an
/// index, a table that points at the first, and the first at one that is there already. A table gets
/// another name, a label of an enum that is a default at once, and another index in the place of one
/// that goes, where the database has such a thing one that is looked at late; and a table goes.
pub(crate) fn version(version: u32, endpoint: &Endpoint) -> Result<SchemaSet> {
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
        let draft = ModelSchema::new("Draft", vec![id()], key());
        return SchemaSet::new()
            .schema(team)
            .schema(ModelSchema::new("User", fields, key()))
            .schema(label())
            .schema(draft)
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
        .schema(tag(endpoint))
        .drop_table("drafts")
        .validated()
}

/// What is called a tag later.
fn label() -> ModelSchema {
    ModelSchema {
        indexes: vec![Index::over(["name"])].into(),
        ..labelled("Label", &["calm"], None)
    }
}

fn tag(endpoint: &Endpoint) -> ModelSchema {
    let late = match endpoint {
        Endpoint::Postgres(_) => Some(Deferrable::InitiallyDeferred),
        Endpoint::Sqlite(_) => None,
    };
    let mut tag = ModelSchema {
        indexes: vec![Index {
            deferrable: late,
            ..Index::over(["name"]).unique()
        }]
        .into(),
        ..labelled("Tag", &["calm", "glad"], Some("glad"))
    };
    tag.evolution.renamed_from = Some("labels".into());
    tag.evolution.dropped_indexes = vec!["labels_name_idx".into()].into();
    tag
}

fn labelled(name: &'static str, moods: &[&'static str], mood: Option<&'static str>) -> ModelSchema {
    let moods: Vec<_> = moods.iter().map(|mood| (*mood).into()).collect();
    let fields = vec![
        Field::new("id", FieldType::I64),
        Field::new("name", FieldType::String),
        Field {
            nullable: true,
            default: mood.map(|mood| DefaultValue::Text(mood.into())),
            ..Field::new(
                "mood",
                FieldType::Enum(EnumType {
                    name: "Mood".into(),
                    variants: moods.into(),
                    type_name: Some("mood".into()),
                }),
            )
        },
    ];
    ModelSchema::new(name, fields, Key::new("id", KeyGenerator::Serial))
}
