// How a row is named.
mod keys;
// Positions that are too old, or of another database.
mod kept;
// Transactions that end in another order than they began.
mod overlap;

use std::pin::Pin;
use std::time::Duration;

use chrono::{DateTime, Utc};
use dataflow::error::Kind;
use dataflow::node::{Context, Source};
use dataflow::schema::{Action, Field, FieldType, Key, KeyGenerator, Relation};
use dataflow::{
    Changes, DataFlow, DataFlowBuilder, Model, ModelSchema, Position, Result, RowChange, RowVerb,
};
use futures_util::{Stream, StreamExt as _};
use serde_json::json;

use crate::models::{Author, Book, Country};
use crate::nodes::call;
use crate::setup::Setup;

on_every_database! {
    every_way_to_write_is_told_in_order_with_the_key
    rows_of_a_filter_are_told_each
    a_reader_goes_on_where_another_one_was
    what_another_process_writes_is_told
    models_known_only_at_run_time_are_followed_with_their_cascades
    changes_that_nobody_writes_down_cannot_be_followed
    a_row_that_stays_when_it_is_deleted_is_told_as_deleted
}

/// Longer than any of it takes.
const PATIENCE: Duration = Duration::from_secs(20);

fn followed(setup: &Setup) -> DataFlowBuilder {
    let interval = Duration::from_millis(50);
    setup
        .library()
        .enable_changes(true)
        .changes_interval(interval)
}

/// What a reader was told, one after another.
pub(crate) struct Told(Pin<Box<dyn Stream<Item = Result<RowChange>> + Send>>);

impl Told {
    pub(crate) fn of(changes: Changes) -> Self {
        Self(Box::pin(changes.stream()))
    }

    async fn next(&mut self) -> Result<RowChange> {
        let next = tokio::time::timeout(PATIENCE, self.0.next()).await;
        next.expect("nothing was told").expect("it has no end")
    }

    /// So many changes, each in words.
    pub(crate) async fn words(&mut self, count: usize) -> Vec<String> {
        let mut words = Vec::new();
        for _ in 0..count {
            words.push(in_words(&self.next().await.unwrap()));
        }
        words
    }
}

fn in_words(change: &RowChange) -> String {
    let (model, verb) = (&change.model, change.verb.as_str());
    let values: Vec<String> = change.key.values().map(ToString::to_string).collect();
    let former = match &change.former_key {
        Some(former) => format!(" was {}", json!(former)),
        None => String::new(),
    };
    format!("{model} {verb} {}{former}", values.join(" "))
}

