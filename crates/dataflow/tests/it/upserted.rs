use chrono::{DateTime, Utc};
use dataflow::error::Kind;
use dataflow::{DataFlow, Model, Upserted};
use serde_json::{Value as Json, json};

use crate::nodes::{call, created};
use crate::setup::Setup;

on_every_database! {
    rows_that_are_there_are_changed_in_their_own_way
    an_upsert_says_whether_its_row_is_new
    rows_of_a_bulk_say_it_each
    what_was_refused_says_nothing_of_the_next
    hooks_and_transactions_make_no_difference
    nodes_say_it_beside_the_fields
}

/// A place in a list, which others can change with in one transaction.
#[derive(Debug, Clone, PartialEq, Model)]
#[model(
    unique(place, deferrable = "initially deferred"),
    unique(note, nulls = "not distinct")
)]
struct Entry {
    #[model(primary_key, client_key)]
    id: i64,
    place: i32,
    note: Option<String>,
}

/// SQLite has no such constraint, and says so when the database is opened.
#[tokio::test]
async fn no_row_is_found_by_what_is_deferrable() {
    let refused = Setup::sqlite().builder().model::<Entry>().open();
    let error = refused.err().unwrap();
    assert_eq!(error.kind(), Kind::Unsupported);
    assert!(error.details().concat().contains("deferrable"), "{error:?}");

    let setup = Setup::postgres();
    let database = setup.builder().model::<Entry>().open().unwrap();
    let entries = database.repository::<Entry>().unwrap();
    let entry = |id, place, note: &str| Entry {
        id,
        place,
        note: Some(note.to_owned()),
    };
    let all = [entry(1, 1, "a"), entry(2, 2, "b")];
    entries.bulk_create(&all).await.unwrap();

    let refused = entries.upsert(&entry(3, 1, "c"), Entry::PLACE).await;
    let error = refused.unwrap_err();
    let told = "unique [\"place\"] is deferrable, so no row is found by it; must be [\"id\"] or \
                [\"note\"]";
    assert_eq!(error.faults()[0].detail, told);
    let refused = entries.bulk_upsert(&all, Entry::PLACE).await;
    assert_eq!(refused.unwrap_err().faults()[0].detail, told);
    let input = json!({"id": 3, "place": 1, "conflict_on": ["place"]});
    for (node, input) in [
        ("entry_upsert", input.clone()),
        (
            "entry_bulk_upsert",
            json!({"rows": [{"id": 3, "place": 1}], "conflict_on": ["place"]}),
        ),
    ] {
        let error = call(&database, node, input).await.unwrap_err();
        assert_eq!(error.faults()[0].detail, told, "{node}");
    }

    // By other fields an upsert goes on as ever, nulls included.
    for (at, note) in [(5, None), (6, None), (7, Some("b".to_owned()))] {
        let entry = Entry {
            note,
            ..entry(at.into(), at, "")
        };
        entries.upsert(&entry, Entry::NOTE).await.unwrap();
        let found = entries.count(Entry::NOTE.eq(entry.note.clone())).await;
        assert_eq!(found.unwrap(), 1, "{entry:?}");
    }
}

#[tokio::test]
async fn rows_change_places_in_one_transaction() {
    let setup = Setup::postgres();
    let database = setup.builder().model::<Entry>().open().unwrap();
    let entries = database.repository::<Entry>().unwrap();
    let entry = |id, place| Entry {
        id,
        place,
        note: Some(id.to_string()),
    };
    entries
        .bulk_create(&[entry(1, 1), entry(2, 2)])
        .await
        .unwrap();
    let set = async |places: [i32; 2]| {
        database
            .transaction(async |tx| {
                let entries = tx.repository::<Entry>()?;
                for (id, place) in [1, 2].into_iter().zip(places) {
                    entries.update(&entry(id, place)).await?;
                }
                Ok(())
            })
            .await
    };
    set([2, 1]).await.unwrap();
    assert_eq!(entries.read(&1).await.unwrap().place, 2);
    let error = set([3, 3]).await.unwrap_err();
    assert!(error.is_unique(), "{error:?}");
    assert_eq!(entries.read(&1).await.unwrap().place, 2);
    let error = entries.create(&entry(3, 1)).await.unwrap_err();
    assert_eq!(error.place().columns, ["place"], "{error:?}");
}

#[derive(Debug, Clone, PartialEq, Model)]
struct Tag {
    #[model(primary_key)]
    id: i64,
    #[model(unique)]
    name: String,
    uses: Option<i32>,
}

#[derive(Debug, Clone, PartialEq, Model)]
#[model(audit)]
struct Page {
    #[model(primary_key)]
    book: String,
    #[model(primary_key)]
    number: i32,
    text: String,
    #[model(version)]
    version: i64,
    #[model(soft_delete)]
    deleted_at: Option<DateTime<Utc>>,
}

