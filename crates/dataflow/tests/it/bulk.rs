use dataflow::Filter;
use dataflow::error::{FaultCode, Kind};
use serde_json::json;

use crate::models::{Author, Book, Country};
use crate::nodes::call;
use crate::setup::Setup;

on_every_database! {
    many_thousand_rows_go_in_change_and_go_out
    the_member_at_fault_is_found_among_thousands
    a_bulk_update_names_every_row_that_is_missing
    of_a_row_that_is_given_twice_the_last_one_stays
    of_a_row_that_is_given_twice_thousands_apart_the_last_one_stays
    a_bulk_upsert_creates_and_changes_in_the_order_given
    rows_of_a_bulk_update_may_change_different_fields
    rows_are_loaded_without_being_given_back
    an_upsert_may_give_another_change_than_the_new_row
}

fn authors(count: usize) -> Vec<Author> {
    (0..count).map(|n| Author::new(&n.to_string())).collect()
}

/// More rows than share a statement, and more parameters than any has.
async fn many_thousand_rows_go_in_change_and_go_out(setup: Setup) {
    let database = setup.open();
    let repository = database.repository::<Author>().unwrap();
    let mut created = repository.bulk_create(&authors(25_000)).await.unwrap();
    assert!(created.windows(2).all(|pair| pair[0].id < pair[1].id));
    assert_eq!(created[24_999].email, "24999");

    for (rank, author) in (0..).zip(&mut created) {
        author.rank = rank;
    }
    created.reverse();
    let changed = repository.bulk_update(&created).await.unwrap();
    assert_eq!(changed.len(), 25_000);
    assert!(changed.iter().zip(&created).all(|(now, wanted)| {
        (now.id, now.rank) == (wanted.id, wanted.rank) && now.updated_at >= wanted.updated_at
    }));

    let keys: Vec<_> = created.iter().map(|author| author.id).collect();
    assert_eq!(repository.bulk_delete(&keys).await.unwrap(), 25_000);
}

async fn the_member_at_fault_is_found_among_thousands(setup: Setup) {
    let database = setup.open();
    let repository = database.repository::<Author>().unwrap();
    repository.create(&Author::new("taken")).await.unwrap();
    for position in [0, 7_345, 10_000, 11_999] {
        let mut rows = authors(12_000);
        rows[position].email = "taken".to_owned();
        let error = repository.bulk_create(&rows).await.unwrap_err();
        assert_eq!(error.kind(), Kind::Unique, "{error}");
        let pointers: Vec<&str> = error.faults().iter().map(|fault| &*fault.pointer).collect();
        assert_eq!(pointers, [format!("/{position}/email")], "{error}");
        assert_eq!(repository.count(Filter::all()).await.unwrap(), 1);
    }

    let mut books: Vec<Book> = (0..100).map(|n| Book::new(&n.to_string())).collect();
    books[41].country_code = Some("xx".to_owned());
    let shelf = database.repository::<Book>().unwrap();
    let error = shelf.bulk_create(&books).await.unwrap_err();
    assert_eq!(error.kind(), Kind::ForeignKey);
    assert!(error.faults()[0].pointer.starts_with("/41"), "{error:?}");
    assert_eq!(shelf.count(Filter::all()).await.unwrap(), 0);
}

async fn a_bulk_update_names_every_row_that_is_missing(setup: Setup) {
    let database = setup.open();
    let countries = database.repository::<Country>().unwrap();
    let code = |n: usize| format!("{n:05}");
    let rows: Vec<Country> = (0..11_000)
        .map(|n| Country::new(&code(n), &code(n)))
        .collect();
    countries.bulk_create(&rows).await.unwrap();
    countries
        .bulk_delete(&[code(3), code(10_500)])
        .await
        .unwrap();

    let renamed: Vec<Country> = (0..11_000)
        .map(|n| Country::new(&code(n), &format!("new {n}")))
        .collect();
    let error = countries.bulk_update(&renamed).await.unwrap_err();
    assert!(error.is_not_found(), "{error}");
    let faults: Vec<_> = error
        .faults()
        .iter()
        .map(|fault| (&*fault.pointer, fault.code))
        .collect();
    let missing = FaultCode::Reference;
    assert_eq!(faults, [("/3/code", missing), ("/10500/code", missing)]);
    let untouched = countries.read(&code(0)).await.unwrap();
    assert_eq!(untouched, rows[0], "nothing has changed");
}

