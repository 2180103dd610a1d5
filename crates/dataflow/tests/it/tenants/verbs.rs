//! Every verb at every way in, on a row of one's own, on one of somebody else, and without a tenant.

use dataflow::error::Code;
use dataflow::{DataFlow, Filter, Repository, Result};
use serde_json::{Value as Json, json};

use super::{File, call, file, names_no_tenant, two};
use crate::setup::Setup;

on_every_database! {
    every_node_reaches_own_rows_alone
    every_typed_verb_reaches_own_rows_alone
}

/// What becomes of a verb on a row of somebody else.
#[derive(Debug, Clone, Copy)]
enum Foreign {
    Missing,
    Taken,
    Gives(&'static str),
}

use Foreign::{Gives, Missing, Taken};

/// Each node with an input about the row of an id, and what it gives about a foreign one.
fn nodes(id: i64) -> Vec<(&'static str, Json, Foreign)> {
    let row = || json!({"id": id, "name": "new", "size": 2});
    let mut other = row();
    other["on_conflict"] = json!({"size": 3});
    let one = || json!({"id": id});
    let filter = || json!({"filter": {"id": id}});
    vec![
        ("file_read", one(), Missing),
        (
            "file_read",
            json!({"id": id, "include": {"folder": {}}}),
            Missing,
        ),
        ("file_list", filter(), Gives("[]")),
        (
            "file_list",
            json!({"filter": {"id": id}, "aggregate": ["count"]}),
            Gives(r#"[{"count":0}]"#),
        ),
        ("file_count", filter(), Gives(r#"{"count":0}"#)),
        ("file_update", json!({"id": id, "size": 2}), Missing),
        ("file_update", one(), Missing),
        (
            "file_bulk_update",
            json!({"rows": [{"id": id, "size": 2}]}),
            Missing,
        ),
        ("file_bulk_update", json!({"rows": [{"id": id}]}), Missing),
        (
            "file_bulk_update",
            json!({"rows": [{"id": id, "size": 2}, {"id": id, "size": 3}]}),
            Missing,
        ),
        ("file_upsert", row(), Taken),
        ("file_upsert", other, Taken),
        ("file_bulk_upsert", json!({"rows": [row()]}), Taken),
        ("file_delete", one(), Missing),
        ("file_restore", one(), Missing),
        (
            "file_bulk_delete",
            json!({"ids": [id]}),
            Gives(r#"{"count":0}"#),
        ),
        ("file_restore", one(), Missing),
    ]
}

/// Their row, whatever was tried.
async fn stored(database: &DataFlow) -> File {
    let all = database.without_tenant_isolation();
    let files = all.repository::<File>().unwrap();
    let stored = files.query().filter(File::ID.eq(2)).with_deleted();
    stored.first().await.unwrap().unwrap()
}

fn check<T: std::fmt::Debug + PartialEq>(verb: &str, outcome: Result<T>, expected: Option<Code>) {
    match expected {
        Some(code) => assert_eq!(outcome.unwrap_err().code(), code, "{verb}"),
        None => assert!(outcome.is_ok(), "{verb}: {outcome:?}"),
    }
}

async fn every_node_reaches_own_rows_alone(setup: Setup) {
    let (database, ..) = two(&setup).await;
    let before = stored(&database).await;
    for (node, input, _) in nodes(1) {
        names_no_tenant(call(&database, None, node, input).await);
    }
    names_no_tenant(
        call(
            &database,
            None,
            "file_create",
            json!({"id": 9, "name": "n", "size": 1}),
        )
        .await,
    );
    let rows = json!({"rows": [{"id": 9, "name": "n", "size": 1}]});
    names_no_tenant(call(&database, None, "file_bulk_create", rows).await);
    for (node, input, foreign) in nodes(2) {
        let outcome = call(&database, Some("ours"), node, input).await;
        match foreign {
            Missing => check(node, outcome, Some(Code::NotFound)),
            Taken => check(node, outcome, Some(Code::Unique)),
            Gives(expected) => assert_eq!(outcome.unwrap().to_string(), expected, "{node}"),
        }
        assert_eq!(stored(&database).await, before, "{node}");
    }
    for (node, input, _) in nodes(1) {
        check(node, call(&database, Some("ours"), node, input).await, None);
    }
    assert_eq!(stored(&database).await, before);
}

/// Every verb on the row of an id; the answers differ, so that only their errors are kept.
async fn typed(files: &Repository<File>, id: i64) -> Vec<(&'static str, Result<u64>)> {
    let row = File {
        size: 4,
        ..file(id, "new")
    };
    let rows = [row.clone()];
    vec![
        ("read", files.read(&id).await.map(|_| 1)),
        ("update", files.update(&row).await.map(|_| 1)),
        ("bulk_update", files.bulk_update(&rows).await.map(|_| 1)),
        ("upsert", files.upsert(&row, File::ID).await.map(|_| 1)),
        (
            "create_or_update",
            files
                .create_or_update(&row, &row, File::ID)
                .await
                .map(|_| 1),
        ),
        (
            "bulk_upsert",
            files.bulk_upsert(&rows, File::ID).await.map(|_| 1),
        ),
        (
            "list",
            files
                .list(File::ID.eq(id))
                .await
                .map(|page| page.rows.len() as u64),
        ),
        ("count", files.count(File::ID.eq(id)).await),
        ("delete", files.delete(&id).await.map(|()| 1)),
        ("restore", files.restore(&id).await.map(|_| 1)),
        ("bulk_delete", files.bulk_delete(&[id]).await),
        ("purge", files.purge(&id).await.map(|()| 1)),
    ]
}

async fn every_typed_verb_reaches_own_rows_alone(setup: Setup) {
    let (database, ours, _) = two(&setup).await;
    let before = stored(&database).await;
    let nobody = database.repository::<File>().unwrap();
    for (verb, outcome) in typed(&nobody, 1).await {
        check(verb, outcome, Some(Code::Tenant));
    }
    names_no_tenant(nobody.create(&file(9, "n")).await);
    names_no_tenant(nobody.bulk_create(&[file(9, "n")]).await);
    names_no_tenant(nobody.bulk_load(&[file(9, "n")]).await);
    let files = ours.repository::<File>().unwrap();
    for (verb, outcome) in typed(&files, 2).await {
        match verb {
            "list" | "count" | "bulk_delete" => assert_eq!(outcome.unwrap(), 0, "{verb}"),
            "upsert" | "create_or_update" | "bulk_upsert" => {
                check(verb, outcome, Some(Code::Unique))
            }
            _ => check(verb, outcome, Some(Code::NotFound)),
        }
    }
    assert_eq!(stored(&database).await, before);
    for (verb, outcome) in typed(&files, 1).await {
        assert_eq!(outcome.unwrap(), 1, "{verb}");
    }
    assert_eq!(files.query().with_deleted().count().await.unwrap(), 0);
    assert_eq!(files.count(Filter::all()).await.unwrap(), 0);
    assert_eq!(stored(&database).await, before);
}
