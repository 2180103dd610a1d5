use dataflow_core::SchemaSet;
use dataflow_core::ddl::Fingerprint;
use dataflow_core::dialect::{Postgres, Sqlite};
use dataflow_core::schema::{
    Arity, Check, FieldType, Generated, Inverse, Kept, Limit, Relation, Stamp,
};

use crate::models::{field, post, user};

#[test]
fn the_order_of_registration_does_not_matter() {
    let forth = SchemaSet::new().schema(user()).schema(post());
    let back = SchemaSet::new().schema(post()).schema(user());
    assert_eq!(
        Fingerprint::of_set(&forth, &Postgres),
        Fingerprint::of_set(&back, &Postgres)
    );
}

#[test]
fn documentation_does_not_matter() {
    let mut documented = user();
    documented.description = Some("Somebody.".into());
    documented.fields.to_mut()[0].description = Some("Who.".into());
    assert_eq!(
        Fingerprint::of_model(&documented),
        Fingerprint::of_model(&user())
    );
}

#[test]
fn every_declaration_matters() {
    let changes: [fn(&mut dataflow_core::ModelSchema); 17] = [
        |model| model.table = "people".into(),
        |model| model.fields.to_mut().push(field("more", FieldType::Bool)),
        |model| model.fields.to_mut()[1].nullable = true,
        |model| model.fields.to_mut()[1].column = "mail".into(),
        |model| model.fields.to_mut()[1].limit = Some(Limit::Length(9)),
        |model| model.fields.to_mut()[1].collation = Some("C".into()),
        |model| model.append_only = true,
        |model| model.fields.to_mut()[1].tenant = true,
        |model| model.fields.to_mut()[1].stamp = Some(Stamp::Deleted),
        |model| model.comment = Some("said".into()),
        |model| model.fields.to_mut()[1].comment = Some("said".into()),
        |model| model.key.client_key = true,
        |model| model.indexes = vec![].into(),
        |model| model.checks = vec![Check::new("a", "age > 0")].into(),
        |model| model.relations = vec![Relation::new("age", "users", "id")].into(),
        |model| {
            let posts = Inverse::new("posts", "posts", Arity::Many, "author_id");
            model.inverses = vec![posts].into();
        },
        |model| {
            model.fields.to_mut()[2].generated = Some(Generated {
                expression: "1".into(),
                kept: Kept::Stored,
            });
        },
    ];
    for (position, change) in changes.into_iter().enumerate() {
        let mut changed = user();
        change(&mut changed);
        assert_ne!(
            Fingerprint::of_model(&changed),
            Fingerprint::of_model(&user()),
            "change {position}"
        );
    }
}

#[test]
fn the_database_matters() {
    let schema_set = SchemaSet::new().schema(user());
    assert_ne!(
        Fingerprint::of_set(&schema_set, &Postgres),
        Fingerprint::of_set(&schema_set, &Sqlite)
    );
}

#[test]
fn its_text_reads_back() {
    let fingerprint = Fingerprint::of_model(&user());
    assert_eq!(fingerprint.to_string().parse(), Ok(fingerprint));
    assert!("xyz".parse::<Fingerprint>().is_err());
}