async fn of_a_row_that_is_given_twice_the_last_one_stays(setup: Setup) {
    let database = setup.open();
    let countries = database.repository::<Country>().unwrap();
    let rows = [
        Country::new("it", "Italy"),
        Country::new("fr", "France"),
        Country::new("it", "Italia"),
    ];
    let code = "it".to_owned();
    assert_eq!(
        countries.bulk_upsert(&rows, Country::CODE).await.unwrap(),
        rows
    );
    assert_eq!(countries.read(&code).await.unwrap().name, "Italia");
    let rows = [Country::new("it", "a"), Country::new("it", "b")];
    assert_eq!(countries.bulk_update(&rows).await.unwrap(), rows);
    assert_eq!(countries.read(&code).await.unwrap().name, "b");
}

/// More rows than share a statement, and more parameters than any has.
async fn of_a_row_that_is_given_twice_thousands_apart_the_last_one_stays(setup: Setup) {
    let database = setup.open();
    let repository = database.repository::<Author>().unwrap();
    let mut rows = authors(12_001);
    let rank = |rows: &mut [Author], first| {
        for (rank, author) in (first..).zip(rows) {
            author.rank = rank;
        }
    };
    rank(&mut rows, 0);
    for is_new in [true, false] {
        let stored = repository.bulk_upsert(&rows, Author::EMAIL).await.unwrap();
        assert!(stored.iter().all(|author| author.is_new == is_new));
    }

    let ranks = async || {
        let twice = ["500", "11000"].map(|email| {
            let of_email = repository.query().filter(Author::EMAIL.eq(email));
            of_email.select(Author::RANK).first()
        });
        let [first, second] = twice;
        (first.await.unwrap(), second.await.unwrap())
    };
    rows[11_000].email = "500".to_owned();
    rank(&mut rows, 20_000);
    let stored = repository.bulk_upsert(&rows, Author::EMAIL).await.unwrap();
    assert!(stored.iter().zip(&rows).all(|(now, wanted)| {
        (&now.email, now.rank, now.is_new) == (&wanted.email, wanted.rank, false)
    }));
    assert_eq!(ranks().await, (Some(31_000), Some(11_000)));

    rank(&mut rows, 40_000);
    let given: Vec<_> = rows
        .iter()
        .map(|author| json!({"email": author.email, "rank": author.rank}))
        .collect();
    let input = json!({"rows": given, "conflict_on": ["email"]});
    let stored = call(&database, "author_bulk_upsert", input).await.unwrap();
    let stored = stored.as_array().unwrap();
    assert!(stored.iter().zip(&rows).all(|(now, wanted)| {
        let now = (&now["email"], &now["rank"], &now["created"]);
        now == (&json!(wanted.email), &json!(wanted.rank), &json!(false))
    }));
    assert_eq!(ranks().await, (Some(51_000), Some(11_000)));
    assert_eq!(repository.count(Filter::all()).await.unwrap(), 12_001);
}

async fn a_bulk_upsert_creates_and_changes_in_the_order_given(setup: Setup) {
    let database = setup.open();
    let repository = database.repository::<Author>().unwrap();
    let old = repository.bulk_create(&authors(3)).await.unwrap();
    let mut rows = authors(2_000);
    rows.reverse();
    for author in &mut rows {
        author.rank = 9;
    }
    let stored = repository.bulk_upsert(&rows, Author::EMAIL).await.unwrap();
    let new = stored.iter().filter(|author| author.is_new).count();
    assert_eq!(new, 1_997, "three were there");
    let stored: Vec<Author> = stored.into_iter().map(|author| author.row).collect();
    let emails = |authors: &[Author]| -> Vec<String> {
        authors.iter().map(|author| author.email.clone()).collect()
    };
    assert_eq!(emails(&stored), emails(&rows));
    assert!(stored.iter().all(|author| author.rank == 9));
    assert_eq!(
        stored[1_999].id, old[0].id,
        "a row that exists keeps its key"
    );
    assert_eq!(stored[1_999].created_at, old[0].created_at);
    assert_eq!(repository.count(Filter::all()).await.unwrap(), 2_000);
}

