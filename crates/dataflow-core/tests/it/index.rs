use dataflow_core::ModelSchema;
use dataflow_core::SchemaSet;
use dataflow_core::dialect::{Dialect, Postgres, Sqlite};
use dataflow_core::plan::{Hints, plan};
use dataflow_core::schema::{FieldType, Index, IndexMember, Nulls, Relation};
use dataflow_core::snapshot::{DatabaseSnapshot, desired};
use insta::assert_snapshot;

use crate::models::{field, model};

fn rich() -> Index {
    let last = IndexMember {
        descending: true,
        nulls: Some(Nulls::Last),
        ..IndexMember::expression("lower(\"na me\")")
    };
    let pattern = IndexMember {
        operator_class: Some("public.text_pattern_ops".into()),
        ..IndexMember::field("id")
    };
    Index {
        name: Some("by \"name\"".into()),
        members: vec![last, pattern].into(),
        method: Some("gist".into()),
        include: vec!["id".into()].into(),
        predicate: Some("id > 0".into()),
        ..Index::over(["id"]).unique()
    }
}

fn indexed(indexes: Vec<Index>) -> ModelSchema {
    let mut indexed = model("Item");
    indexed
        .fields
        .to_mut()
        .push(field("na me", FieldType::String));
    indexed.indexes = indexes.into();
    indexed
}

/// The SQL of the indexes alone.
fn indexes_of(dialect: &dyn Dialect, indexes: Vec<Index>) -> String {
    let schema_set = SchemaSet::new()
        .schema(indexed(indexes))
        .validated()
        .unwrap();
    let desired = desired(&schema_set, dialect).unwrap();
    let found = DatabaseSnapshot::default();
    let plan = plan(&desired, &found, &Hints::default(), dialect);
    let statements = plan.steps[1..].iter().flat_map(|step| &step.statements);
    let texts: Vec<&str> = statements.map(|statement| &*statement.sql).collect();
    texts.join(";\n")
}

#[test]
fn indexes_in_sql() {
    let partial = Index {
        predicate: Some("id > 0".into()),
        ..Index::over(["na me", "id"])
    };
    let lower = Index {
        members: vec![IndexMember::expression("lower(\"na me\")")].into(),
        ..Index::over(["id"]).unique()
    };
    assert_snapshot!(indexes_of(&Postgres, vec![rich(), partial.clone(), lower.clone()]), @r#"
    CREATE UNIQUE INDEX "by ""name""" ON "items" USING "gist" ((lower("na me")) DESC NULLS LAST, "id" "public"."text_pattern_ops") INCLUDE ("id") WHERE (id > 0);
    CREATE INDEX "items_na me_id_idx" ON "items" ("na me", "id") WHERE (id > 0);
    CREATE UNIQUE INDEX "items_expr_key" ON "items" ((lower("na me")))
    "#);
    assert_snapshot!(indexes_of(&Sqlite, vec![partial, lower]), @r#"
    CREATE INDEX "items_na me_id_idx" ON "items" ("na me", "id") WHERE (id > 0);
    CREATE UNIQUE INDEX "items_expr_key" ON "items" ((lower("na me")))
    "#);
}

/// Definitions stand in registries; what was added to them since must not be missed there.
#[test]
fn a_definition_without_newer_members_is_read() {
    let stored = r#"{"name":"Item","table":"items","description":null,"fields":[
        {"name":"id","column":"id","description":null,"field_type":"i64","nullable":false,
         "default":null,"stamp":null}],
        "key":{"field":"id","generator":"serial","client_key":false},
        "indexes":[],"relations":[{"field":"id","table":"items","column":"id"}]}"#;
    let mut expected = model("Item");
    expected.relations = vec![Relation::new("id", "items", "id")].into();
    let read: ModelSchema = serde_json::from_str(stored).unwrap();
    assert_eq!(read, expected);
    let written = serde_json::to_value(&read).unwrap();
    assert_eq!(
        written,
        serde_json::from_str::<serde_json::Value>(stored).unwrap()
    );
}

#[test]
fn a_stored_definition_of_a_plain_index_stays_readable_and_the_same() {
    let stored = r#"{"fields":["a","b"],"unique":true}"#;
    let index: Index = serde_json::from_str(stored).unwrap();
    assert_eq!(index, Index::over(["a", "b"]).unique());
    assert_eq!(serde_json::to_string(&index).unwrap(), stored);
}

#[test]
fn an_index_reads_back_from_its_definition() {
    let written = serde_json::to_string(&rich()).unwrap();
    assert_eq!(serde_json::from_str::<Index>(&written).unwrap(), rich());
}
