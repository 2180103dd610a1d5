use dataflow::error::Kind;
use dataflow::query::Sort;
use dataflow::{DataFlow, IfLocked, Model};
use serde_json::{Value as Json, json};

use crate::nodes::{bytes, call, page};
use crate::setup::Setup;

on_every_database! {
    rows_are_sorted_by_what_their_documents_hold
    pages_follow_each_other_in_such_an_order
    what_documents_hold_is_given_of_rows
    rows_of_relations_are_given_and_sorted_so
    what_is_no_place_in_a_document_is_refused
}

#[derive(Debug, Clone, PartialEq, Model)]
struct Guest {
    #[model(primary_key, client_key)]
    name: String,
    note: Option<Json>,
    #[model(belongs_to = Guest)]
    host_id: Option<String>,
}

/// Places of every kind, each of which another database spells in another way.
fn notes() -> [(&'static str, Option<Json>, Option<&'static str>); 7] {
    [
        (
            "a",
            Some(json!({"age": 9, "address": {"city": "Rome"}})),
            None,
        ),
        (
            "b",
            Some(json!({"age": 10.5, "address": {"city": "Bern"}, "tags": ["x", 7]})),
            Some("a"),
        ),
        (
            "c",
            Some(json!({"age": -1, "address": {"city": "Oslo", "it's \"": 1}})),
            Some("a"),
        ),
        (
            "d",
            Some(json!({"age": "12", "address": {"city": 4}})),
            Some("b"),
        ),
        ("e", Some(json!({"age": null, "address": null})), Some("c")),
        ("f", Some(json!({"age": 1e200, "vip": true})), None),
        ("g", None, Some("b")),
    ]
}

async fn guests(setup: &Setup) -> DataFlow {
    let database = setup.builder().model::<Guest>().open().unwrap();
    let guests = database.repository::<Guest>().unwrap();
    for (name, note, host) in notes() {
        let (name, host_id) = (name.to_owned(), host.map(str::to_owned));
        let guest = Guest {
            name,
            note,
            host_id,
        };
        guests.create(&guest).await.unwrap();
    }
    database
}

async fn sorted(database: &DataFlow, sort: Sort<Guest>) -> String {
    let query = database.repository::<Guest>().unwrap().query();
    let page = query.order_by(sort).select(Guest::NAME).list().await;
    page.unwrap().rows.concat()
}

async fn sorted_as_data(database: &DataFlow, term: &str) -> String {
    let input = json!({"order": [term], "fields": ["name"]});
    names(&call(database, "guest_list", input).await.unwrap())
}

fn names(rows: &Json) -> String {
    let rows = rows.as_array().unwrap().iter();
    rows.map(|row| row["name"].as_str().unwrap()).collect()
}

async fn rows_are_sorted_by_what_their_documents_hold(setup: Setup) {
    let database = guests(&setup).await;
    let age = || Guest::NOTE.at("age").as_number();
    let city = || Guest::NOTE.at("address").at("city").as_text();
    let cases = [
        (age().asc(), "note->age", "cabfdeg"),
        (age().desc(), "note->age.desc", "degfbac"),
        (
            age().desc().nulls_last(),
            "note->age.desc.nullslast",
            "fbacdeg",
        ),
        (city().asc(), "note->address->>city.asc", "bcadefg"),
        (
            city().asc().nulls_first(),
            "note->address->>city.nullsfirst",
            "defgbca",
        ),
        (
            city().desc().nulls_last(),
            "note->address->>city.desc.nullslast",
            "acbdefg",
        ),
        (
            Guest::NOTE.at("tags").at("1").as_number().asc(),
            "note->tags->1",
            "bacdefg",
        ),
        (
            Guest::HOST.by(Guest::NOTE.at("age").as_number().asc()),
            "host.note->age",
            "ebcdgaf",
        ),
    ];
    for (sort, term, expected) in cases {
        assert_eq!(sorted(&database, sort).await, expected, "{term}");
        assert_eq!(sorted_as_data(&database, term).await, expected, "{term}");
    }
}

