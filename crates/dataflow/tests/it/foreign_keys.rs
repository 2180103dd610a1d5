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