/// A field that is called as the word is.
#[derive(Debug, Clone, PartialEq, Model)]
struct Event {
    #[model(primary_key)]
    name: String,
    created: i64,
}

fn open(setup: &Setup) -> DataFlow {
    let builder = setup.builder().model::<Tag>().model::<Page>();
    builder.model::<Event>().open().unwrap()
}

fn tag(name: &str) -> Tag {
    Tag {
        id: 0,
        name: name.to_owned(),
        uses: Some(1),
    }
}

fn page(number: i32) -> Page {
    Page {
        book: "a".to_owned(),
        number,
        text: String::new(),
        version: 0,
        deleted_at: None,
    }
}

fn newness<M>(rows: &[Upserted<M>]) -> Vec<bool> {
    rows.iter().map(|row| row.is_new).collect()
}

async fn an_upsert_says_whether_its_row_is_new(setup: Setup) {
    let database = open(&setup);
    let tags = database.repository::<Tag>().unwrap();
    for expected in [true, false, false] {
        let upserted = tags.upsert(&tag("a"), Tag::NAME).await.unwrap();
        assert_eq!((upserted.is_new, upserted.id), (expected, 1));
    }
    let (new, change) = (tag("b"), tag("c"));
    for expected in [true, false] {
        let upserted = tags.create_or_update(&new, &change, Tag::NAME).await;
        assert_eq!(upserted.unwrap().is_new, expected);
    }
    let pages = database.repository::<Page>().unwrap();
    let key = (Page::NUMBER, Page::BOOK);
    for expected in [true, false] {
        let upserted = pages.upsert(&page(1), key).await.unwrap();
        assert_eq!(upserted.is_new, expected);
    }
}

async fn rows_of_a_bulk_say_it_each(setup: Setup) {
    let database = open(&setup);
    let tags = database.repository::<Tag>().unwrap();
    tags.create(&tag("b")).await.unwrap();
    let three = ["a", "b", "c"].map(tag);
    let first = tags.bulk_upsert(&three, Tag::NAME).await.unwrap();
    assert_eq!(newness(&first), [true, false, true]);
    let second = tags.bulk_upsert(&three, Tag::NAME).await.unwrap();
    assert_eq!(newness(&second), [false; 3]);
    let twice = [tag("d"), tag("d"), tag("e")];
    let written = tags.bulk_upsert(&twice, Tag::NAME).await.unwrap();
    assert_eq!(newness(&written), [true, false, true]);
}

async fn rows_that_are_there_are_changed_in_their_own_way(setup: Setup) {
    let database = open(&setup);
    let tags = database.repository::<Tag>().unwrap();
    for uses in 1..=3 {
        let once_more = [Tag::USES.add(1)];
        let row = tag("a");
        let written = tags.create_or_update_fields(&row, once_more, Tag::NAME);
        let written = written.await.unwrap();
        assert_eq!((written.uses, written.is_new), (Some(uses), uses == 1));
    }
    let add = |tag: &Tag| [Tag::USES.add(tag.uses.unwrap())];
    let rows = ["a", "b", "b"].map(tag);
    let written = tags
        .bulk_create_or_update(&rows, add, Tag::NAME)
        .await
        .unwrap();
    assert_eq!(newness(&written), [false, true, false]);
    assert_eq!(uses(&written), [4, 1, 2], "a row may stand twice");

    let each = |tag: &Tag| match &*tag.name {
        "a" => vec![Tag::USES.set(Some(10))],
        _ => Vec::new(),
    };
    let rows = ["a", "b", "c"].map(tag);
    let written = tags
        .bulk_create_or_update(&rows, each, Tag::NAME)
        .await
        .unwrap();
    assert_eq!(uses(&written), [10, 2, 1]);
    let both_ways = |tag: &Tag| match &*tag.name {
        "a" => [Tag::USES.set(Some(0))],
        _ => [Tag::USES.add(1)],
    };
    let refused = tags
        .bulk_create_or_update(&rows, both_ways, Tag::NAME)
        .await;
    let refused = refused.unwrap_err();
    assert_eq!(
        refused.faults()[0].pointer,
        "/1/change/add/uses",
        "{refused:?}"
    );

    // With a version and a trail.
    let pages = database.repository::<Page>().unwrap();
    let key = (Page::BOOK, Page::NUMBER);
    pages.create(&page(1)).await.unwrap();
    let text = |page: &Page| [Page::TEXT.set(format!("page {}", page.number))];
    let written = pages
        .bulk_create_or_update(&[page(1), page(2)], text, key)
        .await
        .unwrap();
    assert_eq!(newness(&written), [false, true]);
    let read: Vec<(&str, i64)> = written
        .iter()
        .map(|page| (&*page.text, page.version))
        .collect();
    assert_eq!(read, [("page 1", 2), ("", 1)]);
    let told = database.audit().unwrap().limit(10).list().await.unwrap();
    assert_eq!(told.rows.len(), 3, "{told:?}");

    let input = json!({
        "rows": [{"name": "a", "uses": 7}, {"name": "d", "uses": 7}],
        "conflict_on": ["name"],
        "on_conflict": [{"add": {"uses": 5}}, {"add": {"uses": 1}}],
    });
    for expected in [[15, 7], [20, 8]] {
        let rows = call(&database, "tag_bulk_upsert", input.clone())
            .await
            .unwrap();
        assert_eq!(
            [&rows[0]["uses"], &rows[1]["uses"]],
            expected.map(Json::from).each_ref()
        );
    }
    for (on_conflict, pointer) in [
        (json!([{"uses": 1}]), "/on_conflict"),
        (json!({"uses": 1}), "/on_conflict"),
        (json!([{"uses": 1}, 7]), "/on_conflict/1"),
        (json!([{"uses": 1}, {"usess": 7}]), "/on_conflict/1/usess"),
        (json!([{"uses": 1}, {"id": 7}]), "/on_conflict/1/id"),
        (
            json!([{"uses": 1}, {"add": {"uses": 7}}]),
            "/on_conflict/1/add/uses",
        ),
    ] {
        let mut input = input.clone();
        input["on_conflict"] = on_conflict;
        let error = call(&database, "tag_bulk_upsert", input.clone())
            .await
            .unwrap_err();
        assert_eq!(error.faults()[0].pointer, pointer, "{input} {error:?}");
    }
}