async fn pages_follow_each_other_in_such_an_order(setup: Setup) {
    let database = guests(&setup).await;
    let orders: [&[&str]; 5] = [
        &["note->age"],
        &["note->age.desc"],
        &["note->address->>city.desc.nullslast"],
        &["note->address->>city", "note->age.desc"],
        &["host.note->>vip", "note->age.nullsfirst"],
    ];
    for order in orders {
        let whole = json!({"order": order, "fields": ["name"]});
        let whole = names(&call(&database, "guest_list", whole).await.unwrap());
        for limit in 1..4 {
            let (mut found, mut after) = (String::new(), None);
            loop {
                let input = json!({
                    "order": order, "fields": ["name"], "limit": limit, "after": after,
                    "filter": {"name": {"$ne": "nobody"}},
                });
                let (rows, next) = page(&database, "guest_list", input).await;
                found.push_str(&names(&rows));
                after = next;
                if after.is_none() {
                    break;
                }
            }
            assert_eq!(found, whole, "{order:?} by {limit}");
        }
    }
    let (_, after) = page(
        &database,
        "guest_list",
        json!({"order": ["note->age"], "limit": 1}),
    )
    .await;
    let other = json!({"order": ["note->>age"], "limit": 1, "after": after});
    let error = call(&database, "guest_list", other).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Malformed, "it is of another order");
}

async fn what_documents_hold_is_given_of_rows(setup: Setup) {
    let database = guests(&setup).await;
    let query = || database.repository::<Guest>().unwrap().query().limit(3);
    let note = || Guest::NOTE.at("age");
    let city = || Guest::NOTE.at("address").at("city").as_text();
    let rows = query()
        .select((city(), Guest::NAME, note().as_number()))
        .list()
        .await;
    let expected = [("Rome", "a", 9.0), ("Bern", "b", 10.5), ("Oslo", "c", -1.0)];
    let expected =
        expected.map(|(city, name, age)| (Some(city.to_owned()), name.to_owned(), Some(age)));
    assert_eq!(rows.unwrap().rows, expected);
    let rows = query()
        .select(note().as_json())
        .order_by(Guest::NAME.desc())
        .list()
        .await;
    assert_eq!(
        rows.unwrap().rows,
        [None, Some(json!(1e200)), Some(Json::Null)]
    );

    let fields = [
        "note->age",
        "name",
        "note->address->>city",
        "note->tags->0",
        "note->address",
    ];
    let input = json!({"fields": fields, "order": ["note->>vip", "name"], "filter": {"name": {"$lt": "f"}}});
    let expected = json!([
        {"age": 9, "name": "a", "city": "Rome", "tags": null, "address": {"city": "Rome"}},
        {"age": 10.5, "name": "b", "city": "Bern", "tags": "x", "address": {"city": "Bern"}},
        {"age": -1, "name": "c", "city": "Oslo", "tags": null,
         "address": {"city": "Oslo", "it's \"": 1}},
        {"age": "12", "name": "d", "city": null, "tags": null, "address": {"city": 4}},
        {"age": null, "name": "e", "city": null, "tags": null, "address": null},
    ]);
    assert_eq!(
        call(&database, "guest_list", input.clone()).await.unwrap(),
        expected
    );
    let text = bytes(&database, "guest_list", input).await;
    assert_eq!(serde_json::from_str::<Json>(&text).unwrap(), expected);
    let only = json!({"fields": ["note->>age"], "filter": {"name": "d"}});
    assert_eq!(
        call(&database, "guest_list", only).await.unwrap(),
        json!([{"age": "12"}])
    );
}

