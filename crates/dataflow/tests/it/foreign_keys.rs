use dataflow::error::Code;
use dataflow::{DataFlow, Error, Filter, Model};
use serde_json::{Value as Json, json};

use crate::nodes::call;
use crate::setup::Setup;

on_every_database! {
    the_reference_that_leads_nowhere_is_named_among_several
    the_table_whose_rows_point_at_a_row_is_named
    what_is_broken_in_a_transaction_is_named_and_the_rest_goes_on
    what_does_not_agree_by_the_commit_is_named
    the_key_is_named_that_a_statement_in_ones_own_words_breaks
    what_a_filter_removes_names_the_rows_that_point_at_it
    a_statement_that_is_looked_into_leaves_its_transaction_as_it_was
}

#[derive(Debug, Clone, PartialEq, Model)]
struct Person {
    #[model(primary_key)]
    name: String,
    #[model(belongs_to = Person, column = "boss")]
    boss_id: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Model)]
struct City {
    #[model(primary_key, client_key)]
    id: i64,
}

#[derive(Debug, Clone, PartialEq, Model)]
struct Trip {
    #[model(primary_key, client_key)]
    id: i64,
    #[model(belongs_to = Person)]
    person: String,
    #[model(belongs_to = City, column = "city")]
    city_id: Option<i64>,
}

/// Ann, Rome, and the first trip between them.
async fn open(setup: &Setup) -> DataFlow {
    let builder = setup.builder().model::<Person>().model::<City>();
    let database = builder.model::<Trip>().open().unwrap();
    for (node, input) in [
        ("person_create", json!({"name": "ann", "boss_id": "ann"})),
        ("city_create", json!({"id": 1})),
        ("trip_create", trip(1, "ann", 1)),
    ] {
        call(&database, node, input).await.unwrap();
    }
    database
}

fn trip(id: i64, person: &str, city: i64) -> Json {
    json!({"id": id, "person": person, "city_id": city})
}

fn assert_names(error: &Error, what: &str, [table, column, constraint]: [&str; 3]) {
    assert_eq!(error.code(), Code::ForeignKey, "{what}: {error:?}");
    let place = error.place();
    assert_eq!(place.table.as_deref(), Some(table), "{what}: {error:?}");
    assert_eq!(place.columns, [column], "{what}: {error:?}");
    assert_eq!(
        place.constraint.as_deref(),
        Some(constraint),
        "{what}: {error:?}"
    );
}

async fn the_reference_that_leads_nowhere_is_named_among_several(setup: Setup) {
    let database = open(&setup).await;
    let person = ["trips", "person", "trips_person_fkey"];
    let city = ["trips", "city", "trips_city_fkey"];
    let cases = [
        ("trip_create", trip(2, "bob", 1), "/person", person),
        ("trip_create", trip(2, "ann", 9), "/city_id", city),
        (
            "trip_update",
            json!({"id": 1, "city_id": 9}),
            "/city_id",
            city,
        ),
        ("trip_upsert", trip(1, "ann", 9), "/city_id", city),
        (
            "trip_bulk_create",
            json!({"rows": [trip(2, "ann", 1), trip(3, "ann", 9)]}),
            "/rows/1/city_id",
            city,
        ),
        (
            "trip_bulk_update",
            json!({"rows": [{"id": 1, "person": "bob"}]}),
            "/rows/0/person",
            person,
        ),
        (
            "person_create",
            json!({"name": "eve", "boss_id": "bob"}),
            "/boss_id",
            ["persons", "boss", "persons_boss_fkey"],
        ),
    ];
    for (node, input, pointer, names) in cases {
        let error = call(&database, node, input).await.unwrap_err();
        assert_names(&error, node, names);
        assert_eq!(error.faults()[0].pointer, pointer, "{node}: {error:?}");
        assert!(error.to_string().contains(names[1]), "{node}: {error}");
    }
}

async fn the_table_whose_rows_point_at_a_row_is_named(setup: Setup) {
    let database = open(&setup).await;
    let cities = database.repository::<City>().unwrap();
    let error = cities.delete(&1).await.unwrap_err();
    assert_names(&error, "delete", ["trips", "city", "trips_city_fkey"]);
    assert_eq!(error.to_string(), "a row of \"trips\" points at this row");
    assert!(error.help().is_some());
}

