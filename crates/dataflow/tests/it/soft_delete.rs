use chrono::{DateTime, Utc};
use dataflow::error::{Code, Kind};
use dataflow::{DataFlow, Filter, Model, Repository};
use futures_util::TryStreamExt as _;
use serde_json::json;

use crate::nodes::call;
use crate::setup::Setup;

on_every_database! {
    a_deleted_row_stays_and_every_verb_leaves_it_out
    a_row_is_restored_as_it_was_and_once
    a_unique_value_of_a_deleted_row_is_free_again
    an_upsert_that_meets_a_deleted_row_by_its_key_is_refused
    an_upsert_passes_deleted_rows_with_the_same_unique_value_by
    relations_lead_to_rows_that_were_not_deleted
    what_belongs_to_a_deleted_row_stays_until_it_is_purged
    a_delete_shows_in_what_is_cached
    the_nodes_delete_and_restore_alike
    models_without_it_have_no_restore
    a_table_gains_it_without_losing_rows
}

#[derive(Debug, Clone, PartialEq, Model)]
#[model(has_many(notes = Note.shelf_id))]
struct Shelf {
    #[model(primary_key)]
    id: String,
    #[model(soft_delete)]
    deleted_at: Option<DateTime<Utc>>,
}

#[derive(Debug, Clone, PartialEq, Model)]
struct Note {
    #[model(primary_key, client_key)]
    id: i64,
    #[model(unique)]
    title: String,
    pages: i32,
    #[model(belongs_to = Shelf, on_delete = "cascade")]
    shelf_id: Option<String>,
    #[model(updated_at)]
    updated_at: DateTime<Utc>,
    #[model(soft_delete, column = "gone")]
    deleted_at: Option<DateTime<Utc>>,
}

fn note(id: i64, title: &str) -> Note {
    Note {
        id,
        title: title.to_owned(),
        pages: 1,
        shelf_id: None,
        updated_at: DateTime::UNIX_EPOCH,
        deleted_at: None,
    }
}

fn shelf(id: &str) -> Shelf {
    Shelf {
        id: id.to_owned(),
        deleted_at: None,
    }
}

fn open(setup: &Setup) -> DataFlow {
    let builder = setup.builder().model::<Shelf>().model::<Note>();
    builder.open().unwrap()
}

/// Two notes, of which the second was deleted.
async fn notes(database: &DataFlow) -> (Repository<Note>, Note, Note) {
    let notes = database.repository::<Note>().unwrap();
    let kept = notes.create(&note(1, "kept")).await.unwrap();
    let gone = notes.create(&note(2, "gone")).await.unwrap();
    notes.delete(&2).await.unwrap();
    (notes, kept, gone)
}

async fn a_deleted_row_stays_and_every_verb_leaves_it_out(setup: Setup) {
    let database = open(&setup);
    let (notes, kept, gone) = notes(&database).await;
    assert_eq!(
        setup.sql("SELECT count(*) FROM notes").as_deref(),
        Some("2")
    );
    assert_eq!(notes.find(&2).await.unwrap(), None);
    let is_gone = |error: dataflow::Error| assert!(error.is_not_found(), "{error:?}");
    is_gone(notes.read(&2).await.unwrap_err());
    is_gone(notes.update(&gone).await.unwrap_err());
    is_gone(notes.delete(&2).await.unwrap_err());
    is_gone(
        notes
            .bulk_update(&[kept.clone(), gone.clone()])
            .await
            .unwrap_err(),
    );
    assert_eq!(notes.bulk_delete(&[2]).await.unwrap(), 0);
    let listed = notes.list(Filter::all()).await.unwrap().rows;
    assert_eq!(listed, std::slice::from_ref(&kept));
    assert_eq!(notes.count(Filter::all()).await.unwrap(), 1);
    let query = || notes.query();
    assert_eq!(query().aggregate(Note::PAGES.sum()).await.unwrap(), Some(1));
    let titles = query().select(Note::TITLE).distinct().list().await.unwrap();
    assert_eq!(titles.rows, ["kept"]);
    let streamed: Vec<Note> = query().stream().try_collect().await.unwrap();
    assert_eq!(streamed, std::slice::from_ref(&kept));
    let everything = query().filter(Note::ID.gt(0).or(Note::ID.lt(0)));
    assert_eq!(everything.count().await.unwrap(), 1);

    let both = query().with_deleted().list().await.unwrap().rows;
    assert_eq!(both.len(), 2);
    assert!(both[1].deleted_at.is_some());
    let deleted = query()
        .only_deleted()
        .select(Note::TITLE)
        .list()
        .await
        .unwrap();
    assert_eq!(deleted.rows, ["gone"]);

    let tx = database.begin().await.unwrap();
    let inside = tx.repository::<Note>().unwrap();
    assert_eq!(inside.count(Filter::all()).await.unwrap(), 1);
    inside.delete(&1).await.unwrap();
    drop(tx);
    assert_eq!(notes.bulk_delete(&[1, 2]).await.unwrap(), 1);
    assert_eq!(query().only_deleted().count().await.unwrap(), 2);
}

