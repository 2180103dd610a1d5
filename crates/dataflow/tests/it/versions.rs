use dataflow::error::{Code, FaultCode};
use dataflow::node::Node as _;
use dataflow::{DataFlow, Error, Filter, Model};
use serde_json::json;

use crate::nodes::call;
use crate::setup::Setup;

on_every_database! {
    every_verb_counts_a_change
    a_change_of_another_version_is_refused_and_changes_nothing
    a_bulk_names_every_row_that_has_changed
    of_two_who_change_one_row_at_once_one_wins
    nodes_keep_the_version_that_an_input_carries
    rows_that_exist_get_a_version_with_the_column
}

#[derive(Debug, Clone, PartialEq, Model)]
struct Page {
    #[model(primary_key)]
    path: String,
    text: String,
    #[model(version)]
    version: i32,
}

fn page(path: &str, text: &str) -> Page {
    Page {
        path: path.to_owned(),
        text: text.to_owned(),
        version: 0,
    }
}

fn open(setup: &Setup) -> DataFlow {
    setup.builder().model::<Page>().open().unwrap()
}

fn faults(error: &Error) -> Vec<(&str, FaultCode)> {
    let faults = error.faults().iter();
    faults.map(|fault| (&*fault.pointer, fault.code)).collect()
}

async fn every_verb_counts_a_change(setup: Setup) {
    let database = open(&setup);
    let pages = database.repository::<Page>().unwrap();
    let new = page("a", "0");
    let first = pages.create(&new).await.unwrap();
    assert_eq!(first.version, 1, "whatever the struct holds");
    let second = pages.update(&first).await.unwrap();
    assert_eq!(second.version, 2);
    let third = pages.upsert(&page("a", "3"), Page::PATH).await.unwrap();
    assert_eq!((third.version, &*third.text), (3, "3"));
    let fourth = pages
        .create_or_update(&new, &page("a", "4"), Page::PATH)
        .await
        .unwrap();
    assert_eq!((fourth.version, &*fourth.text), (4, "4"));
    let fifth = pages.bulk_update(&[fourth.row]).await.unwrap();
    assert_eq!(fifth[0].version, 5);
    let upserted = pages
        .bulk_upsert(&[page("a", "6"), page("b", "1")], Page::PATH)
        .await
        .unwrap();
    let versions: Vec<i32> = upserted.iter().map(|page| page.version).collect();
    assert_eq!(versions, [6, 1]);
    assert_eq!(pages.bulk_load(&[page("c", "1")]).await.unwrap(), 1);
    assert_eq!(pages.read(&"c".to_owned()).await.unwrap().version, 1);
    assert_eq!(
        pages
            .upsert(&page("d", "1"), Page::PATH)
            .await
            .unwrap()
            .version,
        1
    );
}

async fn a_change_of_another_version_is_refused_and_changes_nothing(setup: Setup) {
    let database = open(&setup);
    let pages = database.repository::<Page>().unwrap();
    let first = pages.create(&page("a", "1")).await.unwrap();
    let second = pages.update(&first).await.unwrap();

    let error = pages.update(&first).await.unwrap_err();
    assert!(error.is_stale() && !error.is_not_found());
    assert_eq!(error.code(), Code::Precondition);
    assert_eq!(faults(&error), [("/version", FaultCode::Stale)]);
    assert!(pages.delete_unchanged(&first).await.unwrap_err().is_stale());
    assert_eq!(pages.read(&second.path).await.unwrap(), second);

    let late = database.transaction(async |transaction| {
        let pages = transaction.repository::<Page>()?;
        assert!(pages.update(&first).await.unwrap_err().is_stale());
        // Nothing failed in the database, so the transaction goes on.
        pages.update(&second).await
    });
    let third = late.await.unwrap();
    assert_eq!(third.version, 3);
    pages.delete_unchanged(&third).await.unwrap();
    assert!(pages.update(&third).await.unwrap_err().is_not_found());
    assert!(
        pages
            .delete_unchanged(&third)
            .await
            .unwrap_err()
            .is_not_found()
    );
}

