use dataflow::error::Kind;
use dataflow::node::{ModelVerb, Source as _};
use dataflow::schema::{Action, Relation};
use dataflow::{DataFlow, Filter, Model, SchemaSet};
use serde_json::json;

use crate::models::Country;
use crate::nodes::call;
use crate::setup::Setup;

on_every_database! {
    rows_are_added_and_read
    no_node_changes_or_deletes_a_row
}

#[derive(Debug, Clone, PartialEq, Model)]
#[model(append_only)]
struct Entry {
    #[model(primary_key)]
    id: i64,
    #[model(unique)]
    number: i64,
    #[model(belongs_to = Country)]
    country_code: Option<String>,
}

fn entry(number: i64) -> Entry {
    Entry {
        id: 0,
        number,
        country_code: None,
    }
}

fn open(setup: &Setup) -> DataFlow {
    let builder = setup.builder().model::<Country>().model::<Entry>();
    builder.open().unwrap()
}

async fn rows_are_added_and_read(setup: Setup) {
    let database = open(&setup);
    let entries = database.repository::<Entry>().unwrap();
    let first = entries.create(&entry(1)).await.unwrap();
    entries.bulk_create(&[entry(2), entry(3)]).await.unwrap();
    entries.bulk_load(&[entry(4)]).await.unwrap();
    assert_eq!(entries.read(&first.id).await.unwrap(), first);
    assert_eq!(entries.count(Filter::all()).await.unwrap(), 4);
}

async fn no_node_changes_or_deletes_a_row(setup: Setup) {
    let database = open(&setup);
    call(&database, "entry_create", json!({"number": 1}))
        .await
        .unwrap();
    let nodes = database.nodes();
    let nodes = nodes.iter().filter_map(|node| {
        let (model, verb) = node.descriptor().model()?;
        (model.name == "Entry").then_some(verb)
    });
    let offered: Vec<ModelVerb> = nodes.collect();
    use ModelVerb::{BulkCreate, Count, Create, List, Read};
    assert_eq!(offered, [Create, Read, List, Count, BulkCreate]);
    for verb in ["update", "delete", "upsert", "bulk_delete", "restore"] {
        let missing = database.node(&format!("entry_{verb}")).err().unwrap();
        assert!(missing.is_not_found(), "{verb}");
    }
}

#[test]
fn what_would_change_rows_that_are_only_added_is_refused_when_it_is_declared() {
    let mut schema = Entry::schema().clone();
    schema.relations.to_mut()[0] = Relation {
        on_delete: Action::Cascade,
        ..Relation::new("country_code", "countries", "code")
    };
    let schema_set = SchemaSet::new().model::<Country>().schema(schema);
    let error = schema_set.validated().unwrap_err();
    assert_eq!(error.kind(), Kind::Configuration);
    assert!(error.to_string().contains("only added"), "{error}");
}