fn uses(rows: &[Upserted<Tag>]) -> Vec<i32> {
    rows.iter().filter_map(|row| row.uses).collect()
}

async fn what_was_refused_says_nothing_of_the_next(setup: Setup) {
    let database = open(&setup);
    let pages = database.repository::<Page>().unwrap();
    let key = (Page::BOOK, Page::NUMBER);
    pages.upsert(&page(1), key).await.unwrap();
    pages.delete(&("a".to_owned(), 1)).await.unwrap();
    let refused = pages.upsert(&page(1), key).await;
    assert!(refused.unwrap_err().is_unique(), "it was deleted");
    assert!(pages.upsert(&page(2), key).await.unwrap().is_new);
    let rows = [page(3), page(1)];
    assert!(pages.bulk_upsert(&rows, key).await.is_err());
    assert!(pages.upsert(&page(3), key).await.unwrap().is_new);
}

async fn hooks_and_transactions_make_no_difference(setup: Setup) {
    let database = open(&setup);
    let outcome = database.transaction(async |tx| {
        let (tags, pages) = (tx.repository::<Tag>()?, tx.repository::<Page>()?);
        let key = (Page::BOOK, Page::NUMBER);
        let mut told = Vec::new();
        for _ in 0..2 {
            told.push(tags.upsert(&tag("a"), Tag::NAME).await?.is_new);
            told.push(pages.upsert(&page(1), key).await?.is_new);
            let rows = [page(1), page(2)];
            told.extend(newness(&pages.bulk_upsert(&rows, key).await?));
        }
        Ok(told)
    });
    let expected = [true, true, false, true, false, false, false, false];
    assert_eq!(outcome.await.unwrap(), expected);
}

async fn nodes_say_it_beside_the_fields(setup: Setup) {
    let database = open(&setup);
    let input = json!({"name": "a", "conflict_on": ["name"]});
    for expected in [true, false] {
        let row = call(&database, "tag_upsert", input.clone()).await.unwrap();
        assert_eq!(row["created"], expected, "{row}");
        let output = database.node("tag_upsert").unwrap();
        let output = dataflow::node::Node::descriptor(&*output).output().clone();
        assert!(output.has_property("created"));
    }
    let by_name = |name: &str| json!({"name": name, "conflict_on": ["name"]});
    let key = created(&database, "tag_upsert", by_name("b")).await;
    assert_eq!(key.map(|key| key.len()), Some(1), "a new row has a place");
    let key = created(&database, "tag_upsert", by_name("b")).await;
    assert_eq!(key, None);
    let rows = json!({"rows": [{"name": "b"}, {"name": "c"}], "conflict_on": ["name"]});
    let rows = call(&database, "tag_bulk_upsert", rows).await.unwrap();
    let told: Vec<&Json> = rows
        .as_array()
        .unwrap()
        .iter()
        .map(|row| &row["created"])
        .collect();
    assert_eq!(told, [false, true]);

    let event = json!({"name": "a", "created": 7});
    let row = call(&database, "event_upsert", event).await.unwrap();
    assert_eq!(
        row,
        json!({"name": "a", "created": 7}),
        "a field goes first"
    );
}
