use chrono::{DateTime, Utc};
use dataflow::error::Kind;
use dataflow::{DataFlow, Draft, Error, Hooks, Model, Occasion, Repository, Result, Transaction};
use serde_json::json;

use crate::nodes::call;
use crate::setup::Setup;

mod refusals;
mod transactions;

on_every_database! {
    every_verb_writes_what_hooks_give_and_shows_them_what_it_wrote
    every_node_obeys_as_well
    rows_of_several_keys_are_shown_when_they_are_deleted
    several_hooks_run_in_their_order
    a_bulk_hands_its_rows_over_at_once
    a_row_of_another_version_is_lost_with_hooks_as_well
}

#[derive(Debug, Clone, PartialEq, Model)]
struct Parcel {
    #[model(primary_key)]
    id: String,
    weight: i64,
    label: Option<String>,
    #[model(soft_delete)]
    deleted_at: Option<DateTime<Utc>>,
}

/// What hooks were called with.
#[derive(Debug, Clone, PartialEq, Model)]
struct Event {
    #[model(primary_key)]
    id: i64,
    text: String,
}

#[derive(Debug, Clone, PartialEq, Model)]
struct Place {
    #[model(primary_key)]
    shelf: String,
    #[model(primary_key)]
    number: i32,
}

/// Labels parcels, writes down what becomes of them, and refuses some weights: 0 before, 13 after.
struct Post;

impl Hooks<Parcel> for Post {
    async fn before_write(
        &self,
        tx: &Transaction,
        occasion: Occasion,
        parcels: &mut [Draft<Parcel>],
    ) -> Result<()> {
        for parcel in &mut *parcels {
            if parcel.get(Parcel::WEIGHT)? == Some(0) {
                return Err(parcel.refusal(Parcel::WEIGHT, "must be more than nothing"));
            }
            parcel.set(Parcel::LABEL, Some("seen".to_owned()))?;
        }
        let keys: Result<Vec<Option<String>>> = parcels.iter().map(Draft::key).collect();
        note(tx, format!("before {occasion:?} {:?}", keys?)).await
    }

    async fn after_write(&self, tx: &Transaction, _: Occasion, parcels: &[Parcel]) -> Result<()> {
        note(tx, format!("after {:?}", ids(parcels))).await?;
        match parcels.iter().any(|parcel| parcel.weight == 13) {
            true => Err(Error::new(Kind::Forbidden, "nobody carries that")),
            false => Ok(()),
        }
    }

    async fn before_delete(&self, tx: &Transaction, keys: &[String]) -> Result<()> {
        note(tx, format!("before delete {keys:?}")).await
    }

    async fn after_delete(&self, tx: &Transaction, parcels: &[Parcel]) -> Result<()> {
        note(tx, format!("deleted {:?}", ids(parcels))).await?;
        match parcels.iter().any(|parcel| parcel.id == "stuck") {
            true => Err(Error::new(Kind::Forbidden, "it is stuck")),
            false => Ok(()),
        }
    }
}

fn ids(parcels: &[Parcel]) -> Vec<&str> {
    parcels.iter().map(|parcel| &*parcel.id).collect()
}

async fn note(tx: &Transaction, text: String) -> Result<()> {
    let events = tx.repository::<Event>()?;
    events.create(&Event { id: 0, text }).await.map(drop)
}

fn parcel(id: &str, weight: i64) -> Parcel {
    Parcel {
        id: id.to_owned(),
        weight,
        label: None,
        deleted_at: None,
    }
}

fn open(setup: &Setup) -> (DataFlow, Repository<Parcel>) {
    let builder = setup.builder().model::<Parcel>().model::<Event>();
    let database = builder.hooks::<Parcel>(Post).open().unwrap();
    let parcels = database.repository().unwrap();
    (database, parcels)
}

/// What was written down since the last call.
async fn noted(database: &DataFlow) -> Vec<String> {
    let events = database.repository::<Event>().unwrap();
    let query = events.query().order_by(Event::ID.asc());
    let found = query.limit(1_000).list().await.unwrap().rows;
    let keys: Vec<i64> = found.iter().map(|event| event.id).collect();
    events.bulk_delete(&keys).await.unwrap();
    found.into_iter().map(|event| event.text).collect()
}