async fn a_row_is_restored_as_it_was_and_once(setup: Setup) {
    let database = open(&setup);
    let (notes, _, gone) = notes(&database).await;
    let back = notes.restore(&2).await.unwrap();
    assert!(back.updated_at >= gone.updated_at);
    let updated_at = gone.updated_at;
    assert_eq!(Note { updated_at, ..back }, gone);
    assert!(notes.restore(&2).await.unwrap_err().is_not_found());
    assert!(notes.restore(&1).await.unwrap_err().is_not_found());
    assert!(notes.restore(&3).await.unwrap_err().is_not_found());
}

async fn a_unique_value_of_a_deleted_row_is_free_again(setup: Setup) {
    let database = open(&setup);
    let (notes, ..) = notes(&database).await;
    notes.create(&note(3, "gone")).await.unwrap();
    let taken = notes.create(&note(4, "gone")).await.unwrap_err();
    assert_eq!(taken.faults()[0].pointer, "/title");
    assert_eq!(taken.place().constraint.as_deref(), Some("notes_title_key"));
    let error = notes.restore(&2).await.unwrap_err();
    assert!(error.is_unique(), "{error:?}");
    // A key identifies a row for good.
    assert!(
        notes
            .create(&note(2, "other"))
            .await
            .unwrap_err()
            .is_unique()
    );
}

async fn an_upsert_that_meets_a_deleted_row_by_its_key_is_refused(setup: Setup) {
    let database = open(&setup);
    let (notes, kept, _) = notes(&database).await;
    let other = note(2, "other");
    let error = notes.upsert(&other, Note::ID).await.unwrap_err();
    assert_eq!(
        (error.code(), &*error.faults()[0].pointer),
        (Code::Unique, "/id")
    );
    let error = notes.create_or_update(&other, &other, Note::ID).await;
    assert!(error.unwrap_err().is_unique());
    let changed = Note {
        pages: 9,
        ..kept.clone()
    };
    let rows = [changed, other];
    let error = notes.bulk_upsert(&rows, Note::ID).await.unwrap_err();
    assert_eq!(
        (error.code(), &*error.faults()[0].pointer),
        (Code::Unique, "/1/id")
    );
    assert_eq!(notes.read(&1).await.unwrap(), kept);
    let deleted = notes
        .query()
        .only_deleted()
        .select(Note::TITLE)
        .list()
        .await;
    assert_eq!(deleted.unwrap().rows, ["gone"]);
}

async fn an_upsert_passes_deleted_rows_with_the_same_unique_value_by(setup: Setup) {
    let database = open(&setup);
    let (notes, ..) = notes(&database).await;
    let new = notes.upsert(&note(3, "gone"), Note::TITLE).await.unwrap();
    assert_eq!(new.id, 3);
    let again = Note {
        pages: 7,
        ..note(4, "gone")
    };
    let changed = notes.upsert(&again, Note::TITLE).await.unwrap();
    assert_eq!((changed.id, changed.pages), (3, 7));
    let rows = [note(5, "kept"), note(6, "new")];
    let written = notes.bulk_upsert(&rows, Note::TITLE).await.unwrap();
    assert_eq!(written.iter().map(|row| row.id).collect::<Vec<_>>(), [1, 6]);
}

async fn relations_lead_to_rows_that_were_not_deleted(setup: Setup) {
    let database = open(&setup);
    let (notes, ..) = notes(&database).await;
    let shelves = database.repository::<Shelf>().unwrap();
    let top = shelves.create(&shelf("top")).await.unwrap();
    for (id, title) in [(3, "a"), (4, "b")] {
        let on_top = Note {
            shelf_id: Some("top".to_owned()),
            ..note(id, title)
        };
        notes.create(&on_top).await.unwrap();
    }
    notes.delete(&4).await.unwrap();

    let loaded = shelves
        .query()
        .with(Shelf::NOTES)
        .list()
        .await
        .unwrap()
        .rows;
    assert_eq!(loaded[0].1.len(), 1);
    let titled = |title| shelves.count(Shelf::NOTES.some(Note::TITLE.eq(title)));
    assert_eq!(titled("a").await.unwrap(), 1);
    assert_eq!(titled("b").await.unwrap(), 0);
    assert_eq!(
        shelves
            .count(Shelf::NOTES.every(Note::TITLE.eq("a")))
            .await
            .unwrap(),
        1
    );

    shelves.delete(&top.id).await.unwrap();
    let loaded = notes
        .query()
        .filter(Note::ID.eq(3))
        .with(Note::SHELF)
        .list()
        .await;
    assert_eq!(loaded.unwrap().rows[0].1, None);
    let on_top = notes.count(Note::SHELF.is(Shelf::ID.eq("top")));
    assert_eq!(on_top.await.unwrap(), 0);
    let sorted = notes
        .query()
        .order_by(Note::SHELF.by(Shelf::ID.asc()))
        .list()
        .await;
    assert_eq!(sorted.unwrap().rows.len(), 2);
}