async fn a_bulk_names_every_row_that_has_changed(setup: Setup) {
    let database = open(&setup);
    let pages = database.repository::<Page>().unwrap();
    let rows = ["a", "b", "c", "d"].map(|path| page(path, "1"));
    let loaded = pages.bulk_create(&rows).await.unwrap();
    pages.update(&loaded[1]).await.unwrap();
    pages.delete(&loaded[3].path).await.unwrap();

    let error = pages.bulk_update(&loaded).await.unwrap_err();
    assert!(error.is_stale());
    let lost = [
        ("/1/version", FaultCode::Stale),
        ("/3/version", FaultCode::Stale),
    ];
    assert_eq!(
        faults(&error),
        lost,
        "a row that is gone has changed as well"
    );
    let versions: Vec<i32> = pages
        .list(Filter::all())
        .await
        .unwrap()
        .rows
        .iter()
        .map(|page| page.version)
        .collect();
    assert_eq!(versions, [1, 2, 1], "all or none");
}

async fn of_two_who_change_one_row_at_once_one_wins(setup: Setup) {
    let database = open(&setup);
    let pages = database.repository::<Page>().unwrap();
    let first = pages.create(&page("a", "1")).await.unwrap();
    let changes = (0..8).map(|_| {
        let (pages, first) = (pages.clone(), first.clone());
        tokio::spawn(async move { pages.update(&first).await })
    });
    let changes: Vec<_> = changes.collect();
    let mut won = 0;
    for change in changes {
        match change.await.unwrap() {
            Ok(_) => won += 1,
            Err(error) => assert!(error.is_stale(), "{error:?}"),
        }
    }
    assert_eq!(won, 1);
    assert_eq!(pages.read(&first.path).await.unwrap().version, 2);
}

async fn nodes_keep_the_version_that_an_input_carries(setup: Setup) {
    let database = open(&setup);
    let made = call(&database, "page_create", json!({"path": "a", "text": "1"})).await;
    assert_eq!(made.unwrap()["version"], 1);
    let given = json!({"path": "b", "text": "1", "version": 7});
    let error = call(&database, "page_create", given).await.unwrap_err();
    assert_eq!(faults(&error), [("/version", FaultCode::Generated)]);

    let any = call(&database, "page_update", json!({"path": "a", "text": "2"})).await;
    assert_eq!(any.unwrap()["version"], 2);
    let of = |version: i32| json!({"path": "a", "text": "3", "version": version});
    let error = call(&database, "page_update", of(1)).await.unwrap_err();
    assert_eq!(faults(&error), [("/version", FaultCode::Stale)]);
    let same = call(&database, "page_update", of(2)).await;
    assert_eq!(same.unwrap()["version"], 3);
    let nobody = json!({"path": "z", "text": "3", "version": 1});
    let error = call(&database, "page_update", nobody).await.unwrap_err();
    assert!(error.is_not_found());

    let mixed = json!({"rows": [{"path": "a", "text": "4"}, of(3)]});
    let error = call(&database, "page_bulk_update", mixed)
        .await
        .unwrap_err();
    assert_eq!(faults(&error), [("/rows/1/version", FaultCode::Stale)]);
    let one = json!({"rows": [of(3)]});
    let changed = call(&database, "page_bulk_update", one).await.unwrap();
    assert_eq!(changed[0]["version"], 4);

    let error = call(&database, "page_delete", json!({"path": "a", "version": 1})).await;
    assert!(error.unwrap_err().is_stale());
    let wrong = json!({"path": "a", "version": "1"});
    let error = call(&database, "page_delete", wrong).await.unwrap_err();
    assert_eq!(faults(&error), [("/version", FaultCode::Type)]);
    call(&database, "page_delete", json!({"path": "a", "version": 4}))
        .await
        .unwrap();

    let node = database.node("page_delete").unwrap();
    assert!(node.descriptor().input().has_property("version"));
    let node = database.node("page_create").unwrap();
    assert!(!node.descriptor().input().has_property("version"));
}

async fn rows_that_exist_get_a_version_with_the_column(setup: Setup) {
    #[derive(Debug, Clone, PartialEq, Model)]
    #[model(table = "pages")]
    struct Before {
        #[model(primary_key)]
        path: String,
        text: String,
    }
    let before = setup.builder().model::<Before>().open().unwrap();
    let row = Before {
        path: "a".to_owned(),
        text: "1".to_owned(),
    };
    before
        .repository::<Before>()
        .unwrap()
        .create(&row)
        .await
        .unwrap();
    drop(before);
    let pages = open(&setup).repository::<Page>().unwrap();
    let first = pages.read(&row.path).await.unwrap();
    assert_eq!(first.version, 1);
    assert_eq!(pages.update(&first).await.unwrap().version, 2);
}