async fn rows_of_a_bulk_update_may_change_different_fields(setup: Setup) {
    let database = setup.open();
    let repository = database.repository::<Author>().unwrap();
    let old = repository.bulk_create(&authors(100)).await.unwrap();
    let rows: Vec<_> = old
        .iter()
        .enumerate()
        .map(|(n, author)| match n % 2 {
            0 => json!({"id": author.id.to_string(), "rank": n}),
            _ => json!({"id": author.id.to_string(), "name": n.to_string()}),
        })
        .collect();
    let changed = call(&database, "author_bulk_update", json!({ "rows": rows })).await;
    let changed = changed.unwrap();
    assert_eq!(
        (&changed[4]["rank"], &changed[4]["name"]),
        (&json!(4), &json!(null))
    );
    assert_eq!(
        (&changed[5]["rank"], &changed[5]["name"]),
        (&json!(1), &json!("5"))
    );
}

/// More rows than share a stream are some of them.
async fn rows_are_loaded_without_being_given_back(setup: Setup) {
    let database = setup.open();
    let repository = database.repository::<Country>().unwrap();
    let code = |n: usize| format!("{n:06}");
    let mut rows: Vec<Country> = (0..1_000)
        .map(|n| Country::new(&code(n), &code(n)))
        .collect();
    assert_eq!(repository.bulk_load(&rows[..10]).await.unwrap(), 10);
    assert_eq!(repository.bulk_load(&rows[10..]).await.unwrap(), 990);
    assert_eq!(repository.count(Filter::all()).await.unwrap(), 1_000);

    repository
        .bulk_delete(&rows.iter().map(|row| row.code.clone()).collect::<Vec<_>>())
        .await
        .unwrap();
    rows[777].name = rows[5].name.clone();
    let error = repository.bulk_load(&rows).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Unique);
    assert_eq!(error.faults()[0].pointer, "/777/name", "{error}");
    assert_eq!(repository.count(Filter::all()).await.unwrap(), 0);

    let tx = database.begin().await.unwrap();
    let inside = tx.repository::<Country>().unwrap();
    assert_eq!(inside.bulk_load(&rows[..700]).await.unwrap(), 700);
    tx.roll_back().await.unwrap();
    assert_eq!(repository.count(Filter::all()).await.unwrap(), 0);
}

async fn an_upsert_may_give_another_change_than_the_new_row(setup: Setup) {
    let database = setup.open();
    let authors = database.repository::<Author>().unwrap();
    let (mut new, mut change) = (Author::new("ann"), Author::new("ann"));
    (new.rank, change.rank) = (1, 2);
    change.name = Some("Ann".to_owned());
    let created = authors
        .create_or_update(&new, &change, Author::EMAIL)
        .await
        .unwrap();
    assert_eq!((created.rank, &created.name), (1, &None));
    let changed = authors
        .create_or_update(&new, &change, Author::EMAIL)
        .await
        .unwrap();
    assert_eq!((changed.rank, &changed.name), (2, &change.name));
    assert_eq!(changed.id, created.id);

    let upsert = |on_conflict| {
        json!({
            "email": "ann", "rank": 7, "conflict_on": ["email"], "on_conflict": on_conflict,
        })
    };
    let changed = call(&database, "author_upsert", upsert(json!({"rank": 3})))
        .await
        .unwrap();
    assert_eq!(
        (&changed["rank"], &changed["name"]),
        (&json!(3), &json!("Ann"))
    );
    let kept = call(&database, "author_upsert", upsert(json!({})))
        .await
        .unwrap();
    assert_eq!(kept["rank"], json!(3));
    let cases = [
        (json!({"rnk": 1}), "/on_conflict/rnk", FaultCode::Unknown),
        (
            json!({"id": created.id.to_string()}),
            "/on_conflict/id",
            FaultCode::Generated,
        ),
        (json!(5), "/on_conflict", FaultCode::Type),
    ];
    for (on_conflict, pointer, code) in cases {
        let error = call(&database, "author_upsert", upsert(on_conflict))
            .await
            .unwrap_err();
        assert_eq!(
            (&*error.faults()[0].pointer, error.faults()[0].code),
            (pointer, code)
        );
    }
}