async fn what_belongs_to_a_deleted_row_stays_until_it_is_purged(setup: Setup) {
    let database = open(&setup);
    let shelves = database.repository::<Shelf>().unwrap();
    let notes = database.repository::<Note>().unwrap();
    shelves.create(&shelf("top")).await.unwrap();
    let on_top = Note {
        shelf_id: Some("top".to_owned()),
        ..note(1, "a")
    };
    let on_top = notes.create(&on_top).await.unwrap();
    shelves.delete(&"top".to_owned()).await.unwrap();
    assert_eq!(notes.read(&1).await.unwrap(), on_top);
    shelves.purge(&"top".to_owned()).await.unwrap();
    assert_eq!(notes.query().with_deleted().count().await.unwrap(), 0);
    assert!(
        shelves
            .purge(&"top".to_owned())
            .await
            .unwrap_err()
            .is_not_found()
    );
}

async fn a_delete_shows_in_what_is_cached(setup: Setup) {
    let builder = setup.builder().model::<Shelf>().model::<Note>();
    let database = builder.enable_caching(true).open().unwrap();
    let notes = database.repository::<Note>().unwrap();
    notes.create(&note(1, "a")).await.unwrap();
    for expected in [1, 0, 1] {
        let rows = notes.list(Filter::all()).await.unwrap().rows;
        assert_eq!(rows.len(), expected);
        assert_eq!(notes.find(&1).await.unwrap().is_some(), expected == 1);
        match expected {
            1 => notes.bulk_delete(&[1]).await.unwrap(),
            _ => notes.restore(&1).await.map(|_| 1).unwrap(),
        };
    }
}

async fn the_nodes_delete_and_restore_alike(setup: Setup) {
    let database = open(&setup);
    let new = json!({"id": 1, "title": "a", "pages": 1});
    call(&database, "note_create", new).await.unwrap();
    let given = json!({"id": 2, "title": "b", "pages": 1, "deleted_at": null});
    let error = call(&database, "note_create", given).await.unwrap_err();
    assert_eq!(error.faults()[0].pointer, "/deleted_at");
    let one = || json!({"id": 1});
    call(&database, "note_delete", one()).await.unwrap();
    for verb in ["note_read", "note_update", "note_delete"] {
        let error = call(&database, verb, one()).await.unwrap_err();
        assert_eq!(error.kind(), Kind::NotFound, "{verb}");
    }
    let listed = call(&database, "note_list", json!({})).await.unwrap();
    assert_eq!(listed, json!([]));
    let counted = call(&database, "note_count", json!({})).await.unwrap();
    assert_eq!(counted["count"], 0);
    let back = call(&database, "note_restore", one()).await.unwrap();
    assert_eq!(
        (&back["title"], &back["deleted_at"]),
        (&json!("a"), &json!(null))
    );
    let error = call(&database, "note_restore", one()).await.unwrap_err();
    assert!(error.is_not_found());
    let deleted = call(&database, "note_bulk_delete", json!({"ids": [1, 7]})).await;
    assert_eq!(deleted.unwrap()["count"], 1);
}

async fn models_without_it_have_no_restore(setup: Setup) {
    assert!(open(&setup).node("note_restore").is_ok());
    let error = setup.library().build().unwrap().node("book_restore");
    assert!(error.err().unwrap().is_not_found());
}

mod before {
    #[derive(Debug, Clone, PartialEq, dataflow::Model)]
    pub(super) struct Page {
        #[model(primary_key)]
        pub(super) id: i64,
        #[model(unique)]
        pub(super) title: String,
    }
}

/// The same table, now with rows that stay.
#[derive(Debug, Clone, PartialEq, Model)]
#[model(drop_indexes("pages_title_key"))]
struct Page {
    #[model(primary_key)]
    id: i64,
    #[model(unique)]
    title: String,
    #[model(soft_delete)]
    deleted_at: Option<DateTime<Utc>>,
}

async fn a_table_gains_it_without_losing_rows(setup: Setup) {
    let before = setup.builder().model::<before::Page>().open().unwrap();
    let page = before::Page {
        id: 0,
        title: "a".to_owned(),
    };
    let pages = before.repository::<before::Page>().unwrap();
    let page = pages.create(&page).await.unwrap();
    drop(before);
    let builder = || {
        let builder = setup.builder().model::<Page>();
        builder.migration_policy(dataflow::Policy::Full)
    };
    let after = builder().open().unwrap();
    let pages = after.repository::<Page>().unwrap();
    pages.delete(&page.id).await.unwrap();
    let new = Page {
        id: 0,
        title: "a".to_owned(),
        deleted_at: None,
    };
    pages.create(&new).await.unwrap();
    drop(after);
    let again = builder().open().unwrap();
    let outcome = format!("{:?}", again.schema_ready().unwrap().outcome());
    assert_eq!(outcome, "Unchanged");
}
