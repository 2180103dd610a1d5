use chrono::{DateTime, Utc};
use dataflow::{DataFlow, Model, Upserted};
use serde_json::{Value as Json, json};

use crate::nodes::{call, created};
use crate::setup::Setup;

on_every_database! {
    an_upsert_says_whether_its_row_is_new
    rows_of_a_bulk_say_it_each
    what_was_refused_says_nothing_of_the_next
    hooks_and_transactions_make_no_difference
    nodes_say_it_beside_the_fields
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