async fn rows_of_relations_are_given_and_sorted_so(setup: Setup) {
    let database = guests(&setup).await;
    let input = json!({
        "filter": {"name": {"$in": ["b", "d"]}},
        "fields": ["name", "note->>age"],
        "include": {"host": {"fields": ["note->address->>city", "name"]}},
    });
    let expected = json!([
        {"name": "b", "age": null, "host": {"city": "Rome", "name": "a"}},
        {"name": "d", "age": "12", "host": {"city": "Bern", "name": "b"}},
    ]);
    assert_eq!(
        call(&database, "guest_list", input).await.unwrap(),
        expected
    );
    let one = json!({"name": "c", "fields": ["note->age"], "include": {"host": {}}});
    let row = call(&database, "guest_read", one).await.unwrap();
    assert_eq!(
        (&row["age"], &row["host"]["name"]),
        (&json!(-1), &json!("a"))
    );
}

async fn what_is_no_place_in_a_document_is_refused(setup: Setup) {
    let database = guests(&setup).await;
    let many: Vec<String> = (0..17).map(|n| format!("note->x{n}")).collect();
    let cases = [
        (json!({"order": ["name->age"]}), "/order/0"),
        (json!({"order": ["nite->age"]}), "/order/0"),
        (json!({"order": ["note->"]}), "/order/0"),
        (json!({"order": ["note->a->>b->c"]}), "/order/0"),
        (json!({"order": ["name", "note->age.down"]}), "/order/1"),
        (json!({"order": ["note->a\u{0}b"]}), "/order/0"),
        (json!({"order": many}), "/order"),
        (json!({"fields": many}), "/fields"),
        (json!({"fields": ["name->age"]}), "/fields/0"),
        (json!({"fields": ["note->>name", "name"]}), "/fields/1"),
        (json!({"fields": ["note->a->b", "note->b"]}), "/fields/1"),
        (
            json!({"fields": ["note->host"], "include": {"host": {}}}),
            "/fields/0",
        ),
    ];
    for (input, pointer) in cases {
        let error = call(&database, "guest_list", input.clone())
            .await
            .unwrap_err();
        assert!(
            matches!(error.kind(), Kind::Malformed | Kind::Invalid),
            "{input} {error}"
        );
        assert_eq!(error.faults()[0].pointer, pointer, "{input} {error}");
    }
    for input in [
        json!({"fields": ["note->age"], "distinct": true}),
        json!({"fields": ["note->age"], "aggregate": ["count"]}),
        json!({"fields": ["name"], "aggregate": ["count"], "order": ["note->age"]}),
        json!({"fields": ["name"], "distinct": true, "order": ["note->age"]}),
    ] {
        let error = call(&database, "guest_list", input.clone())
            .await
            .unwrap_err();
        assert_eq!(error.kind(), Kind::Malformed, "{input} {error}");
    }
    // A member that no path of the database can spell is in no document.
    let odd = json!({"order": ["note->address->it's \"", "name"], "fields": ["name"]});
    let rows = call(&database, "guest_list", odd).await.unwrap();
    assert_eq!(names(&rows).len(), notes().len());
    let upserted = database.repository::<Guest>().unwrap();
    let guest = upserted.query().first().await.unwrap().unwrap();
    let by_place = upserted
        .upsert(&guest, Guest::NOTE.at("age").as_number())
        .await;
    assert_eq!(by_place.unwrap_err().kind(), Kind::Malformed);

    // Rows are kept from others in an order of their documents, and not in that of other rows.
    let tx = database.begin().await.unwrap();
    let sorted = |sort| {
        let query = tx.repository::<Guest>().unwrap().query().order_by(sort);
        query.for_update(IfLocked::Wait).first()
    };
    let theirs = sorted(Guest::HOST.by(Guest::NAME.asc())).await;
    assert_eq!(theirs.unwrap_err().kind(), Kind::Unsupported);
    let own = sorted(Guest::NOTE.at("age").as_number().asc()).await;
    assert_eq!(own.unwrap().unwrap().name, "c");
}
