mod contention;
// How long one is held, and by whom.
mod held;
// Rows that are read to be changed.
mod locked;
// What a transaction may do, and what it sees of others.
mod options;
// Parts that are undone alone.
mod savepoint;
// Nodes inside.
mod scope;
// What a rollback leaves of each verb.
mod undone;

use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use dataflow::error::Kind;
use dataflow::node::{Context, Form, Scope, Source};
use dataflow::{
    DataFlow, Filter, IfLocked, Isolation, Model, Repository, Result, TransactionOptions,
};
use serde_json::{Value as Json, json};

use crate::models::{Author, Book, Country};
use crate::nodes::call;
use crate::setup::Setup;

on_every_database! {
    what_was_done_takes_effect_with_the_commit
    v04_transactions_work_on_every_database
    work_that_another_transaction_is_in_the_way_of_is_done_again
    after_a_failure_only_rolling_back_is_left
    a_bulk_in_a_transaction_is_all_or_nothing_and_leaves_it_well
    a_missing_row_does_not_end_a_transaction
    the_cache_is_passed_by_and_told_of_the_commit
}

fn italy() -> Country {
    Country::new("it", "Italy")
}

fn france() -> Country {
    Country::new("fr", "France")
}

async fn what_was_done_takes_effect_with_the_commit(setup: Setup) {
    let database = setup.open();
    let countries = database.repository::<Country>().unwrap();
    let tx = database.begin().await.unwrap();
    let inside = tx.repository::<Country>().unwrap();
    inside.create(&italy()).await.unwrap();
    inside.bulk_create(&[france()]).await.unwrap();
    assert_eq!(
        inside.count(Filter::all()).await.unwrap(),
        2,
        "it sees its own"
    );
    assert_eq!(
        countries.count(Filter::all()).await.unwrap(),
        0,
        "others do not"
    );
    let mut book = Book::new("Il libro");
    book.country_code = Some("it".to_owned());
    tx.repository::<Book>()
        .unwrap()
        .create(&book)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    assert_eq!(countries.count(Filter::all()).await.unwrap(), 2);
    let error = inside.count(Filter::all()).await.unwrap_err();
    assert!(error.to_string().contains("committed"), "{error}");
    countries
        .create(&Country::new("es", "Spain"))
        .await
        .unwrap();
}

fn codes(countries: &[Country]) -> Vec<String> {
    countries
        .iter()
        .map(|country| country.code.clone())
        .collect()
}

async fn v04_transactions_work_on_every_database(setup: Setup) {
    let database = setup.open();
    let work = database.transaction(async |tx| {
        let countries = tx.repository::<Country>()?;
        countries.create(&italy()).await?;
        countries.create(&france()).await
    });
    work.await.unwrap();
    let countries = database.repository::<Country>().unwrap();
    let rows = countries.list(Filter::all()).await.unwrap().rows;
    assert_eq!(codes(&rows), ["fr", "it"]);
}

/// Everybody reads a row and writes it back one higher: whoever does so at once loses, and begins
/// again.
async fn work_that_another_transaction_is_in_the_way_of_is_done_again(setup: Setup) {
    let database = setup.open();
    let authors = database.repository::<Author>().unwrap();
    let author = authors.create(&Author::new("ann")).await.unwrap();
    let tasks = (0..4).map(|_| {
        let (database, id) = (database.clone(), author.id);
        tokio::spawn(async move {
            for _ in 0..5 {
                let options = TransactionOptions::new().isolation(Isolation::Serializable);
                let work = database.transaction_with(options, async |tx| {
                    let authors = tx.repository::<Author>()?;
                    let mut author = authors.read(&id).await?;
                    tokio::task::yield_now().await;
                    author.rank += 1;
                    authors.update(&author).await.map(|_| ())
                });
                work.await.unwrap();
            }
        })
    });
    for task in tasks.collect::<Vec<_>>() {
        task.await.unwrap();
    }
    assert_eq!(authors.read(&author.id).await.unwrap().rank, 21);
}

async fn after_a_failure_only_rolling_back_is_left(setup: Setup) {
    let database = setup.open();
    let outside = database.repository::<Country>().unwrap();
    let tx = database.begin().await.unwrap();
    let countries = tx.repository::<Country>().unwrap();
    countries.create(&italy()).await.unwrap();
    countries.create(&italy()).await.unwrap_err();
    let error = countries.count(Filter::all()).await.unwrap_err();
    assert!(error.to_string().contains("has failed"), "{error}");
    let error = tx.commit().await.unwrap_err();
    assert!(error.to_string().contains("has failed"), "{error}");
    assert_eq!(outside.count(Filter::all()).await.unwrap(), 0);
    outside.create(&italy()).await.unwrap();
}

async fn a_bulk_in_a_transaction_is_all_or_nothing_and_leaves_it_well(setup: Setup) {
    let database = setup.open();
    let tx = database.begin().await.unwrap();
    let countries = tx.repository::<Country>().unwrap();
    countries.bulk_create(&[italy(), france()]).await.unwrap();
    let changes = [
        Country::new("it", "Italia"),
        Country::new("xx", "Nowhere"),
        Country::new("fr", "La France"),
    ];
    let error = countries.bulk_update(&changes).await.unwrap_err();
    assert!(error.is_not_found(), "{error}");
    assert_eq!(error.faults()[0].pointer, "/1/code");
    assert_eq!(countries.read(&"it".to_owned()).await.unwrap(), italy());

    let savepoint = tx.savepoint().await.unwrap();
    let within = savepoint.repository::<Country>().unwrap();
    let rows: Vec<Country> = (0..50)
        .map(|n| Country::new(&n.to_string(), "same"))
        .collect();
    let error = within.bulk_create(&rows).await.unwrap_err();
    assert_eq!(error.faults()[0].pointer, "/1/name", "{error}");
    savepoint.roll_back().await.unwrap();
    assert_eq!(countries.count(Filter::all()).await.unwrap(), 2);
    tx.commit().await.unwrap();
}

async fn a_missing_row_does_not_end_a_transaction(setup: Setup) {
    let database = setup.open();
    let tx = database.begin().await.unwrap();
    let countries = tx.repository::<Country>().unwrap();
    let missing = "xx".to_owned();
    assert!(countries.read(&missing).await.unwrap_err().is_not_found());
    assert!(countries.delete(&missing).await.unwrap_err().is_not_found());
    countries.create(&italy()).await.unwrap();
    tx.commit().await.unwrap();
}

async fn the_cache_is_passed_by_and_told_of_the_commit(setup: Setup) {
    let database = setup.library().enable_caching(true).open().unwrap();
    let countries = database.repository::<Country>().unwrap();
    countries.create(&italy()).await.unwrap();
    let code = "it".to_owned();
    countries.read(&code).await.unwrap();

    let tx = database.begin().await.unwrap();
    let inside = tx.repository::<Country>().unwrap();
    let renamed = Country::new("it", "Italia");
    inside.update(&renamed).await.unwrap();
    assert_eq!(inside.read(&code).await.unwrap(), renamed);
    assert_eq!(countries.read(&code).await.unwrap(), italy());
    tx.commit().await.unwrap();
    assert_eq!(countries.read(&code).await.unwrap(), renamed);

    let tx = database.begin().await.unwrap();
    let inside = tx.repository::<Country>().unwrap();
    inside.update(&italy()).await.unwrap();
    assert_eq!(inside.read(&code).await.unwrap(), italy());
    tx.roll_back().await.unwrap();
    assert_eq!(countries.read(&code).await.unwrap(), renamed);
}