async fn every_verb_writes_what_hooks_give_and_shows_them_what_it_wrote(setup: Setup) {
    let (database, parcels) = open(&setup);
    let label = |rows: &[Parcel]| rows.iter().all(|row| row.label.as_deref() == Some("seen"));

    let created = parcels.create(&parcel("a", 1)).await.unwrap();
    let updated = parcels.update(&parcel("a", 2)).await.unwrap();
    let upserted = parcels.upsert(&parcel("a", 3), Parcel::ID).await;
    let upserted = upserted.unwrap().row;
    let (new, change) = (parcel("b", 1), parcel("b", 4));
    let made = parcels.create_or_update(&new, &change, Parcel::ID);
    let made = made.await.unwrap();
    assert!(made.is_new);
    let made = made.row;
    let changed = parcels.create_or_update(&new, &change, Parcel::ID);
    let changed = changed.await.unwrap();
    assert!(!changed.is_new);
    let changed = changed.row;
    let weights: Vec<i64> = [&created, &updated, &upserted, &made, &changed]
        .map(|row| row.weight)
        .to_vec();
    assert_eq!(weights, [1, 2, 3, 1, 4]);
    assert!(label(&[created, updated, upserted, made, changed]));
    let expected = [
        r#"before Create [None]"#,
        r#"after ["a"]"#,
        r#"before Update [Some("a")]"#,
        r#"after ["a"]"#,
        r#"before Upsert [None]"#,
        r#"after ["a"]"#,
        r#"before Upsert [None, None]"#,
        r#"after ["b"]"#,
        r#"before Upsert [None, None]"#,
        r#"after ["b"]"#,
    ];
    assert_eq!(noted(&database).await, expected);

    let two = [parcel("c", 1), parcel("d", 2)];
    assert!(label(&parcels.bulk_create(&two).await.unwrap()));
    assert!(label(&parcels.bulk_update(&two).await.unwrap()));
    let upserted = parcels.bulk_upsert(&two, Parcel::ID).await.unwrap();
    assert!(upserted.iter().all(|parcel| !parcel.is_new));
    let upserted: Vec<Parcel> = upserted.into_iter().map(|parcel| parcel.row).collect();
    assert!(label(&upserted));
    let loaded = parcels.bulk_load(&[parcel("e", 1)]).await.unwrap();
    assert_eq!(loaded, 1);
    assert!(label(&[parcels.read(&"e".to_owned()).await.unwrap()]));
    let expected = [
        r#"before Create [None, None]"#,
        r#"after ["c", "d"]"#,
        r#"before Update [Some("c"), Some("d")]"#,
        r#"after ["c", "d"]"#,
        r#"before Upsert [None, None]"#,
        r#"after ["c", "d"]"#,
        r#"before Create [None]"#,
        r#"after ["e"]"#,
    ];
    assert_eq!(noted(&database).await, expected);

    parcels.delete(&"a".to_owned()).await.unwrap();
    parcels.restore(&"a".to_owned()).await.unwrap();
    parcels.purge(&"a".to_owned()).await.unwrap();
    let keys = ["d".to_owned(), "gone".to_owned()];
    assert_eq!(parcels.bulk_delete(&keys).await.unwrap(), 1);
    let expected = [
        r#"before delete ["a"]"#,
        r#"deleted ["a"]"#,
        r#"before Restore [Some("a")]"#,
        r#"after ["a"]"#,
        r#"before delete ["a"]"#,
        r#"deleted ["a"]"#,
        r#"before delete ["d", "gone"]"#,
        r#"deleted ["d"]"#,
    ];
    assert_eq!(noted(&database).await, expected);
}

async fn every_node_obeys_as_well(setup: Setup) {
    let (database, _) = open(&setup);
    let rows = json!([{"id": "b", "weight": 1}]);
    let calls = [
        ("create", json!({"id": "a", "weight": 1})),
        ("update", json!({"id": "a", "weight": 2})),
        ("upsert", json!({"id": "a", "weight": 3})),
        ("bulk_create", json!({ "rows": rows })),
        ("bulk_update", json!({ "rows": rows })),
        ("bulk_upsert", json!({ "rows": rows })),
        ("delete", json!({"id": "a"})),
        ("restore", json!({"id": "a"})),
        ("bulk_delete", json!({"ids": ["a"]})),
    ];
    for (verb, input) in calls {
        let node = format!("parcel_{verb}");
        let answer = call(&database, &node, input).await.unwrap();
        let is_removal = matches!(verb, "delete" | "bulk_delete");
        let row = answer.get(0).unwrap_or(&answer);
        assert!(is_removal || row["label"] == "seen", "{verb}: {answer}");
        assert_eq!(noted(&database).await.len(), 2, "{verb}");
    }
}

struct Warden;

impl Hooks<Place> for Warden {
    async fn after_delete(&self, tx: &Transaction, places: &[Place]) -> Result<()> {
        let numbers: Vec<i32> = places.iter().map(|place| place.number).collect();
        note(tx, format!("{numbers:?}")).await
    }

    async fn before_delete(&self, tx: &Transaction, keys: &[(String, i32)]) -> Result<()> {
        note(tx, format!("{keys:?}")).await
    }
}