async fn every_way_to_write_is_told_in_order_with_the_key(setup: Setup) {
    let database = followed(&setup).open().unwrap();
    let mut told = Told::of(database.changes().from_oldest());
    let countries = database.repository::<Country>().unwrap();
    let italy = Country::new("it", "Italy");

    countries.create(&italy).await.unwrap();
    assert_eq!(told.words(1).await, [r#"Country create "it""#]);
    countries.update(&italy).await.unwrap();
    assert_eq!(told.words(1).await, [r#"Country update "it""#]);
    countries.upsert(&italy, Country::CODE).await.unwrap();
    assert_eq!(told.words(1).await, [r#"Country update "it""#]);
    countries.delete(&italy.code).await.unwrap();
    assert_eq!(told.words(1).await, [r#"Country delete "it""#]);

    let many = [
        Country::new("at", "Austria"),
        Country::new("ch", "Switzerland"),
    ];
    countries.bulk_create(&many).await.unwrap();
    let both = |verb: &str| ["at", "ch"].map(|code| format!("Country {verb} \"{code}\""));
    assert_eq!(told.words(2).await, both("create"));
    countries.bulk_update(&many).await.unwrap();
    assert_eq!(told.words(2).await, both("update"));
    countries.bulk_upsert(&many, Country::CODE).await.unwrap();
    assert_eq!(told.words(2).await, both("update"));
    countries
        .bulk_delete(&["at".to_owned(), "ch".to_owned()])
        .await
        .unwrap();
    let mut deleted = told.words(2).await;
    deleted.sort();
    assert_eq!(deleted, both("delete"));
    countries.bulk_load(&many).await.unwrap();
    assert_eq!(told.words(2).await, both("create"));

    let rename = "UPDATE countries SET code = 'de' WHERE code = 'at'";
    database.sql(rename).execute().await.unwrap();
    assert_eq!(
        told.words(1).await,
        [r#"Country update "de" was {"code":"at"}"#]
    );
    database
        .transaction(async |tx| {
            tx.repository::<Country>()?.create(&italy).await?;
            tx.sql("DELETE FROM countries WHERE code = 'de'")
                .execute()
                .await
        })
        .await
        .unwrap();
    let both = [told.next().await.unwrap(), told.next().await.unwrap()];
    assert_eq!(
        both.each_ref().map(|change| change.verb),
        [RowVerb::Create, RowVerb::Delete]
    );
    assert_eq!(
        both[0].transaction, both[1].transaction,
        "they took effect together"
    );
    assert!(both[0].position < both[1].position);
}

async fn rows_of_a_filter_are_told_each(setup: Setup) {
    let database = followed(&setup).open().unwrap();
    let books = database.repository::<Book>().unwrap();
    let rows: Vec<Book> = ["a", "b", "c"].map(Book::new).into();
    books.bulk_create(&rows).await.unwrap();
    let mut told = Told::of(database.changes().from_oldest());
    told.words(3).await;
    let each = |verb: &str, ids: &[i64]| -> Vec<String> {
        ids.iter().map(|id| format!("Book {verb} {id}")).collect()
    };
    let first_two = Book::ID.lte(2);
    let renamed = books.update_where(first_two, [Book::TITLE.set("x")]).await;
    assert_eq!(renamed.unwrap(), 2);
    let mut words = told.words(2).await;
    words.sort();
    assert_eq!(words, each("update", &[1, 2]));
    let nothing = books
        .update_where(Book::ID.gt(9), [Book::TITLE.set("y")])
        .await;
    assert_eq!(nothing.unwrap(), 0, "and nothing is told");
    assert_eq!(books.delete_where(Book::ID.gte(2)).await.unwrap(), 2);
    let mut words = told.words(2).await;
    words.sort();
    assert_eq!(words, each("delete", &[2, 3]));

    // What is rolled back is not told.
    let tx = database.begin().await.unwrap();
    let inside = tx.repository::<Book>().unwrap();
    assert_eq!(inside.delete_where(Book::ID.gt(0)).await.unwrap(), 1);
    tx.roll_back().await.unwrap();
    let input = json!({"all": true});
    let gone = call(&database, "book_bulk_delete", input).await.unwrap();
    assert_eq!(
        (gone, told.words(1).await),
        (json!({"count": 1}), each("delete", &[1]))
    );
}

async fn a_reader_goes_on_where_another_one_was(setup: Setup) {
    let database = followed(&setup).open().unwrap();
    let rows: Vec<Book> = (0..1200).map(|n| Book::new(&format!("{n}"))).collect();
    database
        .repository::<Book>()
        .unwrap()
        .bulk_create(&rows)
        .await
        .unwrap();
    let countries = database.repository::<Country>().unwrap();
    countries
        .create(&Country::new("it", "Italy"))
        .await
        .unwrap();

    let mut first = Told::of(database.changes().of::<Book>().from_oldest());
    let mut seen: Vec<Position> = Vec::new();
    for _ in 0..700 {
        seen.push(first.next().await.unwrap().position);
    }
    let position: Position = seen[699].to_string().parse().unwrap();
    let mut second = Told::of(database.changes().from(position));
    for _ in 700..1200 {
        seen.push(second.next().await.unwrap().position);
    }
    assert!(
        seen.is_sorted_by(|left, right| left < right),
        "each once, in order"
    );
    assert_eq!(second.words(1).await, [r#"Country create "it""#]);

    // From now on; and only of one model.
    let mut third = Told::of(database.changes().of::<Country>());
    let early = tokio::time::timeout(Duration::from_millis(150), third.next()).await;
    assert!(early.is_err(), "told {early:?}, which was before");
    let books = database.repository::<Book>().unwrap();
    books.create(&Book::new("x")).await.unwrap();
    countries.delete(&"it".to_owned()).await.unwrap();
    let deleted = r#"Country delete "it""#;
    assert_eq!(third.words(1).await, [deleted]);
    assert_eq!(second.words(2).await[1], deleted);
}

async fn what_another_process_writes_is_told(setup: Setup) {
    let [here, there] = [(); 2].map(|()| followed(&setup).open().unwrap());
    let mut told = Told::of(here.changes().from_oldest());
    let countries = there.repository::<Country>().unwrap();
    countries
        .create(&Country::new("it", "Italy"))
        .await
        .unwrap();
    assert_eq!(told.words(1).await, [r#"Country create "it""#]);
    setup.sql("UPDATE countries SET name = 'Italia'");
    assert_eq!(told.words(1).await, [r#"Country update "it""#]);
}

async fn models_known_only_at_run_time_are_followed_with_their_cascades(setup: Setup) {
    let fields = |more: &[Field]| {
        let id = Field::new("id", FieldType::I64);
        let all = std::iter::once(id).chain(more.iter().cloned());
        all.collect::<Vec<_>>()
    };
    let key = || Key::new("id", KeyGenerator::Serial);
    let shelf = ModelSchema::new("Shelf", fields(&[]), key());
    let shelf_id = Field::new("shelf_id", FieldType::I64);
    let mut item = ModelSchema::new("Item", fields(&[shelf_id]), key());
    let mut relation = Relation::new("shelf_id", "shelfs", "id");
    relation.on_delete = Action::Cascade;
    item.relations.to_mut().push(relation);
    let builder = setup.builder().schema(shelf).schema(item);
    let database = builder.enable_changes(true).open().unwrap();
    let mut told = Told::of(database.changes().from_oldest());
    call(&database, "shelf_create", json!({})).await.unwrap();
    let items = json!({"rows": [{"shelf_id": 1}, {"shelf_id": 1}]});
    call(&database, "item_bulk_create", items).await.unwrap();
    call(&database, "shelf_delete", json!({"id": 1}))
        .await
        .unwrap();
    let mut words = told.words(6).await;
    words[3..].sort();
    assert_eq!(
        words,
        [
            "Shelf create 1",
            "Item create 1",
            "Item create 2",
            "Item delete 1",
            "Item delete 2",
            "Shelf delete 1",
        ]
    );
}

async fn changes_that_nobody_writes_down_cannot_be_followed(setup: Setup) {
    let database = setup.library().open().unwrap();
    let error = Told::of(database.changes().of::<Book>())
        .next()
        .await
        .unwrap_err();
    assert_eq!(error.kind(), Kind::Unsupported);
    assert_eq!(error.help(), Some("turn enable_changes on"));
    assert!(!setup.has_table("dataflow_changes"));
}

#[derive(Debug, Clone, Model)]
#[model(table = "leaves")]
struct Leaf {
    #[model(primary_key, client_key)]
    id: i64,
    text: String,
    #[model(soft_delete)]
    deleted_at: Option<DateTime<Utc>>,
}

async fn a_row_that_stays_when_it_is_deleted_is_told_as_deleted(setup: Setup) {
    let builder = setup.builder().model::<Leaf>().enable_changes(true);
    let database = builder.open().unwrap();
    let mut told = Told::of(database.changes().from_oldest());
    let leaves = database.repository::<Leaf>().unwrap();
    let leaf = |id| Leaf {
        id,
        text: String::new(),
        deleted_at: None,
    };
    leaves.bulk_create(&[leaf(1), leaf(2)]).await.unwrap();
    let text = [Leaf::TEXT.set("")];
    assert_eq!(leaves.update_where(Leaf::ID.eq(1), text).await.unwrap(), 1);
    assert_eq!(leaves.delete_where(Leaf::ID.eq(1)).await.unwrap(), 1);
    leaves.restore(&1).await.unwrap();
    let moved = "UPDATE leaves SET id = 3, deleted_at = NULL WHERE id = 1";
    database.sql(moved).execute().await.unwrap();
    assert_eq!(leaves.bulk_delete(&[2, 3]).await.unwrap(), 2);
    leaves.purge(&2).await.unwrap();
    let mut words = told.words(9).await;
    words[6..8].sort();
    let expected = [
        "Leaf create 1",
        "Leaf create 2",
        "Leaf update 1",
        "Leaf delete 1",
        "Leaf create 1",
        r#"Leaf update 3 was {"id":1}"#,
        "Leaf delete 2",
        "Leaf delete 3",
        "Leaf delete 2",
    ];
    assert_eq!(words, expected);
}