async fn what_is_broken_in_a_transaction_is_named_and_the_rest_goes_on(setup: Setup) {
    let database = open(&setup).await;
    let stray = Trip {
        id: 2,
        person: "bob".to_owned(),
        city_id: None,
    };
    let tx = database.begin().await.unwrap();
    let part = tx.savepoint().await.unwrap();
    let error = part
        .repository::<Trip>()
        .unwrap()
        .create(&stray)
        .await
        .unwrap_err();
    assert_names(
        &error,
        "a savepoint",
        ["trips", "person", "trips_person_fkey"],
    );
    part.roll_back().await.unwrap();
    let kept = Trip {
        person: "ann".to_owned(),
        ..stray
    };
    tx.repository::<Trip>()
        .unwrap()
        .create(&kept)
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

#[derive(Debug, Clone, PartialEq, Model)]
struct Leg {
    #[model(primary_key, client_key)]
    id: i64,
    #[model(belongs_to = City, column = "via", deferred)]
    city_id: i64,
}

async fn what_does_not_agree_by_the_commit_is_named(setup: Setup) {
    let builder = setup.builder().model::<City>().model::<Leg>();
    let database = builder.open().unwrap();
    let names = ["legs", "via", "legs_via_fkey"];
    let legs = [Leg { id: 1, city_id: 1 }, Leg { id: 2, city_id: 9 }];
    let tx = database.begin().await.unwrap();
    let inside = tx.repository::<Leg>().unwrap();
    inside.bulk_create(&legs).await.unwrap();
    let cities = tx.repository::<City>().unwrap();
    cities.create(&City { id: 1 }).await.unwrap();
    let error = tx.commit().await.unwrap_err();
    assert_names(&error, "a commit", names);
    assert!(error.to_string().contains("\"cities\""), "{error}");

    let outside = database.repository::<Leg>().unwrap();
    let error = outside.bulk_create(&legs).await.unwrap_err();
    assert_names(&error, "a bulk", names);
    let none = outside.count(Filter::all()).await.unwrap();
    assert_eq!(none, 0, "nothing has taken effect");
}

/// Statements that break a key each, with its names and whether the row that is written points at
/// another that is not there.
const OWN_WORDS: [(&str, [&str; 3], bool); 5] = [
    (
        "INSERT INTO trips (id, person, city) VALUES (2, 'ann', 1), (3, 'bob', 1)",
        ["trips", "person", "trips_person_fkey"],
        true,
    ),
    (
        "INSERT INTO trips (id, person, city) SELECT 2, name, 9 FROM persons",
        ["trips", "city", "trips_city_fkey"],
        true,
    ),
    (
        "UPDATE trips SET city = 9",
        ["trips", "city", "trips_city_fkey"],
        true,
    ),
    (
        "DELETE FROM cities",
        ["trips", "city", "trips_city_fkey"],
        false,
    ),
    (
        "UPDATE cities SET id = id + 5",
        ["trips", "city", "trips_city_fkey"],
        false,
    ),
];

async fn the_key_is_named_that_a_statement_in_ones_own_words_breaks(setup: Setup) {
    let database = open(&setup).await;
    // Twice: what was looked into is no different afterwards.
    for (sql, names, points_nowhere) in OWN_WORDS.into_iter().chain(OWN_WORDS) {
        let error = database.sql(sql).execute().await.unwrap_err();
        assert_names(&error, sql, names);
        let message = error.to_string();
        assert_eq!(
            message.starts_with("no row of"),
            points_nowhere,
            "{sql}: {message}"
        );
        let is_pointed_at = message == "a row of \"trips\" points at this row";
        assert_eq!(is_pointed_at, !points_nowhere, "{sql}: {message}");
    }
    let bound =
        database.sql("INSERT INTO trips (id, person, city) VALUES ($1, $2, $3) RETURNING id");
    let bound = bound.bind(2_i64).bind("bob".to_owned()).bind(1_i64);
    let error = bound.execute_returning::<(i64,)>().await.unwrap_err();
    assert_names(
        &error,
        "returning",
        ["trips", "person", "trips_person_fkey"],
    );
    let trips = database.repository::<Trip>().unwrap();
    let rows = trips.list(Filter::all()).await.unwrap().rows;
    assert_eq!(rows.len(), 1, "{rows:?}");
    assert_eq!((&*rows[0].person, rows[0].city_id), ("ann", Some(1)));
}

async fn what_a_filter_removes_names_the_rows_that_point_at_it(setup: Setup) {
    let database = open(&setup).await;
    let cities = database.repository::<City>().unwrap();
    let error = cities.delete_where(Filter::all()).await.unwrap_err();
    assert_names(&error, "delete_where", ["trips", "city", "trips_city_fkey"]);
    assert_eq!(error.to_string(), "a row of \"trips\" points at this row");
}

async fn a_statement_that_is_looked_into_leaves_its_transaction_as_it_was(setup: Setup) {
    let database = open(&setup).await;
    let tx = database.begin().await.unwrap();
    tx.sql("INSERT INTO cities (id) VALUES (2)")
        .execute()
        .await
        .unwrap();
    for (sql, names, _) in OWN_WORDS {
        let savepoint = tx.savepoint().await.unwrap();
        let error = savepoint.sql(sql).execute().await.unwrap_err();
        assert_names(&error, sql, names);
        savepoint.roll_back().await.unwrap();
    }
    tx.sql("INSERT INTO trips (id, person, city) VALUES (2, 'ann', 2)")
        .execute()
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let cities = database.repository::<City>().unwrap();
    assert_eq!(cities.count(Filter::all()).await.unwrap(), 2);
}