async fn rows_of_several_keys_are_shown_when_they_are_deleted(setup: Setup) {
    let builder = setup.builder().model::<Place>().model::<Event>();
    let database = builder.hooks::<Place>(Warden).open().unwrap();
    let places = database.repository::<Place>().unwrap();
    let place = |number| Place {
        shelf: "top".to_owned(),
        number,
    };
    let rows = [place(1), place(2), place(3)];
    places.bulk_create(&rows).await.unwrap();
    let key = |number| ("top".to_owned(), number);
    let keys = [key(1), key(2), key(9)];
    assert_eq!(places.bulk_delete(&keys).await.unwrap(), 2);
    places.delete(&key(3)).await.unwrap();
    let expected = [
        r#"[("top", 1), ("top", 2), ("top", 9)]"#,
        "[1, 2]",
        r#"[("top", 3)]"#,
        "[3]",
    ];
    assert_eq!(noted(&database).await, expected);
}

/// Adds a word to the label.
struct Adds(&'static str);

impl Hooks<Parcel> for Adds {
    async fn before_write(
        &self,
        _: &Transaction,
        _: Occasion,
        parcels: &mut [Draft<Parcel>],
    ) -> Result<()> {
        for parcel in parcels {
            let label = parcel.get(Parcel::LABEL)?.flatten().unwrap_or_default();
            parcel.set(Parcel::LABEL, Some(label + self.0))?;
        }
        Ok(())
    }
}

async fn several_hooks_run_in_their_order(setup: Setup) {
    let builder = setup.builder().model::<Parcel>();
    let builder = builder
        .hooks::<Parcel>(Adds("a"))
        .hooks::<Parcel>(Adds("b"));
    let database = builder.open().unwrap();
    let parcels = database.repository::<Parcel>().unwrap();
    let created = parcels.create(&parcel("x", 1)).await.unwrap();
    assert_eq!(created.label.as_deref(), Some("ab"));
}

async fn a_bulk_hands_its_rows_over_at_once(setup: Setup) {
    let (database, parcels) = open(&setup);
    let many: Vec<Parcel> = (0..500)
        .map(|number| parcel(&number.to_string(), 1))
        .collect();
    assert_eq!(parcels.bulk_create(&many).await.unwrap().len(), 500);
    assert_eq!(noted(&database).await.len(), 2);
}

struct Meddler;

impl Hooks<Parcel> for Meddler {
    async fn before_write(
        &self,
        _: &Transaction,
        _: Occasion,
        parcels: &mut [Draft<Parcel>],
    ) -> Result<()> {
        let id = "other".to_owned();
        parcels
            .iter_mut()
            .try_for_each(|parcel| parcel.set(Parcel::ID, id.clone()))
    }
}

#[tokio::test]
async fn the_key_of_a_row_that_exists_cannot_be_set() {
    let setup = Setup::sqlite_memory();
    let builder = setup.builder().model::<Parcel>();
    let database = builder.hooks::<Parcel>(Meddler).open().unwrap();
    let parcels = database.repository::<Parcel>().unwrap();
    assert_eq!(parcels.create(&parcel("a", 1)).await.unwrap().id, "other");
    let error = parcels.update(&parcel("other", 2)).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Internal);
    assert!(error.to_string().contains("\"id\""), "{error}");
}

#[test]
fn hooks_of_a_model_that_is_not_registered_are_a_mistake() {
    let builder = Setup::sqlite_memory().builder().model::<Event>();
    let error = builder.hooks::<Parcel>(Post).build().unwrap_err();
    assert_eq!(error.kind(), Kind::Configuration);
    assert!(error.to_string().contains("Parcel"), "{error}");
}

#[derive(Debug, Clone, PartialEq, Model)]
struct Page {
    #[model(primary_key)]
    path: String,
    #[model(version)]
    version: i64,
}

struct Nothing;

impl Hooks<Page> for Nothing {}

async fn a_row_of_another_version_is_lost_with_hooks_as_well(setup: Setup) {
    let builder = setup.builder().model::<Page>().hooks::<Page>(Nothing);
    let database = builder.open().unwrap();
    let pages = database.repository::<Page>().unwrap();
    let page = Page {
        path: "/".to_owned(),
        version: 0,
    };
    let first = pages.create(&page).await.unwrap();
    let second = pages.update(&first).await.unwrap();
    assert!(pages.update(&first).await.unwrap_err().is_stale());
    assert!(pages.delete_unchanged(&first).await.unwrap_err().is_stale());
    pages.delete_unchanged(&second).await.unwrap();
    let missing = pages.delete_unchanged(&second).await;
    assert!(missing.unwrap_err().is_not_found());
}
