use dataflow::query::{FilterOf as _, Listing};
use dataflow::{Filter, Model};
use dataflow_core::dialect::{Postgres, dml};
use serde_json::{Value as Json, json};

use crate::setup::Setup;

/// One index for all operators, and one for what documents contain alone.
#[derive(Debug, Clone, PartialEq, Model)]
#[model(
    index(tags, method = "gin"),
    index(note ops "jsonb_path_ops", method = "gin")
)]
struct Indexed {
    #[model(primary_key, client_key)]
    id: i64,
    tags: Json,
    note: Json,
}

/// What reads the table in the plan of a list, with its values in their places.
fn scan(setup: &Setup, filter: &Filter) -> String {
    let model = Indexed::schema();
    let listing = Listing::of_rows(model, &[]);
    let statement = dml::list(model, &Postgres, filter, &listing).unwrap();
    let mut values: Vec<String> = filter
        .clone()
        .into_values(&Postgres)
        .iter()
        .map(literal)
        .collect();
    values.push("101".to_owned());
    let explained = setup.sql(&format!(
        "SET enable_seqscan = off; SET enable_indexscan = off; PREPARE page AS {}; \
         EXPLAIN (FORMAT JSON) EXECUTE page ({})",
        statement.sql(),
        values.join(", ")
    ));
    let plan: Json = serde_json::from_str(&explained.unwrap()).unwrap();
    indexes(&plan[0]["Plan"]).join(" ")
}

fn literal(value: &dataflow::Value) -> String {
    match value.to_json() {
        Json::String(text) => format!("'{text}'"),
        other => format!("'{other}'"),
    }
}

fn indexes(plan: &Json) -> Vec<String> {
    let own = plan["Index Name"].as_str().map(str::to_owned);
    let inner = plan["Plans"].as_array().into_iter().flatten();
    own.into_iter().chain(inner.flat_map(indexes)).collect()
}

#[tokio::test]
async fn documents_are_found_through_their_index() {
    let setup = Setup::postgres();
    let database = setup.builder().model::<Indexed>().open().unwrap();
    let rows = database.repository::<Indexed>().unwrap();
    let row = |id: i64| Indexed {
        id,
        tags: json!({"color": format!("c{id}")}),
        note: json!({"address": {"city": format!("city {id}")}, "size": id}),
    };
    let many: Vec<Indexed> = (0..5_000).map(row).collect();
    rows.bulk_create(&many).await.unwrap();
    setup.sql("ANALYZE indexeds");
    let table = Indexed::schema().table.name.to_string();

    let city = Indexed::NOTE.at("address").at("city").eq("city 7");
    let contained = Indexed::NOTE.contains_document(&json!({"size": 7}));
    let color = Indexed::TAGS.at("color").eq("c7");
    for (condition, column) in [(city, "note"), (contained, "note"), (color, "tags")] {
        let found = rows.list(condition.clone()).await.unwrap().rows;
        assert_eq!(found, [row(7)], "{condition:?}");
        let used = scan(&setup, &condition.clone().into_filter());
        assert!(
            used.contains(&table) && used.contains(column),
            "{condition:?}: {used:?}"
        );
    }
    // A comparison of size reads the rows.
    let larger = Indexed::NOTE.at("size").gt(4_990).into_filter();
    let used = scan(&setup, &larger);
    assert!(!used.contains("note"), "{used:?}");
}
